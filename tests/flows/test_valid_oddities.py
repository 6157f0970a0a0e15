"""What is odd and valid passes: every open line is decided, none is set aside, and unknown never cuts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from linewatch.receipt import Receipt
from tasks.demo import write_demo
from tests.whole_night import run_night

AS_OF = date(2026, 11, 21)
ODD = """
    select
        facility.facility_id,
        facility.borrower_id,
        ['credit balance', 'over limit', 'unknown'][1 + row_number() over (order by facility_id) % 3]
            as oddity
    from read_parquet('{lender}/facility.parquet') as facility
    where status = 'active' and not exists (
        select 1 from read_parquet('{lender}/facility_month.parquet') as closed
        where closed.facility_id = facility.facility_id and last_day(closed.month) = date '{as_of}'
    )
"""
"""Every active line, and what will be odd about it or its borrower."""
TABLES = {
    "facility": """
        select good.* replace (
            case odd.oddity
                when 'credit balance' then -12345
                when 'over limit' then good.credit_limit_cents * 2 + 1
                else good.drawn_cents
            end as drawn_cents
        )
        from good left join odd on good.facility_id = odd.facility_id
    """,
    "borrower": """
        select good.* replace (
            if(unknown, null, annual_income_cents) as annual_income_cents,
            if(unknown, null, net_monthly_income_cents) as net_monthly_income_cents,
            if(unknown, null, income_kind) as income_kind,
            if(unknown, null, income_verified_on) as income_verified_on,
            if(unknown, null, identity_verified_on) as identity_verified_on
        )
        from (
            select *, borrower_id in (select borrower_id from odd where oddity = 'unknown') as unknown
            from good
        ) as good
    """,
}


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("lender")
    (night,) = write_demo(out, borrowers=120, seed=11, last_as_of=AS_OF)
    return night.folder


@pytest.fixture(scope="module")
def odd(lender: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Receipt, list[dict[str, Any]]]:
    """The committed night of a lender of oddities, and its decisions with what is odd about each."""
    source, home = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("home")
    for path in lender.glob("*.parquet"):
        (source / path.name).symlink_to(path)
    with duckdb.connect() as db:
        db.execute(f"create table odd as {ODD.format(lender=lender, as_of=AS_OF)}")
        for table, query in TABLES.items():
            (source / f"{table}.parquet").unlink()
            db.read_parquet(str(lender / f"{table}.parquet")).create_view("good", replace=True)
            db.execute(f"copy ({query}) to '{source / table}.parquet' (format parquet)")
        receipt = run_night(source, AS_OF, home)
        oddity = dict(db.execute("select facility_id, oddity from odd").fetchall())
    lines = [{**row, "oddity": oddity.get(row["facility_id"])} for row in decisions(home, receipt)]
    return receipt, lines


def decisions(home: Path, receipt: Receipt) -> list[dict[str, Any]]:
    (path,) = (home / "batches" / receipt.batch).glob("decisions-*.parquet")
    return pq.read_table(path).to_pylist()


def open_lines(lender: Path) -> int:
    facility = pq.read_table(lender / "facility.parquet", columns=["status"])
    return sum(status != "closed" for status in facility["status"].to_pylist())


def with_oddity(lines: list[dict[str, Any]], oddity: str) -> list[dict[str, Any]]:
    found = [row for row in lines if row["oddity"] == oddity]
    assert len(found) > 20
    return found


def test_every_open_line_is_decided_and_no_row_is_set_aside(odd, lender):
    receipt, lines = odd
    assert receipt.status == "committed"
    assert receipt.quarantined == {}
    assert receipt.decided == len(lines) == open_lines(lender)
    assert sum(receipt.actions.values()) == sum(receipt.routes.values()) == receipt.decided
    assert not any(row["quarantined"] for row in lines)


def test_a_credit_balance_owes_nothing_and_is_no_fault_of_its_borrower(odd):
    for row in with_oddity(odd[1], "credit balance"):
        assert row["drawn_cents"] == -12345
        assert row["owed_cents"] >= 0
        assert row["action"] != "freeze"


def test_a_line_over_its_limit_owes_more_than_the_limit_and_is_decided_as_any_other(odd):
    for row in with_oddity(odd[1], "over limit"):
        assert row["owed_cents"] > row["source_limit_cents"]
        assert row["route"] in ("automatic", "referred")


def test_unknown_income_and_identity_never_raise_a_line_nor_cut_it_for_want_of_them(odd):
    for row in with_oddity(odd[1], "unknown"):
        assert row["action"] not in ("increase", "offer")
        assert row["binding_step"] != "affordability"


def test_a_lender_without_any_optional_table_is_reviewed_and_only_the_law_lowers_a_line(lender, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for table in ("borrower", "facility", "fx_rate"):
        (source / f"{table}.parquet").symlink_to(lender / f"{table}.parquet")
    receipt = run_night(source, AS_OF, tmp_path / "home")
    assert receipt.status == "committed"
    assert receipt.quarantined == {}
    assert receipt.decided == open_lines(lender)
    assert receipt.actions.get("increase", 0) == receipt.actions.get("offer", 0) == 0
    lowered = [
        row for row in decisions(tmp_path / "home", receipt) if row["action"] in ("decrease", "freeze")
    ]
    assert {row["binding_step"] for row in lowered} <= {"regulation", "gate"}
