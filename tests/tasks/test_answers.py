"""A queue that went out comes back: from the workbook and the CSV, with what people wrote into it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from linewatch.answer import is_answered, read
from linewatch.errors import DataRefused
from linewatch.queue_columns import COLUMN_OF, COLUMNS
from tasks.answers import LABELS, rows_of
from tasks.export import export_queue, queue_rows
from tests.tasks.decisions_fixture import AS_OF, committed_home
from tests.tasks.hostile_texts import FORMULAS
from tests.tasks.test_export import asked

ANSWERS = {
    "outcome": "another_limit",
    "new_limit": 8000,
    "outcome_reason": "income_verified",
    "reviewer": "wu",
}
"""What a reviewer writes into a row."""

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night whose lines and borrowers have keys that a spreadsheet would run."""
    lines = [asked(formula, borrower_id=formula) for formula in FORMULAS]
    return committed_home(tmp_path_factory.mktemp("home"), lines)


def answered_workbook(home: Path) -> Path:
    path = export_queue(home, AS_OF, "xlsx").path
    book = load_workbook(path)
    for name, value in ANSWERS.items():
        book.worksheets[0].cell(2, COLUMN_OF[name] + 1).value = value
    book.save(path)
    return path


def answered_csv(home: Path, delimiter: str) -> Path:
    path = export_queue(home, AS_OF, "csv").path
    with path.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    for name, value in ANSWERS.items():
        rows[0][heads.index(name)] = str(value)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([heads, *rows])
    return path


def test_no_two_columns_share_a_head() -> None:
    heads = [head for column in COLUMNS for head in {column.name, column.en, column.zh}]
    assert len({LABELS[head] for head in heads}) == len(COLUMNS)


@pytest.mark.parametrize("kind", ["xlsx", ",", ";"])
def test_what_went_out_comes_back_as_it_was_with_what_was_written_into_it(home: Path, kind: str) -> None:
    path = answered_workbook(home) if kind == "xlsx" else answered_csv(home, kind)
    shown = queue_rows(home, AS_OF).rows
    first, *rest = rows_of(path)
    assert first.where.endswith("row 2")
    answer, faults = read(first.cells, 2)
    assert faults == ()
    assert (answer.outcome, answer.new_limit_cents, answer.reviewer) == ("another_limit", 800_000, "wu")
    assert not any(is_answered(row.cells) for row in rest)
    for name in ("case_id", "facility_id", "borrower_id", "fingerprint"):
        assert [row.cells[name] for row in (first, *rest)] == [row[name] for row in shown], name


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("queue.pdf", b"%PDF", "is neither .xlsx nor .csv"),
        ("queue.xlsx", b"no workbook", "cannot be read: BadZipFile"),
        ("queue.csv", b"\xff\xfe\x00", "cannot be read: UnicodeDecodeError"),
        ("queue.csv", b"", "has no sheet with the columns of a queue: missing case_id, facility_id"),
        ("queue.csv", b"case_id,facility_id,outcome\nC1,F1,keep\n", "missing currency, fingerprint"),
        ("gone.xlsx", None, "cannot be read: FileNotFoundError"),
    ],
)
def test_what_is_no_queue_is_refused_with_what_is_missing(
    tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataRefused, match=why):
        rows_of(tmp_path / name)
