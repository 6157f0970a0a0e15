"""The data contract, read from its one definition: the CREATE TABLE files of sql/schema/contract."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from sql.engine import ROOM

WIDENS_TO: dict[str, frozenset[str]] = {
    "BIGINT": frozenset({"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "UTINYINT"}),
    "INTEGER": frozenset({"INTEGER", "SMALLINT", "TINYINT", "USMALLINT", "UTINYINT", "BIGINT"}),
    "VARCHAR": frozenset({"VARCHAR"}),
    "DATE": frozenset({"DATE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S"}),
    "BOOLEAN": frozenset({"BOOLEAN"}),
    "TIMESTAMP": frozenset(
        {"TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S", "DATE", "TIMESTAMP WITH TIME ZONE"}
    ),
}
"""For each contract type, the types a source may hold it in without loss.

A BIGINT is taken for an INTEGER column because the cast is checked: overflow is an error.
"""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    required: bool
    """Required columns must be there and hold no null; others may be absent, null meaning unknown."""


@dataclass(frozen=True)
class Table:
    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


REQUIRED = ("borrower", "facility")
"""The tables without which there is no night; others may be absent (DOMAIN: data contract)."""


@cache
def contract() -> dict[str, Table]:
    """Every table of the contract by name, in alphabetical order."""
    paths = sorted((ROOM / "schema" / "contract").glob("*.sql"))
    with duckdb.connect(":memory:") as db:
        return {path.stem: _table(db, path) for path in paths}


def _table(db: duckdb.DuckDBPyConnection, path: Path) -> Table:
    ddl = path.read_text(encoding="utf-8")
    db.execute(ddl)
    columns = db.execute(
        "select column_name, data_type, is_nullable from information_schema.columns"
        " where table_name = $1 order by ordinal_position",
        [path.stem],
    ).fetchall()
    keys = db.execute(
        "select constraint_column_names from duckdb_constraints()"
        " where constraint_type = 'PRIMARY KEY' and table_name = $1",
        [path.stem],
    ).fetchall()
    return Table(
        name=path.stem,
        grain=ddl.splitlines()[0].removeprefix("-- "),
        key=tuple(keys[0][0]),
        columns=tuple(Column(name, kind, nullable == "NO") for name, kind, nullable in columns),
    )


@cache
def fingerprint() -> str:
    """SHA-256 over the contract and the version of DuckDB: what hashes of rows are comparable within."""
    return hashlib.sha256(f"{duckdb.__version__}\n{sorted(contract().items())}".encode()).hexdigest()
