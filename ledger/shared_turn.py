"""Taking turns in a shared ledger, from any machine: a lock of the server's that dies with its connection."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ledger import fence
from ledger.address import shared_address
from ledger.engine import open_engine, reading, writing
from ledger.locks import TURN, backend_with
from ledger.record import open_record
from ledger.schema import turn
from linewatch.errors import Busy
from linewatch.room import runs

SESSION = (
    "set idle_session_timeout = 0",
    "set tcp_keepalives_idle = 30",
    "set tcp_keepalives_interval = 10",
    "set tcp_keepalives_count = 3",
)
"""The connection is idle all night; a machine that is gone, network and all, loses its turn in a minute."""


@dataclass(frozen=True)
class Holder:
    """Who has the turn."""

    doing: str
    """As it stands in a sentence: `the night of 2026-11-21`."""
    pid: int
    host: str
    since: str
    """ISO time, UTC."""

    def __str__(self) -> str:
        return f"{self.doing}, process {self.pid} on {self.host}, since {self.since}"


GLANCES, GLANCE_SECONDS = 20, 0.1
UNKNOWN = Holder("another run that has only just started", 0, "this machine", "now")


@contextmanager
def shared_turn(home: Path, holder: Holder) -> Iterator[None]:
    """Hold the turn of the home's ledger inside, if it is shared. Raises Busy at once if another has it."""
    address = shared_address()
    if address is None:
        yield
        return
    engine = open_record(home)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if not _taken_soon(connection):
            raise busy(_read(connection) or UNKNOWN)
        try:
            for setting in SESSION:
                connection.exec_driver_sql(setting)
            fence.enter(address, _written_down(engine, connection, holder))
            yield
        finally:
            fence.leave(address)
            with suppress(Exception):  # a connection that is gone holds nothing
                connection.execute(sa.select(sa.func.pg_advisory_unlock(*TURN)))
            connection.invalidate()


def shared_holder(home: Path) -> Holder | None:
    """Who has the turn of the home's ledger; None if it is free, or not shared."""
    if shared_address() is None:
        return None
    with reading(open_engine(home)) as connection:
        return _read(connection)


def busy(holder: Holder) -> Busy:
    return Busy(
        f"Busy: {holder}.",
        what_now="Nothing was started. Wait until it has ended; if it is dead, its lock is gone with it.",
    )


def _taken_soon(connection: sa.Connection) -> bool:
    """Whether the lock could be taken. The server needs an instant to see that a holder has died."""
    for _ in range(GLANCES):
        if connection.scalar(sa.select(sa.func.pg_try_advisory_lock(*TURN))):
            return True
        holder = _read(connection)
        if holder is not None and (holder.host != platform.node() or runs(holder.pid)):
            return False
        time.sleep(GLANCE_SECONDS)
    return False


def _read(connection: sa.Connection) -> Holder | None:
    backend = backend_with(connection, TURN)
    if backend is None:
        return None
    query = sa.select(turn).where(turn.c.backend == backend).order_by(turn.c.number.desc())
    row = connection.execute(query.limit(1)).first()
    return UNKNOWN if row is None else Holder(row.doing, row.pid, row.host, row.since)


def _written_down(engine: sa.Engine, connection: sa.Connection, holder: Holder) -> fence.Mine:
    """The turn as a row: it outlives the holder, and its number tells it from every other."""
    backend = int(connection.scalar(sa.select(sa.func.pg_backend_pid())) or 0)
    with writing(engine) as row:
        added = row.execute(turn.insert().values(backend=backend, **vars(holder)))
    (number,) = added.inserted_primary_key or (0,)
    return fence.Mine(number, backend)
