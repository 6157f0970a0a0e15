"""Guaranteed loans as tables of the contract: invented rows always, the real file where it is."""

from datetime import date

import pytest

from sources import mapping
from sql.engine import Engine, cursor
from tests.sources.public_data import decided_night

NAME = "sba"
FILE = """\
LoanNr_ChkDgt,Name,City,State,Zip,NAICS,ApprovalDate,Term,RevLineCr,DisbursementDate,DisbursementGross,GrAppv,SBA_Appv,MIS_Status
1,A SHOP,BOSTON,MA,2108,445110,10/1/2003,84,Y,10/31/2003,90000,60000,45000,P I F
2,A MILL,TULSA,OK,74101,0,9/30/2004,36,N,10/31/2004,50000,50000,25001,CHGOFF
3,TOO OLD,TULSA,OK,74101,0,9/30/2003,36,N,10/31/2003,50000,50000,25000,CHGOFF
4,TOO NEW,TULSA,OK,74101,0,10/1/2004,36,T,,50000,50000,25000,
5,A BARN,TULSA,OK,0,0,1/1/2004,36,T,,50000,50000,25000,
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sba.csv"
    path.write_text(FILE)
    return path


@pytest.fixture
def db():
    with Engine(None, threads=2) as engine, engine.cursor() as cursor:
        yield cursor


def told(db, table, columns):
    return db.raw.execute(f"select {columns} from mapped_{table} order by all").fetchall()


def test_a_night_sees_the_loans_approved_in_the_year_up_to_it(db, file):
    mapping.read(NAME, file, db)
    assert told(db, "borrower", "borrower_id, industry_code") == [
        ("SBA-1", "445110"), ("SBA-2", None), ("SBA-5", None),
    ]  # fmt: skip

    mapping.read(NAME, file, db, as_of=date(2003, 9, 30))
    assert told(db, "borrower", "borrower_id") == [("SBA-3",)]


def test_a_line_is_drawn_once_paid_out_and_to_its_limit_at_most(db, file):
    mapping.read(NAME, file, db)

    assert told(db, "facility", "facility_id, credit_limit_cents, drawn_cents, revolving, opened_on") == [
        ("SBA-1", 6_000_000, 6_000_000, True, date(2003, 10, 1)),
        ("SBA-2", 5_000_000, 0, False, date(2004, 9, 30)),
        ("SBA-5", 5_000_000, 0, None, date(2004, 1, 1)),
    ]


def test_the_sba_answers_for_its_share_rounded_down(db, file):
    mapping.read(NAME, file, db)

    assert told(db, "guarantee", "facility_id, provider_id, kind, covered_share_bp") == [
        ("SBA-1", "SBA", "guarantor", 7_500),
        ("SBA-2", "SBA", "guarantor", 5_000),
        ("SBA-5", "SBA", "guarantor", 5_000),
    ]


def test_an_address_has_its_zeros_again(db, file):
    mapping.read(NAME, file, db)

    assert [address for (address,) in told(db, "contact", "address")] == [
        "BOSTON, MA 02108", "TULSA, OK", "TULSA, OK 74101",
    ]  # fmt: skip


def test_what_became_of_a_loan_and_the_term_that_tells_it_reach_no_table_of_the_night(db, file):
    mapped = mapping.read(NAME, file, db)
    mapping.read_outcome(NAME, file, db)

    columns = {column for table in mapped.tables for column in db.columns(f"mapped_{table}")}
    assert columns & {"defaulted", "MIS_Status", "Term", "matures_on"} == set()
    assert told(db, "outcome", "*")[:3] == [("SBA-1", False), ("SBA-2", True), ("SBA-3", True)]


def test_the_real_loans_are_decided_and_none_is_set_aside(tmp_path):
    with decided_night(NAME, tmp_path) as night, cursor(night.scratch) as db:
        assert db.count("decisions") == 5_541
        assert db.count("quarantine") == 0
        shares = "select min(covered_share_bp), max(covered_share_bp) from guarantee"
        assert db.raw.execute(shares).fetchall()[0][1] <= 10_000
