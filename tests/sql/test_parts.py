"""Which Parquet files may be part of a snapshot as they are, and how rows are added up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sql.contract import contract
from sql.engine import Cursor, Engine
from sql.files import parquet
from sql.parts import ALL, UNDATED, Month, content, stands_as_it_is

MONTHS = contract()["facility_month"]
LINES = [f"F{at:04d}" for at in range(300)]


@pytest.fixture
def db() -> Iterator[Cursor]:
    with Engine(None, threads=2) as engine, engine.cursor() as cursor:
        yield cursor


def laid(path: Path, **columns: Any) -> Path:
    months = pa.array([date(2026, 1 + at % 3, 1) for at in range(len(LINES))])
    pq.write_table(pa.table({"facility_id": LINES, "month": months, **columns}), path, row_group_size=100)
    return path


@pytest.mark.parametrize(
    ("columns", "stands"),
    [
        ({}, True),
        ({"drawdown_count": pa.array(range(300), pa.int16())}, True),
        ({"colour": LINES}, False),
        ({"LIMIT_CENTS": list(range(300))}, False),
        ({"limit_cents": [float(at) for at in range(300)]}, False),
        ({"facility_id": LINES[::-1]}, False),
    ],
    ids=["the contract's", "narrower", "another column", "another case", "a fraction", "another order"],
)
def test_a_file_stands_as_it_is_or_is_written_anew(
    db: Cursor, tmp_path: Path, columns: dict[str, Any], stands: bool
) -> None:
    path = laid(tmp_path / "facility_month.parquet", **columns)
    assert stands_as_it_is(path, MONTHS, parquet(db, MONTHS, [path])) is stands


def test_sums_do_not_depend_on_the_order_of_rows_and_differ_by_any_value(db: Cursor, tmp_path: Path) -> None:
    path = laid(tmp_path / "one.parquet", limit_cents=list(range(300)))
    rows = pq.read_table(path)
    pq.write_table(rows.take(list(range(299, -1, -1))), tmp_path / "turned.parquet")
    other = rows.set_column(2, "limit_cents", pa.array([*range(299), None], pa.int64()))
    pq.write_table(other, tmp_path / "other.parquet")
    one, turned, changed = (
        content(db, MONTHS, parquet(db, MONTHS, [tmp_path / name]), tmp_path / name, None).months
        for name in ("one.parquet", "turned.parquet", "other.parquet")
    )
    assert one == turned
    assert {month: held.rows for month, held in one.items()} == {
        "2026-01": 100,
        "2026-02": 100,
        "2026-03": 100,
    }
    assert [month for month in one if one[month] != changed[month]] == ["2026-03"]


def test_days_that_nobody_means_and_tables_without_days_have_a_month_too(db: Cursor, tmp_path: Path) -> None:
    table = pa.table({"facility_id": ["F1", "F2", "F3"], "month": [None, date(1, 1, 1), date(9999, 12, 31)]})
    pq.write_table(table, tmp_path / "odd.parquet")
    odd = content(db, MONTHS, parquet(db, MONTHS, [tmp_path / "odd.parquet"]), tmp_path, None).months
    assert [(month, held.rows) for month, held in odd.items()] == [(UNDATED, 3)]
    pq.write_table(pa.table({"facility_id": ["F1"]}), tmp_path / "facility.parquet")
    facility = contract()["facility"]
    found = parquet(db, facility, [tmp_path / "facility.parquet"])
    assert list(content(db, facility, found, tmp_path, None).months) == [ALL]


def test_months_are_added_and_taken_away() -> None:
    assert Month(2, 7) + Month(1, 5) - Month(2, 7) == Month(1, 5)
