"""The contest's firms as tables of the contract: invented invoices always, the real files where they are."""

from datetime import date

import pytest

from sources import mapping
from sources.table import SourceRefused
from sql.engine import Engine, cursor
from tasks.scorecard import check_scorecard
from tests.sources.public_data import decided_night, public

NAME = "cumcm2020c"
FIRMS = "企业代号,企业名称,信誉评级,是否违约\nE1,***商贸,A,否\nE2,***建材,D,是\n"
SALES = """\
企业代号,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态
E1,1,2020-01-02,B1,1000000.10,0,0,有效发票
E1,2,2020-01-03,B1,500000.05,0,0,有效发票
E1,3,2020-01-31,B2,250000.00,0,0,有效发票
E1,4,2020-01-31,B2,-0.15,0,0,有效发票
E1,5,2020-01-31,B2,9000000,0,0, 作废发票
E1,6,2020-02-01,B2,7000000,0,0,有效发票
E1,7,2019-02-01,B3,750000.00,0,0,有效发票
E1,8,2019-01-31,B3,40000000.00,0,0,有效发票
"""
PURCHASES = """\
企业代号,发票号码,开票日期,销方单位代号,金额,税额,价税合计,发票状态
E1,1,2020-01-02,A1,300.00,0,0,有效发票
E1,2,2020-01-02,A2,200.50,0,0,有效发票
E1,3,2020-01-02,A2,-20.50,0,0,有效发票
E1,4,2020-01-02,A2,900.00,0,0,作废发票
"""


@pytest.fixture
def files(tmp_path):
    for kind, text in (("information", FIRMS), ("output_invoice", SALES), ("input_invoice", PURCHASES)):
        (tmp_path / f"cumcm2020c_credit_history_enterprise_{kind}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def db():
    with Engine(None, threads=2) as engine, engine.cursor() as cursor:
        yield cursor


def rows(db, table):
    found = db.raw.execute(f"from mapped_{table} order by all")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_a_month_of_invoices_is_a_month_of_trade(db, files):
    mapping.read(NAME, files, db)

    assert rows(db, "trade_month")[-1] == {
        "borrower_id": "CUMCM-E1",
        "month": date(2020, 1, 1),
        "currency": "CNY",
        "sales_cents": 175_000_015,
        "sales_returns_cents": 15,
        "purchases_cents": 50_050,
        "purchase_returns_cents": 2_050,
        "sales_invoices": 5,
        "void_sales_invoices": 1,
        "customers": 2,
        "largest_customer_cents": 150_000_015,
        "suppliers": 2,
        "largest_supplier_cents": 30_000,
    }


def test_only_months_that_are_over_by_the_night_are_told(db, files):
    mapping.read(NAME, files, db)
    assert [row["month"] for row in rows(db, "trade_month")] == [
        date(2019, 1, 1), date(2019, 2, 1), date(2020, 1, 1),
    ]  # fmt: skip

    mapping.read(NAME, files, db, as_of=date(2020, 1, 30))
    assert [row["month"] for row in rows(db, "trade_month")] == [date(2019, 1, 1), date(2019, 2, 1)]


def test_a_limit_is_a_tenth_of_a_years_net_sales_within_the_tasks_bounds(db, files):
    mapping.read(NAME, files, db)

    # 2,500,000.00 were sold in the twelve months to January 2020, and nothing by the other.
    assert [(row["facility_id"], row["credit_limit_cents"]) for row in rows(db, "facility")] == [
        ("CUMCM-E1", 25_000_000), ("CUMCM-E2", 10_000_000),
    ]  # fmt: skip


def test_rating_and_default_reach_the_check_alone(db, files):
    mapped = mapping.read(NAME, files, db)
    mapping.read_outcome(NAME, files, db)

    columns = {column for table in mapped.tables for column in db.columns(f"mapped_{table}")}
    assert columns & {"rating", "defaulted", "信誉评级", "是否违约"} == set()
    assert [tuple(row.values()) for row in rows(db, "outcome")] == [
        ("CUMCM-E1", False, 1), ("CUMCM-E2", True, 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said"), [("input_invoice", "are not there; one must be"), ("folder", "not a folder")]
)
def test_a_file_that_is_not_there_is_named(db, files, kind, said):
    if kind == "folder":
        files = files / "cumcm2020c_credit_history_enterprise_information.csv"
    else:
        (files / f"cumcm2020c_credit_history_enterprise_{kind}.csv").unlink()

    with pytest.raises(SourceRefused, match=said):
        mapping.read(NAME, files, db)


def test_a_fraction_of_a_cent_is_refused_naming_file_and_column(db, files):
    path = files / "cumcm2020c_credit_history_enterprise_output_invoice.csv"
    path.write_text(SALES.replace("500000.05", "500000.055"), encoding="utf-8")

    with pytest.raises(
        SourceRefused, match=r"output_invoice\.csv: column 金额, data row 2: '500000\.055' is not"
    ):
        mapping.read(NAME, files, db)


def test_the_real_firms_are_decided_and_none_is_set_aside(tmp_path):
    with decided_night(NAME, tmp_path) as night, cursor(night.scratch) as db:
        assert db.count("decisions") == 123
        assert db.count("quarantine") == 0
        assert db.raw.execute("select count(distinct borrower_id) from trade_month").fetchall() == [(123,)]


def test_the_score_is_in_the_order_of_the_banks_rating_and_tells_who_defaulted_without_being_fitted():
    check = check_scorecard(source=f"{NAME}:{public(NAME)}")

    assert (check.scorecard, check.borrowers, check.defaults, check.rated) == ("enterprise", 123, 27, 123)
    assert check.rank_correlation > 0.45
    assert check.auc > 0.75
    assert f"Spearman, {check.rated} rated" in check.as_text()
