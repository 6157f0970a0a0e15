"""Which rows a night takes and as what, and which it sets aside."""

import json
from dataclasses import asdict

import pytest

from sql.contract import contract
from tests.expectations.small_lender import fill, rows, run, small_lender
from tests.tasks.validate_fixture import CORE, held, only, refused


@pytest.fixture
def lender():
    with small_lender() as engine:
        yield engine


@pytest.fixture
def core(lender):
    """The small lender with nothing but borrowers, lines and months, all in one currency."""
    only(lender, *CORE)
    return lender


def test_rows_that_keep_every_promise_are_all_accepted(lender):
    validated = held(lender)
    assert validated.rows == {
        table: rows(lender, f"select count(*) from {table}")[0][0] for table in contract()
    }
    assert {severity: counts["broken"] for severity, counts in validated.expectations.items()} == {
        "critical": 0,
        "warning": 0,
        "info": 0,
    }
    assert (validated.quarantined, validated.quarantined_borrowers) == ({}, 0)
    for table in contract():
        assert rows(lender, f"from {table} except from raw_{table}") == []


def test_absent_tables_and_columns_are_unknown_and_not_wrong(lender):
    only(lender, "borrower", "facility")
    run(
        lender,
        """create or replace table raw_borrower as
        select borrower_id, borrower_type, jurisdiction from raw_borrower""",
    )
    validated = held(lender)
    assert validated.quarantined == {}
    assert rows(
        lender, "select count(net_monthly_income_cents), count(recorded_at), count(*) from borrower"
    ) == [(0, 0, 6)]
    assert rows(lender, "select count(*) from facility_month") == [(0,)]
    assert rows(lender, "describe facility_month") == rows(lender, "describe stg_facility_month")


def test_a_column_of_nulls_in_another_type_counts_as_absent(core):
    run(
        core, "alter table raw_borrower alter housing_cents set data type varchar using cast(null as varchar)"
    )
    held(core)
    assert rows(core, "select distinct housing_cents, typeof(housing_cents) from borrower") == [
        (None, "BIGINT")
    ]


def test_a_fraud_flag_of_yes_and_no_is_read_as_suspected_and_none(core):
    run(
        core, "alter table raw_borrower alter fraud_flag set data type boolean using fraud_flag = 'suspected'"
    )
    held(core)
    flags = dict(rows(core, "select borrower_id, fraud_flag from borrower"))
    assert flags == {"B1": "none", "B2": "suspected", "B3": "none", "B4": None, "B5": None, "B6": "none"}


def test_narrower_numbers_and_midnights_become_the_contracts_types(core):
    run(
        core,
        """alter table raw_facility alter credit_limit_cents set data type integer;
        alter table raw_facility alter days_past_due set data type bigint;
        alter table raw_facility alter opened_on set data type timestamp""",
    )
    held(core)
    assert rows(
        core,
        "select typeof(credit_limit_cents), typeof(days_past_due), typeof(opened_on) from facility limit 1",
    ) == [("BIGINT", "INTEGER", "DATE")]


def test_a_time_with_a_zone_is_read_in_utc(core):
    run(
        core,
        """alter table raw_facility alter recorded_at set data type timestamptz
        using timestamptz '2026-10-31 03:00:00+08'""",
    )
    held(core)
    assert rows(core, "select distinct cast(recorded_at as varchar) from facility") == [
        ("2026-10-30 19:00:00",)
    ]


def test_single_bad_rows_are_set_aside_with_their_reason_and_take_their_borrower_along(lender):
    run(
        lender,
        """update raw_facility set borrower_id = 'B99' where facility_id = 'F2';
        update raw_facility set status = 'open', product = 'card' where facility_id = 'F3';
        update raw_facility_month set days_past_due = -1 where facility_id = 'F6' and month = '2026-03-01';
        update raw_guarantee set covered_share_bp = 10001 where guarantee_id = 'G2';
        update raw_fx_rate set currency = 'usd' where as_of = '2026-10-29'""",
    )
    validated = held(lender)
    assert sorted(rows(lender, "from quarantine")) == [
        ("facility", "F2", "B99", "facility_has_its_borrower"),
        ("facility", "F3", "B3", "product_is_known"),
        ("facility", "F3", "B3", "status_is_known"),
        ("facility_month", "F6|2026-03-01", "B6", "month_days_past_due_is_plausible"),
        ("fx_rate", "usd|2026-10-29", None, "fx_currency_is_three_capitals"),
        ("guarantee", "F4|G2", "B4", "covered_share_is_a_share"),
    ]
    assert validated.quarantined == {"facility": 2, "facility_month": 1, "fx_rate": 1, "guarantee": 1}
    assert rows(lender, "from quarantined_borrower order by all") == [("B3",), ("B4",), ("B6",), ("B99",)]
    assert validated.quarantined_borrowers == 4
    assert rows(lender, "select facility_id from facility order by all") == [
        ("F1",),
        ("F4",),
        ("F5",),
        ("F6",),
        ("F7",),
    ]
    for table, aside in validated.quarantined.items():
        assert (
            rows(lender, f"select count(*) from stg_{table}")[0][0] - aside
            == rows(lender, f"select count(*) from {table}")[0][0]
        )


def test_a_doubtful_tie_of_control_holds_both_its_ends(lender):
    run(lender, "update raw_control_link set kind = 'cousin' where borrower_id = 'B1'")
    held(lender)
    assert rows(lender, "from quarantined_borrower order by all") == [("B1",), ("B3",)]


def test_what_is_only_reported_holds_nobody(lender):
    run(
        lender,
        """update raw_contact set borrower_id = 'nobody' where borrower_id = 'B1';
        update raw_protected_attribute set birth_year = 1500""",
    )
    validated = held(lender)
    assert validated.expectations["info"]["broken"] == 2
    assert (validated.quarantined, validated.quarantined_borrowers) == ({}, 0)


def test_more_bad_rows_than_the_limit_refuse_the_night(core):
    fill(core, lines=3000)
    run(
        core,
        "update raw_facility set status = 'open' where facility_id like 'X%' and facility_id <= 'X000029'",
    )
    assert held(core).quarantined == {"facility": 30}
    run(core, "update raw_facility set status = 'open' where facility_id = 'X000030'")
    run(core, "drop view facility")
    assert (
        "facility: status_is_known: 31 of 3,007 rows (first: X000000; X000001; X000002; X000003; X000004), "
        "more than the 30 that may be set aside. Closed lines are not decided"
    ) in refused(core)


def test_what_is_handed_on_has_counts_and_no_keys(core):
    run(core, "update raw_facility set status = 'open' where facility_id = 'F1'")
    validated = held(core)
    assert len(validated.results) == rows(core, "select count(*) from validation")[0][0] > 90
    (broken,) = [dict(result) for result in validated.results if not result["success"]]
    assert broken == {
        "table_name": "facility",
        "expectation": "status_is_known",
        "kind": "expect_column_values_to_be_in_set",
        "severity": "warning",
        "success": False,
        "evaluated": True,
        "unexpected_rows": 1,
        "total_rows": 7,
        "because": "Closed lines are not decided, frozen ones are not raised.",
    }
    json.dumps(asdict(validated))
