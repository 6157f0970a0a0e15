"""Whole nights on a source that restates its past, shared and read whole: one root each."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from tasks.demo import write_demo
from tests.whole_night import run_night

RESTATED = """
    select * replace (case when {line} % 40 = 0 then closing_balance_cents // 2 else closing_balance_cents end
        as closing_balance_cents)
    from read_parquet('{path}')
    where month > (select min(month) from read_parquet('{path}')) and {line} % 41 <> 0
"""
LATE = """
    from read_parquet('{path}')
    union all by name
    (select * replace (date '2026-11-10' as pulled_on, null as report_id, timestamp '2026-11-20 09:00' as
        recorded_at)
    from read_parquet('{path}') where borrower_id not in
        (select borrower_id from read_parquet('{path}') where pulled_on = date '2026-11-10')
    qualify row_number() over (partition by borrower_id order by pulled_on desc) = 1
    order by borrower_id limit 25)
"""


def rewritten(path: Path, statement: str, form: str = "parquet") -> None:
    """The source's file with other rows in it."""
    line = "cast(substr(facility_id, 2, 9) as integer)"
    beside = path.with_suffix(".beside")
    options = "format parquet" if form == "parquet" else "format csv, header"
    with duckdb.connect() as db:
        db.execute(f"copy ({statement.format(path=path, line=line)} order by all) to '{beside}' ({options})")
    path.unlink()
    beside.rename(path.with_suffix(f".{form}"))


def without_average(path: Path) -> None:
    rewritten(path, "select * exclude (average_balance_cents) from read_parquet('{path}')")


def bytes_kept(home: Path) -> int:
    files = {path.stat().st_ino: path.stat().st_size for path in (home / "snapshots").rglob("*.parquet")}
    return sum(files.values())


def test_nights_that_share_come_to_the_roots_of_nights_that_read_everything(tmp_path: Path) -> None:
    lender = tmp_path / "lender"
    nights = write_demo(lender, borrowers=300, seed=3, nights=2, every="day")
    first, second = (night.folder for night in nights)
    without_average(first / "facility_month.parquet")
    rewritten(second / "facility_month.parquet", RESTATED)
    rewritten(second / "bureau_report.parquet", LATE)
    rewritten(second / "spending_month.parquet", "from read_parquet('{path}')", "csv")
    shared, whole = tmp_path / "shared", tmp_path / "whole"
    # A first night has nothing to share: it is the same for both.
    begun = run_night(first, nights[0].as_of, shared, promises=False)
    shutil.copytree(shared, whole)
    receipts = [
        run_night(second, nights[1].as_of, home, full=full, promises=False)
        for home, full in ((shared, False), (whole, True))
    ]
    assert {receipt.status for receipt in (begun, *receipts)} == {"committed"}
    assert receipts[0].root == receipts[1].root != begun.root
    assert bytes_kept(shared) < bytes_kept(whole)
