"""Files that people lay beside a case: how each is named in the home, and how it comes there whole.

Of the file that was given nothing is kept but its bytes, and its suffix where that is a known one: people
name files after borrowers.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from linewatch import fault
from linewatch.errors import Busy, DataRefused, NotFound
from linewatch.room import HALF, MB, settle

FOLDER = "evidence"
MOST_BYTES = 50 * MB
"""Of one file: a report with its photographs. A record of a whole interview is cut into parts."""
UNKNOWN = "application/octet-stream"
ADDED, PRUNED = "evidence_added", "evidence_pruned"
"""The events that lay a file beside a case, and let it go."""
_AT_ONCE = 1 << 20
_TYPES = MimeTypes()  # of the standard library's own list: what a machine has installed is not asked
for _type, _suffix in (
    ("application/ofd", ".ofd"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("audio/mp4", ".m4a"),
    ("image/webp", ".webp"),
):
    _TYPES.add_type(_type, _suffix)


@dataclass(frozen=True)
class Evidence:
    """A file that lies beside a case, as an event of the case tells it."""

    sha256: str
    bytes: int
    media_type: str
    """By its suffix alone: nothing looks into the file."""
    suffix: str
    """With its dot; empty where it was none that is known."""
    item: str
    """Of the checklist (linewatch/checklist.py); empty: of none."""

    @property
    def path(self) -> str:
        """Where it lies under the home, with forward slashes. Equal bytes of one suffix lie there once."""
        return f"{FOLDER}/{self.sha256[:2]}/{self.sha256}{self.suffix}"

    def told(self) -> dict[str, Any]:
        """What an event of the case keeps of it."""
        return {name: getattr(self, name) for name in ("sha256", "bytes", "media_type", "suffix", "item")}


def of_event(content: Mapping[str, Any]) -> Evidence | None:
    """The file that an event tells of; None: it was erased."""
    if not content.get("sha256"):
        return None
    texts = (str(content.get(name, "")) for name in ("media_type", "suffix", "item"))
    return Evidence(str(content["sha256"]), int(content["bytes"]), *texts)


def media_of(name: str) -> tuple[str, str]:
    """The media type and the suffix to keep of a file by its name: ("image/jpeg", ".jpg").

    A suffix that no list has may be part of a person's name, and is not kept.
    """
    suffix = PurePosixPath(name).suffix.lower()
    found, packed = (
        _TYPES.guess_type(f"x{suffix}") if suffix.isascii() and suffix[1:].isalnum() else (None, None)
    )
    return (found, suffix) if found and not packed else (UNKNOWN, "")


@dataclass
class Coming:
    """A file on its way into the home, whole and durable beside where it is to lie."""

    half: Path
    evidence: Evidence
    moved: bool = False
    """Whether the half has its place: its name is free for another's, also of this process."""

    def put(self, home: Path) -> None:
        """Let it lie there: while nobody takes away what no event names (ledger/beside.py). Raises Busy where
        its half is gone.
        """
        path = home / self.evidence.path
        fault.point("evidence.file", "before")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.replace(self.half, path)
        except FileNotFoundError as error:  # to another machine, whoever wrote it here does not run
            raise Busy(
                "A night began on another machine meanwhile, and swept the half-copied file away.",
                what_now="Nothing was added. Run the same command again.",
            ) from error
        self.moved = True
        for folder in (path.parent, path.parent.parent, home):
            settle(folder)
        fault.point("evidence.file", "after")

    def lies_whole(self, home: Path) -> bool:
        """Whether it lies there with these bytes."""
        try:
            with (home / self.evidence.path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.evidence.sha256
        except OSError:
            return False


@contextmanager
def coming(home: Path, file: Path, item: str) -> Iterator[Coming]:
    """Copy a file into the home; what was not put by then is taken away at the end.

    Raises NotFound where there is none, DataRefused for what is no file, empty, too large or not to be read.
    """
    with open(_opened(file), "rb") as given:
        half, handle = _half(home)
        came = None
        try:
            sha256, size = _copied(file, given, handle)
            fault.point("evidence.copy", "after")
            came = Coming(half, Evidence(sha256, size, *media_of(file.name), item))
            yield came
        finally:
            if came is None or not came.moved:
                half.unlink(missing_ok=True)
            _leave_no_empty(half.parent)


def _copied(file: Path, given: BinaryIO, handle: int) -> tuple[str, int]:
    """Copy what was opened to a handle, durably; its SHA-256 and how many bytes."""
    digest, size = hashlib.sha256(), 0
    with open(handle, "wb") as copy:
        while piece := given.read(min(_AT_ONCE, MOST_BYTES + 1 - size)):
            digest.update(piece)
            size += len(piece)
            copy.write(piece)
        _check_size(file, size)
        fault.point("evidence.copy", "inside")
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def unnamed(home: Path, named: Collection[str]) -> list[Path]:
    """Files of evidence under a home that are not among these paths; half ones are none of them."""
    found = (path for path in sorted((home / FOLDER).glob("*/*")) if not path.is_dir())
    return [path for path in found if path.relative_to(home).as_posix() not in named]


def is_tidy(home: Path, named: Collection[str]) -> bool:
    """Whether all that lies there is among these paths, in folders that are not empty."""
    return not unnamed(home, named) and all(any(folder.iterdir()) for folder in _folders(home))


def take_away(home: Path, paths: Collection[Path]) -> None:
    """Take files of evidence away, and every folder that is empty then: while nobody adds any."""
    for path in paths:
        fault.point("evidence.gone", "before")
        path.unlink(missing_ok=True)
    for folder in _folders(home):
        _leave_no_empty(folder)


def readable(path: Path) -> str:
    """A path as it can be printed, whatever stands in its name."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _folders(home: Path) -> list[Path]:
    """Those of evidence, the upper one last."""
    folder = home / FOLDER
    return [*(path for path in sorted(folder.glob("*")) if path.is_dir()), folder] if folder.is_dir() else []


def _leave_no_empty(folder: Path) -> None:
    with suppress(OSError):  # others are in it, or it is gone
        folder.rmdir()


def _opened(file: Path) -> int:
    """A handle on a file to be read; a pipe or a device is not waited for."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(
            "There is no such file.",
            with_keys=readable(file),
            what_now="Nothing was added. Name the file that is to lie beside the case.",
        ) from error
    except OSError as error:
        raise _refused(file, f"cannot be read ({error.strerror})") from error
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return handle
    os.close(handle)
    raise _refused(file, "is a folder: add its files one by one" if stat.S_ISDIR(mode) else "is no file")


def _check_size(file: Path, size: int) -> None:
    if size == 0:
        raise _refused(file, "is empty")
    if size > MOST_BYTES:
        raise _refused(file, f"has more than {MOST_BYTES // MB} MB: cut it into parts")


def _half(home: Path) -> tuple[Path, int]:
    """A new file that nobody else may read, under a name by which it is swept once this process is gone."""
    folder, number = home / FOLDER, 0
    while True:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = folder / f"adding-{number}.{os.getpid()}{HALF}"
        try:
            return half, os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            number += 1
        except FileNotFoundError:
            continue  # somebody who ended just now took the empty folder away


def _refused(file: Path, why: str) -> DataRefused:
    return DataRefused(
        f"The file {why}.",
        with_keys=readable(file),
        what_now="Nothing was added. Name a file that can be kept, and run the same command again.",
    )
