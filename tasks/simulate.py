"""What drafts of documents would have done to a past night, beside what was decided on it."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision

import sql.engine as sql
from ledger import Batch, standing_ledger
from linewatch.case import KINDS
from linewatch.columns import columns, percent
from linewatch.documents import Documents
from linewatch.errors import DataRefused
from linewatch.figures import NAMES
from linewatch.night import Night
from linewatch.notice import ACTIONS
from linewatch.policy import Policy
from sources import outcome
from sources.table import SourceRefused
from sql.engine import Cursor, Rows
from sql.letters import leave_beside
from sql.reviews import leave_meetings

DIRECTIONS = ("up", "hold", "down", "freeze")
MOVERS = 20
"""Lines shown of those that would end furthest from where they did."""


@dataclass(frozen=True)
class Simulated:
    """The two sides of a night, beside each other: `content` is JSON-able, money in reporting cents."""

    content: Mapping[str, Any]

    @property
    def text(self) -> str:
        """For a person to read."""
        return _text(self.content)

    def write(self, folder: Path) -> list[Path]:
        """Each table as a CSV file in a folder, amounts in cents; return the files."""
        folder.mkdir(parents=True, exist_ok=True)
        return [_csv(folder / f"{name}.csv", self.content[name]) for name in TABLES if self.content[name]]


TABLES = ("swap_set", "segments", "grades", "queue", "letters", "movers")


def simulate(night: Night, batch: Batch, known: Path | None = None) -> Simulated:
    """Compare a night that was decided again, its scratch as `decide` leaves it, with its batch.

    `known` is a file of borrower_id and defaulted; left out, what the night's own source has. Raises
    DataRefused if it cannot be read.
    """
    with sql.cursor(night.scratch) as now, sql.cursor(night.scratch, schema="standing") as was:
        now.drop("standing_decisions")
        was.parquet("decisions", [night.home / batch.files["decisions"].path])
        told = _outcome(now, batch, known)
        now.build("simulate/paired")
        content = {
            "night": night.as_of.isoformat(),
            "batch": batch.batch,
            "drafts": [_named(source) for source in _drafts(night.documents, batch)],
            "currency": now.raw.execute("select currency from reporting").fetchall()[0][0],
            "lines": now.count("paired"),
            "outcome": told,
            "known_outcomes": now.raw.execute("select count(defaulted) from paired").fetchall()[0][0],
            "swap_set": now.rows("simulate/swap_set"),
            "segments": now.rows("simulate/by_segment"),
            "grades": now.rows("simulate/by_grade"),
            "queue": _queue(was, now, night, batch),
            "letters": _letters(was, now, night.as_of),
            "movers": now.rows("simulate/movers", most=MOVERS),
        }
    return Simulated(content)


def capacity_of(documents: Documents) -> Mapping[str, int]:
    """Cases that each team can look at in a day, where the documents say so."""
    said = getattr(documents.profile, "review_capacity", None) or getattr(
        documents.policy, "review_capacity", None
    )
    return dict(said) if isinstance(said, Mapping) else {}


def _outcome(db: Cursor, batch: Batch, known: Path | None) -> str | None:
    """Leave `check_outcome`; where it was read from."""
    try:
        if known is None:
            return outcome.load_own(db, batch.source, as_of=batch.as_of)
        outcome.load_file(db, known)
    except SourceRefused as refused:
        raise DataRefused(
            str(refused), what_now="Name a Parquet or CSV file of borrower_id and defaulted: --outcome FILE"
        ) from refused
    return str(known)


def _drafts(documents: Documents, batch: Batch) -> list[Any]:
    return [source for source in documents.sources if source.sha256 not in batch.documents]


def _named(source: Any) -> dict[str, str]:
    return {"kind": source.kind, "id": source.id, "version": source.version, "sha256": source.sha256}


def _queue(was: Cursor, now: Cursor, night: Night, batch: Batch) -> Rows:
    capacity = capacity_of(night.documents)
    policies = (_policy_of(night, batch), night.documents.policy)
    loads = (_load(db, policy) for db, policy in zip((was, now), policies, strict=True))
    sides = [{row["kind"]: row for row in load} for load in loads]
    rows = []
    for kind, told in KINDS.items():
        before, after = (side.get(kind, {"cases": 0, "lines": 0}) for side in sides)
        a_day = capacity.get(told.team)
        rows.append(
            {
                "team": told.team,
                "kind": kind,
                "was_cases": before["cases"],
                "now_cases": after["cases"],
                "was_lines": before["lines"],
                "now_lines": after["lines"],
                "capacity_a_day": a_day,
                "days": -(-after["cases"] // a_day) if a_day else None,
            }
        )
    return rows


def _policy_of(night: Night, batch: Batch) -> Policy:
    texts = standing_ledger(night.home).documents_of(batch)
    (text,) = (text for kind, _, text in texts if kind == "policy")
    return Policy.model_validate(tomllib.loads(text))


def _load(db: Cursor, policy: Policy) -> Rows:
    leave_meetings(db, policy.tables()["pol_trigger"])
    db.build(
        "reviews/referred_line",
        site_triggers=sorted(KINDS["site_visit"].triggers),
        interview_triggers=sorted(KINDS["interview"].triggers),
    )
    return db.rows("simulate/queue_load")


def _letters(was: Cursor, now: Cursor, as_of: date) -> Rows:
    sides = []
    for db in (was, now):
        leave_beside(db, NAMES, as_of)
        db.view("reviews/letters")
        sides.append({row["kind"]: row["letters"] for row in db.rows("simulate/letter_count")})
    kinds = [kind for kind in (*ACTIONS, "rate") if any(kind in side for side in sides)]
    return [
        {"kind": kind, "was": sides[0].get(kind, 0), "now": sides[1].get(kind, 0)}
        for kind in (*kinds, *sorted({*sides[0], *sides[1]} - set(kinds)))
    ]


def _text(told: Mapping[str, Any]) -> str:
    drafts = ", ".join(f"{each['kind']} {each['id']} {each['version']}" for each in told["drafts"])
    head = [
        f"The night of {told['night']} ({told['batch']}), {told['lines']:,} lines, as decided and under"
        f" {drafts or 'the same documents'}",
        f"Amounts in {told['currency']}; nothing in the home was touched.",
    ]
    if told["known_outcomes"]:
        head.append(f"Outcomes known of {told['known_outcomes']:,} lines, from {told['outcome']}.")
    places = get_currency_precision(told["currency"])
    parts = [
        ("Swap set: as decided in the rows, under the drafts in the columns, in lines", _lines(told)),
        (
            "The same in money: what stands in those lines, what was moved, what would be",
            _money(told, places),
        ),
        ("By segment", _segments(told["segments"], places)),
        ("By grade, where it differs or limits would move otherwise", _grades(told["grades"], places)),
        ("Queue", _load_rows(told["queue"])),
        ("Letters", columns(("kind", "was", "now"), [tuple(row.values()) for row in told["letters"]])),
        (f"The lines furthest from where they ended, {MOVERS} at most", _movers(told["movers"], places)),
    ]
    return "\n".join(head) + "".join(
        f"\n\n{title}\n" + "\n".join(lines or ["  none"]) for title, lines in parts
    )


def _lines(told: Mapping[str, Any]) -> list[str]:
    found = {(row["was_direction"], row["now_direction"]): row for row in told["swap_set"]}

    def cell(was: str, now: str) -> int:
        return found[was, now]["lines"] if (was, now) in found else 0

    return columns(
        ("", *DIRECTIONS, "total"),
        [
            (was, *(cell(was, now) for now in DIRECTIONS), sum(cell(was, now) for now in DIRECTIONS))
            for was in DIRECTIONS
        ]
        + [
            (
                "total",
                *(sum(cell(was, now) for was in DIRECTIONS) for now in DIRECTIONS),
                told["lines"],
            )
        ],
    )


def _money(told: Mapping[str, Any], places: int) -> list[str]:
    known = bool(told["known_outcomes"])
    rows = sorted(told["swap_set"], key=lambda row: (row["was_direction"] == row["now_direction"], _at(row)))
    return columns(
        ("was", "would be", "lines", "limits", "moved", "would move", *(("bad rate",) if known else ())),
        [
            (
                row["was_direction"],
                row["now_direction"],
                row["lines"],
                *_units(row, places),
                *((percent(row["defaulted"], row["known"]) or None,) if known else ()),
            )
            for row in rows
        ],
    )


def _at(row: Mapping[str, Any]) -> tuple[int, int]:
    return DIRECTIONS.index(row["was_direction"]), DIRECTIONS.index(row["now_direction"])


def _segments(rows: Rows, places: int) -> list[str]:
    told = []
    for segment in dict.fromkeys(row["segment"] for row in rows):
        own = [row for row in rows if row["segment"] == segment]
        other = sum(row["lines"] for row in own if row["was_direction"] != row["now_direction"])
        total = {key: sum(row[key] for row in own) for key in ("limit_cents", *MOVED)}
        told.append((segment, sum(row["lines"] for row in own), other, *_units(total, places)))
    return columns(("segment", "lines", "swapped", "limits", "moved", "would move"), told)


def _grades(rows: Rows, places: int) -> list[str]:
    known = any(row["known"] for row in rows)
    return columns(
        ("was", "would be", "lines", "limits", "moved", "would move", *(("bad rate",) if known else ())),
        [
            (
                row["was_grade"],
                row["now_grade"],
                row["lines"],
                *_units(row, places),
                *((percent(row["defaulted"], row["known"]) or None,) if known else ()),
            )
            for row in rows
            if known or row["was_grade"] != row["now_grade"] or row[MOVED[0]] != row[MOVED[1]]
        ],
    )


def _load_rows(rows: Rows) -> list[str]:
    return columns(
        ("team", "kind", "cases were", "would be", "lines were", "would be", "capacity a day", "days"),
        [tuple(row.values()) for row in rows],
    )


def _movers(rows: Rows, places: int) -> list[str]:
    return columns(
        ("line", "segment", "grade", "limit", "moved", "would move", "was", "would be", "bound by"),
        [
            (
                row["facility_id"],
                row["segment"],
                _turned(row["was_grade"], row["now_grade"]),
                *_units(row, places),
                f"{row['was_direction']}, {row['was_route']}",
                f"{row['now_direction']}, {row['now_route']}",
                _turned(row["was_binding_step"] or "nothing", row["now_binding_step"] or "nothing"),
            )
            for row in rows
        ],
    )


MOVED = ("was_moved_cents", "now_moved_cents")


def _units(row: Mapping[str, Any], places: int) -> tuple[int, ...]:
    """Limits, and what was and would be moved, in whole units of the currency, cut towards zero."""
    size = 10**places
    return tuple(
        -(-row[key] // size) if row[key] < 0 else row[key] // size for key in ("limit_cents", *MOVED)
    )


def _turned(was: str, now: str) -> str:
    return was if was == now else f"{was} -> {now}"


def _csv(path: Path, rows: Sequence[Mapping[str, Any]] | Iterable[Mapping[str, Any]]) -> Path:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    return path
