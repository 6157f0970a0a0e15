"""What a committed night hands to people: a queue to work in, safe to open, the same bytes every time."""

from __future__ import annotations

import csv
import json
import time
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

import tasks.export.queue
from ledger import open_ledger
from linewatch.case import KINDS, fingerprint
from linewatch.casework import Done
from linewatch.errors import DataRefused, NotFound
from linewatch.queue_columns import COLUMNS
from tasks.export import export_night, export_queue, queue_rows
from tasks.export.queue import plain
from tasks.export.shown import told
from tasks.export.workbook import SHEETS
from tests.tasks.decisions_fixture import AS_OF, committed_home, decrease, line

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")

HEAD = [column.name for column in COLUMNS]


def asked(facility_id, *triggers, **facts):
    return decrease(facility_id, route="referred", triggers=list(triggers or ["large_decrease"]), **facts)


def sheet_rows(path):
    """The rows of all sheets of cases as dicts by column name, the first to look at first."""
    book = openpyxl.load_workbook(path)
    sheets = [book[title] for title in SHEETS.values() if title in book]
    rows = [row for sheet in sheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    return sorted((dict(zip(HEAD, row, strict=True)) for row in rows), key=itemgetter("priority"))


def csv_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    months = [
        {
            "facility_id": "F1",
            "month": date(2026, month, 1),
            "closing_balance_cents": 100_000 * month,
            "limit_cents": 1_200_000,
        }
        for month in range(1, 11)
    ]
    lines = [
        asked("F1", "large_decrease", "pd_near_edge"),
        asked("F2", "project_line", borrower_id="B2", product="project", segment="project"),
        line("F3", route="referred", triggers=["complaint_open"], grade=None, score=None, pd_bp=None),
        decrease("F4"),
        line("F5"),
    ]
    return committed_home(tmp_path_factory.mktemp("home"), lines, facility_month=months)


def test_the_queue_holds_each_line_of_each_open_case_and_no_other(home):
    rows = sheet_rows(export_queue(home, AS_OF, "xlsx").path)
    assert [(row["priority"], row["facility_id"], row["kind"]) for row in rows] == [
        (1, "F3", "interview"),
        (2, "F1", "desk_review"),
        (3, "F2", "site_visit"),
    ]
    shown = rows[1]
    assert (shown["limit"], shown["proposed_limit"], shown["change"]) == (12_000, 8_000, -4_000)
    assert (shown["score"], shown["pd"], shown["utilisation"]) == (520, 0.145, 0.25)
    assert shown["due_on"].date() == date(2026, 11, 25)
    assert "The decrease is large." in shown["why"]
    assert "下调幅度较大。" in shown["why"]
    assert (
        shown["reasons"].splitlines()[0] == "Payments to us have been late. 近期在我们这里的还款出现过逾期。"
    )
    assert (rows[0]["grade"], rows[0]["score"], rows[0]["pd"]) == (None, None, None)


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """The queue's rows by line: one that the law lowers too, a project, and the other line of a case."""
    lines = [
        asked("F1", law_limit_cents=1_000_000, expected_on=date(2026, 11, 21), rules=["thin_cash"]),
        asked("F2", "project_line", product="project", slot="weak", recommendation="reduce_undrawn"),
        asked("F3", "pd_near_edge", borrower_id="B-F1", temporary_cents=100_000),
        line("F4", route="referred", triggers=["fraud_suspected"], offered_limit_cents=1_500_000,
             offer_until=date(2026, 12, 20), customer_limit_cents=1_200_000),
        asked("F5", borrower_id="B5", action="freeze", review_block="income", drawdown_blocked=True),
    ]  # fmt: skip
    home = committed_home(tmp_path_factory.mktemp("beside"), lines)
    return {row["facility_id"]: row for row in sheet_rows(export_queue(home, AS_OF, "xlsx").path)}


def test_a_reviewer_sees_what_the_law_takes_tonight_whatever_the_answer(beside):
    row = beside["F1"]
    assert (row["limit"], row["law_limit"], row["proposed_limit"]) == (12_000, 10_000, 8_000)
    assert (row["expected_on"].date(), row["rules"]) == (date(2026, 11, 21), "thin_cash")


def test_a_reviewer_sees_what_is_advised_on_a_project_and_its_slot(beside):
    assert (beside["F2"]["recommendation"], beside["F2"]["slot"]) == ("reduce_undrawn", "weak")


def test_a_reviewer_sees_an_open_offer_a_temporary_addition_and_the_borrowers_own_ceiling(beside):
    row = beside["F4"]
    assert (row["offer"], row["offer_until"].date(), row["customer_limit"]) == (
        15_000, date(2026, 12, 20), 12_000,
    )  # fmt: skip
    assert (beside["F3"]["temporary"], row["temporary"]) == (1_000, None)


def test_of_a_line_that_is_stopped_meanwhile_a_reviewer_sees_what_is_proposed_and_what_ends_the_stop(beside):
    assert (beside["F5"]["action"], beside["F5"]["proposed_limit"]) == ("decrease", 8_000)
    assert "only the outcome freeze keeps it so." in beside["F5"]["why"]
    assert "结案之前暂停新增用款" in beside["F5"]["why"]
    assert "until this case has ended" not in beside["F1"]["why"]


def test_each_line_of_a_case_is_told_its_own_triggers(beside):
    assert beside["F1"]["case_id"] == beside["F3"]["case_id"]
    assert (beside["F1"]["triggers"], beside["F3"]["triggers"]) == ("large_decrease", "pd_near_edge")


def test_that_a_case_is_open_does_not_hide_why_it_was_opened(tmp_path):
    home = committed_home(tmp_path, [asked("F1", "pd_near_edge")], as_of=date(2026, 10, 20))
    (waiting,) = open_ledger(home).cases.open()
    standing = {key: getattr(waiting, key) for key in ("borrower_id", "case_id", "opened_on", "due_on")}
    committed_home(home, [asked("F1", "case_open")], as_of=AS_OF, open_case=[standing])
    (row,) = csv_rows(export_queue(home, AS_OF, "csv").path)
    assert "pd_near_edge" in row["triggers"]


def test_the_csv_says_the_same_with_plain_numbers(home):
    path = export_queue(home, AS_OF, "csv").path
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    first = csv_rows(path)[1]
    assert list(first) == HEAD
    assert (first["limit"], first["change"], first["pd"]) == ("12000.00", "-4000.00", "0.1450")
    assert first["triggers"] == "large_decrease; pd_near_edge"


def test_the_parquet_queue_keeps_whole_cents(home):
    rows = pq.read_table(export_queue(home, AS_OF, "parquet").path).to_pylist()
    assert [row["facility_id"] for row in rows] == ["F3", "F1", "F2"]
    assert rows[1]["limit_cents"] == 1_200_000


def test_a_row_that_comes_back_changed_is_known_by_its_fingerprint(home):
    row = sheet_rows(export_queue(home, AS_OF, "xlsx").path)[1]
    batch = next((home / "batches").iterdir()).name
    keys = (batch, row["case_id"], "F1")
    assert row["fingerprint"] == fingerprint(*keys, 1_200_000, 800_000)
    assert row["fingerprint"] != fingerprint(*keys, 1_200_000, 900_000)
    assert fingerprint("a", "bc", "d", 1, 1) != fingerprint("a", "b", "cd", 1, 1)


def test_the_queue_in_a_terminal_has_the_first_cases_in_order_with_what_applies_alone(home):
    found = queue_rows(home, limit=2)
    text = told(found.rows, "HOME")
    assert (found.as_of, text.count(", due ")) == (AS_OF, 2)
    assert text.startswith("1. interview, due 2026-11-27: borrower B-F3\n   F3  consumer_established")
    assert "limit 12,000.00 CNY, owed 3,000.00; decrease to 8,000.00\n     - The decrease is large." in text
    assert "because Payments to us have been late." in text
    assert text.endswith("linewatch explain F3 --home HOME")
    assert "advice" not in text


def test_the_queue_in_a_terminal_tells_the_law_the_advice_and_an_offer_where_there_are_any(tmp_path):
    facts = {"law_limit_cents": 1_000_000, "recommendation": "draw_stop", "offered_limit_cents": 1_500_000}
    rows = queue_rows(committed_home(tmp_path, [asked("F1", **facts)])).rows
    text = " ".join(told(rows, "HOME").split())
    assert "advice draw_stop; the law alone 10,000.00, whatever the answer; an offer of 15,000.00" in text
    assert json.loads(json.dumps(plain(rows[0])))["law_limit"] == "10000.00"
    assert told([], "HOME") == "No case is open."


def test_a_team_gets_its_own_cases_and_a_limit_takes_the_first(home):
    field = export_queue(home, AS_OF, "xlsx", team="field")
    assert (field.path.name, field.cases, field.lines) == ("queue-field.xlsx", 1, 1)
    two = export_queue(home, AS_OF, "csv", limit=2)
    assert [row["facility_id"] for row in csv_rows(two.path)] == ["F3", "F1"]
    assert two.path.name == "queue-2.csv"
    assert export_queue(home, AS_OF, "parquet", limit=2).cases == 2


def test_a_workbook_has_the_first_cases_and_the_night_says_how_many_it_left_out(home, monkeypatch):
    monkeypatch.setattr("tasks.export.CASES_IN_A_WORKBOOK", 2)
    monkeypatch.setattr("tasks.export.queue.AT_ONCE", 1)
    monkeypatch.setattr("sql.reviews.AT_ONCE", 1)
    exported = export_night(home, AS_OF)
    assert [row["facility_id"] for row in sheet_rows(exported.queue_xlsx)] == ["F3", "F1"]
    assert len(csv_rows(exported.queue_csv)) == exported.lines == 3
    assert exported.notes == ("queue.xlsx has the first 2 of 3 open cases; queue.csv has all",)
    assert export_queue(home, AS_OF, "xlsx", limit=3).cases == 3


def test_more_lines_than_a_sheet_has_rows_are_refused(home, monkeypatch):
    monkeypatch.setattr("tasks.export.ROWS_OF_A_SHEET", 3)
    with pytest.raises(DataRefused, match="lines of 2 cases, not of 3"):
        export_queue(home, AS_OF, "xlsx", limit=3)
    assert export_queue(home, AS_OF, "xlsx", limit=2).lines == 2
    assert export_queue(home, AS_OF, "xlsx").lines == 2


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_an_export_that_is_cut_off_leaves_the_one_before(home, format, monkeypatch):
    before = export_queue(home, AS_OF, format).path.read_bytes()

    def cut_off_at_the_second(row, *given):
        if row["priority"] == 2:
            raise OSError("cut off")
        return shown(row, *given)

    shown = tasks.export.queue.shown
    monkeypatch.setattr("tasks.export.queue.shown", cut_off_at_the_second)
    with pytest.raises(OSError, match="cut off"):
        export_queue(home, AS_OF, format)
    assert (home / "out" / str(AS_OF) / f"queue.{format}").read_bytes() == before


@pytest.mark.parametrize("format", ["xlsx", "csv", "parquet"])
def test_the_same_queue_has_the_same_bytes(home, format):
    first = export_queue(home, AS_OF, format).path.read_bytes()
    time.sleep(1.1 if format == "xlsx" else 0)
    assert export_queue(home, None, format).path.read_bytes() == first


def test_the_night_leaves_queue_and_drafts(home):
    left = export_night(home, AS_OF)
    letters = [json.loads(text) for text in left.drafts.read_text(encoding="utf-8").splitlines()]
    assert [(letter["facility_id"], letter["kind"], letter["reason_codes"]) for letter in letters] == [
        ("F3", "invitation", []),
        ("F4", "decrease", ["late_payments", "utilisation"]),
    ]
    assert left.queue_xlsx == home / "out" / AS_OF.isoformat() / "queue.xlsx"
    assert (left.queue_csv.exists(), left.lines, left.letters) == (True, 3, 2)


@pytest.mark.parametrize(
    ("asked_for", "what"),
    [
        ({"as_of": date(2020, 1, 1)}, "no committed night of 2020-01-01"),
        ({"format": "pdf"}, "no format 'pdf'"),
        ({"team": "legal"}, "no team 'legal'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_to_do_now(home, asked_for, what):
    with pytest.raises(NotFound, match=what) as refused:
        export_queue(home, **asked_for)
    assert refused.value.exit_code == 2
    assert refused.value.what_now


def test_a_case_from_an_earlier_night_stays_in_the_queue_until_somebody_closes_it(tmp_path):
    home = committed_home(tmp_path, [asked("F1"), asked("F2", borrower_id="B2")], as_of=date(2026, 10, 20))
    before = export_queue(home, date(2026, 10, 20), "csv").path.read_bytes()
    committed_home(home, [line("F1"), asked("F3", borrower_id="B3")], as_of=AS_OF)
    rows = csv_rows(export_queue(home, AS_OF, "csv").path)
    assert [(row["facility_id"], row["opened_on"], row["limit"]) for row in rows] == [
        ("F1", "2026-10-20", "12000.00"),
        ("F2", "2026-10-20", ""),
        ("F3", "2026-11-20", "12000.00"),
    ]
    assert export_queue(home, date(2026, 10, 20), "csv").path.read_bytes() == before


def test_a_line_that_joins_an_open_case_does_not_push_out_the_one_that_waits_in_it(tmp_path):
    october = date(2026, 10, 20)
    home = committed_home(tmp_path, [asked("F1", "large_decrease", borrower_id="B1")], as_of=october)
    (waiting,) = open_ledger(home).cases.open()
    standing = {
        "borrower_id": "B1",
        "case_id": waiting.case_id,
        "opened_on": october,
        "due_on": waiting.due_on,
    }
    lines = [line("F1", borrower_id="B1"), asked("F2", "pd_near_edge", borrower_id="B1")]
    committed_home(home, lines, as_of=AS_OF, open_case=[standing])
    rows = csv_rows(export_queue(home, AS_OF, "csv").path)
    assert [(row["facility_id"], row["case_id"], row["opened_on"]) for row in rows] == [
        ("F1", waiting.case_id, "2026-10-20"),
        ("F2", waiting.case_id, "2026-10-20"),
    ]
    assert rows[0]["triggers"] == "large_decrease; pd_near_edge"


def test_a_case_shows_the_day_and_the_kind_that_people_gave_it_and_one_that_was_closed_is_gone(tmp_path):
    lines = [asked(f"F{at}", borrower_id=f"B{at}") for at in range(3)]
    home = committed_home(tmp_path, lines, as_of=AS_OF)
    of_borrower = {case.borrower_id: case.case_id for case in open_ledger(home).cases.open()}
    on_its_way = {"kind": "site_visit", "due_on": "2026-12-30", "lines": []}
    acts = [
        (of_borrower["B0"], Done("sent_on", "wu", "", on_its_way)),
        (of_borrower["B1"], Done("lapsed", "linewatch")),
        (of_borrower["B2"], Done("escalated", "linewatch", "", {"due_on": "2026-12-31"})),
    ]
    assert open_ledger(home).cases.work(acts, datetime(2026, 11, 22, tzinfo=UTC)) == [""] * 3
    shown = {row["facility_id"]: row for row in csv_rows(export_queue(home, AS_OF, "csv").path)}
    assert {line: (row["kind"], row["due_on"]) for line, row in shown.items()} == {
        "F0": ("site_visit", "2026-12-30"),
        "F2": ("desk_review", "2026-12-31"),
    }
    field = export_queue(home, AS_OF, "csv", team="field")
    assert [row["facility_id"] for row in csv_rows(field.path)] == ["F0"]
    committed_home(home, [line("F0"), line("F2")], as_of=AS_OF + timedelta(days=1))
    later = csv_rows(export_queue(home, None, "csv").path)
    assert [(row["kind"], row["due_on"]) for row in later] == [
        ("site_visit", "2026-12-30"),
        ("desk_review", "2026-12-31"),
    ]


def test_money_has_the_digits_of_its_currency(tmp_path):
    rates = [{"currency": "JPY", "rate_ppm": 50_000}, {"currency": "KWD", "rate_ppm": 23_000_000}]
    home = committed_home(
        tmp_path, [asked("yen", currency="JPY"), asked("dinar", currency="KWD")], fx_latest=rates
    )
    limits = {row["facility_id"]: row["limit"] for row in csv_rows(export_queue(home, AS_OF, "csv").path)}
    assert limits == {"yen": "1200000", "dinar": "1200.000"}


def test_every_column_and_kind_is_in_the_docs():
    page = (Path(__file__).parents[2] / "docs" / "review-queue.md").read_text(encoding="utf-8")
    assert [name for name in HEAD if f"`{name}`" not in page] == []
    for name, kind in KINDS.items():
        row = next(text for text in page.splitlines() if text.startswith(f"| `{name}`"))
        assert f"`{kind.team}` | {kind.business_days} working days" in row
        assert {code for code in kind.triggers if f"`{code}`" not in row} == set()
