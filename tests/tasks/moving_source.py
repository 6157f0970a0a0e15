"""A source whose months move from night to night, and what a pull made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import sql.engine as sql
from linewatch.night import Night
from sources import snapshot
from tasks.pull import Pulled

Rows = list[dict[str, Any]]
LINES, MONTHS = 40, 8


def months() -> Rows:
    """Eight months of forty lines, each recorded on the day after its end."""
    firsts = [date(2026, month, 1) for month in range(3, 3 + MONTHS)]
    return [month_of(f"F{line:03d}", first, 1_000 * line) for line in range(LINES) for first in firsts]


def month_of(facility_id: str, first: date, balance: int, recorded: datetime | None = None) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "month": first,
        "closing_balance_cents": balance,
        "recorded_at": recorded or midnight((first + timedelta(days=32)).replace(day=1)),
    }


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def lay(folder: Path, table: str, rows: Rows, form: str = "parquet") -> None:
    """Leave the rows as a file of the source."""
    for old in folder.glob(f"{table}.*"):
        old.unlink()
    arrow = pa.Table.from_pylist(rows)
    if form == "csv":
        pa.csv.write_csv(arrow, folder / f"{table}.csv")
    else:
        pq.write_table(arrow, folder / f"{table}.parquet", row_group_size=100)


def later(night: Night, days: int = 1, **changes: Any) -> Night:
    return replace(night, as_of=night.as_of + timedelta(days=days), **changes)


def taken(night: Night, pulled: Pulled) -> snapshot.Snapshot:
    found = snapshot.opened(night.home / pulled.snapshot, pulled.identity)
    assert found is not None
    return found


def parts(night: Night, pulled: Pulled, table: str = "facility_month") -> list[dict[str, Any]]:
    """The parts of a table as the manifest has them, each checked against its file."""
    found = taken(night, pulled)
    for part in found.parts(table):
        assert (found.folder / part["name"]).stat().st_size == part["bytes"]
    return found.parts(table)


def seen(night: Night, table: str = "facility_month") -> list[tuple[Any, ...]]:
    """Every row of the view that a night reads, by key."""
    with sql.cursor(night.scratch) as db:
        return sorted(db.raw.execute(f"from raw_{table}").fetchall(), key=str)


def as_rows(rows: Rows) -> list[tuple[Any, ...]]:
    return sorted((tuple(row.values()) for row in rows), key=str)
