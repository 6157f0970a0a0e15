"""A table that lies in several Parquet files, its parts; one may answer for some months of its rows alone.

Rows are compared by a hash that DuckDB makes of all their columns, added up a month: a sum does not depend
on their order. Its hash differs between versions of DuckDB, so that sums are compared within one alone.
"""

# Names cannot be bound; these come from the contract, and months are written by this file.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sql.contract import WIDENS_TO, Table
from sql.engine import Cursor, checked_name
from sql.files import FileRefused, Found

ALL = "all"
"""The one month of a table whose key has no day."""
UNDATED = "undated"
"""The month of rows whose day is unknown or beyond any that is meant."""
NONE = "cast(null as date)"
MEANT = "between date '1900-01-01' and date '2199-12-31'"


@dataclass(frozen=True)
class Part:
    """A Parquet file, and the months of its rows that another part answers for."""

    path: Path
    without: tuple[str, ...] = ()
    """As 2026-10, or `undated`."""


@dataclass(frozen=True)
class Month:
    """What a month of a table holds: how many rows, and the sum of their hashes."""

    rows: int
    hash: int

    def __add__(self, other: Month) -> Month:
        return Month(self.rows + other.rows, self.hash + other.hash)

    def __sub__(self, other: Month) -> Month:
        return Month(self.rows - other.rows, self.hash - other.hash)


@dataclass(frozen=True)
class Content:
    """What was read of a file: by month, and when the source says that it learned its rows."""

    months: Mapping[str, Month]
    older: Mapping[str, Month]
    """Of these, the rows that the source does not say it recorded after the time that was asked about."""
    recorded_until: str | None
    """The newest `recorded_at`, in UTC."""


@dataclass(frozen=True)
class Compared:
    """How the rows of a month differ from those that it had before, told apart by key."""

    new: int
    restated: int
    gone: int
    silent: int
    """Of those restated, the ones that the source does not say it recorded since."""

    def __add__(self, other: Compared) -> Compared:
        return Compared(
            self.new + other.new,
            self.restated + other.restated,
            self.gone + other.gone,
            self.silent + other.silent,
        )


def leave(db: Cursor, name: str, parts: Sequence[Part], table: Table) -> None:
    """Leave a view `name` over the rows that the parts answer for, read in the order given."""
    _rows(db, parts, table).create_view(checked_name(name), replace=True)


def _rows(db: Cursor, parts: Iterable[Part], table: Table) -> duckdb.DuckDBPyRelation:
    whole: duckdb.DuckDBPyRelation | None = None
    for without, alike in groupby(parts, key=lambda part: part.without):
        paths = [str(part.path) for part in alike]
        read = db.raw.read_parquet(paths, union_by_name=len(paths) > 1)
        if without:
            read = read.filter(f"({_within(table, without)}) is not true")
        whole = read if whole is None else whole.union(read.project(_listed(whole.columns)))
    if whole is None:
        raise ValueError(f"{table.name} has no part")
    return whole


def ordered(db: Cursor, paths: Sequence[Path], columns: Iterable[str]) -> Found:
    """The rows of files that stand in the order of the key each, one after the other."""
    rows = db.raw.read_parquet([str(path) for path in paths], union_by_name=len(paths) > 1)
    return Found(rows.project(_listed(columns)), tuple(columns), ())


def picked(
    found: Found, table: Table, months: Collection[str], grown: Collection[str], since: str | None
) -> Found:
    """All rows of these months, and of those that have grown the ones recorded after a time."""
    day = day_of(table, types_of(found))
    wanted = [_within(table, months)] if months else []
    if grown:
        wanted.append(f"({_after(since)}) and ({_within(table, grown) if day else 'true'})")
    return Found(found.relation.filter(" or ".join(wanted)), found.columns, ())


def day_of(table: Table, types: Mapping[str, str]) -> str | None:
    """The column of the key whose month a row is filed under; None if the key has none, or not as a day."""
    days = (name for name in table.key if _type(table, name) == "DATE")
    return next((name for name in days if types.get(name) in WIDENS_TO["DATE"]), None)


def content(db: Cursor, table: Table, found: Found, path: Path, since: str | None) -> Content:
    """Read every value of a table once. Raises FileRefused if it cannot be read to its end."""
    types = types_of(found)
    column, told = day_of(table, types), _tells_when(types)
    day, hashed, after = _day(column), _hash(found.columns), _after(since if told else None)
    until = 'cast(max(cast("recorded_at" as timestamp)) as varchar)' if told else "null"
    try:
        rows = found.relation.aggregate(
            f"{day}, count(*), cast(sum({hashed}) as hugeint), count(*) filter ({after}), "
            f"cast(sum({hashed}) filter ({after}) as hugeint), {until}",
            day,
        ).fetchall()
    except duckdb.Error:
        raise FileRefused(path, "cannot be read to its end; it may be damaged or cut short") from None
    named = sorted((_named(row[0], column), *row[1:]) for row in rows)
    months = added((name, Month(rows, total)) for name, rows, total, *_ in named)
    later = added((name, Month(rows, total or 0)) for name, _, _, rows, total, _ in named)
    older = {month: held - later[month] for month, held in months.items()}
    return Content(months, older, max((row[5] for row in named if row[5]), default=None))


def added(months: Iterable[tuple[str, Month]]) -> dict[str, Month]:
    """One sum a month."""
    total: dict[str, Month] = {}
    for month, held in months:
        total[month] = total[month] + held if month in total else held
    return total


def compare(
    db: Cursor,
    table: Table,
    before: Sequence[Part],
    now: Sequence[Part],
    months: Collection[str],
    since: str | None,
) -> dict[str, Compared]:
    """How the rows of these months differ, by month. Both have the same columns, in the same types."""
    leave(db, "part_before", before, table)
    leave(db, "part_now", now, table)
    columns = db.columns("part_now")
    day = day_of(table, columns)
    keys = [name for name in table.key if name in columns]
    key, same = _listed(keys), " and ".join(f'was."{k}" is not distinct from stands."{k}"' for k in keys)
    late = _after(since) if since and _tells_when(columns) else "true"
    picked = f"{_hash(tuple(columns))} as hash_, {_day(day)} as day_, true as there_, {key}"
    within = _within(table, months) if day else "true"
    try:
        rows = db.raw.execute(
            f"with was as (select {picked} from part_before where {within}),"
            f" stands as (select {picked}, {late} as told_ from part_now where {within})"
            " select coalesce(stands.day_, was.day_), count(*) filter (was.there_ is null),"
            " count(*) filter (stands.hash_ <> was.hash_), count(*) filter (stands.there_ is null),"
            " count(*) filter (stands.hash_ <> was.hash_ and told_ is not true)"
            f" from was full join stands on {same} group by 1"
        ).fetchall()
    finally:
        db.drop("part_before")
        db.drop("part_now")
    total: dict[str, Compared] = {}
    for first, *counts in rows:
        month = _named(first, day)
        total[month] = total.get(month, Compared(0, 0, 0, 0)) + Compared(*counts)
    return total


def types_of(found: Found) -> dict[str, str]:
    """Column name to DuckDB type, in order."""
    return dict(zip(found.columns, map(str, found.relation.types), strict=True))


def stands_as_it_is(path: Path, table: Table, found: Found) -> bool:
    """Whether a Parquet file can be a part without a byte of it changed.

    It holds the contract's columns alone, in types that the contract takes, and its groups of rows follow
    each other in the order of the key, so that a line is found without reading the others.
    """
    if found.left_out or set(pq.read_schema(path).names) != set(found.columns):
        return False
    fits = all(kind in WIDENS_TO[_type(table, name)] for name, kind in types_of(found).items())
    return fits and _in_order(path, table.key[0])


def _in_order(path: Path, name: str) -> bool:
    try:
        kept = pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        return False
    at = kept.schema.names.index(name) if name in kept.schema.names else None
    if at is None:
        return False
    found = [kept.row_group(group).column(at).statistics for group in range(kept.num_row_groups)]
    if len(found) > 1 and not all(each is not None and each.has_min_max for each in found):
        return False
    return all(one.max <= next_.min for one, next_ in pairwise(found))


def _type(table: Table, name: str) -> str:
    column = table.column(name)
    return column.type if column else ""


def _tells_when(types: Mapping[str, str]) -> bool:
    return types.get("recorded_at") in WIDENS_TO["TIMESTAMP"]


def _after(since: str | None) -> str:
    return f"cast(\"recorded_at\" as timestamp) > cast('{since}' as timestamp)" if since else "false"


def _day(column: str | None) -> str:
    """The day that a row is filed under; null for what has none."""
    return f'case when "{column}" {MEANT} then cast("{column}" as date) end' if column else NONE


def _named(day: date | None, column: str | None) -> str:
    if day is not None:
        return f"{day:%Y-%m}"
    return UNDATED if column else ALL


def _within(table: Table, months: Iterable[str]) -> str:
    day = next(name for name in table.key if _type(table, name) == "DATE")
    return " or ".join(_in_month(f'"{day}"', month) for month in months)


def _in_month(day: str, month: str) -> str:
    if month == UNDATED:
        return f"({day} {MEANT}) is not true"
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return f"({day} >= date '{first}' and {day} < date '{following}')"


def _hash(columns: Sequence[str]) -> str:
    """Hashed twice: one alone mixes the last column in weakly, and values that change places could add up."""
    return f"hash(hash({_listed(columns)}))"


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
