"""Opening the record's database, and the two ways into it: reading and writing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from ledger import fence
from ledger.address import FILE, MARK, SHARED, LedgerRefused, connect_parameters, shared_address
from ledger.faults import tell
from ledger.locks import WRITERS

BUSY_SECONDS = 30
"""How long a writer waits for another writer; readers wait for nobody."""


def open_engine(home: Path) -> sa.Engine:
    """An engine over the record of a home: its ledger.db, which only its owner may read, or the shared
    ledger. Nothing is reached yet.

    Connections are opened for each use, so that none is carried into a forked process. Raises LedgerRefused
    or DataRefused for an address that cannot be one.
    """
    address = shared_address()
    return _told(_file(home) if address is None else _shared(address), home, address)


def open_file(home: Path) -> sa.Engine:
    """An engine over the home's ledger.db, whatever ledger is asked for."""
    return _told(_file(home), home, None)


def _told(engine: sa.Engine, home: Path, address: str | None) -> sa.Engine:
    sa.event.listen(engine, "handle_error", tell)
    return engine.execution_options(home=home, address=address)


def address_of(engine: sa.Engine | sa.Connection) -> str | None:
    """The address of a shared ledger, None of one in a file."""
    found: str | None = engine.get_execution_options().get("address")
    return found


def home_of(engine: sa.Engine | sa.Connection) -> Path:
    """The home that the record is of: its paths are relative to it."""
    found: Path = engine.get_execution_options()["home"]
    return found


def _file(home: Path) -> sa.Engine:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(home / FILE, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=str(home / FILE)),
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _settle)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _shared(address: str) -> sa.Engine:
    engine = sa.create_engine("postgresql+psycopg://", poolclass=NullPool, hide_parameters=True)
    parameters = connect_parameters(address)

    def connect(_: object, __: object, ___: object, given: dict[str, Any]) -> None:
        given.update(parameters)

    sa.event.listen(engine, "do_connect", connect)
    return engine


def _settle(connection: Any, _: object) -> None:
    """WAL lets readers and the writer pass each other; FULL keeps a commit through a power cut."""
    connection.isolation_level = None  # or Python begins transactions of its own, later than we say
    for setting in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "secure_delete = on"):
        connection.execute(f"pragma {setting}")


def _begin(connection: sa.Connection) -> None:
    """A writer takes its lock at once: two that read first and write later would refuse each other."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("begin immediate" if writing else "begin")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One unchanging view of the record, whatever is written meanwhile."""
    if address_of(engine) is not None:
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection, connection.begin():
        yield connection


def forget(engine: sa.Engine) -> None:
    """Let go of what was written over: SQLite's write-ahead log would keep it until it is full.

    A reader that is still at it puts that off until the next time.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """All of what is written here, or nothing; one writer at a time, so that entries are numbered without a
    gap. Raises Busy if another writes for too long, TurnLost if this process had the turn and has it no more,
    LedgerRefused for a file whose record has moved into a shared ledger.
    """
    with engine.execution_options(writing=True).begin() as connection:
        if address_of(engine) is not None:
            connection.exec_driver_sql(f"set local lock_timeout = '{BUSY_SECONDS}s'")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(*WRITERS)))
            fence.check(connection)
        elif (home_of(connection) / MARK).exists():
            raise _moved_on(home_of(connection))
        yield connection


def _moved_on(home: Path) -> LedgerRefused:
    return LedgerRefused(
        "The record of this home moved into a shared ledger meanwhile. Nothing was written.",
        where=str(home / MARK),
        what_now=f"Set {SHARED} to the address that stands there, and run the same command again.",
    )
