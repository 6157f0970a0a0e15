"""Taking turns in a home: a file lock that names its holder, and dies with the holder's process.

With a shared ledger that one's turn is taken too, so that two machines cannot both run.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from ledger.belonging import refuse_what_is_elsewhere
from ledger.shared_turn import UNKNOWN, Holder, busy, shared_holder, shared_turn
from linewatch.room import check_usable, make_home

FILE = "lock"
MOST_BYTES = 4_096
GLANCES, GLANCE_SECONDS = 20, 0.05


@contextmanager
def turn(home: Path, doing: str, since: datetime) -> Iterator[None]:
    """Hold the turn of the home, and of its ledger, inside. Raises Busy at once if somebody else has it,
    PlaceUnusable where no home can be, LedgerRefused or LedgerUnusable where its ledger cannot be used. The
    lock is let go of when the process ends, however it ends.
    """
    check_usable(home)
    refuse_what_is_elsewhere(home)
    with turn_here(home, doing, since) as holder, shared_turn(home, holder):
        yield


@contextmanager
def turn_here(home: Path, doing: str, since: datetime) -> Iterator[Holder]:
    """Hold the turn of the home alone. Raises Busy at once if somebody else has it."""
    make_home(home)
    handle = os.open(home / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken_soon(handle):
            raise busy(_read(handle))
        holder = Holder(doing, os.getpid(), platform.node(), since.isoformat(timespec="seconds"))
        _write(handle, json.dumps(asdict(holder)))
        try:
            yield holder
        finally:
            _write(handle, "")
    finally:
        os.close(handle)


def holder_of(home: Path) -> Holder | None:
    """Who has the turn now, here or at another machine; None if it is free."""
    return _holder_here(home) or shared_holder(home)


def _holder_here(home: Path) -> Holder | None:
    try:
        handle = os.open(home / FILE, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        return None if _taken(handle, fcntl.LOCK_SH) else _read(handle)
    finally:
        os.close(handle)


def check_free(home: Path) -> None:
    """Raise Busy if somebody has the turn, which may be taken before the caller takes it, and what `turn`
    raises else.
    """
    check_usable(home)
    refuse_what_is_elsewhere(home)
    holder = holder_of(home)
    if holder is not None:
        raise busy(holder)


def _taken(handle: int, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _taken_soon(handle: int) -> bool:
    """Whether the lock could be taken. Whoever only asks who has it shares it for an instant, and is waited
    for; what is written down meanwhile may be of a holder that was killed.
    """
    for _ in range(GLANCES):
        if _taken(handle):
            return True
        if not _only_shared(handle) and os.pread(handle, 1, 0):
            return False
        time.sleep(GLANCE_SECONDS)
    return False


def _only_shared(handle: int) -> bool:
    """Whether nobody has the lock alone."""
    shared = _taken(handle, fcntl.LOCK_SH)
    if shared:
        fcntl.flock(handle, fcntl.LOCK_UN)
    return shared


def _read(handle: int) -> Holder:
    """The holder as it wrote itself down; for an instant after taking the lock it has not yet."""
    try:
        return Holder(**json.loads(os.pread(handle, MOST_BYTES, 0)))
    except (ValueError, TypeError):
        return UNKNOWN


def _write(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)
