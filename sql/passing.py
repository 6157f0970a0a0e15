"""Databases that pass: for what is done beside a night, or without one, on what a home keeps."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sql.engine import Engine
from sql.memory import limit_mb

PREFIX = "passing-"
HELD = "held"
LEAST_MB = 500


@contextmanager
def passing(home: Path) -> Iterator[Engine]:
    """A database that takes a quarter of a night's memory, and spills the rest to work/passing-… of the home.

    The folder goes with it, and is held by a lock meanwhile, which a crash lets go of.
    """
    night_mb = limit_mb()
    memory_mb = min(max(night_mb // 4, LEAST_MB), night_mb // 2)
    (home / "work").mkdir(parents=True, exist_ok=True)
    with ExitStack() as ending:
        with _coming_and_going(home):
            made = TemporaryDirectory(dir=home / "work", prefix=PREFIX, ignore_cleanup_errors=True)
            folder = Path(ending.enter_context(made))
            held = os.open(folder / HELD, os.O_CREAT | os.O_RDWR, 0o600)
            ending.callback(os.close, held)
            fcntl.flock(held, fcntl.LOCK_EX)
        with Engine(folder / "spill", memory_mb=memory_mb) as engine:
            yield engine


def take_away_left(home: Path) -> list[Path]:
    """Take away the folders that a crash left; which they were. One that somebody holds is left alone."""
    if not (home / "work").exists():
        return []
    with _coming_and_going(home):
        return [folder for folder in sorted((home / "work").glob(f"{PREFIX}*")) if _taken_away(folder)]


def _taken_away(folder: Path) -> bool:
    with suppress(FileNotFoundError):  # it ended meanwhile
        # Made, for a crash may have come between the folder and its lock.
        held = os.open(folder / HELD, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
            return True
        except BlockingIOError:
            pass
        finally:
            os.close(held)
    return False


@contextmanager
def _coming_and_going(home: Path) -> Iterator[None]:
    """Alone among those who make or take away such folders: none is seen between its making and its lock."""
    work = os.open(home / "work", os.O_RDONLY)
    try:
        fcntl.flock(work, fcntl.LOCK_EX)
        yield
    finally:
        os.close(work)
