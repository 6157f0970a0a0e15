"""The queue as XLSX: made to be worked in, and to come back unchanged but for the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from linewatch.answer import NOTE_MOST
from linewatch.queue_columns import COLUMN_OF, COLUMNS, RARE
from linewatch.recorded import Recorded
from tasks.export.guide import GUIDE, LISTS, write_guide
from tasks.export.looks import WRAPPED, Looks, height

SHEETS: Mapping[str, str] = {
    "desk_review": "Desk review 书面审核",
    "interview": "Interview 访谈",
    "site_visit": "Site visit 现场走访",
}
"""What the sheet of each kind of case is called, in the order of the sheets; Excel takes 31 characters."""
MONTHS = "months"
STAYS = COLUMN_OF["stage"]
"""The columns before it stay in sight."""
PRINTED = COLUMN_OF["reviewer"]
"""The last column on paper: what follows is for the way back."""
LISTED = [at for at, column in enumerate(COLUMNS) if column.look in WRAPPED]
"""The columns that hold several things."""
A3, PAGES_WIDE = 8, 2
TOLD_MOST = 255
"""Characters of what Excel shows beside a cell."""
SEE_THE_GUIDE = f"每个选项的含义见 {GUIDE}。 The sheet {GUIDE} says what each means."
NOT_IN_THE_LIST = {
    "error_title": "不在列表中 Not in the list",
    "error_message": "请从列表中选择。 Choose a value from the list.",
}

Row = Mapping[str, Any]


def write_workbook(
    path: Path, rows: Iterable[Row], lines: Mapping[str, int], *, as_of: date, words: Recorded
) -> int:
    """Write the queue of the night of `as_of`, of each kind of case so many lines; return how many in all.

    The same rows give the same bytes. Rows are written as they come: no more than one is held.
    """
    # Rows of constant_memory go to a file as they are full, and not through objects of their own.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        # The file's own date, which would else be the clock's.
        book.set_properties(
            {"title": f"Review queue {as_of}", "created": datetime.combine(as_of, time(), UTC)}
        )
        looks = Looks(book)
        titles = {kind: title for kind, title in SHEETS.items() if lines.get(kind)}
        sheets = {kind: book.add_worksheet(title) for kind, title in titles.items()}
        lists = write_guide(book.add_worksheet(GUIDE), looks, as_of, words)
        months = _Months(book.add_worksheet(MONTHS))
        written = {kind: _Queue(sheet, looks, months, as_of) for kind, sheet in sheets.items()}
        for row in rows:
            written[row["kind"]].write(row)
        for queue in written.values():
            queue.end(lists)
    return sum(queue.rows for queue in written.values())


class _Months:
    """The hidden sheet that the small charts are drawn from, a row a chart."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.rows = 0
        sheet.hide()
        sheet.protect("")

    def write(self, shares: Sequence[int | None]) -> str:
        """Write the shares; return where they stand."""
        for at, share in enumerate(shares):
            if share is not None:
                self.sheet.write_number(self.rows, at, share)
        self.rows += 1
        return f"{MONTHS}!$A${self.rows}:${xl_col_to_name(len(shares) - 1)}${self.rows}"


class _Queue:
    """The sheet of a kind of case."""

    def __init__(self, sheet: Worksheet, looks: Looks, months: _Months, as_of: date) -> None:
        self.sheet, self.looks, self.months, self.as_of = sheet, looks, months, as_of
        self.rows = 0
        self.said: set[str] = set()
        """The columns that say something of some line."""
        self.charts: dict[str, str] = {}
        self.formats: dict[str | None, list[Format]] = {}
        sheet.set_row(0, 34)
        for at, column in enumerate(COLUMNS):
            sheet.write_string(0, at, f"{column.en}\n{column.zh}", looks.over(column))

    def write(self, row: Row) -> None:
        self.rows += 1
        currency = row["currency"]
        if currency not in self.formats:
            self.formats[currency] = self.looks.of_row(COLUMNS, currency)
        texts = {at: _text(COLUMNS[at].look, row[COLUMNS[at].name] or []) for at in LISTED}
        self.sheet.set_row(self.rows, height((text, COLUMNS[at].width) for at, text in texts.items()))
        for at, (column, look) in enumerate(zip(COLUMNS, self.formats[currency], strict=True)):
            value: Any = texts[at] if at in texts else row[column.name]
            if column.look == "chart":
                if value:
                    self.charts[f"{xl_col_to_name(at)}{self.rows + 1}"] = self.months.write(value)
            elif value is not None and value != "":
                self.said.add(column.name)
                late = column.name == "due_on" and value < self.as_of
                self._write(at, value, self.looks.late if late else look)
            elif column.answer:
                self.sheet.write_blank(self.rows, at, None, look)

    def _write(self, at: int, value: Any, look: Format) -> None:
        if isinstance(value, int | Decimal):
            self.sheet.write_number(self.rows, at, value, look)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.rows, at, datetime.combine(value, time()), look)
        elif self.sheet.write_string(self.rows, at, str(value), look):
            raise ValueError(f"{COLUMNS[at].name} is longer than a cell can be")

    def end(self, lists: Mapping[str, str]) -> None:
        """What is said of the sheet as a whole."""
        sheet, last = self.sheet, self.rows
        for at, column in enumerate(COLUMNS):
            hidden = column.name in RARE and column.name not in self.said
            sheet.set_column(at, at, column.width, self.looks.cell, {"hidden": hidden})
        sheet.freeze_panes(1, STAYS)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
        self._draw()
        self._ask(lists)
        self._on_paper()
        # Filters, widths and selection still work. It is a rail, not a wall: what comes back is checked again
        # by its fingerprint.
        allowed = ("autofilter", "sort", "format_columns", "format_rows", "objects")
        sheet.protect("", dict.fromkeys(allowed, True))

    def _draw(self) -> None:
        if not self.charts:
            return
        drawn = {
            "location": list(self.charts),
            "range": list(self.charts.values()),
            "min": 0,
            "last_point": True,
            "series_color": "#3B6EA5",
            "last_color": "#C0392B",
        }
        self.sheet.add_sparkline(1, COLUMN_OF["months"], drawn)

    def _ask(self, lists: Mapping[str, str]) -> None:
        """What may be answered, and what it means."""
        for name, where in lists.items():
            told = "\n".join(f"{code} {zh}" for code, (zh, _) in LISTS[name].items())
            asked = {"validate": "list", "source": where, **NOT_IN_THE_LIST}
            asked["input_message"] = told if len(told) <= TOLD_MOST else SEE_THE_GUIDE
            self._validate(name, asked)
        self._validate(
            "new_limit",
            {
                "validate": "decimal",
                "criteria": ">=",
                "value": 0,
                "error_title": "不是金额 Not an amount",
                "error_message": "请填写不小于零的金额。 Write an amount of zero or more.",
            },
        )
        self._validate(
            "note",
            {
                "validate": "length",
                "criteria": "<=",
                "value": NOTE_MOST,
                "error_title": "备注过长 Too long",
                "error_message": f"最多 {NOTE_MOST} 个字符。 At most {NOTE_MOST} characters.",
            },
        )

    def _validate(self, name: str, asked: Mapping[str, Any]) -> None:
        at = COLUMN_OF[name]
        if self.sheet.data_validation(1, at, self.rows, at, dict(asked)):
            raise ValueError(f"what may be answered under {name} is not what a workbook takes")

    def _on_paper(self) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.print_area(0, 0, self.rows, PRINTED)
        sheet.fit_to_pages(PAGES_WIDE, 0)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, STAYS - 1)
        sheet.set_header(f"&L&A&R{self.as_of}")
        sheet.set_footer("&C&P / &N")


def _text(look: str, several: Sequence[str]) -> str:
    """Codes one after the other; of words, which come in English, then in Chinese, each pair on a line."""
    if look == "codes":
        return ", ".join(several)
    half = len(several) // 2
    return "\n".join(map(" ".join, zip(several[:half], several[half:], strict=True)))
