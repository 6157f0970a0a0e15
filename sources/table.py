"""Reads one file of a public data set (CSV or Parquet) into columns under their known names.

A column is whole numbers unless the mapping says otherwise: text, a day, or a decimal number that is kept
as a whole one of so many digits (cents, basis points), exactly or not at all.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

PARQUET_MAGIC = b"PAR1"
EXCEL_MAGIC = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04")
MOST = 10**15
"""Beyond this a number times 100 no longer fits everywhere."""
NOT_READ = object()
"""What a cell gives that its column cannot hold."""
KINDS = ("whole", "decimal", "text", "date", "row")


class SourceRefused(ValueError):
    """Raised when a mapping or the file it is to read cannot be used; says which file, column and value."""


def together(refused: Sequence[SourceRefused]) -> SourceRefused:
    """What several tables or files were refused for, as one."""
    if len(refused) == 1:
        return refused[0]
    lines = [f"  {line}" for one in refused for line in str(one).splitlines()]
    return SourceRefused("\n".join([f"It has {len(refused)} faults.", *lines]))


@dataclass(frozen=True)
class SourceColumn:
    """One column of the file: the names it goes by, who may see it, and what becomes of it."""

    name: str
    role: str
    to: str
    also: tuple[str, ...] = ()
    optional: bool = False
    kind: str = "whole"
    """whole, decimal, text, date, or row: no column of the file, but the number of the row in it, from 1."""
    digits: int = 0
    """Of a decimal: 12.34 with two digits is 1234."""
    format: str = "%Y-%m-%d"
    """Of a date that stands as text."""
    file: str = ""
    """Which file it stands in, where the mapping has several."""

    def found_in(self, header: Sequence[str]) -> str | None:
        """The header's word for this column."""
        return next((name for name in (self.name, *self.also) if name in header), None)


def read_columns(path: Path, columns: Sequence[SourceColumn]) -> tuple[pa.Table, str]:
    """The named columns, each of its kind, an empty cell as null, and the SHA-256 of the file's bytes.

    Columns that no mapping names are left out. Raises SourceRefused if a column that is not optional
    is missing, stands there twice, or holds what its kind cannot.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceRefused(f"{path}: {error.strerror}") from error
    raw = _parquet(path, content) if content.startswith(PARQUET_MAGIC) else _csv(path, content, columns)
    numbered = [column for column in columns if column.kind == "row"]
    columns = [column for column in columns if column.kind != "row"]
    found = {column.name: column.found_in(raw.column_names) for column in columns}
    missing = [column.name for column in columns if found[column.name] is None and not column.optional]
    if missing:
        raise SourceRefused(
            f"{path}: no column {', '.join(missing)}; the file has {', '.join(raw.column_names) or 'none'}"
        )
    twice = sorted({name for name in found.values() if name and raw.column_names.count(name) > 1})
    if twice:
        raise SourceRefused(f"{path}: column {', '.join(twice)} stands there more than once")
    read = {
        column.name: _read(path, at, column, raw[at])
        for column in columns
        if (at := found[column.name]) is not None
    }
    rows = pa.array(range(1, raw.num_rows + 1), pa.int64())
    table = pa.table({**read, **{column.name: rows for column in numbered}})
    return table, hashlib.sha256(content).hexdigest()


def _parquet(path: Path, content: bytes) -> pa.Table:
    try:
        return pyarrow.parquet.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise SourceRefused(f"{path}: not a whole Parquet file: {error}") from error


def _csv(path: Path, content: bytes, columns: Sequence[SourceColumn]) -> pa.Table:
    """Every cell as text. A first row that names no column of ours is a title, as UCI publishes it."""
    if content.startswith(EXCEL_MAGIC):
        raise SourceRefused(
            f"{path}: an Excel workbook, which is not read; save its sheet as CSV (UTF-8) and name that"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceRefused(f"{path}: not UTF-8 text (byte {error.start}); save it as CSV (UTF-8)") from error
    lines = csv.reader(io.StringIO(text))
    first = next(lines, [])
    titled = not any(column.found_in([cell.strip() for cell in first]) for column in columns)
    header = [cell.strip() for cell in (next(lines, []) if titled else first)]
    if not header:
        raise SourceRefused(f"{path}: an empty file")
    try:
        return pyarrow.csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pyarrow.csv.ReadOptions(skip_rows=2 if titled else 1, column_names=_unique(header)),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(_unique(header), pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        ).rename_columns(header)
    except pa.ArrowInvalid as error:
        raise SourceRefused(f"{path}: not a CSV file with {len(header)} columns: {error}") from error


def _unique(header: Sequence[str]) -> list[str]:
    return [f"{at} {name}" for at, name in enumerate(header)]


def _read(path: Path, name: str, column: SourceColumn, values: pa.ChunkedArray) -> pa.Array:
    """The column in its kind, each distinct value looked at once."""
    distinct = values.combine_chunks().dictionary_encode()
    read = [_value(column, value) for value in distinct.dictionary.to_pylist()]
    for at, value in enumerate(read):
        if value is NOT_READ:
            row = distinct.indices.index(at).as_py() + 1
            cell = distinct.dictionary[at].as_py()
            raise SourceRefused(f"{path}: column {name}, data row {row}: {cell!r} is not {_meant(column)}")
    kind = {"text": pa.string(), "date": pa.date32()}.get(column.kind, pa.int64())
    return pa.array(read, kind).take(distinct.indices)


def _meant(column: SourceColumn) -> str:
    return {
        "decimal": f"a number of at most {column.digits} decimals",
        "date": f"a day as {column.format}",
        "text": "text",
    }.get(column.kind, "a whole number")


def _value(column: SourceColumn, value: object) -> object:
    """What a cell holds, None for an empty one, NOT_READ for what the column's kind cannot hold."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if column.kind == "text":
        return value.strip() if isinstance(value, str) else NOT_READ
    if column.kind == "date":
        return _day(value, column.format)
    return _number(value, column.digits)


def _day(value: object, form: str) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return datetime.strptime(str(value).strip(), form).date()  # noqa: DTZ007  a day, and no wall time
    except ValueError:
        return NOT_READ


def _number(value: object, digits: int) -> object:
    """The whole number of that many digits; "20000.0" and "5.00E+05" of a spreadsheet are whole, too."""
    # A double carries fifteen digits of a decimal number; what follows is its own rounding.
    text = f"{value:.15g}" if isinstance(value, float) else str(value).strip()
    try:
        number = Decimal(text).scaleb(digits)
    except InvalidOperation:
        return NOT_READ
    whole = number.is_finite() and abs(number) <= MOST and number == number.to_integral_value()
    return int(number) if whole and not isinstance(value, bool) else NOT_READ
