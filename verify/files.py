"""Files of a home: where one may lie, and what is in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from verify.strict import Malformed, is_hex, whole

_PIECE = 1 << 20


@dataclass(frozen=True)
class Named:
    """A file as the record names it: its path from the home on, hash, bytes, and rows (or leaves)."""

    path: str
    sha256: str
    bytes: int
    rows: int


def named(given: Any) -> Named:
    """What the record says of a file; raises Malformed."""
    if not isinstance(given, dict):
        raise Malformed("what is told of it is no object")
    path, sha256, size, rows = (given.get(key) for key in ("path", "sha256", "bytes", "rows"))
    if not isinstance(path, str) or not _inside(path):
        raise Malformed("its path does not lie in the home")
    if not is_hex(sha256, 32) or not whole(size) or not whole(rows):
        raise Malformed("its hash, bytes or rows are not told")
    return Named(path, sha256, size, rows)


class Hasher:
    """Hashes files, each once, however many names it has."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int, int], str] = {}

    def differs(self, path: Path, sha256: str, size: int) -> str:
        """How a file differs from what is told of it, in words; empty: not at all."""
        try:
            with path.open("rb") as file:
                stat = os.fstat(file.fileno())
                if stat.st_size != size:
                    return f"has {stat.st_size:,} bytes, and {size:,} were written"
                which = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)
                if which not in self._known:
                    digest = hashlib.sha256()
                    while piece := file.read(_PIECE):
                        digest.update(piece)
                    self._known[which] = digest.hexdigest()
        except FileNotFoundError:
            return "is gone"
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return "" if self._known[which] == sha256 else "has other bytes than were written"


def strays(home: Path, known: Iterable[str]) -> int:
    """How many files in batches/ and evidence/ no row of the record names."""
    told = {str(PurePosixPath(path)) for path in known}
    count = 0
    for place in ("batches", "evidence"):
        for folder, _, names in os.walk(home / place):
            inside = Path(folder).relative_to(home)
            count += sum((inside / name).as_posix() not in told for name in names)
    return count


def _inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts and "\0" not in path and bool(pure.parts)
