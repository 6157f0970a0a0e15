"""Opening the record's database, and the two ways into it: reading and writing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from linewatch.errors import LinewatchError

FILE = "ledger.db"
SHARED = "LINEWATCH_LEDGER"
"""Where an address of a PostgreSQL ledger will stand."""
BUSY_SECONDS = 30
"""How long a writer waits for another writer; readers wait for nobody."""


def open_engine(home: Path) -> sa.Engine:
    """An engine over `home`/ledger.db, which only its owner may read.

    Connections are opened for each use, so that none is carried into a forked process. Raises
    LinewatchError where a shared ledger is asked for: two records of one home would part ways.
    """
    if os.environ.get(SHARED):
        raise LinewatchError(
            f"${SHARED} asks for a shared ledger, which this version does not keep.",
            what_now=f"Unset {SHARED}: the record is then ledger.db in the home.",
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(home / FILE, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=str(home / FILE)),
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS},
    )
    sa.event.listen(engine, "connect", _settle)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _settle(connection: Any, _: object) -> None:
    """WAL lets readers and the writer pass each other; FULL keeps a commit through a power cut."""
    connection.isolation_level = None  # or Python begins transactions of its own, later than we say
    for setting in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
        connection.execute(f"pragma {setting}")


def _begin(connection: sa.Connection) -> None:
    """A writer takes its lock at once: two that read first and write later would refuse each other."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("begin immediate" if writing else "begin")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One unchanging view of the record, whatever is written meanwhile."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """All of what is written here, or nothing."""
    with engine.execution_options(writing=True).begin() as connection:
        yield connection
