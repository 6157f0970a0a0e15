"""The rows of a queue as they come back from reviewers: a workbook, or CSV as any tool may have written."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from linewatch.errors import DataRefused
from linewatch.queue_columns import COLUMNS
from linewatch.spreadsheet import as_it_was

NEEDED = tuple("case_id facility_id currency fingerprint outcome new_limit outcome_reason reviewer".split())
LABELS: Mapping[str, str] = {
    label: column.name
    for column in COLUMNS
    for label in (column.name, column.en, column.zh, f"{column.en}\n{column.zh}")
}
"""What may stand over a column: its name, or what a workbook shows of it."""
WITH_BYTE_MARK = "utf-8-sig"


@dataclass(frozen=True)
class Returned:
    """A row that came back."""

    where: str
    """The sheet, and the number that the row has there for a person: the first under the heads is 2."""
    cells: Mapping[str, Any]
    """By the name of the column: text, or a number as the workbook keeps it; None is an empty cell."""


def rows_of(path: Path) -> list[Returned]:
    """Every row of a file under the heads of a queue, of every sheet that has them.

    Raises DataRefused for what is no workbook and no CSV, and for a file without the heads that are needed.
    """
    try:
        if path.suffix.lower() == ".xlsx":
            return list(_of_workbook(path))
        if path.suffix.lower() == ".csv":
            return list(_of_csv(path))
    except (OSError, BadZipFile, InvalidFileException, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise _refused(path, f"cannot be read: {type(error).__name__}") from error
    raise _refused(path, "is neither .xlsx nor .csv")


def _of_workbook(path: Path) -> Iterator[Returned]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it leaves out the small charts, which nobody reads
        book = load_workbook(path, read_only=True, data_only=True)
    try:
        heads = {}
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True)
            names = _names(next(rows, ()))
            heads[sheet.title] = names
            if not _lacks(names.values()):
                plain = ([unescape(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
                yield from _returned(f"sheet {sheet.title}, row", names, plain)
        if all(_lacks(names.values()) for names in heads.values()):
            raise _without_heads(path, max(heads.values(), key=len, default={}))
    finally:
        book.close()


def _of_csv(path: Path) -> Iterator[Returned]:
    with path.open(encoding=WITH_BYTE_MARK, newline="") as file:
        sample = file.readline()
        file.seek(0)
        rows = csv.reader(file, delimiter=";" if sample.count(";") > sample.count(",") else ",")
        names = _names(next(rows, []))
        if _lacks(names.values()):
            raise _without_heads(path, names)
        plain = ([as_it_was(cell) for cell in row] for row in rows)
        yield from _returned("row", names, plain)


def _names(heads: Iterable[Any]) -> dict[int, str]:
    """The places of the columns that are a queue's; others are left out."""
    texts = ((at, str(head).strip()) for at, head in enumerate(heads) if head is not None)
    return {at: LABELS[text] for at, text in texts if text in LABELS}


def _returned(where: str, names: Mapping[int, str], rows: Iterable[Any]) -> Iterator[Returned]:
    for number, row in enumerate(rows, start=2):
        cells = {name: row[at] if at < len(row) else None for at, name in names.items()}
        if any(cell not in (None, "") for cell in cells.values()):
            yield Returned(f"{where} {number}", cells)


def _lacks(names: Iterable[str]) -> list[str]:
    there = set(names)
    return [name for name in NEEDED if name not in there]


def _without_heads(path: Path, names: Mapping[int, str]) -> DataRefused:
    return _refused(
        path, f"has no sheet with the columns of a queue: missing {', '.join(_lacks(names.values()))}"
    )


def _refused(path: Path, why: str) -> DataRefused:
    return DataRefused(
        f"{path} {why}.",
        what_now="Nothing was taken in. Give what linewatch queue export wrote, with the answers in it.",
    )
