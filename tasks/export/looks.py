"""How the cells of the workbook look, and how high a row must be for what stands in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from unicodedata import east_asian_width

from babel.numbers import get_currency_precision
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from linewatch.queue_columns import Column

INK, PAPER, ANSWER, RULE, LATE = "#1F2933", "#EEF2F6", "#FFF8E1", "#C9D2DC", "#B42318"
CALM = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}
RULED = {"bottom": 1, "border_color": RULE}
HEAD = {"bold": True, "bg_color": PAPER, "text_wrap": True}
NUMBERS = {"number": "#,##0", "points": "0.00", "percent": "0.00%", "date": "yyyy-mm-dd"}
RIGHT = ("number", "points", "percent", "money")
WRAPPED = ("codes", "words")
LINE, MOST_LINES = 15, 12
"""The height of a line in points, and how many lines a row shows of the longest text."""
DIGIT, NARROW, WIDE = 14, 12, 27
"""Half pixels: a column is so many digits of the workbook's own letters wide, which are larger than ours."""


class Looks:
    """The cell formats of the book: one for each look, currency's digits and lock, made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, int, bool], Format] = {}
        self.heads: dict[tuple[bool, bool], Format] = {}
        self.head = book.add_format({**CALM, **RULED, **HEAD})
        self.cell = book.add_format({**CALM, **RULED})
        self.calm = book.add_format(CALM)
        self.title = book.add_format({**CALM, "bold": True, "font_size": 14})
        self.bold = book.add_format({**CALM, "bold": True})
        self.wrapped = book.add_format({**CALM, "text_wrap": True})
        late = {"num_format": NUMBERS["date"], "bold": True, "font_color": LATE, "align": "left"}
        self.late = book.add_format({**CALM, **RULED, **late})

    def over(self, column: Column) -> Format:
        """The format of the head over a column."""
        key = (column.answer, column.look in RIGHT)
        if key not in self.heads:
            look = {**CALM, **RULED, **HEAD, **_aligned(column)}
            self.heads[key] = self.book.add_format(look | ({"bg_color": ANSWER} if column.answer else {}))
        return self.heads[key]

    def of_row(self, columns: Iterable[Column], currency: str | None) -> list[Format]:
        """The formats of a row's cells, by the digits of its currency."""
        return [self.of(column, get_currency_precision(currency) if currency else 2) for column in columns]

    def of(self, column: Column, places: int) -> Format:
        key = (column.look, places if column.look == "money" else 0, column.answer)
        if key not in self.made:
            wraps = column.answer or column.look in WRAPPED
            look: dict[str, Any] = {**CALM, **RULED, **_aligned(column), "text_wrap": wraps}
            if column.look == "money":
                look["num_format"] = "#,##0" + ("." + "0" * places if places else "")
            else:
                look["num_format"] = NUMBERS.get(column.look, "@")
            if column.answer:
                look |= {"locked": False, "bg_color": ANSWER, "border": 1, "border_color": RULE}
            self.made[key] = self.book.add_format(look)
        return self.made[key]


def _aligned(column: Column) -> dict[str, Any]:
    """A number does not touch the text in the next column."""
    return {"align": "right", "indent": 1} if column.look in RIGHT else {"align": "left"}


def height(texts: Iterable[tuple[str, int]]) -> float:
    """Points that a row needs whose cells hold these texts, each in a column so many characters wide."""
    lines = max((sum(_lines(line, width) for line in text.split("\n")) for text, width in texts), default=1)
    return LINE * min(max(lines, 1), MOST_LINES) + 2


def _lines(text: str, width: int) -> int:
    if text.isascii():
        taken = NARROW * len(text)
    else:
        taken = sum(WIDE if east_asian_width(letter) in "WF" else NARROW for letter in text)
    return max(1, -(-taken // (DIGIT * width)))
