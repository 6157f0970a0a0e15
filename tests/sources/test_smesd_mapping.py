"""Who controls whom, as tables of the contract: invented companies always, the real files where they are."""

import pytest

from sources import mapping
from sql.engine import Engine, cursor
from tests.sources.public_data import decided_night

NAME = "smesd"
COMPANIES = """\
company_index,register_capital,paid_capital,setup_months,industry,area,bankrupt
1,100.0,100.0,30,批发业,厦门市,0
2,100.0,1999.9999,30,-,厦门市,1
3,200.0,0.4,30,零售业,,0
4,50.0,9000.0,30,零售业,,0
5,50.0,300.0,30,零售业,,0
6,50.0,300.0,30,零售业,,0
"""
PERSON, ABSENT = 5001, 3000
EDGES = f"""\
src,dst,edge_type,edge_name,edge_weight
1,2,6,invest_CC,50.0
2,1,7,invested_CC,50.0
1,3,6,invest_CC,99.9
{PERSON},3,8,invest_CP,100.1
{PERSON},4,8,invest_CP,50.0
{PERSON},5,2,executed,1.0
{ABSENT},5,6,invest_CC,50.0
{ABSENT},6,6,invest_CC,60.0
4,1,10,branch,1.0
5,1,12,loan,1.0
"""
LAWSUITS = """\
company_index,cause_type,court_type,result_category,months_before_observation,time_label
1,0,0,3,0,0
1,0,0,3,59,0
1,0,0,3,60,0
1,0,0,0,5,0
2,0,0,2,5,0
"""


@pytest.fixture
def files(tmp_path):
    for kind, text in (("companies", COMPANIES), ("edges", EDGES), ("lawsuits", LAWSUITS)):
        (tmp_path / f"smesd_train_2014_2018_{kind}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def db(files):
    with Engine(None, threads=2) as engine, engine.cursor() as cursor:
        mapping.read(NAME, files, cursor)
        yield cursor


def told(db, table, columns):
    return db.raw.execute(f"select {columns} from mapped_{table} order by all").fetchall()


def test_half_of_the_capital_is_control_and_so_is_a_branch(db):
    parents = [row for row in told(db, "control_link", "*") if row[2] == "parent"]

    assert [row[:4] for row in parents] == [
        ("SMESD-0001", "SMESD-0002", "parent", 5_000),
        ("SMESD-0004", "SMESD-0001", "parent", 10_000),
    ]


def test_companies_of_one_person_or_of_one_company_elsewhere_are_tied(db):
    tied = [row[:2] for row in told(db, "control_link", "*") if row[2] == "controller"]

    assert tied == [("SMESD-0003", "SMESD-0004"), ("SMESD-0005", "SMESD-0006")]


def test_a_minority_an_office_and_a_loan_are_no_control(db):
    pairs = {row[:2] for row in told(db, "control_link", "*")}

    assert ("SMESD-0001", "SMESD-0003") not in pairs
    assert ("SMESD-0005", "SMESD-0001") not in pairs
    assert len(pairs) == 4


def test_suits_lost_as_the_defendant_in_five_years_are_public_records_and_none_is_none(db):
    assert told(db, "bureau_report", "borrower_id, public_record_count")[:3] == [
        ("SMESD-0001", 2), ("SMESD-0002", 0), ("SMESD-0003", 0),
    ]  # fmt: skip


def test_a_limit_is_made_up_from_the_capital_paid_in_within_bounds(db):
    assert told(db, "facility", "facility_id, credit_limit_cents")[:4] == [
        ("SMESD-0001", 10_000_000),
        ("SMESD-0002", 199_000_000),
        ("SMESD-0003", 10_000_000),
        ("SMESD-0004", 500_000_000),
    ]


def test_an_industry_that_is_a_dash_is_unknown(db):
    assert told(db, "borrower", "borrower_id, industry_code")[:2] == [
        ("SMESD-0001", "批发业"), ("SMESD-0002", None),
    ]  # fmt: skip


def test_the_real_companies_stand_in_their_groups(tmp_path):
    with decided_night(NAME, tmp_path) as night, cursor(night.scratch) as db:
        assert (db.count("decisions"), db.count("quarantine")) == (2_816, 0)
        groups = (
            "select count(*), max(n) from (select count(*) as n from decisions group by group_id) where n > 1"
        )
        assert db.raw.execute(groups).fetchall() == [(402, 22)]
