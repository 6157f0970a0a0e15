"""The leaves of a batch's tree: salted hashes of its canonical rows, beside the salts (docs/log.md)."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from linewatch import chance
from linewatch.tree import Grower

SALT = 16
"""Bytes of a salt."""
SECTIONS = ("decisions", "changes")
"""In this order."""


@dataclass(frozen=True)
class Planted:
    """A tree, with its two files as they lie."""

    sizes: dict[str, int]
    """Leaves by section."""
    root: bytes

    @property
    def size(self) -> int:
        return sum(self.sizes.values())

    @property
    def told(self) -> dict[str, Any]:
        """As the log's entry has it."""
        return {**{name: self.sizes.get(name, 0) for name in SECTIONS}, "root": self.root.hex()}


class Planter:
    """Writes leaves and salts as the rows come; `plant` is the way to one."""

    def __init__(self, leaves: IO[bytes], salts: IO[bytes]) -> None:
        self._leaves, self._salts = leaves, salts
        self._grown = Grower()
        self.sizes: dict[str, int] = {}

    def add(self, section: str, rows: Sequence[bytes]) -> None:
        """Canonical rows in order; a section's rows come one after the other, the sections in theirs."""
        salts = chance.some(SALT * len(rows))
        hashes = _hashed(rows, salts)
        self._salts.write(salts)
        self._leaves.write(b"".join(hashes))
        self._grown.add(hashes)
        self.sizes[section] = self.sizes.get(section, 0) + len(rows)

    def done(self) -> Planted:
        """The tree, once both files are written and durable; nothing can be added any more."""
        for each in (self._leaves, self._salts):
            each.flush()
            os.fsync(each.fileno())
            each.close()
        return Planted(dict(self.sizes), self._grown.root())


FILES = ("leaves", "salts")


@contextmanager
def plant(folder: Path) -> Iterator[Planter]:
    """Write `folder`/leaves.partial and `folder`/salts.partial; they are whole when the planter is done."""
    folder.mkdir(parents=True, exist_ok=True)
    with half(folder, "leaves").open("wb") as leaves, half(folder, "salts").open("wb") as salts:
        yield Planter(leaves, salts)


def halves(folder: Path) -> dict[str, Path]:
    """Where the files of a tree lie while they are written, by name."""
    return {name: half(folder, name) for name in FILES}


def half(folder: Path, name: str) -> Path:
    """Where a file of the tree lies while it is written."""
    return folder / f"{name}.partial"


def planted(folder: Path, rows: Mapping[str, Iterable[Sequence[bytes]]]) -> Planted:
    """The tree of sections of canonical rows, each many at a time, in the order of SECTIONS."""
    with plant(folder) as planter:
        for section in SECTIONS:
            for some in rows.get(section, ()):
                planter.add(section, some)
        return planter.done()


class Standing:
    """Which leaves of a batch stand: row k of a section's file is the k-th of its leaves not erased."""

    def __init__(self, salts: bytes) -> None:
        self._gone = _zeros(salts)

    def leaf(self, place: int, first: int = 0) -> int:
        """The leaf of a row by its place in the file of a section, whose leaves begin at `first`."""
        before = bisect_left(self._gone, first)
        after = range(before, len(self._gone))
        # The k-th leaf gone of a section has its own number, less k, of rows that stand before it.
        gone = bisect_right(after, place, key=lambda at: self._gone[at] - first - (at - before))
        return first + place + gone

    def place(self, leaf: int, first: int = 0) -> int | None:
        """The place of a leaf's row in the file of its section; None where the leaf is erased."""
        at = bisect_left(self._gone, leaf)
        if at < len(self._gone) and self._gone[at] == leaf:
            return None
        return leaf - first - (at - bisect_left(self._gone, first))


def _zeros(salts: bytes) -> list[int]:
    """The leaves without a salt, in order: few, among millions that are passed over without a look."""
    gone = bytes(SALT)
    found = []
    at = salts.find(gone)
    while at >= 0:
        index = -(-at // SALT)
        if index * SALT == at:
            found.append(index)
            index += 1
        at = salts.find(gone, index * SALT)
    return found


def _hashed(rows: Iterable[bytes], salts: bytes) -> list[bytes]:
    sha256 = hashlib.sha256
    return [
        sha256(b"\x00" + salts[at : at + SALT] + row).digest()
        for at, row in zip(range(0, len(salts), SALT), rows, strict=True)
    ]
