"""What moved a limit, as the batch that moved it tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ledger import Batch, Ledger
from linewatch.causes import DRIVERS, FACTORS
from sql.engine import Cursor

Content = Mapping[str, Any]

SAID = {
    "carried": "held back or decided before, with nothing new",
    "circumstances": "what happened since",
    "data": "earlier rows that were put right",
    "model": "another scorecard",
    "policy": "another risk policy",
    "regulation": "other records of law in force",
    "conduct": "what was done on the line, and how the money was spent",
    "elapsed_time": "time that passed",
    "security": "guarantees and collateral",
    "related": "what others report, and who is tied to whom",
    "market": "income or business",
}


def causes_of(db: Cursor, ledger: Ledger, batch: Batch, facility_id: str) -> dict[str, Any] | None:
    """The causes of the line's change; None where its limit did not move, or an older version moved it."""
    path = batch.path(ledger.home, "changes")
    if path is None or not path.exists():
        return None
    db.parquet("changes", [path])
    row = next(iter(db.rows("reviews/change_of_line", facility_id=facility_id)), None)
    if row is None or row["cause_carried_cents"] is None:
        return None
    return {
        "since": row["caused_since_on"],
        "change_cents": row["new_limit_cents"] - row["old_limit_cents"],
        "carried_cents": row["cause_carried_cents"],
        "factors": {
            factor: {
                "cents": row[f"cause_{factor}_cents"],
                "least_cents": row[f"least_{factor}_cents"] or 0,
                "most_cents": row[f"most_{factor}_cents"] or 0,
            }
            for factor in FACTORS
        },
        "circumstances": {driver: row[f"cause_{driver}_cents"] or 0 for driver in DRIVERS},
    }


def told_of_causes(causes: Content | None, money: Callable[[int], str]) -> list[str]:
    """The parts that are not nought, the drivers of circumstances beneath them."""
    if causes is None:
        return []
    since = f"since {causes['since']}" if causes["since"] else "counted from no earlier night"
    return [f"What moved it, {since}", *_parts(causes, money)]


def _parts(causes: Content, money: Callable[[int], str]) -> Iterator[str]:
    if causes["carried_cents"]:
        yield _line("carried", causes["carried_cents"], money)
    for factor, part in causes["factors"].items():
        if part["cents"] or part["least_cents"] or part["most_cents"]:
            spread = ""
            if part["least_cents"] != part["most_cents"]:
                spread = f"; {money(part['least_cents'])} to {money(part['most_cents'])} by order"
            yield _line(factor, part["cents"], money) + spread
        if factor == "circumstances":
            for driver, cents in causes["circumstances"].items():
                if cents:
                    yield _line(driver, cents, money, "  ")


def _line(name: str, cents: int, money: Callable[[int], str], deeper: str = "") -> str:
    return f"  {deeper + name.replace('_', ' '):<16}{money(cents):>18}  {SAID[name]}"
