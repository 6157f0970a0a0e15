"""The public card data as tables of the contract: invented rows always, the real file where it is."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources import mapping
from sources.table import SourceRefused
from sql.contract import contract
from sql.engine import Engine

HERE = Path(__file__).parent
PUBLISHED = HERE / "fixtures" / "uci_as_published.csv"
DATA = HERE.parents[1].parent / "shared" / "data"
COPIES = (DATA / "uci_default_credit_card_clients.parquet", DATA / "original" / "UCI_Credit_Card.csv")
NAME = "uci_credit_default"


@pytest.fixture
def db():
    with Engine(None, threads=2) as engine, engine.cursor() as cursor:
        yield cursor


def rows(db, table, **where):
    condition = " and ".join(f"{column} = ?" for column in where) or "true"
    found = db.raw.execute(f"from mapped_{table} where {condition} order by all", list(where.values()))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def edited(tmp_path, edit):
    """The published rows, header and all, after `edit` of the list of lists."""
    lines = list(csv.reader(PUBLISHED.read_text().splitlines()))
    edit(lines)
    path = tmp_path / "edited.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def test_a_client_is_a_borrower_of_whom_little_is_known(db):
    mapping.read(NAME, PUBLISHED, db)

    assert rows(db, "borrower", borrower_id="UCI00001") == [
        {"borrower_id": "UCI00001", "borrower_type": "consumer", "jurisdiction": "TW"}
    ]


def test_a_card_stands_as_it_did_at_the_end_of_september(db):
    mapping.read(NAME, PUBLISHED, db)

    assert rows(db, "facility", facility_id="UCI00001") == [
        {
            "facility_id": "UCI00001",
            "borrower_id": "UCI00001",
            "product": "revolving_consumer",
            "currency": "TWD",
            "credit_limit_cents": 5_000_000,
            "drawn_cents": 2_100_000,
            "status": "active",
            "days_past_due": 60,
            "revolving": True,
        }
    ]


def test_a_card_has_six_months_and_what_the_data_lacks_is_estimated_as_said(db):
    mapping.read(NAME, PUBLISHED, db)

    columns = ("month", "closing_balance_cents", "payment_due_cents", "payment_made_cents", "days_past_due",
               "drawdown_count", "drawdown_cents")  # fmt: skip
    april, may, *_, august, september = [
        tuple(row[name] for name in columns) for row in rows(db, "facility_month", facility_id="UCI00001")
    ]
    assert april == (date(2005, 4, 1), 1_600_000, 0, 80_000, 0, 0, 0)
    assert may == (date(2005, 5, 1), 1_700_000, 80_000, 90_000, 0, 1, 190_000)
    assert august == (date(2005, 8, 1), 2_000_000, 95_000, 100_000, 30, 1, 200_000)
    assert september == (date(2005, 9, 1), 2_100_000, 100_000, 0, 60, 1, 100_000)
    assert {row["limit_cents"] for row in rows(db, "facility_month", facility_id="UCI00001")} == {5_000_000}


def test_credit_balances_and_lines_over_their_limit_stay_what_they_are(db):
    mapping.read(NAME, PUBLISHED, db)

    (credit,) = rows(db, "facility", facility_id="UCI00002")
    (over,) = rows(db, "facility", facility_id="UCI00003")
    assert credit["drawn_cents"] == -15_000
    assert over["drawn_cents"] == 2_000_100 > over["credit_limit_cents"]


def test_nothing_is_due_on_a_statement_that_owed_nothing(db):
    mapping.read(NAME, PUBLISHED, db)

    assert [row["payment_due_cents"] for row in rows(db, "facility_month", facility_id="UCI00002")] == [
        0, 3_500, 0, 0, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "days"), [(-2, 0), (-1, 0), (0, 0), (1, 30), (2, 60), (9, 270), (10, None), (-3, None)]
)
def test_a_payment_code_says_months_late_and_an_unheard_one_is_unknown(db, tmp_path, code, days):
    path = edited(tmp_path, lambda lines: lines[2].__setitem__(6, str(code)))

    mapping.read(NAME, path, db)

    (september,) = rows(db, "facility_month", facility_id="UCI00001", month=date(2005, 9, 1))
    (line,) = rows(db, "facility", facility_id="UCI00001")
    assert (september["days_past_due"], line["days_past_due"]) == (days, days)


def test_codes_that_the_publisher_does_not_explain_keep_their_number(db):
    mapping.read(NAME, PUBLISHED, db)

    told = [tuple(row.values())[1:] for row in rows(db, "protected_attribute")]
    assert told == [
        ("male", 1975, "married", "graduate_school"),
        ("female", 1964, "undocumented_0", "undocumented_0"),
        ("female", 1980, "other", "undocumented_5"),
        ("male", 1947, "single", "undocumented_6"),
    ]


def test_what_was_read_is_told_with_its_hashes_and_its_day(db):
    mapped = mapping.read(NAME, PUBLISHED, db)

    assert mapped.as_of == mapping.default_as_of(NAME) == date(2005, 9, 30)
    assert mapped.source_sha256 == hashlib.sha256(PUBLISHED.read_bytes()).hexdigest()
    assert mapped.rows == {"borrower": 4, "facility": 4, "facility_month": 24, "protected_attribute": 4}
    assert len(mapped.mapping_version) == 64


def test_the_outcome_reaches_no_table_of_the_night(db):
    mapped = mapping.read(NAME, PUBLISHED, db)

    columns = [column for table in mapped.tables for column in db.columns(f"mapped_{table}")]
    assert [column for column in columns if "default" in column] == []
    assert mapping.read_outcome(NAME, PUBLISHED, db) == 4
    assert [row["defaulted"] for row in rows(db, "outcome")] == [True, False, False, True]


def test_protected_attributes_reach_one_table_alone(db):
    mapped = mapping.read(NAME, PUBLISHED, db)

    others = [set(db.columns(f"mapped_{table}")) for table in mapped.tables if table != "protected_attribute"]
    barred = {column.name for column in contract()["protected_attribute"].columns} - {
        "borrower_id",
        "recorded_at",
    }
    assert [columns & barred for columns in others] == [set(), set(), set()]


def test_a_file_without_the_outcome_can_be_read_for_a_night_and_not_for_a_check(db, tmp_path):
    path = edited(tmp_path, lambda lines: [line.pop() for line in lines])

    assert mapping.read(NAME, path, db).rows["facility"] == 4
    with pytest.raises(SourceRefused, match="no outcome"):
        mapping.read_outcome(NAME, path, db)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_line_ends_and_marks_of_other_systems_are_read(db, tmp_path, ending, mark):
    path = tmp_path / "copy.csv"
    path.write_bytes(mark + PUBLISHED.read_text().replace("\n", ending).encode())

    assert mapping.read(NAME, path, db).rows["facility"] == 4


def change(row, column, value):
    return lambda lines: lines[row].__setitem__(column, value)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (change(1, 1, "LIMIT"), "no column LIMIT_BAL"),
        (change(1, 5, "LIMIT_BAL"), "no column AGE"),
        (change(1, 24, "BILL_AMT1"), "BILL_AMT1 stands there more than once"),
        (change(3, 12, "a lot"), "column BILL_AMT1, data row 2: 'a lot' is not a whole number"),
        (change(3, 12, "1.5"), "'1.5' is not a whole number"),
        (change(3, 12, "nan"), "'nan' is not a whole number"),
        (change(3, 12, "9" * 30), "is not a whole number"),
        (lambda lines: lines[2].append("one too many"), "not a CSV file with 25 columns"),
        (lambda lines: lines.clear(), "an empty file"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_naming_it_and_the_column(db, tmp_path, edit, said):
    path = edited(tmp_path, edit)

    with pytest.raises(SourceRefused, match=said) as refused:
        mapping.read(NAME, path, db)

    assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0 a workbook", "Excel workbook"),
        (b"PK\x03\x04 a workbook", "Excel workbook"),
        ("ID,限额\n".encode("gbk"), "not UTF-8"),
        (b"PAR1 cut short", "not a whole Parquet file"),
    ],
)
def test_a_file_of_another_kind_is_refused_saying_what_to_do(db, tmp_path, content, said):
    path = tmp_path / "copy"
    path.write_bytes(content)

    with pytest.raises(SourceRefused, match=said):
        mapping.read(NAME, path, db)


def test_a_file_that_is_not_there_is_refused(db, tmp_path):
    with pytest.raises(SourceRefused, match="No such file"):
        mapping.read(NAME, tmp_path / "none.csv", db)


@pytest.mark.parametrize("value", [0.5, "x"])
def test_a_parquet_copy_with_another_type_is_refused_naming_the_column(db, tmp_path, value):
    lines = list(csv.reader(PUBLISHED.read_text().splitlines()))[1:]
    columns = {name: [1] for name in lines[0]} | {"PAY_3": [value]}
    path = tmp_path / "copy.parquet"
    pq.write_table(pa.table(columns), path)

    with pytest.raises(SourceRefused, match="column PAY_3, data row 1"):
        mapping.read(NAME, path, db)


def test_every_column_of_the_file_has_a_line_in_the_page():
    page = (HERE.parents[1] / "docs" / "sources" / f"{NAME}.md").read_text()

    missing = [column.name for column in mapping.load(NAME).columns if f"| `{column.name}` |" not in page]

    assert missing == []


@pytest.mark.parametrize("copy", COPIES, ids=lambda path: path.suffix)
def test_the_real_file_comes_through_whole(db, copy):
    if not copy.is_file():
        pytest.skip(f"{copy.name}: ../shared/data is not here")

    mapped = mapping.read(NAME, copy, db)
    mapping.read_outcome(NAME, copy, db)

    assert mapped.rows["facility"] == mapped.rows["borrower"] == mapped.rows["protected_attribute"] == 30_000
    assert mapped.rows["facility_month"] == 180_000
    counts = db.raw.execute(
        "select count(*) filter (where drawn_cents < 0),"
        " count(*) filter (where drawn_cents > credit_limit_cents),"
        " cast(sum(credit_limit_cents) as bigint) from mapped_facility"
    ).fetchall()
    assert counts == [(590, 2_115, 502_452_968_000)]
    codes = db.raw.execute(
        "select education, count(*) from mapped_protected_attribute group by all order by all"
    )
    assert [row for row in codes.fetchall() if row[0].startswith("undocumented")] == [
        ("undocumented_0", 14),
        ("undocumented_5", 280),
        ("undocumented_6", 51),
    ]
    single = "select count(*) from mapped_protected_attribute where marital_status = 'undocumented_0'"
    assert db.raw.execute(single).fetchall() == [(54,)]
    assert db.raw.execute("select count(*) from mapped_outcome where defaulted").fetchall() == [(6_636,)]
    late = "select count(*) from mapped_facility_month where days_past_due is null"
    assert db.raw.execute(late).fetchall() == [(0,)]


def test_the_copies_of_the_real_file_give_the_same_tables(db):
    if not all(copy.is_file() for copy in COPIES):
        pytest.skip("../shared/data is not here")

    answers = []
    for copy in COPIES:
        mapped = mapping.read(NAME, copy, db)
        answers.append({table: rows(db, table) for table in mapped.tables})

    assert answers[0] == answers[1]
