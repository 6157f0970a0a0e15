"""Runs a mapping: turns the columns of a public data set into tables of the data contract.

A mapping NAME is sources/NAME.toml, which says what becomes of every column of the file, and one
statement a contract table under sources/NAME/. A statement reads the table `source` and finds in it
only what its table may have: protected attributes (sex, age, …) are there for protected_attribute
alone, and the outcome for nobody, so that no statement can put one anywhere else. A data set of several
files is a folder, and a statement finds each of its [[file]]s as `source_<name>`. `$as_of` is the night.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from sources.table import KINDS, SourceColumn, SourceRefused, read_columns
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
class SourceFile:
    """One file of a data set."""

    name: str = ""
    """What a statement calls it: `source_<name>`, or `source` where there is but one."""
    called: str = ""
    """Its name in the folder, without the ending .parquet or .csv."""

    @property
    def table(self) -> str:
        return f"source_{self.name}" if self.name else "source"

    def within(self, path: Path) -> Path:
        """Where it lies, `path` being what the mapping was given."""
        if not self.name:
            return path
        if not path.is_dir():
            raise SourceRefused(f"{path}: not a folder; this data set has several files, so name theirs")
        named = [path / f"{self.called}{ending}" for ending in (".parquet", ".csv")]
        found = [file for file in named if file.is_file()]
        if len(found) != 1:
            said = "both there" if found else "not there"
            raise SourceRefused(
                f"{path}: {' and '.join(file.name for file in named)} are {said}; one must be"
            )
        return found[0]


@dataclass(frozen=True)
class Mapping:
    """A mapping as it stands under sources/, known to be sound."""

    name: str
    as_of: date
    """The day as at which the data set is dated, where the night does not say another."""
    files: tuple[SourceFile, ...]
    columns: tuple[SourceColumn, ...]
    tables: tuple[str, ...]
    statements: dict[str, str]
    version: str
    """SHA-256 over the .toml and the statements."""

    def visible(self, table: str, file: SourceFile | None = None) -> list[str]:
        """The columns of a file (or of all) that this table's statement finds."""
        role = {PROTECTED_TABLE: "protected", OUTCOME_TABLE: "outcome"}.get(table, "data")
        return [
            column.name
            for column in self.columns
            if column.role in ("key", role) and (file is None or column.file == file.name)
        ]


@dataclass(frozen=True)
class Mapped:
    """What `read` left: a table `mapped_<contract table>` for each of `tables`."""

    tables: tuple[str, ...]
    rows: dict[str, int]
    mapping_version: str
    as_of: date
    source_sha256: str
    """Of the bytes of the file that was read; of several, of their names and hashes."""


def names() -> list[str]:
    """Every mapping there is."""
    return sorted(path.stem for path in ROOM.glob("*.toml"))


def default_as_of(name: str) -> date | None:
    """The day as at which the data set is dated; None where there is no such mapping."""
    return load(name).as_of if name in names() else None


def bytes_of(name: str, path: Path) -> int:
    """The bytes of the data set; raises SourceRefused where its files do not lie in the folder."""
    files = [file.within(path) for file in load(name).files]
    return sum(file.stat().st_size for file in files if file.is_file())


def read(name: str, path: Path, db: Cursor, *, as_of: date | None = None, room: Path = ROOM) -> Mapped:
    """Leave one table `mapped_<contract table>` a statement of the mapping, in the cursor's schema.

    Raises SourceRefused if there is no such mapping, if the mapping is not sound, or if the file lacks a
    column or holds text in a number.
    """
    mapping = load(name, room)
    day = as_of or mapping.as_of
    rows, sha256 = _read(mapping, path)
    counts = {table: _build(mapping, table, rows, day, db) for table in mapping.tables}
    return Mapped(mapping.tables, counts, mapping.version, day, sha256)


def read_outcome(name: str, path: Path, db: Cursor, *, as_of: date | None = None) -> int:
    """Leave `mapped_outcome` (borrower_id, defaulted, and maybe rating, 1 the best); return its rows.

    The check of a scorecard alone reads it.

    Raises SourceRefused if the mapping or the file has no outcome.
    """
    mapping = load(name)
    outcome = next((column for column in mapping.columns if column.role == "outcome"), None)
    rows, _ = _read(mapping, path)
    if outcome is None or all(outcome.name not in table.column_names for table in rows.values()):
        raise SourceRefused(f"{path}: no outcome to check against{f' ({outcome.name})' if outcome else ''}")
    return _build(mapping, OUTCOME_TABLE, rows, as_of or mapping.as_of, db)


def load(name: str, room: Path = ROOM) -> Mapping:
    """The mapping NAME of a folder; raises SourceRefused if there is none or it is not sound."""
    known = sorted(path.stem for path in room.glob("*.toml"))
    if name not in known:
        raise SourceRefused(f"no mapping named {name!r}; there is {', '.join(known) or 'none'}")
    content = (room / f"{name}.toml").read_bytes()
    try:
        said = tomllib.loads(content.decode())
        files = tuple(SourceFile(**item) for item in said.get("file", [{}]))
        columns = tuple(_column(item) for item in said["column"])
        tables = tuple(said["tables"])
        as_of = said["as_of"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceRefused(f"sources/{name}.toml: {error!r}") from error
    faults = _faults(files, columns, tables, {path.stem for path in (room / name).glob("*.sql")})
    if faults:
        raise SourceRefused("\n".join(f"sources/{name}.toml: {fault}" for fault in faults))
    statements = {path.stem: path.read_text(encoding="utf-8") for path in sorted((room / name).glob("*.sql"))}
    version = hashlib.sha256(content)
    for table, statement in statements.items():
        version.update(f"\n-- {table}\n{statement}".encode())
    return Mapping(name, as_of, files, columns, tables, statements, version.hexdigest())


def _column(item: dict[str, Any]) -> SourceColumn:
    return SourceColumn(**{**item, "also": tuple(item.get("also", ()))})


def _read(mapping: Mapping, path: Path) -> tuple[dict[str, pa.Table], str]:
    """Every file's rows under the name that a statement knows it by, and the hash of them all."""
    rows: dict[str, pa.Table] = {}
    hashes: list[str] = []
    for file in mapping.files:
        columns = [column for column in mapping.columns if column.file == file.name]
        rows[file.table], sha256 = read_columns(file.within(path), columns)
        hashes.append(sha256)
    if len(mapping.files) == 1:
        return rows, hashes[0]
    told = "\n".join(f"{file.name} {sha256}" for file, sha256 in zip(mapping.files, hashes, strict=True))
    return rows, hashlib.sha256(told.encode()).hexdigest()


def _faults(
    files: tuple[SourceFile, ...],
    columns: tuple[SourceColumn, ...],
    tables: tuple[str, ...],
    statements: set[str],
) -> list[str]:
    """What a mapping may not be."""
    faults = [f"column {item.name}: role {item.role!r} is none of {', '.join(ROLES)}" for item in columns
              if item.role not in ROLES]  # fmt: skip
    faults += [
        f"column {item.name}: is a protected attribute, so its role must be 'protected', not {item.role!r}"
        for item in columns
        if item.role != "protected" and PROTECTED_WORDS & {name.lower() for name in (item.name, *item.also)}
    ]
    faults += [
        f"column {item.name}: kind {item.kind!r} is none of {', '.join(KINDS)}"
        for item in columns
        if item.kind not in KINDS
    ]
    for file in files:
        if sum(item.role == "key" and item.file == file.name for item in columns) != 1:
            faults.append(f"exactly one column{f' of {file.name}' if file.name else ''} has the role 'key'")
    names = {file.name for file in files}
    faults += [f"column {item.name}: no [[file]] {item.file!r}" for item in columns if item.file not in names]
    faults += [
        f"tables: {table} is not a table of the contract" for table in tables if table not in contract()
    ]
    faults += [f"tables: {table} has no statement" for table in tables if table not in statements]
    faults += [f"{name}.sql: not among `tables`" for name in sorted(statements - {*tables, OUTCOME_TABLE})]
    return faults


def _build(mapping: Mapping, table: str, rows: dict[str, pa.Table], as_of: date, db: Cursor) -> int:
    """Make `mapped_<table>` from the columns that it may see; return its rows."""
    where = f"sources/{mapping.name}/{table}.sql"
    target = f"{db.schema}.mapped_{table}"
    for file in mapping.files:
        seen = [name for name in mapping.visible(table, file) if name in rows[file.table].column_names]
        db.raw.register(file.table, rows[file.table].select(seen))
    statement = mapping.statements[table]
    try:
        db.raw.execute(
            f"create or replace table {target} as {statement}",
            {"as_of": as_of} if "$as_of" in statement else None,
        )
    except Exception as error:  # DuckDB's own errors, which this room may not name
        hidden = [item.name for item in mapping.columns if item.name not in mapping.visible(table)]
        named = [name for name in hidden if f'"{name.lower()}"' in str(error).lower()]
        why = f"; {', '.join(named)} may not enter {table}" if named else ""
        raise SourceRefused(f"{where}: {error}{why}") from error
    finally:
        for file in mapping.files:
            db.raw.unregister(file.table)
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
