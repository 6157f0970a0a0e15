"""The one DuckDB connection of a night, and the only way to a statement.

A statement is a file under sql/, a single SELECT (or a CREATE TABLE under schema/) with
bound parameters. `build` and `view` name what they leave after the file's stem. A cursor
opened with a `schema` reads and writes that schema first and falls back to `main`: the
same statements then run over fewer rows or other documents, beside the night's own tables.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from sql.memory import limit_mb

ROOM = Path(__file__).parent
NOT_WRITTEN = ("DOUBLE", "FLOAT", "HUGEINT", "UHUGEINT")
PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")
QUOTED_OR_NUMBER = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")
NAME = re.compile(r"[a-z_][a-z0-9_]*")

FAULTY_OPTIMIZERS = "build_side_probe_side"
"""It turns a left join into a right one, whose hash table then holds the wide side; in some orders of rows
DuckDB 2.0.0 ends such a join with an internal error (duckdb/duckdb issue 24807, docs/adr/0023).
"""

Rows = list[dict[str, Any]]


class StatementFailed(RuntimeError):
    """Raised when a statement fails: carries its name, so that the file is found at once."""


@cache
def text(statement: str) -> str:
    """The SQL of `statement`, named by its path under sql/ without the ending."""
    return (ROOM / f"{statement}.sql").read_text(encoding="utf-8").strip().rstrip(";")


def names_in(statements: Iterable[str]) -> frozenset[str]:
    """Every word of some statements: the columns that they name are among them."""
    return frozenset(name for each in statements for name in NAME.findall(without_comments(each)))


@cache
def without_comments(statement: str) -> str:
    return re.sub(r"--[^\n]*", "", text(statement))


class Cursor:
    """One thread's way into the night's connection."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, *schemas: str) -> None:
        self.raw = raw
        self.schemas = [checked_name(schema) for schema in dict.fromkeys((*schemas, "main"))]
        self.schema = self.schemas[0]
        self._views: dict[str, str] = {}
        if self.schema != "main":
            raw.execute(f"create schema if not exists {self.schema}")
            raw.execute(f"set search_path = '{','.join(self.schemas)}'")

    def __enter__(self) -> Cursor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.raw.close()

    def beside(self) -> Cursor:
        """Another cursor on the same tables: what reads in batches by one may write by the other."""
        return Cursor(self.raw.cursor(), *self.schemas)

    def above(self, schema: str) -> Cursor:
        """A cursor of another schema, which sees behind its own tables what this one sees."""
        return Cursor(self.raw.cursor(), schema, *self.schemas)

    def build(self, statement: str, **params: Any) -> int:
        """Leave the statement's rows as a table named after its file; return how many."""
        table = checked_name(Path(statement).name)
        made = self._execute(
            statement, f"create or replace table {self.schema}.{table} as {text(statement)}", params
        )
        return int(made.fetchall()[0][0])

    def build_narrow(self, statement: str, names: frozenset[str]) -> None:
        """As `build`, of a statement without parameters, without the columns of other names than these.

        A wide table that nobody reads costs more to keep than to compute.
        """
        table = checked_name(Path(statement).name)
        listed = "|".join(checked_name(name) for name in sorted(names))
        self._execute(
            statement,
            f"create or replace table {self.schema}.{table} as"
            f" select columns('^({listed})$') from ({text(statement)}) as every_column",
            {},
        )

    def build_written(self, table: str, statement: str) -> int:
        """Leave the rows of a statement that was put together (sql/conditions.py, parting.py) as a table."""
        made = self._run(
            table, f"create or replace table {self.schema}.{checked_name(table)} as {statement}", {}
        )
        return int(made.fetchall()[0][0])

    def view(self, statement: str) -> None:
        """Leave the statement as a view named after its file. Views take no parameters.

        A view that this cursor left before stands as it is: making one again plans all that is under it.
        """
        view = checked_name(Path(statement).name)
        if self._views.get(view) == statement:
            return
        self._execute(statement, f"create or replace view {self.schema}.{view} as {text(statement)}", {})
        self._views[view] = statement

    def create(self, statement: str) -> None:
        """Run a CREATE TABLE file of sql/schema, replacing what stood there."""
        table = checked_name(Path(statement).name)
        self.raw.execute(f"drop table if exists {self.schema}.{table}")
        self._execute(statement, text(statement), {})

    def extend(self, table: str, statement: str, **params: Any) -> None:
        """Add the statement's rows, as seen from here, to a table of the night itself made by `create`."""
        into = f"main.{checked_name(table)}"
        self._execute(statement, f"insert into {into} {text(statement)}", params)

    def rows(self, statement: str, **params: Any) -> Rows:
        """Every row of a statement that gives few, as dicts."""
        result = self._execute(statement, text(statement), params)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def arrow(self, statement: str, **params: Any) -> pa.Table:
        return self._relation(statement, params).to_arrow_table()

    def batches(self, statement: str, *, size: int = 50_000, **params: Any) -> Iterator[pa.RecordBatch]:
        """The statement's rows, in order, `size` at a time: nothing holds them all."""
        relation = self._relation(statement, params)
        try:
            yield from relation.to_arrow_reader(size)
        except duckdb.Error as error:
            raise StatementFailed(f"sql/{statement}.sql: {words_of(error)}") from None

    def insert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add a document's rows to a table made by `create`; columns left out are null."""
        listed = list(rows)
        if not listed:
            return 0
        names = [column[0] for column in self.raw.execute(f"from {checked_name(table)} limit 0").description]
        unknown = sorted({key for row in listed for key in row} - set(names))
        if unknown:
            raise StatementFailed(f"{table} has no column {', '.join(unknown)}")
        # A list a column: values written out as rows cost DuckDB far more than the rows.
        self.raw.execute(
            f"insert into {self.schema}.{checked_name(table)} select {', '.join(['unnest(?)'] * len(names))}",
            [[row.get(name) for row in listed] for name in names],
        )
        return len(listed)

    def append(self, table: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Add many rows to a table, as columns: for thousands of rows, where `insert` would take minutes."""
        if not rows:
            return 0
        into = f"{self.schema}.{checked_name(table)}"
        schema = self.raw.sql(f"from {into} limit 0").to_arrow_table().schema
        unknown = sorted({key for row in rows for key in row} - set(schema.names))
        if unknown:
            raise StatementFailed(f"{table} has no column {', '.join(unknown)}")
        self.raw.register("appended_rows", pa.Table.from_pylist(list(rows), schema=schema))
        try:
            self.raw.execute(f"insert into {into} from appended_rows")
        finally:
            self.raw.unregister("appended_rows")
        return len(rows)

    def replace(self, table: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Make `table` afresh from sql/schema/<table>.sql and fill it with a document's rows."""
        self.create(f"schema/{table}")
        return self.insert(table, rows)

    def write(self, statement: str, path: Path, **params: Any) -> int:
        """Write the statement's rows, in its order, as Parquet; return how many.

        Raises StatementFailed if a column is DOUBLE, FLOAT or HUGEINT: those do not keep
        whole cents (Parquet has no HUGEINT and DuckDB writes it as DOUBLE, silently).
        """
        described = self._execute(statement, f"describe {text(statement)}", params).fetchall()
        lossy = [f"{row[0]} {row[1]}" for row in described if any(bad in row[1] for bad in NOT_WRITTEN)]
        if lossy:
            raise StatementFailed(f"sql/{statement}.sql would write {', '.join(lossy)}")
        copy = f"copy ({text(statement)}) to $path_ (format parquet, compression zstd, row_group_size 122880)"
        used = {**self._used(statement, params), "path_": str(path)}
        return int(self._run(statement, copy, used).fetchall()[0][0])

    def write_to(self, rows: str, address: str) -> int:
        """Write rows for another part of this night to read, fast and in any order; return how many."""
        copied = self._run(address, f"copy ({rows}) to $path_ (format parquet)", {"path_": address})
        return int(copied.fetchall()[0][0])

    def write_parts(self, rows: str, folder: str, by: str, **params: Any) -> None:
        """As `write_to`, into a folder <by>=<value> for each value of a column, which the files leave out."""
        parts = f"format parquet, partition_by ({checked_name(by)}), overwrite_or_ignore"
        self._run(folder, f"copy ({rows}) to $path_ ({parts})", {**params, "path_": folder})

    def parquet(self, name: str, paths: Sequence[Path | str]) -> None:
        """Leave a view `name` over Parquet files, read in the order given."""
        relation = self.raw.read_parquet([str(path) for path in paths], hive_partitioning=False)
        relation.create_view(checked_name(name), replace=True)

    def drop(self, name: str) -> None:
        self._views.pop(name, None)
        kind = self.raw.execute(
            "select table_type from information_schema.tables where table_schema = ? and table_name = ?",
            [self.schema, name],
        ).fetchall()
        for (table_type,) in kind:
            what = "view" if table_type == "VIEW" else "table"
            self.raw.execute(f"drop {what} {self.schema}.{checked_name(name)}")

    def count(self, table: str) -> int:
        return int(self.raw.execute(f"select count(*) from {checked_name(table)}").fetchall()[0][0])

    def has(self, table: str) -> bool:
        """Whether a table or view of this name is seen from here, and what it stands on is."""
        try:
            self.raw.execute(f"select 1 from {checked_name(table)} limit 0")
        except duckdb.CatalogException:
            return False
        return True

    def columns(self, table: str) -> dict[str, str]:
        """Column name to DuckDB type, in order."""
        described = self.raw.execute(f"describe {checked_name(table)}").fetchall()
        return {row[0]: row[1] for row in described}

    def _relation(self, statement: str, params: dict[str, Any]) -> duckdb.DuckDBPyRelation:
        try:
            return self.raw.sql(text(statement), params=self._used(statement, params))
        except duckdb.Error as error:
            raise StatementFailed(f"sql/{statement}.sql: {words_of(error)}") from None

    def _execute(self, statement: str, sql: str, params: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        return self._run(statement, sql, self._used(statement, params))

    def _run(self, statement: str, sql: str, used: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        try:
            return self.raw.execute(sql, used) if used else self.raw.execute(sql)
        except duckdb.Error as error:
            raise StatementFailed(f"sql/{statement}.sql: {words_of(error)}") from None

    @staticmethod
    def _used(statement: str, params: dict[str, Any]) -> dict[str, Any]:
        """Only what the statement names: DuckDB refuses a parameter that is not used."""
        named = set(PARAMETER.findall(without_comments(statement)))
        missing = sorted(named - set(params))
        if missing:
            raise StatementFailed(f"sql/{statement}.sql needs {', '.join(missing)}")
        return {name: params[name] for name in named}


class Engine:
    """One DuckDB database in memory. What memory does not hold is spilled to the folder, if one is named.

    It is no file: tables in a DuckDB file are compressed as they are written, which took four fifths of a
    night's time, and nothing of a night is read again from such a file (docs/adr/0021).
    """

    def __init__(
        self, spill: Path | None, *, threads: int | None = None, memory_mb: int | None = None
    ) -> None:
        self.memory_mb = limit_mb(memory_mb)
        config: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "preserve_insertion_order": True,
            "disabled_optimizers": FAULTY_OPTIMIZERS,
            "memory_limit": f"{self.memory_mb}MB",
            "temp_directory": str(spill) if spill else "",
        }
        if threads:
            config["threads"] = threads
        self.connection = duckdb.connect(":memory:", config=config)
        # Not in the config above: time zones come with an extension, which loads after the database is open.
        self.connection.execute("set global TimeZone = 'UTC'")
        self.connection.execute("set enable_progress_bar = false")
        self.connection.execute(text("macros/quotient"))

    def cursor(self, schema: str = "main") -> Cursor:
        return Cursor(self.connection.cursor(), schema)

    def take_mb(self, memory_mb: int) -> None:
        """Take no more memory than this from now on. Raises what DuckDB raises where it holds on to more."""
        self.connection.execute(f"set memory_limit = '{memory_mb}MB'")

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_open: dict[Path, Engine] = {}
_opening = threading.Lock()


def open_engine(spill: Path, *, threads: int | None = None, memory_mb: int | None = None) -> Engine:
    """The process's one engine that spills to the folder `spill`, opened if need be.

    A night's steps share its tables: every task asks here and takes a cursor.
    """
    with _opening:
        if spill not in _open:
            spill.mkdir(parents=True, exist_ok=True)
            _open[spill] = Engine(spill, threads=threads, memory_mb=memory_mb)
        return _open[spill]


def close_engine(spill: Path) -> None:
    """Close the connection that spills to the folder; no cursor of it may be used afterwards."""
    with _opening:
        engine = _open.pop(spill, None)
    if engine is not None:
        engine.close()


@contextmanager
def halved(spill: Path) -> Iterator[None]:
    """Let the connection that spills to the folder, if it is open, take half of its memory meanwhile.

    What it cannot let go of it keeps: then less is left for others, and nothing is lost.
    """
    with _opening:
        engine = _open.get(spill)
    if engine is None:
        yield
        return
    with suppress(duckdb.Error):
        engine.take_mb(engine.memory_mb // 2)
    try:
        yield
    finally:
        engine.take_mb(engine.memory_mb)


@contextmanager
def cursor(spill: Path, schema: str = "main") -> Iterator[Cursor]:
    """A cursor of the night's connection, closed at the end; one a thread."""
    with open_engine(spill).cursor(schema) as db:
        yield db


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def words_of(error: duckdb.Error) -> str:
    """What DuckDB said of a name or a shape; of a value only the kind of error, for it quotes the value.

    A fault of its own is told in its first line, without numbers and what stands in quotation marks.
    """
    about_shapes = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
    if isinstance(error, duckdb.InternalException):
        first = str(error).partition("\n")[0]
        return f"{type(error).__name__}: {QUOTED_OR_NUMBER.sub('#', first)}"
    return str(error) if isinstance(error, about_shapes) else type(error).__name__


def checked_name(name: str) -> str:
    """`name` if it is a plain identifier; names come from our own files, never from data."""
    if not NAME.fullmatch(name):
        raise StatementFailed(f"not a table name: {name!r}")
    return name
