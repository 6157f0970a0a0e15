"""Taking turns in a home: a file lock that names its holder, and dies with the holder's process."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from linewatch.errors import Busy
from linewatch.room import check_usable

FILE = "lock"
MOST_BYTES = 4_096
GLANCES, GLANCE_SECONDS = 20, 0.05


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


@contextmanager
def turn(home: Path, doing: str, since: datetime) -> Iterator[None]:
    """Hold the home's turn inside. Raises Busy at once if somebody else has it, PlaceUnusable where no home
    can be. The system lets go of the lock when the process ends, however it ends.
    """
    check_usable(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(home / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken_soon(handle):
            raise _busy(_read(handle))
        holder = Holder(doing, os.getpid(), platform.node(), since.isoformat(timespec="seconds"))
        _write(handle, json.dumps(asdict(holder)))
        try:
            yield
        finally:
            _write(handle, "")
    finally:
        os.close(handle)


def holder_of(home: Path) -> Holder | None:
    """Who has the turn now; None if it is free."""
    try:
        handle = os.open(home / FILE, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        return None if _taken(handle, fcntl.LOCK_SH) else _read(handle)
    finally:
        os.close(handle)


def check_free(home: Path) -> None:
    """Raise Busy if somebody has the turn, which may be taken before the caller takes it; PlaceUnusable where
    no home can be.
    """
    check_usable(home)
    holder = holder_of(home)
    if holder is not None:
        raise _busy(holder)


def _taken(handle: int, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _taken_soon(handle: int) -> bool:
    """Whether the lock could be taken. Whoever only asks who has it holds it for an instant without writing
    itself down, and is waited for.
    """
    for _ in range(GLANCES):
        if _taken(handle):
            return True
        if os.pread(handle, 1, 0):
            return False
        time.sleep(GLANCE_SECONDS)
    return False


def _read(handle: int) -> Holder:
    """The holder as it wrote itself down; for an instant after taking the lock it has not yet."""
    try:
        return Holder(**json.loads(os.pread(handle, MOST_BYTES, 0)))
    except (ValueError, TypeError):
        return Holder("another run that has only just started", 0, "this machine", "now")


def _write(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)


def _busy(holder: Holder) -> Busy:
    return Busy(
        f"Busy: {holder}.",
        what_now="Nothing was started. Wait until it has ended; if it is dead, its lock is gone with it.",
    )
