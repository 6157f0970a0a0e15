"""Reads one file of a public data set (CSV or Parquet) into whole-number columns under their known names."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

PARQUET_MAGIC = b"PAR1"
EXCEL_MAGIC = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04")
MOST = 10**15
"""Beyond this a number times 100 no longer fits everywhere."""
NOT_WHOLE = MOST + 1


class SourceRefused(ValueError):
    """Raised when a mapping or the file it is to read cannot be used; says which file, column and value."""


@dataclass(frozen=True)
class SourceColumn:
    """One column of the file: the names it goes by, who may see it, and what becomes of it."""

    name: str
    role: str
    to: str
    also: tuple[str, ...] = ()
    optional: bool = False

    def found_in(self, header: Sequence[str]) -> str | None:
        """The header's word for this column."""
        return next((name for name in (self.name, *self.also) if name in header), None)


def read_columns(path: Path, columns: Sequence[SourceColumn]) -> tuple[pa.Table, str]:
    """The named columns as BIGINT, an empty cell as null, and the SHA-256 of the file's bytes.

    Columns that no mapping names are left out. Raises SourceRefused if a column that is not optional
    is missing, stands there twice, or holds anything but whole numbers.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceRefused(f"{path}: {error.strerror}") from error
    raw = _parquet(path, content) if content.startswith(PARQUET_MAGIC) else _csv(path, content, columns)
    found = {column.name: column.found_in(raw.column_names) for column in columns}
    missing = [column.name for column in columns if found[column.name] is None and not column.optional]
    if missing:
        raise SourceRefused(
            f"{path}: no column {', '.join(missing)}; the file has {', '.join(raw.column_names) or 'none'}"
        )
    twice = sorted({name for name in found.values() if name and raw.column_names.count(name) > 1})
    if twice:
        raise SourceRefused(f"{path}: column {', '.join(twice)} stands there more than once")
    table = pa.table({name: _whole(path, at, raw[at]) for name, at in found.items() if at is not None})
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


def _whole(path: Path, name: str, values: pa.ChunkedArray) -> pa.Array:
    """The column as BIGINT. A spreadsheet's "20000.0" and "5.00E+05" are whole numbers too."""
    distinct = values.combine_chunks().dictionary_encode()
    numbers = [_number(value) for value in distinct.dictionary.to_pylist()]
    for at, number in enumerate(numbers):
        if number == NOT_WHOLE:
            row = distinct.indices.index(at).as_py() + 1
            value = distinct.dictionary[at].as_py()
            raise SourceRefused(f"{path}: column {name}, data row {row}: {value!r} is not a whole number")
    return pa.array(numbers, pa.int64()).take(distinct.indices)


def _number(value: object) -> int | None:
    """The whole number that a cell holds, None for an empty one, NOT_WHOLE for anything else."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return NOT_WHOLE
    whole = number.is_finite() and abs(number) <= MOST and number == number.to_integral_value()
    return int(number) if whole else NOT_WHOLE
