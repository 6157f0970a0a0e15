"""Files on their way into a folder, which appears whole or not at all."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from linewatch import fault
from linewatch.errors import NoRoom
from linewatch.room import HALF, ran_out, runs
from sql.files import settle, sha256_of

PIECE = 1 << 20
MOST_OF_NAME = 63


@dataclass
class Copying:
    """Files on their way into a folder: each is hashed as it is copied; what is there already is linked."""

    into: Path
    earlier: Mapping[str, Path] = field(default_factory=dict)
    """Files of an earlier backup by hash, which may have been altered since."""
    files: dict[str, dict[str, str | int]] = field(default_factory=dict)
    shared: int = 0
    _by_inode: dict[tuple[int, int], str] = field(default_factory=dict)

    def take(self, source: Path, name: str, sha256: str | None) -> str:
        """Leave a file under its name; return its hash. Raises FileNotFoundError."""
        target = self.into / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        at = source.stat()
        same = self._by_inode.setdefault((at.st_dev, at.st_ino), name)
        if same != name and _linked(self.into / same, target):
            found = str(self.files[same]["sha256"])
            self.shared += at.st_size
        elif sha256 is not None and self._linked_earlier(sha256, target, at.st_size):
            found = sha256
            self.shared += at.st_size
        else:
            found = _copy(source, target)
        self.files[name] = {"sha256": found, "bytes": at.st_size}
        fault.point("backup.file", "after")
        return found

    def write(self, name: str, text: str) -> None:
        path = self.into / name
        path.write_text(text, encoding="utf-8")
        self.note(name)

    def note(self, name: str) -> None:
        """Take a file that was written into the folder itself among the others."""
        path = self.into / name
        settle(path)
        self.files[name] = {"sha256": sha256_of(path), "bytes": path.stat().st_size}

    def settle(self) -> None:
        """Bring the names of all files through a power cut."""
        for folder in sorted({above for name in self.files for above in Path(name).parents}):
            settle(self.into / folder)

    @property
    def bytes(self) -> int:
        return sum(int(each["bytes"]) for each in self.files.values())

    def _linked_earlier(self, sha256: str, target: Path, size: int) -> bool:
        path = self.earlier.get(sha256)
        sound = (
            path is not None and path.is_file() and path.stat().st_size == size and sha256_of(path) == sha256
        )
        return path is not None and sound and _linked(path, target)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Where to write a folder, which stands at `path` when it is whole; an error leaves nothing of it."""
    half = path.with_name(f"{path.name}.{_machine()}.{os.getpid()}{HALF}")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    try:
        yield half
        settle(half)
        fault.point("backup.rename", "before")
        half.rename(path)
        settle(path.parent)
    except Exception as error:
        if ran_out(error):
            raise NoRoom(
                "The disk is full. What was half copied is taken away.",
                where=str(path.parent),
                what_now="Make room there, or take away older backups, and run the same command again.",
            ) from error
        raise
    finally:
        shutil.rmtree(half, ignore_errors=True)


def sweep(place: Path, named: str) -> None:
    """Take away the folders that were cut off on this machine on their way to a name; no other folder.

    `named` is a regular expression. What another machine copies there is its own to take away.
    """
    ours = re.compile(rf"(?:{named})\.{re.escape(_machine())}\.(\d+){re.escape(HALF)}", re.ASCII)
    for half in sorted(place.iterdir()):
        found = ours.fullmatch(half.name)
        if found and (int(found[1]) == os.getpid() or not runs(int(found[1]))):
            shutil.rmtree(half, ignore_errors=True)


def _machine() -> str:
    """This machine, as it can stand in the name of a folder."""
    return re.sub(r"[^A-Za-z0-9-]", "-", platform.node())[:MOST_OF_NAME] or "unnamed"


def _copy(source: Path, target: Path) -> str:
    """Copy a file, bring it through a power cut, and return the hash of what was read."""
    digest = hashlib.sha256()
    with source.open("rb") as old, open(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as new:
        while piece := old.read(PIECE):
            digest.update(piece)
            new.write(piece)
        new.flush()
        os.fsync(new.fileno())
    return digest.hexdigest()


def _linked(old: Path, new: Path) -> bool:
    """Whether a file could be given a second name; not every file system can."""
    try:
        os.link(old, new)
    except OSError:
        return False
    return True
