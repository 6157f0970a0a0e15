"""The queue as CSV: UTF-8 with a mark that spreadsheets look for, and no text that one would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv

from linewatch.queue_columns import COLUMNS
from linewatch.spreadsheet import safe


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
        return safe("; ".join("" if item is None else str(item) for item in value))
    if isinstance(value, int | Decimal | date):
        return str(value)
    return safe(str(value))


def write_list(path: Path, rows: pa.Table) -> None:
    """Write rows of a batch for people, their texts as safe as those of the queue."""
    for at, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            texts = [None if text is None else safe(text) for text in rows[field.name].to_pylist()]
            rows = rows.set_column(at, field, pa.array(texts, field.type))
    arrow_csv.write_csv(rows, path)
