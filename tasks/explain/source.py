"""What the rows of the night say beside the decision: read from its snapshot, while that is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from linewatch.counting import counted
from linewatch.money import major
from sources import snapshot
from sql import stage
from sql.engine import Cursor

FROM_SOURCE = ("temporary_until", "project_report", "trade")
"""Told as the source had it, whatever `--if` would set."""
TABLES = ("facility", "project_status", "trade_month")

Row = dict[str, Any]


def of_source(db: Cursor, folder: Path, line: Row, night: Row) -> Row:
    """What applies to the line, each null where it does not or where the snapshot is gone.

    The statements are the walk's own, over the rows of this line alone.
    """
    found: Row = dict.fromkeys(FROM_SOURCE)
    taken = snapshot.look(folder)
    if taken is None or line["quarantined"]:
        return found
    snapshot.leave_tables(db, {table: parts for table, parts in taken.tables.items() if table in TABLES})
    stage.note_source_columns(db)
    stage.stage(db)
    db.replace("night", [night])
    if line.get("temporary_cents"):
        (row,) = db.rows("reviews/temporary_of_line", facility_id=line["facility_id"])
        found["temporary_until"] = row["temporary_until"]
    if line["product"] == "project":
        db.build("reviews/project_status", facility_id=line["facility_id"])
        found["project_report"] = next(iter(db.rows("decisions/project_now")), None)
    if line["borrower_type"] == "enterprise" and line.get("statement_end_on") is None:
        db.build("reviews/trade_month", borrower_id=line["borrower_id"])
        found["trade"] = next(iter(db.rows("decisions/trade_revenue")), None)
    return found


def told_of_trade(trade: Mapping[str, Any], revenue: str) -> str:
    """Where the revenue comes from, in one sentence."""
    newest = (
        "the last one closed" if not trade["trade_age_months"] else f"{trade['trade_age_months']} before it"
    )
    return (
        f"{revenue} a year, from the invoices of {counted(trade['trade_months'], 'month')},"
        f" the newest {newest}; no statement counts"
    )


def told_of_report(report: Mapping[str, Any], cost: str) -> str:
    """The project report that counts, in one sentence."""
    return "; ".join(_report(report, cost))


def _report(report: Mapping[str, Any], cost: str) -> Iterator[str]:
    yield f"of {report['reported_on']}: {report['phase']}, {major(report['completion_bp'], 2)} % done"
    if report["cost_to_complete_cents"] is not None:
        yield f"{cost} still to be spent"
    if report["dscr_bp"] is not None:
        yield f"debt service covered {major(report['dscr_bp'], 4)} times"
    if report["covenant_breached"]:
        yield "a covenant is breached"
    if report["draw_stop"]:
        yield "drawing is stopped"
