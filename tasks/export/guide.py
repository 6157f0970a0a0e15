"""The sheet that explains the workbook, in Chinese and English, and holds the lists that answers are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xlsxwriter.worksheet import Worksheet

from linewatch.case import KINDS, OUTCOME_REASONS, OUTCOMES
from linewatch.queue_columns import COLUMNS
from linewatch.recorded import Recorded
from tasks.export.looks import Looks, height

GUIDE = "Guide 说明"
Lines = Sequence[tuple[str, str, str]]
"""What is explained, in Chinese, in English."""

TOLD = (
    (
        "只需填写黄色栏：处理结果、理由，必要时填写新额度和备注，并填写您的工号。",
        "Write in the yellow columns only: outcome, reason and your id; a new limit and a note where they are"
        " needed.",
    ),
    (
        "一个审核的所有额度须一并答复；未填写的行视为尚未处理。",
        "Answer all lines of a case together; a row without an answer is left for later.",
    ),
    (
        "在答复导入之前，额度不会有任何变动。",
        "Nothing on a line moves until an answer has been taken in.",
    ),
    (
        "本表中没有任何内容的栏目已隐藏。",
        "A column that says nothing on a sheet is hidden there.",
    ),
)
WIDTHS = (30, 52, 78)
LISTS = {"outcome": OUTCOMES, "outcome_reason": OUTCOME_REASONS}
"""The answers that are chosen from a list."""


def write_guide(sheet: Worksheet, looks: Looks, as_of: date, words: Recorded) -> dict[str, str]:
    """Write the sheet; return where the list of each answer stands, as a formula names it."""
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width, looks.calm)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, f"审核队列 Review queue {as_of}", looks.title)
    row = 1
    for zh, en in TOLD:
        sheet.write_string(row, 0, zh, looks.calm)
        sheet.write_string(row + 1, 0, en, looks.calm)
        row += 2
    lists = {}
    for title, answer, lines in _parts(words):
        row += 1
        for at, text in enumerate((title, "中文", "English")):
            sheet.write_string(row, at, text, looks.head)
        first = row + 1
        for row, texts in enumerate(lines, start=first):
            sheet.set_row(row, height(zip(texts[1:], WIDTHS[1:], strict=True)))
            for at, text in enumerate(texts):
                sheet.write_string(row, at, text, looks.bold if at == 0 else looks.wrapped)
        if answer:
            lists[answer] = f"='{GUIDE}'!$A${first + 1}:$A${row + 1}"
        row += 1
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    return lists


def _parts(words: Recorded) -> Iterator[tuple[str, str, Lines]]:
    """Each part's title, the answer that its codes may give, and its lines."""
    yield "栏目 Columns", "", [(f"{c.zh} {c.en}", c.says_zh, c.says_en) for c in COLUMNS]
    yield "审核方式 Kinds of case", "", [(name, kind.zh, kind.en) for name, kind in KINDS.items()]
    for title, answer in (("处理结果 Outcomes", "outcome"), ("处理理由 Reasons", "outcome_reason")):
        yield title, answer, [(code, zh, en) for code, (zh, en) in LISTS[answer].items()]
    for title, room in (("触发代码 Trigger codes", "trigger"), ("理由代码 Reason codes", "reason")):
        said = sorted(words.notices.get(room, {}).items())
        yield title, "", [(code, each["zh"], each["en"]) for code, each in said]
