"""The queue as CSV: UTF-8 with a mark that spreadsheets look for, and no text that one would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from linewatch.queue_columns import COLUMNS

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""A text cell that begins so is taken for a formula by some spreadsheet (OWASP: CSV injection)."""


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write the rows; return how many."""
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow([column.name for column in COLUMNS])
        for written, row in enumerate(rows, start=1):  # noqa: B007 the last is how many there were
            out.writerow([_cell(row[column.name]) for column in COLUMNS])
    return written


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return _safe("; ".join("" if item is None else str(item) for item in value))
    if isinstance(value, int | Decimal | date):
        return str(value)
    return _safe(str(value))


def _safe(text: str) -> str:
    """Text with an apostrophe before what would make it a formula. Numbers never come here."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text
