"""Runs a mapping: turns the columns of a public data set into tables of the data contract.

A mapping NAME is sources/NAME.toml, which says what becomes of every column of the file, and one
statement a contract table under sources/NAME/. A statement reads the table `source` and finds in it
only what its table may have: protected attributes (sex, age, …) are there for protected_attribute
alone, and the outcome for nobody, so that no statement can put one anywhere else.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from sources.table import SourceColumn, SourceRefused, read_columns
from sql.contract import WIDENS_TO, contract
from sql.engine import Cursor

ROOM = Path(__file__).parent
ROLES = ("key", "data", "protected", "outcome")
PROTECTED_TABLE = "protected_attribute"
OUTCOME_TABLE = "outcome"
PROTECTED_WORDS = frozenset(
    "sex gender age birthday birth_date date_of_birth birth_year education marriage marital_status race"
    " ethnicity religion nationality disability".split()
)
"""A column that goes by one of these names is protected, whatever a mapping would like."""


@dataclass(frozen=True)
class Mapping:
    """A mapping as it stands under sources/, known to be sound."""

    name: str
    as_of: date
    """The day as at which the data set is dated."""
    columns: tuple[SourceColumn, ...]
    tables: tuple[str, ...]
    statements: dict[str, str]
    version: str
    """SHA-256 over the .toml and the statements."""

    def visible(self, table: str) -> list[str]:
        """The columns of the file that this table's statement finds in `source`."""
        role = {PROTECTED_TABLE: "protected", OUTCOME_TABLE: "outcome"}.get(table, "data")
        return [column.name for column in self.columns if column.role in ("key", role)]


@dataclass(frozen=True)
class Mapped:
    """What `read` left: a table `mapped_<contract table>` for each of `tables`."""

    tables: tuple[str, ...]
    rows: dict[str, int]
    mapping_version: str
    as_of: date
    source_sha256: str
    """Of the bytes of the file that was read."""


def names() -> list[str]:
    """Every mapping there is."""
    return sorted(path.stem for path in ROOM.glob("*.toml"))


def default_as_of(name: str) -> date | None:
    """The day as at which the data set is dated; None where there is no such mapping."""
    return load(name).as_of if name in names() else None


def read(name: str, path: Path, db: Cursor, *, room: Path = ROOM) -> Mapped:
    """Leave one table `mapped_<contract table>` a statement of the mapping, in the cursor's schema.

    Raises SourceRefused if there is no such mapping, if the mapping is not sound, or if the file lacks a
    column or holds text in a number.
    """
    mapping = load(name, room)
    rows, sha256 = read_columns(path, mapping.columns)
    counts = {table: _build(mapping, table, rows, db) for table in mapping.tables}
    return Mapped(mapping.tables, counts, mapping.version, mapping.as_of, sha256)


def read_outcome(name: str, path: Path, db: Cursor) -> int:
    """Leave `mapped_outcome` (borrower_id, defaulted), which the check of a scorecard alone reads; its rows.

    Raises SourceRefused if the mapping or the file has no outcome.
    """
    mapping = load(name)
    outcome = next((column for column in mapping.columns if column.role == "outcome"), None)
    rows, _ = read_columns(path, mapping.columns)
    if outcome is None or outcome.name not in rows.column_names:
        raise SourceRefused(f"{path}: no outcome to check against{f' ({outcome.name})' if outcome else ''}")
    return _build(mapping, OUTCOME_TABLE, rows, db)


def load(name: str, room: Path = ROOM) -> Mapping:
    """The mapping NAME of a folder; raises SourceRefused if there is none or it is not sound."""
    known = sorted(path.stem for path in room.glob("*.toml"))
    if name not in known:
        raise SourceRefused(f"no mapping named {name!r}; there is {', '.join(known) or 'none'}")
    content = (room / f"{name}.toml").read_bytes()
    try:
        said = tomllib.loads(content.decode())
        columns = tuple(_column(item) for item in said["column"])
        tables = tuple(said["tables"])
        as_of = said["as_of"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceRefused(f"sources/{name}.toml: {error!r}") from error
    faults = _faults(columns, tables, {path.stem for path in (room / name).glob("*.sql")})
    if faults:
        raise SourceRefused("\n".join(f"sources/{name}.toml: {fault}" for fault in faults))
    statements = {path.stem: path.read_text(encoding="utf-8") for path in sorted((room / name).glob("*.sql"))}
    version = hashlib.sha256(content)
    for table, statement in statements.items():
        version.update(f"\n-- {table}\n{statement}".encode())
    return Mapping(name, as_of, columns, tables, statements, version.hexdigest())


def _column(item: dict[str, Any]) -> SourceColumn:
    return SourceColumn(**{**item, "also": tuple(item.get("also", ()))})


def _faults(columns: tuple[SourceColumn, ...], tables: tuple[str, ...], statements: set[str]) -> list[str]:
    """What a mapping may not be."""
    faults = [f"column {item.name}: role {item.role!r} is none of {', '.join(ROLES)}" for item in columns
              if item.role not in ROLES]  # fmt: skip
    faults += [
        f"column {item.name}: is a protected attribute, so its role must be 'protected', not {item.role!r}"
        for item in columns
        if item.role != "protected" and PROTECTED_WORDS & {name.lower() for name in (item.name, *item.also)}
    ]
    if sum(item.role == "key" for item in columns) != 1:
        faults.append("exactly one column has the role 'key'")
    faults += [
        f"tables: {table} is not a table of the contract" for table in tables if table not in contract()
    ]
    faults += [f"tables: {table} has no statement" for table in tables if table not in statements]
    faults += [f"{name}.sql: not among `tables`" for name in sorted(statements - {*tables, OUTCOME_TABLE})]
    return faults


def _build(mapping: Mapping, table: str, rows: pa.Table, db: Cursor) -> int:
    """Make `mapped_<table>` from the columns that it may see; return its rows."""
    where = f"sources/{mapping.name}/{table}.sql"
    target = f"{db.schema}.mapped_{table}"
    db.raw.register("source", rows.select(mapping.visible(table)))
    try:
        db.raw.execute(f"create or replace table {target} as {mapping.statements[table]}")
    except Exception as error:  # DuckDB's own errors, which this room may not name
        hidden = [item.name for item in mapping.columns if item.name not in mapping.visible(table)]
        named = [name for name in hidden if f'"{name.lower()}"' in str(error).lower()]
        why = f"; {', '.join(named)} may not enter {table}" if named else ""
        raise SourceRefused(f"{where}: {error}{why}") from error
    finally:
        db.raw.unregister("source")
    if table != OUTCOME_TABLE:
        _check(where, table, db.columns(f"mapped_{table}"))
    return db.count(f"mapped_{table}")


def _check(where: str, table: str, made: dict[str, str]) -> None:
    """Refuse a statement whose columns are not the contract's."""
    for name, kind in made.items():
        column = contract()[table].column(name)
        if column is None:
            raise SourceRefused(f"{where}: {table} has no column {name}")
        if kind not in WIDENS_TO[column.type]:
            raise SourceRefused(f"{where}: {name} is {kind}, and the contract says {column.type}")
    missing = [
        column.name for column in contract()[table].columns if column.required and column.name not in made
    ]
    if missing:
        raise SourceRefused(f"{where}: {table} needs {', '.join(missing)}")
