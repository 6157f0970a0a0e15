"""Rows that were not taken in, given back as they came, each with what is wrong: to be mended and sent."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from linewatch.case import OUTCOME_REASONS, OUTCOMES
from linewatch.intake import FAULTS, Fault, Row
from linewatch.queue_columns import COLUMNS
from linewatch.room import whole
from linewatch.spreadsheet import safe

WHERE = ("was_in", "fault", "what_is_wrong", "有何问题")
"""Columns beside those of the queue; whoever reads the file again leaves them out."""
WIDTHS = {column.name: column.width for column in COLUMNS}
SHEET, LISTS = "Rejects 退回", "lists"

Refused = Sequence[tuple[Row, Sequence[Fault]]]


def write_rejects(path: Path, refused: Refused) -> None:
    """Write the rows as a workbook or CSV, by the name's ending, in the order in which they came."""
    names = _names(row for row, _ in refused)
    rows = [
        ({name: row.cells.get(name) for name in names}, _told(row, faults))
        for row, faults in _ordered(refused)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as half:
        if path.suffix.lower() == ".csv":
            _write_csv(half, names, rows)
        else:
            _write_workbook(half, names, rows)


def _ordered(refused: Refused) -> Refused:
    return sorted(
        refused, key=lambda each: (each[0].where.rpartition(" ")[0], int(each[0].where.split()[-1]))
    )


def _names(rows: Iterable[Row]) -> list[str]:
    there = {name for row in rows for name in row.cells}
    return [column.name for column in COLUMNS if column.name in there]


def _told(row: Row, faults: Sequence[Fault]) -> tuple[str, str, str, str]:
    english = " ".join(_words(fault, 1) for fault in faults)
    chinese = "；".join(_words(fault, 0) for fault in faults)
    return row.where, ", ".join(fault.code for fault in faults), english, chinese


def _words(fault: Fault, language: int) -> str:
    said = FAULTS[fault.code][language]
    details = ": ".join(each for each in (fault.detail, fault.told_home) if each)
    return f"{said} [{details}]" if details else said


def _write_csv(
    path: Path, names: Sequence[str], rows: Iterable[tuple[Mapping[str, Any], Sequence[str]]]
) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow([*names, *WHERE])
        for cells, told in rows:
            plain = (cells[name] for name in names)
            out.writerow([*(_text(cell) for cell in plain), *(safe(each) for each in told)])


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return safe(cell) if isinstance(cell, str) else str(_day(cell))


def _day(cell: Any) -> Any:
    return cell.date() if isinstance(cell, datetime) else cell


def _write_workbook(
    path: Path, names: Sequence[str], rows: Sequence[tuple[Mapping[str, Any], Sequence[str]]]
) -> None:
    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EEF2F6"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, [*names, *WHERE], head)
        for number, (cells, told) in enumerate(rows, start=1):
            for at, name in enumerate(names):
                _write(sheet, number, at, _day(cells[name]), day)
            for at, text in enumerate(told, start=len(names)):
                sheet.write_string(number, at, text)
        for at, name in enumerate(names):
            sheet.set_column(at, at, WIDTHS[name])
        sheet.set_column(len(names), len(names) + len(WHERE) - 1, 40)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(names) + len(WHERE) - 1)
        _offer(book, sheet, names, len(rows))


def _write(sheet: Worksheet, row: int, column: int, cell: Any, day: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime.combine(cell, datetime.min.time()), day)
    else:
        sheet.write(row, column, cell)


def _offer(book: Workbook, sheet: Worksheet, names: Sequence[str], rows: int) -> None:
    """The same drop-downs as the queue has."""
    lists = book.add_worksheet(LISTS)
    for at, (name, codes) in enumerate((("outcome", OUTCOMES), ("outcome_reason", OUTCOME_REASONS))):
        lists.write_column(0, at, list(codes))
        if name in names:
            column = names.index(name)
            source = f"={LISTS}!${'AB'[at]}$1:${'AB'[at]}${len(codes)}"
            sheet.data_validation(1, column, max(rows, 1), column, {"validate": "list", "source": source})
    lists.hide()
