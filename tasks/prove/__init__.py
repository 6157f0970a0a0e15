"""Proves what a policy promises on lines around every border of its own, by the statements of a night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import sql.engine as sql
from linewatch.night import Night
from linewatch.notice import STEPS
from linewatch.policy import Policy
from sql.parts import Part
from tasks.prove.grid import Grid, grid_of, named, rows_of_lines, tables

PROPERTIES: Mapping[str, str] = {
    "pd": "a better PD never lowers the limit after expected loss",
    "days_past_due": "fewer days past due never lower it",
    "income": "higher verified income or revenue never lowers it",
    "external_debt": "less owed to as many other lenders never lowers it",
    "guarantee": "a guarantee or collateral, or more of it, never lowers it",
    "paying_down": "paying down never leads to a cut",
}


@dataclass(frozen=True)
class Broken:
    """A property that a document breaks: how often, and one pair of neighbouring lines that shows it."""

    name: str
    """A key of PROPERTIES."""
    segment: str
    pairs: int
    worse: dict[str, Any]
    better: dict[str, Any]
    """What each line is, its walk, and what it keeps: `inputs`, `walk`, `kept_cents`."""


@dataclass(frozen=True)
class Proved:
    """What was tried, and what did not hold."""

    lines: int
    pairs: Mapping[str, int]
    """Neighbours compared, by property."""
    better: Mapping[str, int]
    """In how many of them the better line keeps more: a property that never shows was not tried."""
    broken: tuple[Broken, ...]
    rounding: Mapping[str, tuple[int, int]]
    """Pairs that differ by less than their segment rounds limits to, and the widest of them in cents; by
    property. The step after expected loss rounds such a difference away, save at the edge of two roundings.
    """
    unreached: tuple[str, ...]
    """Segments that no line of the grid fell into."""


def write_grid(policy: Policy, night: Night, place: Path) -> tuple[Grid, dict[str, tuple[Part, ...]]]:
    """The made-up lender as a file a table."""
    grid = grid_of(policy)
    place.mkdir(parents=True, exist_ok=True)
    currency = night.documents.profile.reporting_currency or "CNY"
    parts: dict[str, tuple[Part, ...]] = {}
    for table, rows in tables(grid, policy, night.as_of, currency).items():
        path = place / f"{table}.parquet"
        pq.write_table(pa.Table.from_pylist(rows), path)
        parts[table] = (Part(path),)
    return grid, parts


def give_pds(night: Night, grid: Grid) -> None:
    """Give each line the PD of its place in the grid, after `rescore` has scored it by its card."""
    with sql.cursor(night.scratch) as db:
        for table, rows in (("grid_line", rows_of_lines(grid)), ("chain_link", grid.links)):
            db.create(f"schema/{table}")
            db.append(table, rows)
        db.build("proof/scores")


def proved(night: Night, grid: Grid) -> Proved:
    """Compare neighbours; the night's scratch is as `decide` leaves it."""
    with sql.cursor(night.scratch) as db:
        db.build("proof/neighbour")
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        gaps: dict[str, list[int]] = {}
        for row in db.rows("proof/broken"):
            if row["is_rounding"]:
                gaps.setdefault(row["property"], []).append(row["gap_cents"])
            else:
                found.setdefault((row["property"], row["segment"]), []).append(row)
        shown = [
            each for rows in found.values() for each in (rows[0]["worse_facility_id"], rows[0]["facility_id"])
        ]
        decided = {row["facility_id"]: row for row in db.rows("proof/shown", facilities=sorted(set(shown)))}
        points = named(grid)
        broken = tuple(
            Broken(
                name,
                segment,
                len(rows),
                _told(points[rows[0]["worse_facility_id"]], decided, rows[0], "worse_"),
                _told(points[rows[0]["facility_id"]], decided, rows[0], ""),
            )
            for (name, segment), rows in found.items()
        )
        tried = db.rows("proof/pairs_tried")
        reached = {row["segment"] for row in db.rows("proof/segments_reached")}
    wanted = (segment.name for segment in night.documents.policy.segment)
    unreached = tuple(name for name in wanted if name not in reached)
    rounding = {name: (len(each), max(each)) for name, each in gaps.items()}
    pairs, better = ({row["property"]: row[key] for row in tried} for key in ("pairs", "better_pairs"))
    return Proved(len(points), pairs, better, broken, rounding, unreached)


def _told(point: Any, decided: Mapping[str, Any], row: Mapping[str, Any], side: str) -> dict[str, Any]:
    line = decided[row[f"{side}facility_id"]]
    walk = [
        {
            "step": step,
            "after_cents": line[f"after_{step}_cents"],
            "row": line[f"{step}_row"],
            "value": line[f"{step}_value"],
        }
        for step in STEPS
    ]
    return {
        "inputs": point.told(),
        "grade": line["grade"],
        "walk": walk,
        "kept_cents": row[f"{side}kept_cents"],
    }
