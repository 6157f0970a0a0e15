"""The queue as XLSX: made to be worked in, and to come back unchanged but for the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from linewatch.case import KINDS, OUTCOME_REASONS, OUTCOMES
from linewatch.queue_columns import COLUMN_OF, COLUMNS, Column
from linewatch.recorded import Recorded

INK, PAPER, ANSWER, RULE = "#1F2933", "#EEF2F6", "#FFF8E1", "#C9D2DC"
QUEUE, GUIDE, LISTS, MONTHS = "Queue 队列", "Guide 说明", "lists", "months"
CALM = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}

Rows = Sequence[Mapping[str, Any]]


def write_workbook(path: Path, rows: Rows, *, as_of: date, words: Recorded) -> None:
    """Write the queue of the night of `as_of`. The same rows give the same bytes."""
    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        # The file's own date, which would else be the clock's.
        book.set_properties(
            {"title": f"Review queue {as_of}", "created": datetime.combine(as_of, time(), UTC)}
        )
        looks = _Looks(book)
        queue = book.add_worksheet(QUEUE)
        guide = book.add_worksheet(GUIDE)
        _write_queue(queue, rows, looks)
        _write_months(book.add_worksheet(MONTHS), queue, rows)
        _write_answers(book.add_worksheet(LISTS), queue, len(rows))
        _write_guide(guide, looks, as_of, words)
        _lock(queue)


NUMBERS = {"number": "#,##0", "points": "0.00", "percent": "0.00%", "date": "yyyy-mm-dd"}
WRAPPED = ("codes", "words")


class _Looks:
    """The cell formats of the book, one for each look, currency's digits and lock."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, int, bool], Format] = {}
        self.head = book.add_format(
            {**CALM, "bold": True, "bg_color": PAPER, "bottom": 1, "border_color": RULE, "text_wrap": True}
        )
        self.head_answer = book.add_format(
            {**CALM, "bold": True, "bg_color": ANSWER, "bottom": 1, "border_color": RULE, "text_wrap": True}
        )
        self.title = book.add_format({**CALM, "bold": True, "font_size": 14})
        self.bold = book.add_format({**CALM, "bold": True})
        self.wrapped = book.add_format({**CALM, "text_wrap": True})

    def of(self, column: Column, currency: str | None) -> Format:
        places = get_currency_precision(currency) if column.look == "money" and currency else 2
        key = (column.look, places, column.answer)
        if key not in self.made:
            look: dict[str, Any] = {**CALM, "text_wrap": column.look in WRAPPED}
            if column.look == "money":
                look["num_format"] = "#,##0" + ("." + "0" * places if places else "")
            elif column.look in NUMBERS:
                look["num_format"] = NUMBERS[column.look]
            else:
                look["num_format"] = "@"
            if column.answer:
                look |= {"locked": False, "bg_color": ANSWER, "border": 1, "border_color": RULE}
            self.made[key] = self.book.add_format(look)
        return self.made[key]


def _write_queue(sheet: Worksheet, rows: Rows, looks: _Looks) -> None:
    sheet.set_row(0, 32)
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, column.width)
        sheet.write_string(
            0, at, f"{column.en}\n{column.zh}", looks.head_answer if column.answer else looks.head
        )
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(COLUMNS):
            _write_cell(sheet, number, at, row[column.name], looks.of(column, row["currency"]))
    sheet.freeze_panes(1, COLUMN_OF["why"])
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cell(sheet: Worksheet, row: int, at: int, value: Any, look: Format) -> None:
    if value is None or COLUMNS[at].look == "chart":
        sheet.write_blank(row, at, None, look)
    elif isinstance(value, list):
        joint = "\n" if COLUMNS[at].look == "words" else ", "
        sheet.write_string(row, at, joint.join(str(item) for item in value), look)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, at, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, datetime.combine(value, time()), look)
    else:
        sheet.write_string(row, at, str(value), look)


def _write_months(sheet: Worksheet, queue: Worksheet, rows: Rows) -> None:
    """Small charts of the use of each line, drawn from a hidden sheet."""
    sheet.hide()
    drawn = []
    for number, row in enumerate(rows, start=1):
        months = row["months"] or []
        for at, share in enumerate(months):
            if share is not None:
                sheet.write_number(number, at, share)
        if months:
            drawn.append((number, len(months)))
    if not drawn:
        return
    column = xl_col_to_name(COLUMN_OF["months"])
    queue.add_sparkline(
        drawn[0][0],
        COLUMN_OF["months"],
        {
            "location": [f"{column}{row + 1}" for row, _ in drawn],
            "range": [f"{MONTHS}!A{row + 1}:{xl_col_to_name(count - 1)}{row + 1}" for row, count in drawn],
            "min": 0,
            "last_point": True,
            "series_color": "#3B6EA5",
            "last_color": "#C0392B",
        },
    )


def _write_answers(sheet: Worksheet, queue: Worksheet, rows: int) -> None:
    """Drop-downs for the answers, from lists on a hidden sheet."""
    sheet.hide()
    last = max(rows, 1)
    for at, (name, codes) in enumerate(
        (("outcome", list(OUTCOMES)), ("outcome_reason", list(OUTCOME_REASONS)))
    ):
        sheet.write_column(0, at, codes)
        letter = xl_col_to_name(at)
        column = COLUMN_OF[name]
        queue.data_validation(
            1,
            column,
            last,
            column,
            {
                "validate": "list",
                "source": f"={LISTS}!${letter}$1:${letter}${len(codes)}",
                "error_title": "Not in the list / 不在列表中",
                "error_message": "Choose a value from the list. 请从列表中选择。",
            },
        )
    queue.data_validation(
        1,
        COLUMN_OF["new_limit"],
        last,
        COLUMN_OF["new_limit"],
        {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": "Not an amount / 不是金额",
            "error_message": "Write an amount of zero or more. 请填写不小于零的金额。",
        },
    )


def _write_guide(sheet: Worksheet, looks: _Looks, as_of: date, words: Recorded) -> None:
    """What each column, kind, outcome and code means, in English and Chinese."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 60)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"Review queue {as_of} 审核队列", looks.title)
    told = (
        "Write in the yellow columns only. Nothing on a line moves until an answer has been taken in.",
        "只需填写黄色栏。在答复导入之前，额度不会有任何变动。",
    )
    row = 1
    for text in told:
        sheet.write_string(row, 0, text, looks.bold)
        row += 1
    parts: list[tuple[str, list[tuple[str, str, str]]]] = [
        ("Columns 栏目", [(f"{c.en} {c.zh}", c.says_en, c.says_zh) for c in COLUMNS]),
        ("Kinds of case 审核方式", [(name, kind.en, kind.zh) for name, kind in KINDS.items()]),
        ("Outcomes 处理结果", [(code, en, zh) for code, (zh, en) in OUTCOMES.items()]),
        ("Reasons for an outcome 处理理由", [(code, en, zh) for code, (zh, en) in OUTCOME_REASONS.items()]),
        *(
            (
                title,
                [
                    (code, said["en"], said["zh"])
                    for code, said in sorted(words.notices.get(room, {}).items())
                ],
            )
            for title, room in (("Trigger codes 触发代码", "trigger"), ("Reason codes 理由代码", "reason"))
        ),
    ]
    for title, lines in parts:
        row += 1
        sheet.merge_range(row, 0, row, 2, title, looks.head)
        for name, en, zh in lines:
            row += 1
            for at, text in enumerate((name, en, zh)):
                sheet.write_string(row, at, text, looks.bold if at == 0 else looks.wrapped)
        row += 1


def _lock(sheet: Worksheet) -> None:
    """Only the answers can be written; filters, widths and selection still work. It is a rail, not a wall:
    what comes back is checked again by its fingerprint."""
    sheet.protect(
        "",
        {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True, "objects": True},
    )
