"""Tables in files as a lender hands them over: read from CSV and Parquet, written on with nothing changed."""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sql.contract import Column, Table
from sql.engine import NOT_WRITTEN, Cursor

ROW_GROUP_ROWS = 122_880
HASHING_THREADS = 4
"""More than the cores that most have: a thread that waits for the disk hashes nothing."""
TYPED: dict[str, tuple[str, str]] = {
    "BIGINT": ("[+-]?[0-9]+", "a whole number"),
    "INTEGER": ("[+-]?[0-9]+", "a whole number"),
    "DATE": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00(:00(\.0+)?)?)?", "a date as 2026-01-31"),
    "TIMESTAMP": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+Z?)?", "a time as 2026-01-31 23:59:59"),
    "BOOLEAN": ("(?i)true|false|t|f|1|0|yes|no|y|n", "true or false"),
}
"""How CSV text must look to be taken for a contract type, and what a person is told it is not."""


class FileRefused(RuntimeError):
    """Raised when a file cannot be read as a table; says why without quoting what stands in it."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path.name}: {why}")


@dataclass(frozen=True)
class Found:
    """A table found in files, its contract columns alone."""

    relation: duckdb.DuckDBPyRelation
    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    """Columns of the files that the contract does not know."""


def parquet(db: Cursor, table: Table, paths: Sequence[Path]) -> Found:
    """The parts of a table, one after the other, in the types of the source."""
    names = [_names(path) for path in paths]
    for path, found in zip(paths[1:], names[1:], strict=True):
        if set(found) != set(names[0]):
            odd = sorted(set(found) ^ set(names[0]))
            raise FileRefused(path, f"its columns are not those of {paths[0].name}: {', '.join(odd)}")
    try:
        relation = db.raw.read_parquet([str(path) for path in paths], union_by_name=len(paths) > 1)
    except duckdb.Error as error:
        raise _unreadable(paths, error) from None
    return _of_contract(table, relation, names[0], paths[0])


def _names(path: Path) -> list[str]:
    try:
        return list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise FileRefused(path, "not a whole Parquet file; it may be cut short") from error


def _unreadable(paths: Sequence[Path], error: Exception) -> FileRefused:
    """Which file DuckDB stumbled over: it names the path, and says more than a person may read."""
    named = next((path for path in paths if str(path) in str(error)), paths[0])
    return FileRefused(named, "cannot be read to its end as Parquet; it may be damaged or cut short")


def _of_contract(table: Table, relation: duckdb.DuckDBPyRelation, names: Sequence[str], path: Path) -> Found:
    lower = [name.lower() for name in names]
    _checked_header(lower, path)
    columns = tuple(column.name for column in table.columns if column.name in lower)
    if not columns:
        raise FileRefused(path, f"has no column of the contract's table {table.name}")
    picked = relation.project(", ".join(f'"{name}" as "{name}"' for name in columns))
    return Found(picked, columns, tuple(sorted(name for name in names if name.lower() not in columns)))


def _checked_header(lower: Sequence[str], path: Path) -> None:
    twice = sorted({name for name in lower if lower.count(name) > 1})
    if twice:
        raise FileRefused(path, f"names a column twice: {', '.join(twice)}")


def comma_separated(db: Cursor, table: Table, path: Path) -> Found:
    """A CSV in UTF-8 with a header, typed by the contract; an empty field is null.

    Raises FileRefused with column and line where a field does not have its type: nothing is rounded.
    """
    header = _header(path)
    lower = [name.lower() for name in header]
    columns = [column for column in table.columns if column.name in lower]
    if not columns:
        raise FileRefused(
            path, f"has no column of the contract's table {table.name}; is it comma-separated, with a header?"
        )
    _checked_header(lower, path)
    fields = {column.name: f"c{lower.index(column.name)}" for column in columns}
    text = db.raw.read_csv(
        str(path),
        header=True,
        auto_detect=False,
        all_varchar=True,
        delimiter=",",
        quotechar='"',
        escapechar='"',
        strict_mode=True,
        columns={f"c{at}": "VARCHAR" for at in range(len(header))},
    )
    _refuse_mistyped(text, columns, fields, path)
    typed = text.project(", ".join(f'{_cast(column, fields)} as "{column.name}"' for column in columns))
    known = tuple(column.name for column in columns)
    return Found(typed, known, tuple(sorted(name for name in header if name.lower() not in known)))


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header = next(csv.reader(file), [])
        except csv.Error as error:
            raise FileRefused(path, "its first line is not a CSV header") from error
    if not any(header):
        raise FileRefused(path, "is empty: it needs a header, even with no rows")
    return [name.strip() for name in header]


def _cast(column: Column, fields: dict[str, str]) -> str:
    field = fields[column.name]
    return field if column.type == "VARCHAR" else f"try_cast(trim({field}) as {column.type})"


def _mistyped(column: Column, fields: dict[str, str]) -> str:
    """An expression that is true where the field is there and does not have its type."""
    field, pattern = f"trim({fields[column.name]})", TYPED[column.type][0]
    whole = f"regexp_full_match({field}, '{pattern}') and {_cast(column, fields)} is not null"
    return f"{field} is not null and not ({whole})"


def _refuse_mistyped(
    text: duckdb.DuckDBPyRelation, columns: Sequence[Column], fields: dict[str, str], path: Path
) -> None:
    typed = [column for column in columns if column.type in TYPED]
    counts = ["count(*) as lines"]
    counts += [f"count(*) filter ({_mistyped(column, fields)}) as n{at}" for at, column in enumerate(typed)]
    try:
        ((_, *found),) = text.aggregate(", ".join(counts)).fetchall()
    except duckdb.Error as error:
        raise FileRefused(path, _misshapen(error)) from None
    faults = []
    for column, bad in zip(typed, found, strict=True):
        if bad:
            numbered = text.project(f"row_number() over () as n, {_mistyped(column, fields)} as bad")
            ((first,),) = numbered.filter("bad").aggregate("min(n)").fetchall()
            more = "" if bad == 1 else f", the first of {bad:,} such lines"
            faults.append(
                f"column {column.name}, line {_line(path, first)}: not {TYPED[column.type][1]}{more}"
            )
    if faults:
        raise FileRefused(path, "; ".join(faults))


def _misshapen(error: Exception) -> str:
    """DuckDB's message without the line that it quotes: a person's data has no place in a log."""
    line = re.search(r"CSV Error on Line: (\d+)", str(error))
    where = f"line {line[1]}: " if line else ""
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", str(error))
    if counts:
        return f"{where}has {counts[2]} fields where the header has {counts[1]}"
    if "quote" in str(error):
        return f"{where}a quote is opened and not closed"
    return f"{where}not a line of CSV as the header says"


def _line(path: Path, record: int) -> int:
    """The line on which a record begins, counted from 1; a quoted field may hold line breaks."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        begins = reader.line_num + 1
        for row in reader:
            record -= bool(row)
            if record == 0:
                return begins
            begins = reader.line_num + 1
    return begins


def write(found: Found, table: Table, path: Path, *, in_order: bool = False) -> int:
    """Write the rows as Parquet in the order of the contract's key; return how many.

    Rows of equal keys are told apart by their other columns, so that the bytes never depend on
    threads. Rows that are `in_order` already are written as they come. Raises FileRefused if the source
    cannot be read to its end.
    """
    lossy = [
        f"{name} {kind}"
        for name, kind in zip(found.columns, map(str, found.relation.types), strict=True)
        if any(bad in kind for bad in NOT_WRITTEN if "HUGEINT" in bad)
    ]
    if lossy:
        raise FileRefused(path, f"a column is wider than 64 bits: {', '.join(lossy)}")
    key = [name for name in table.key if name in found.columns]
    order = key + [name for name in found.columns if name not in key]
    ordered = found.relation
    if not in_order:
        ordered = ordered.order(", ".join(f'"{name}"' for name in order))
    try:
        ordered.write_parquet(str(path), compression="zstd", row_group_size=ROW_GROUP_ROWS)
    except duckdb.InvalidInputException as error:
        raise FileRefused(path, "its source cannot be read to its end; it may be damaged") from error
    return int(pq.read_metadata(path).num_rows)


def of_table(db: Cursor, table: Table, name: str) -> Found:
    """A table of the scratch, its contract columns alone."""
    relation = db.raw.table(name)
    return _of_contract(table, relation, list(relation.columns), Path(name))


def settle(path: Path) -> None:
    """Bring a file, or the names in a folder, through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def made(folder: Path, top: Path) -> None:
    """Make a folder, and bring its name and those of the folders above it, up to `top`, through a power cut.

    Also of those that are there: whoever made them may have been cut off before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for above in folder.parents:
        settle(above)
        if above == top:
            break


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
