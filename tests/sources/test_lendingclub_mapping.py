"""The revolving line behind a loan: invented rows always, the real file where it is."""

from datetime import date

import pytest

from sources import mapping
from sql.engine import Engine, cursor
from tests.sources.public_data import decided_night

NAME = "lendingclub"
HEADER = (
    "issue_d,annual_inc,verification_status,dti,installment,revol_bal,revol_util,open_acc,inq_last_6mths,"
    "delinq_2yrs,acc_now_delinq,pub_rec,loan_status,recoveries\n"
)
ROWS = [
    "2010-12-01,24000.00,Verified,27.65,162.87,13648,0.837,3,1,0,0,0,Fully Paid,0",
    "2010-01-01,30000,Source Verified,1.0,59.83,1687,0.094,3,5,2,0,1,Charged Off,117.08",
    "2009-12-01,30000,Not Verified,1.0,59.83,1687,0.094,3,5,0,0,0,Charged Off,117.08",
    "2010-06-01,30000,Not Verified,1.0,59.83,0,0.0,3,5,0,0,0,Fully Paid,0",
    "2010-06-01,30000,Not Verified,1.0,59.83,500,,3,5,0,0,0,Fully Paid,0",
    "2010-06-01,,Not Verified,1.0,59.83,500,0.5,,,,1,,Does not meet the credit policy. Status:Charged Off,0",
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_text(HEADER + "\n".join(ROWS) + "\n")
    return path


@pytest.fixture
def db():
    with Engine(None, threads=2) as engine, engine.cursor() as cursor:
        yield cursor


def told(db, table, columns):
    return db.raw.execute(f"select {columns} from mapped_{table} order by all").fetchall()


def test_a_limit_is_the_balance_over_its_utilisation_and_without_one_there_is_no_line(db, file):
    mapping.read(NAME, file, db)

    assert told(db, "facility", "facility_id, drawn_cents, credit_limit_cents, days_past_due") == [
        ("LC00001", 1_364_800, 1_630_500, 0),
        ("LC00002", 168_700, 1_794_600, 0),
        ("LC00006", 50_000, 100_000, None),
    ]


def test_a_night_sees_the_loans_issued_in_the_year_up_to_it(db, file):
    mapping.read(NAME, file, db, as_of=date(2009, 12, 31))

    assert told(db, "facility", "facility_id") == [("LC00003",)]


def test_payments_are_a_share_of_income_and_the_new_instalment(db, file):
    mapping.read(NAME, file, db)

    # 2,000.00 a month x 27.65 % + 162.87, and 2,500.00 x 1 % + 59.83.
    assert told(db, "bureau_report", "borrower_id, pulled_on, monthly_payment_cents") == [
        ("LC00001", date(2010, 12, 31), 71_587),
        ("LC00002", date(2010, 1, 31), 8_483),
        ("LC00006", date(2010, 6, 30), None),
    ]


def test_lateness_elsewhere_is_thirty_days_at_least_and_what_is_blank_is_unknown(db, file):
    mapping.read(NAME, file, db)

    columns = "borrower_id, worst_dpd_now, worst_dpd_24m, inquiries_6m, public_record_count"
    assert told(db, "bureau_report", columns) == [
        ("LC00001", 0, 0, 1, 0), ("LC00002", 0, 30, 5, 1), ("LC00006", 30, 30, None, None),
    ]  # fmt: skip


def test_only_a_verified_amount_is_a_verified_income(db, file):
    mapping.read(NAME, file, db)

    assert told(db, "borrower", "borrower_id, annual_income_cents, income_kind, income_verified_on") == [
        ("LC00001", 2_400_000, "verified", date(2010, 12, 31)),
        ("LC00002", 3_000_000, "stated", None),
        ("LC00006", None, "stated", None),
    ]


def test_what_became_of_a_loan_is_for_the_check_alone(db, file):
    mapping.read(NAME, file, db)
    mapping.read_outcome(NAME, file, db)

    leaks = {column.name for column in mapping.load(NAME).columns} & {
        "recoveries",
        "total_pymnt",
        "last_pymnt_d",
    }
    assert leaks == set()
    assert [defaulted for _, defaulted in told(db, "outcome", "*")] == [False, True, True, False, False, True]


def test_the_real_lines_are_decided_and_none_is_set_aside(tmp_path):
    with decided_night(NAME, tmp_path) as night, cursor(night.scratch) as db:
        assert db.count("decisions") == 12_143
        assert db.count("quarantine") == 0
