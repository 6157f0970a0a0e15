"""The workbook that reviewers work in: its sheets, what can be written, and how it comes out on paper."""

from __future__ import annotations

import csv
import re
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from linewatch.case import KINDS, OUTCOME_REASONS, OUTCOMES
from linewatch.queue_columns import COLUMN_OF, COLUMNS, RARE
from tasks.answers import rows_of
from tasks.export import export_queue, queue_rows
from tasks.export.guide import GUIDE
from tasks.export.looks import height
from tasks.export.workbook import MONTHS, PRINTED, SHEETS
from tests.tasks.decisions_fixture import AS_OF, committed_home, decrease, line
from tests.tasks.hostile_texts import BEGINS, ESCAPED, FORMULAS, UNSEEN

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")

Workbook = Any


def asked(facility_id: str, *triggers: str, **facts: Any) -> dict[str, Any]:
    return decrease(facility_id, route="referred", triggers=list(triggers or ["large_decrease"]), **facts)


def months(facility_id: str) -> list[dict[str, Any]]:
    return [
        {
            "facility_id": facility_id,
            "month": date(2026, month, 1),
            "closing_balance_cents": 100_000 * month,
            "limit_cents": 1_200_000,
        }
        for month in range(1, 11)
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two desk reviews, one of two lines, and a site visit; nobody has to be called."""
    lines = [
        asked("F1", "pd_near_edge", borrower_id="B1"),
        asked("F2", borrower_id="B1", limit_cents=1_300_000, law_limit_cents=1_000_000),
        asked("F3", borrower_id="B3", currency="JPY"),
        asked("F4", "project_line", borrower_id="B4", product="project", segment="project"),
        line("F5"),
    ]
    rates = [{"currency": "CNY", "rate_ppm": 1_000_000}, {"currency": "JPY", "rate_ppm": 50_000}]
    return committed_home(
        tmp_path_factory.mktemp("home"), lines, facility_month=months("F4") + months("F3"), fx_latest=rates
    )


@pytest.fixture(scope="module")
def path(home: Path) -> Path:
    return export_queue(home, AS_OF, "xlsx").path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def desk(book: Workbook) -> Worksheet:
    sheet: Worksheet = book[SHEETS["desk_review"]]
    return sheet


def column(sheet: Worksheet, name: str) -> list[Any]:
    cells = sheet.iter_rows(min_row=2, min_col=COLUMN_OF[name] + 1, max_col=COLUMN_OF[name] + 1)
    return [cell.value for (cell,) in cells]


def test_there_is_a_sheet_for_each_kind_of_case_that_is_open_and_one_that_explains(book: Workbook) -> None:
    assert book.sheetnames == ["Desk review 书面审核", "Site visit 现场走访", "Guide 说明", "months"]
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == book.sheetnames[:-1]
    assert column(book[SHEETS["desk_review"]], "facility_id") == ["F1", "F2", "F3"]
    assert column(book[SHEETS["site_visit"]], "facility_id") == ["F4"]


def test_every_kind_has_a_name_for_its_sheet_that_excel_takes() -> None:
    assert set(SHEETS) == set(KINDS)
    for title in (*SHEETS.values(), GUIDE, MONTHS):
        assert len(title) <= 31
        assert not set(title) & set("[]:*?/\\'")


def test_a_queue_without_cases_is_a_workbook_that_explains_alone(tmp_path: Path) -> None:
    empty = export_queue(committed_home(tmp_path, [line("F1")]), AS_OF, "xlsx")
    assert (empty.cases, empty.lines) == (0, 0)
    assert openpyxl.load_workbook(empty.path).sheetnames == [GUIDE, MONTHS]


def test_the_heads_and_the_keys_stay_in_sight_and_rows_can_be_filtered(desk: Worksheet) -> None:
    assert desk.freeze_panes == "E2"
    assert desk.auto_filter.ref == f"A1:{desk.cell(1, len(COLUMNS)).column_letter}4"
    assert [cell.value for cell in desk[1]] == [f"{each.en}\n{each.zh}" for each in COLUMNS]


def test_only_the_answers_can_be_written(book: Workbook, desk: Worksheet) -> None:
    for sheet in book:
        assert sheet.protection.sheet
    for row in desk.iter_rows():
        unlocked = {COLUMNS[cell.column - 1].name for cell in row if not cell.protection.locked}
        answers = {"outcome", "new_limit", "outcome_reason", "note", "reviewer"}
        assert unlocked == (answers if row[0].row > 1 else set())


def test_outcome_and_reason_come_from_the_lists_of_the_sheet_that_explains(book: Workbook) -> None:
    for title in ("desk_review", "site_visit"):
        sheet = book[SHEETS[title]]
        lists = {}
        for asks in sheet.data_validations.dataValidation:
            (where,) = asks.sqref.ranges
            name = COLUMNS[where.min_col - 1].name
            assert (where.min_row, where.max_row) == (2, sheet.max_row), name
            if asks.type == "list":
                quoted, _, cells = asks.formula1.rpartition("!")
                assert quoted == f"'{GUIDE}'"
                left, top, right, bottom = range_boundaries(cells.replace("$", ""))
                rows = book[GUIDE].iter_rows(top, bottom, left, right, values_only=True)
                lists[name] = [code for (code,) in rows]
                assert all(code in asks.prompt for code in lists[name]) or GUIDE in asks.prompt
        assert lists == {"outcome": list(OUTCOMES), "outcome_reason": list(OUTCOME_REASONS)}
        kinds = {asks.type for asks in sheet.data_validations.dataValidation}
        assert kinds == {"list", "decimal", "textLength"}


def test_the_guide_explains_every_column_and_code_in_both_languages(book: Workbook) -> None:
    told = [[cell for cell in row if cell] for row in book[GUIDE].iter_rows(values_only=True)]
    explained = {row[0]: row[1:] for row in told if len(row) == 3}
    assert {f"{each.zh} {each.en}" for each in COLUMNS} <= set(explained)
    assert {*OUTCOMES, *OUTCOME_REASONS, *KINDS, "pd_near_edge", "late_payments"} <= set(explained)
    chinese = re.compile("[\u4e00-\u9fff]")
    for name, (zh, en) in explained.items():
        if en != "English":
            assert chinese.search(zh), name
            assert not chinese.search(en), name


def test_a_column_that_says_nothing_of_any_line_is_hidden_and_comes_back_all_the_same(
    book: Workbook, desk: Worksheet
) -> None:
    def hidden(sheet: Worksheet) -> set[str]:
        letters = {each.column_letter: COLUMNS[each.column - 1].name for each in sheet[1]}
        # openpyxl keeps columns of the same width under the first of them.
        return {
            name
            for letter, name in letters.items()
            for at in sheet.column_dimensions.values()
            if at.hidden and at.min <= sheet[f"{letter}1"].column <= at.max
        }

    assert hidden(desk) == RARE - {"law_limit"}
    assert hidden(book[SHEETS["site_visit"]]) == RARE


def test_amounts_have_the_digits_of_their_currency_and_days_are_days(desk: Worksheet) -> None:
    at = COLUMN_OF["limit"] + 1
    assert [desk.cell(row, at).number_format for row in (2, 4)] == ["#,##0.00", "#,##0"]
    assert desk.cell(2, COLUMN_OF["pd"] + 1).number_format == "0.00%"
    assert desk.cell(2, COLUMN_OF["due_on"] + 1).is_date
    assert desk.cell(2, COLUMN_OF["facility_id"] + 1).number_format == "@"


def test_a_case_past_its_day_stands_out(tmp_path: Path) -> None:
    home = committed_home(tmp_path, [asked("F1")], as_of=date(2026, 10, 20))
    committed_home(home, [line("F1"), asked("F2", borrower_id="B2")], as_of=AS_OF)
    sheet = openpyxl.load_workbook(export_queue(home, AS_OF, "xlsx").path)[SHEETS["desk_review"]]
    late, in_time = (sheet.cell(row, COLUMN_OF["due_on"] + 1) for row in (2, 3))
    assert (late.value.date(), late.font.b) == (date(2026, 10, 23), True)
    assert (in_time.value.date(), in_time.font.b) == (date(2026, 11, 25), False)


def test_the_year_of_a_line_is_a_small_chart_from_the_hidden_sheet(path: Path, book: Workbook) -> None:
    with zipfile.ZipFile(path) as parts:
        drawn = [parts.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
    found = [re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", text) for text in drawn]
    letter = book.worksheets[0].cell(1, COLUMN_OF["months"] + 1).column_letter
    assert [[place for _, place in each] for each in found] == [[f"{letter}4"], [f"{letter}2"]]
    for each in found:
        (cells,) = (where.removeprefix(f"{MONTHS}!") for where, _ in each)
        left, top, right, bottom = range_boundaries(cells)
        rows = book[MONTHS].iter_rows(top, bottom, left, right, values_only=True)
        assert [list(row) for row in rows] == [
            [month * 100_000 * 10_000 // 1_200_000 for month in range(1, 11)]
        ]


def test_on_paper_a_row_is_two_pages_wide_with_its_keys_and_heads_on_both(desk: Worksheet) -> None:
    setup = desk.page_setup
    assert (setup.orientation, setup.paperSize) == ("landscape", 8)
    assert (setup.fitToWidth, setup.fitToHeight) == (2, 0)
    assert (desk.print_title_rows, desk.print_title_cols) == ("$1:$1", "$A:$D")
    last = desk.cell(1, PRINTED + 1).column_letter
    assert desk.print_area.endswith(f"$A$1:${last}$4")
    assert COLUMNS[PRINTED].name == "reviewer"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 44, 1),
        ("short", 44, 1),
        ("one\ntwo", 44, 2),
        ("x" * 103, 44, 3),
        ("额" * 22, 44, 1),
        ("额" * 23, 44, 2),
        ("a\n" * 99, 44, 12),
    ],
)
def test_a_row_is_as_high_as_its_longest_text(text: str, width: int, lines: int) -> None:
    assert height([("one", 44), (text, width)]) == 15 * lines + 2


def hostile(place: Path) -> Path:
    """A home whose keys, segments and rules a spreadsheet would run."""
    lines = [
        asked(
            text, borrower_id=text, segment=text, slot=text, rules=[text, "two"], limit_cents=1_000_000 + at
        )
        for at, text in enumerate(FORMULAS)
    ]
    return committed_home(place, lines)


@pytest.fixture(scope="module")
def run_by_a_spreadsheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile(tmp_path_factory.mktemp("hostile"))


def test_in_a_workbook_text_stays_text_and_is_what_it_was(run_by_a_spreadsheet: Path) -> None:
    path = export_queue(run_by_a_spreadsheet, AS_OF, "xlsx").path
    sheet = openpyxl.load_workbook(path)[SHEETS["desk_review"]]
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type != "f", cell.value
            assert cell.hyperlink is None
    for name in ("facility_id", "borrower_id", "segment", "slot"):
        cells = [sheet.cell(row, COLUMN_OF[name] + 1) for row in range(2, sheet.max_row + 1)]
        assert {cell.data_type for cell in cells} == {"s"} or {cell.data_type for cell in cells} == {
            "inlineStr"
        }
        assert {cell.number_format for cell in cells} == {"@"}
        assert {unescape(cell.value) for cell in cells} == set(FORMULAS)
    with zipfile.ZipFile(path) as parts:
        written = [name for name in parts.namelist() if "externalLink" in name or "hyperlink" in name]
        assert not written
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_in_a_csv_no_cell_begins_like_a_formula_whatever_is_taken_for_the_separator(
    run_by_a_spreadsheet: Path, separator: str
) -> None:
    path = export_queue(run_by_a_spreadsheet, AS_OF, "csv").path
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file, delimiter=separator, quoting=quoting) for cell in row]
        run = [cell for cell in cells if cell.lstrip(UNSEEN).startswith(BEGINS)]
        assert [cell for cell in run if not re.fullmatch(r"-[0-9.]+", cell)] == []


def test_in_a_csv_numbers_are_numbers(run_by_a_spreadsheet: Path) -> None:
    with export_queue(run_by_a_spreadsheet, AS_OF, "csv").path.open(encoding="utf-8-sig", newline="") as file:
        changes = [row["change"] for row in csv.DictReader(file)]
    assert all(float(change) < 0 for change in changes)
    assert len(changes) == len(FORMULAS)


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_every_key_comes_back_exactly_and_in_the_order_of_its_sheet(
    run_by_a_spreadsheet: Path, format: str
) -> None:
    rows = rows_of(export_queue(run_by_a_spreadsheet, AS_OF, format).path)
    shown = queue_rows(run_by_a_spreadsheet, AS_OF).rows
    for name in ("case_id", "facility_id", "borrower_id", "segment", "slot", "fingerprint"):
        assert [row.cells[name] for row in rows] == [row[name] for row in shown], name
    joint = ", " if format == "xlsx" else "; "
    assert [row.cells["rules"] for row in rows] == [joint.join(row["rules"]) for row in shown]


def test_a_key_that_looks_like_an_escape_of_the_workbook_is_what_it_was(tmp_path: Path) -> None:
    """As we write it: Excel saves texts otherwise, and may turn such a key into one that is no line's."""
    home = committed_home(tmp_path, [asked(text) for text in ESCAPED])
    rows = rows_of(export_queue(home, AS_OF, "xlsx").path)
    assert sorted(row.cells["facility_id"] for row in rows) == sorted(ESCAPED)


@pytest.mark.slow
def test_a_workbook_of_twenty_thousand_cases_opens(tmp_path: Path) -> None:
    kinds = ("large_decrease", "complaint_open", "project_line", "pd_near_edge")
    lines = (asked(f"F{at:05}", kinds[at % 4], limit_cents=1_000_000 + at) for at in range(20_000))
    home = committed_home(tmp_path, lines)
    begun = time.perf_counter()
    queue = export_queue(home, AS_OF, "xlsx")
    written = time.perf_counter()
    rows = rows_of(queue.path)
    read = time.perf_counter()
    print(
        f"20,000 cases: written in {written - begun:.1f} s, read in {read - written:.1f} s,"
        f" {queue.path.stat().st_size:,} bytes"
    )
    assert (queue.cases, queue.lines) == (20_000, 20_000)
    sent = queue_rows(home, AS_OF, limit=20_000).rows
    by_sheet = [row for kind in SHEETS for row in sent if row["kind"] == kind]
    assert [row.cells["fingerprint"] for row in rows] == [row["fingerprint"] for row in by_sheet]
