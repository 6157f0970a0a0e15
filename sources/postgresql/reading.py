"""Reads a lender's tables out of PostgreSQL as they stood at one instant, into a Parquet file each.

What is left is a folder in the contract: from there on a snapshot is taken of it as of any other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa

from sources.folder import SourceFile
from sources.postgresql.address import Address
from sources.postgresql.catalog import Relation, catalog_query, relations
from sources.postgresql.faults import Trouble, trouble
from sources.postgresql.rows import Typed
from sources.table import SourceRefused
from sql.engine import Cursor
from sql.files import Found, sha256_of, write

ONE_INSTANT = "set transaction isolation level repeatable read read only"
"""The first statement: all tables are then read as they stood when the second began."""
TERMS = (
    # A view of a part of the rows would be a night over a part of the lines: better an error.
    "set local row_security = off",
    # A table that is being rebuilt is waited for, and not for ever.
    "set local lock_timeout = '60s'",
    # Between two tables the rows are put in order here, and the server hears nothing.
    "set local idle_in_transaction_session_timeout = 0",
)


@dataclass(frozen=True)
class Database:
    """What was read of a database."""

    files: Mapping[str, tuple[SourceFile, ...]]
    rows: Mapping[str, int]
    notes: tuple[str, ...]
    told: Mapping[str, Any]
    """What the manifest says of it."""


class Reading:
    """One transaction over the lender's tables, opened by `reading`."""

    def __init__(self, address: Address, connection: Any) -> None:
        self.address = address
        self.connection = connection
        with _told():
            for statement in (ONE_INSTANT, *TERMS):
                self._do(statement)
            found = self._rows(catalog_query())
            ((self.version,),) = (tuple(row.values()) for row in self._rows("select version() as version"))
        self.relations: list[Relation] = relations(found, address)

    @property
    def bytes(self) -> int:
        """What the tables take there; a view takes nothing."""
        return sum(relation.bytes for relation in self.relations)

    def read(self, db: Cursor, folder: Path) -> Database:
        """Leave every table as folder/<table>.parquet, its rows in the order of the contract's key.

        Raises SourceRefused with every column that cannot be what the contract says, and Trouble.
        """
        folder.mkdir(parents=True, exist_ok=True)
        files, rows, faults = {}, {}, []
        for relation in self.relations:
            path = folder / f"{relation.table.name}.parquet"
            typed = self._written(db, relation, path)
            faults += [
                f"{relation.table.name}: column {name}: {what}" for name, what in typed.faults().items()
            ]
            files[relation.table.name] = (_file(path),)
            rows[relation.table.name] = typed.rows
        if faults:
            raise SourceRefused(
                f"{self.address.said}: {faults[0]}.\n" + "\n".join(f"{each}." for each in faults[1:])
            )
        return Database(
            files, rows, tuple(note for each in self.relations for note in each.notes), self._manifest()
        )

    def _written(self, db: Cursor, relation: Relation, path: Path) -> Typed:
        typed = Typed(relation.columns)
        columns = tuple(column.name for column in relation.columns)
        with _told(), self.connection.cursor() as cursor:
            cursor.execute(relation.query)
            reader = cursor.fetch_record_batch()
            schema = typed.schema(reader.schema)
            stream = pa.RecordBatchReader.from_batches(schema, typed.batches(reader, schema))
            try:
                write(Found(db.raw.from_arrow(stream), columns, ()), relation.table, path)
            except Exception:
                if typed.failed is None:
                    raise
                reader.close()
                cursor.close()
                raise self._cut_off(relation) from None
        return typed

    def _cut_off(self, relation: Relation) -> Trouble:
        """Why rows stopped coming. The driver says no code in the middle of a table: is the server there?"""
        try:
            self.connection.rollback()
            self._do("select 1")
        except adbc_driver_manager.Error as error:
            return trouble(error)
        return Trouble(
            f"{relation.schema}.{relation.name} cannot be read to its end: the server gave up in the middle",
            "Its own log says why; select from the table as this user.",
            may_pass=False,
        )

    def _manifest(self) -> dict[str, Any]:
        return {
            "kind": "postgresql",
            "server": self.version.split(" on ")[0],
            "relations": {each.table.name: f"{each.schema}.{each.name}" for each in self.relations},
        }

    def _do(self, statement: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def _rows(self, query: str) -> list[dict[str, Any]]:
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            rows: list[dict[str, Any]] = cursor.fetch_arrow_table().to_pylist()
            return rows


@contextmanager
def reading(address: Address) -> Iterator[Reading]:
    """The tables of a database at one instant. Raises SourceRefused and Trouble."""
    try:
        connection = adbc.connect(address.uri)
    except adbc_driver_manager.Error as error:
        raise trouble(error, connecting=True) from None
    try:
        yield Reading(address, connection)
    finally:
        with suppress(adbc_driver_manager.Error):
            connection.rollback()
        with suppress(adbc_driver_manager.Error):
            connection.close()


@contextmanager
def _told() -> Iterator[None]:
    """Turn the driver's errors into Trouble, without the words that may quote a row."""
    try:
        yield
    except adbc_driver_manager.Error as error:
        raise trouble(error) from None


def _file(path: Path) -> SourceFile:
    at = os.stat(path)
    return SourceFile(path.name, path, at.st_size, sha256_of(path), at.st_mtime_ns)
