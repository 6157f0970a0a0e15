"""The home's place on the disk: how it is named, whether it can be used, and what is said when it is full."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shlex import quote

from linewatch.errors import DiskFailed, LedgerUnusable, LinewatchError, NoRoom, PlaceUnusable

MB = 1_000_000
HALF = ".partial"
SAID = (
    "no space left on device",
    "disk quota exceeded",
    "database or disk is full",
    "max_temp_directory_size",
)
"""How SQLite and DuckDB say it, who keep no errno."""
SAID_BROKEN = (
    "input/output error",
    "disk i/o error",
    "unable to open database file",
    "attempt to write a readonly database",
)
"""How they say that a disk failed; SQLite opens for reading what it could not open for writing."""


WRITTEN = ("ledger.db", "lock", "batches", "evidence", "log", "out", "prefect", "snapshots", "work")
"""What a night writes to in its home; an earlier one of another user may own it."""


OTHERS = 0o077
"""What nobody but the owner may do with a file of the home."""


def keep_private() -> None:
    """From here on this process, and those that it starts, make no file that another user may look into.

    What borrowers owe lies in most of them. Whoever wants others to read a folder says so to the file system:
    a default access list of the folder stands above this.
    """
    os.umask(OTHERS)


def home_option(home: Path) -> str:
    """What a command must carry to mean this home; empty where it is the one that is meant anyway."""
    usual = Path(os.environ.get("LINEWATCH_HOME") or "var").absolute()
    return "" if home.absolute() == usual else f" --home {quote(str(home.absolute()))}"


def check_folder(folder: Path) -> Path:
    """What stands of the folder and those above it. Raises PlaceUnusable where that is a file."""
    standing = next(path for path in (folder, *folder.parents) if os.path.exists(path))
    if not standing.is_dir():
        raise PlaceUnusable(
            f"{standing} is a file where a folder must be.",
            what_now="Nothing was changed. Name another folder, or move the file away.",
        )
    return standing


def check_usable(folder: Path) -> None:
    """Raise PlaceUnusable if the folder cannot be made or written to, or what a night writes to in it."""
    standing = check_folder(folder)
    for path in (standing, *(folder / name for name in WRITTEN)):
        if os.path.exists(path) and not os.access(path, os.W_OK):
            raise PlaceUnusable(
                f"{path} may not be written to.",
                what_now="Nothing was changed. Give this user the right to it, mount it writable, or name "
                "another folder (to look at a home, a copy of it will do); then run the same command again.",
            )


def make_home(home: Path) -> None:
    """Make a home, which its owner alone may look into, and bring its name through a power cut."""
    above = next(folder for folder in (home, *home.parents) if folder.exists())
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in home.parents if above != home else ():
        settle(folder)
        if folder == above:
            break


def settle(path: Path) -> None:
    """Bring what is in a file, or the names in a folder, through a power cut; what may not be read stays."""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write a file, which stands at `path` when it is whole and not before; the folder is there.

    A half one, <name>.<process>.partial, is taken away by a later night once its process is gone.
    """
    half = path.with_name(f"{path.name}.{os.getpid()}{HALF}")
    yield half
    os.replace(half, path)


def abandoned(folder: Path, where: str = "**/*") -> Iterator[Path]:
    """The half files under a folder, or with `*` directly in it, that no process on this machine writes now.

    For a process that writes none itself: one of its own number is of an earlier one.
    """
    for half in sorted(folder.glob(f"{where}{HALF}")):
        writer = half.name.removesuffix(HALF).rpartition(".")[2]
        if not writer.isdigit() or int(writer) == os.getpid() or not runs(int(writer)):
            yield half


def runs(process: int) -> bool:
    """Whether a process of this machine is alive."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # it is another user's
    return True


def check_room(home: Path, least_bytes: int) -> None:
    """Raise NoRoom if the home's disk has fewer free bytes."""
    standing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(standing).free
    if free < least_bytes:
        raise NoRoom(
            f"{_mb(free)} MB are free where the home lies; this night needs {_mb(least_bytes)} MB.",
            where=str(home),
            what_now="Make room, or move the home to a larger disk, and run the same command again. "
            "Nothing was changed.",
        )


@contextmanager
def full_disk_told(home: Path) -> Iterator[None]:
    """Turn whatever a full disk makes fail in here into NoRoom; other errors pass as they are."""
    try:
        yield
    except NoRoom:
        raise
    except Exception as error:
        if not ran_out(error):
            raise
        raise NoRoom(
            "The disk of the home is full. What was half written is taken away; what is committed stands.",
            where=str(home),
            what_now="Make room and run the same command again.",
        ) from error


@contextmanager
def disk_told(home: Path) -> Iterator[None]:
    """Turn what a full or a failing disk makes fail in here into NoRoom or DiskFailed; a LinewatchError and
    what is no disk's fault pass as they are.

    For the outside of a command: a step that is tried again must see the error itself.
    """
    try:
        with full_disk_told(home):
            yield
    except LinewatchError:
        raise
    except Exception as error:
        broken = broke(error)
        if broken is None:
            raise
        raise DiskFailed(
            "A disk could not be read or written. What is committed stands; what was half done is taken away "
            "or finished by the next start.",
            where=str(getattr(broken, "filename", None) or home),
            what_now="See what the system says of the disk (dmesg), then run the same command again.",
        ) from error


def broke(error: BaseException | None) -> BaseException | None:
    """The failing disk at the bottom of an error, None if there is none."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.EIO, errno.EROFS, errno.ESTALE):
            return error
        if any(said in str(error).lower() for said in SAID_BROKEN):
            return error
        error = error.__cause__ or error.__context__
    return None


def ran_out(error: BaseException | None) -> bool:
    """Whether a full disk is at the bottom of an error."""
    while error is not None:
        if isinstance(error, LedgerUnusable):
            return False  # of another machine, and told already
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if any(said in str(error).lower() for said in SAID):
            return True
        error = error.__cause__ or error.__context__
    return False


def _mb(count: int) -> str:
    return f"{-(-count // MB):,}"
