"""The suites take a clean generated lender whole, and catch every bad row that is planted in one."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.promises import promises, tables
from linewatch.demo import FAULTS
from sql.contract import contract
from sql.engine import Engine
from tasks.demo import DemoNight, write_demo
from tasks.validate import Validated, validate_tables


def validated(night: DemoNight, engine: Engine) -> Validated:
    with engine.cursor() as db:
        for table in contract():
            db.parquet(f"raw_{table}", [night.folder / f"{table}.parquet"])
        db.raw.execute(
            "create or replace table night (as_of date, previous_as_of date, freshness_days integer)"
        )
        db.raw.execute("insert into night values (?, null, 0)", [night.as_of])
        db.raw.execute("create or replace table last_night_rows (table_name varchar, rows bigint)")
    return validate_tables(engine, required=list(contract()), reporting_currency="CNY")


def test_every_promise_that_sets_a_row_aside_has_a_fault_that_breaks_it() -> None:
    promised = {
        table: {promise.name for promise in promises(table) if promise.severity == "warning"}
        for table in tables()
    }
    assert {table: {fault.breaks for fault in FAULTS.get(table, ())} for table in tables()} == promised


@pytest.mark.parametrize(
    ("as_of", "every"),
    [(date(2026, 10, 31), "day"), pytest.param(date(2026, 3, 2), "month", marks=pytest.mark.slow)],
)
def test_a_clean_lender_keeps_every_promise(tmp_path: Path, as_of: date, every: Any) -> None:
    nights = write_demo(tmp_path, borrowers=3000, seed=5, nights=2, every=every, last_as_of=as_of)
    for night in nights:
        with Engine(None) as engine:
            checked = validated(night, engine)
        assert checked.quarantined == {}
        assert [result["expectation"] for result in checked.results if not result["success"]] == []


@pytest.mark.parametrize(
    ("as_of", "share_ppm"),
    [(date(2026, 10, 31), 20_000), pytest.param(date(2026, 11, 21), 1000, marks=pytest.mark.slow)],
)
def test_every_planted_row_is_caught_and_no_other(tmp_path: Path, as_of: date, share_ppm: int) -> None:
    size: dict[str, Any] = {"borrowers": 5000, "seed": 1, "last_as_of": as_of}
    (night,) = write_demo(tmp_path, **size, dirty_share_ppm=share_ppm)
    planted_file = tmp_path / f"{as_of}.planted.parquet"
    assert planted_file.parent != night.folder
    planted = {tuple(row.values()) for row in pq.read_table(planted_file).to_pylist()}
    with Engine(None) as engine:
        validated(night, engine)
        with engine.cursor() as db:
            caught = db.raw.execute("select table_name, key, expectation from quarantine").fetchall()
    assert len(caught) == len(set(caught))
    assert set(caught) == planted
    month_end_only = {"balance_agrees_with_last_month"} if as_of.day != 31 else set()
    warnings = {p.name for table in tables() for p in promises(table) if p.severity == "warning"}
    assert {kind for _, _, kind in planted} == warnings - month_end_only == set(night.planted)


@pytest.mark.slow
def test_a_hundred_thousand_borrowers_over_three_nights_keep_every_promise(tmp_path: Path) -> None:
    for night in write_demo(tmp_path, borrowers=100_000, seed=11, nights=3):
        with Engine(None) as engine:
            checked = validated(night, engine)
        assert checked.quarantined == {}
        assert [result["expectation"] for result in checked.results if not result["success"]] == []
