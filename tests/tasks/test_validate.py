"""What stops a night before it decides anything, and what is said then."""

import datetime
import json
import subprocess
import sys
import traceback
from pathlib import Path

import pandas as pd
import pytest

import sql.engine as sql
from linewatch.documents import load_documents
from linewatch.errors import DataRefused, ExpectationFailed, ExpectationNotEvaluated
from linewatch.night import Night
from tasks.validate import validate
from tests.expectations.small_lender import AS_OF, fill, rows, run, small_lender
from tests.tasks.validate_fixture import CORE, held, only, refused

ROOT = Path(__file__).parents[2]


@pytest.fixture
def lender():
    with small_lender() as engine:
        yield engine


@pytest.fixture
def core(lender):
    """The small lender with nothing but borrowers, lines and months, all in one currency."""
    only(lender, *CORE)
    return lender


def test_every_missing_or_empty_table_is_named_at_once(lender):
    run(
        lender,
        """drop table raw_facility; delete from raw_borrower; drop table raw_bureau_report;
        drop table raw_spending_month;
        insert into last_night_rows values ('spending_month', 144), ('consent', 3)""",
    )
    message = refused(lender, DataRefused, required=["bureau_report", "facility"])
    assert message == (
        "4 tables that the night needs cannot be read from the source.\n"
        "  borrower: empty; every night needs it\n"
        "  bureau_report: missing; the profile requires it\n"
        "  facility: missing; every night needs it\n"
        "  spending_month: missing; the last night had 144 rows\n"
        "After the source is corrected: linewatch night --as-of 2026-10-31 --source SOURCE"
    )


def test_a_negative_limit_stops_the_night_and_names_the_line(core):
    run(core, "update raw_facility set credit_limit_cents = -1 where facility_id in ('F2', 'F5')")
    assert refused(core) == (
        "1 expectation of the source's data failed; nothing was decided.\n"
        "  facility: credit_limit_is_not_negative: 2 of 7 rows (first: F2; F5). "
        "A negative limit means that signs or columns were mixed up for the whole table.\n"
        "After the source is corrected: linewatch night --as-of 2026-10-31 --source SOURCE"
    )
    assert rows(core, "select expectation from validation where severity = 'critical' and not success") == [
        ("credit_limit_is_not_negative",)
    ]


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (
            "insert into raw_facility from raw_facility where facility_id = 'F3'",
            "facility_is_unique: 2 of 8 rows (first: F3)",
        ),
        (
            "insert into raw_facility_month from raw_facility_month "
            "where facility_id = 'F3' and month = '2026-05-01'",
            "facility_month_is_unique: 1 of 73 rows (first: F3|2026-05-01)",
        ),
        (
            "update raw_facility_month set month = '2026-11-01' "
            "where facility_id = 'F3' and month = '2026-10-01'",
            "facility_month_is_closed: 1 of 72 rows (first: F3|2026-11-01)",
        ),
        (
            "alter table raw_facility rename credit_limit_cents to credit_limit",
            "facility_columns_are_there: missing credit_limit_cents; "
            "beside the required columns there are annual_rate_bp,",
        ),
        (
            "alter table raw_facility alter drawn_cents set data type varchar",
            "facility_types_fit: 1 of 7 rows (first: column_name drawn_cents, source_type VARCHAR, "
            "contract_type BIGINT, unfit_rows 7)",
        ),
        (
            "alter table raw_facility add column gender varchar",
            "(first: table_name facility, column_name gender)",
        ),
        (
            "insert into last_night_rows values ('facility', 71)",
            "facility_rows_hold: observed 7. Fewer rows than a tenth of the last committed night's",
        ),
    ],
)
def test_what_makes_a_whole_table_doubtful_stops_the_night(core, statements, told):
    run(core, statements)
    assert told in refused(core)


def test_every_broken_promise_of_a_phase_is_named_at_once(core):
    run(
        core,
        """update raw_facility set pending_cents = -1; update raw_facility set past_due_cents = -1;
        update raw_facility_month set payment_due_cents = -1 where facility_id = 'F1'""",
    )
    message = refused(core)
    assert message.startswith("3 expectations of the source's data failed")
    assert "payment_due_is_not_negative: 12 of 72 rows (first: F1|2025-11-01; F1|2025-12-01;" in message


def test_a_source_that_ends_days_before_as_of_is_refused_with_the_day_to_run(core):
    run(core, "update night set as_of = '2026-11-04'; update raw_facility set days_past_due = null")
    message = refused(core)
    assert (
        "source_reaches_as_of: 1 of 7 rows (first: last_on 2026-10-31). Limits must not be decided on rows"
        in message
    )
    assert message.endswith(
        "The source's last day is 2026-10-31. Run that day, linewatch night --as-of 2026-10-31 "
        "--source SOURCE, or deliver the rows of 2026-11-04 and run the same command again."
    )
    run(core, "update night set as_of = '2026-11-03'")
    held(core)


def test_a_source_that_lies_wholly_after_as_of_is_refused(core):
    run(core, "delete from raw_facility_month; update night set as_of = '2026-10-29'")
    message = refused(core)
    assert "source_is_not_all_after_as_of" in message
    assert "The source's last day is 2026-10-31." in message


def test_a_promise_that_cannot_be_tried_is_told_apart_from_one_that_failed(core):
    run(
        core,
        """alter table raw_facility rename to kept;
        create view raw_facility as
        select * replace (cast('x' || status as bigint) as drawn_cents) from kept""",
    )
    message = refused(core, ExpectationNotEvaluated)
    assert "could not be evaluated; nothing was decided." in message
    assert "facility: facility_columns_are_there: ConversionException" in message
    assert "xactive" not in message
    assert "This says nothing about the rows" in message


def test_a_night_that_was_refused_is_taken_after_the_source_is_corrected(core):
    run(
        core,
        """update raw_facility set status = 'open' where facility_id = 'F1';
        update raw_facility set pending_cents = -1""",
    )
    refused(core)
    run(core, "update raw_facility set pending_cents = 0")
    assert held(core).quarantined == {"facility": 1}
    run(core, "update raw_facility set status = 'active' where facility_id = 'F1'")
    assert held(core).quarantined == {}
    assert (
        rows(core, "from quarantine union all select null, null, borrower_id, null from quarantined_borrower")
        == []
    )


def test_the_keys_are_no_part_of_what_logs_and_prefect_keep(core):
    run(core, "update raw_facility set credit_limit_cents = -1 where facility_id in ('F2', 'F5')")
    with pytest.raises(ExpectationFailed) as caught:
        held(core)
    assert "(first: F2; F5)" in caught.value.shown
    assert "credit_limit_is_not_negative: 2 of 7 rows. A negative" in str(caught.value)
    assert "F2" not in str(caught.value) + repr(caught.value) + "".join(
        traceback.format_exception(caught.value)
    )


def test_a_message_names_keys_and_never_the_person(lender):
    run(lender, "insert into raw_contact from raw_contact where borrower_id = 'B1'")
    message = refused(lender)
    assert "contact_is_unique: 2 of 3 rows (first: B1)" in message
    assert "李雷" not in message


def test_no_frame_of_more_than_ten_thousand_rows_is_made_on_the_way(core, monkeypatch):
    fill(core, lines=110_000)
    run(core, "update raw_facility set opened_on = '2030-01-01' where facility_id like 'X%9'")
    made = []
    plain = pd.DataFrame.__init__

    def watched(frame, *args, **kwargs):
        plain(frame, *args, **kwargs)
        made.append(len(frame))

    monkeypatch.setattr(pd.DataFrame, "__init__", watched)
    with core.cursor() as db:
        db.raw.sql("from raw_facility").df()
    assert max(made) > 110_000, "the watch sees frames that DuckDB makes"
    made.clear()
    refused(core)
    run(
        core,
        """update raw_facility
        set opened_on = '2020-01-01', status = if(facility_id like 'X%99', 'open', status)""",
    )
    assert held(core).quarantined["facility"] == 1_100
    assert max(made, default=0) <= 10_000


def test_the_night_validates_in_its_own_scratch(tmp_path):
    night = Night(
        as_of=AS_OF,
        home=tmp_path,
        source="folder",
        documents=load_documents(AS_OF),
        recorded_at=datetime.datetime(2026, 11, 1, 1, 15, tzinfo=datetime.UTC),
        threads=2,
    )
    try:
        engine = sql.open_engine(night.scratch)
        small_lender(engine=engine)
        only(engine, *CORE)
        assert validate.fn(night).rows == {"borrower": 6, "facility": 7, "facility_month": 72}
        with sql.cursor(night.scratch) as db:
            assert db.count("facility") == 7
    finally:
        sql.close_engine(night.scratch)


@pytest.mark.slow
def test_a_million_borrowers_with_twelve_months_validate_in_forty_seconds_and_three_gigabytes():
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.validate"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    measured = json.loads(finished.stdout)
    assert (measured["rows"], measured["broken"]) == (14_000_000, 0)
    # Beside busy neighbours the clock on the wall measures them; both cores' work is never less than its own.
    assert min(measured["validate_seconds"], measured["processor_seconds"]) < 40
    assert measured["peak_mb"] < 3_000


def test_what_expectations_share_with_the_record_is_whole_before_they_are_loaded_beside_it() -> None:
    """Half imported by the other thread, sqlalchemy.orm fails whoever makes a statement meanwhile."""
    asked = (
        "import sys; from tasks.validate import load_expectations; load_expectations();"
        " orm = sys.modules['sqlalchemy.orm'];"
        " print(getattr(orm.__spec__, '_initializing', False))"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
