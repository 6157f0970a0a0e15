"""The tree of a batch: its leaves in their file, and the rows of decisions and changes that they are of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from verify.report import Findings
from verify.strict import Malformed
from verify.tree import HASH, Tree

SALT = 16
ERASED = bytes(SALT)
_LEAVES = 32_768


def root_of_file(path: Path) -> tuple[int, bytes]:
    """How many whole leaf hashes a file has, and the root of their tree."""
    tree = Tree()
    with path.open("rb") as file:
        while piece := file.read(_LEAVES * HASH):
            tree.add(piece[: len(piece) - len(piece) % HASH])
    return tree.size, tree.root()


def erased_in(path: Path) -> set[int]:
    """Which salts of a file are those of erased leaves."""
    found: set[int] = set()
    first = 0
    with path.open("rb") as file:
        while piece := file.read(_LEAVES * SALT):
            if ERASED in piece:
                starts = range(0, len(piece), SALT)
                found.update(first + at // SALT for at in starts if piece[at : at + SALT] == ERASED)
            first += _LEAVES
    return found


def standing(leaves: Path, salts: Path, start: int, count: int) -> Iterator[tuple[int, bytes, bytes]]:
    """The leaves that are not erased, of a part of the tree: (index, salt, leaf hash)."""
    with leaves.open("rb") as of_leaves, salts.open("rb") as of_salts:
        of_leaves.seek(start * HASH)
        of_salts.seek(start * SALT)
        for first in range(start, start + count, _LEAVES):
            many = min(_LEAVES, start + count - first)
            hashes, salted = of_leaves.read(many * HASH), of_salts.read(many * SALT)
            for at in range(min(len(hashes) // HASH, len(salted) // SALT)):
                salt = salted[at * SALT : at * SALT + SALT]
                if salt != ERASED:
                    yield first + at, salt, hashes[at * HASH : at * HASH + HASH]


class Rows:
    """Checks the rows of one file, piece after piece, against the leaves of their part of the tree."""

    def __init__(self, where: str, of: str, leaves: Iterator[tuple[int, bytes, bytes]] | None) -> None:
        self.where, self.of, self.leaves = where, of, leaves
        self.count = 0
        self.root = hashlib.sha256()
        self._last: str | None = None
        self._first: tuple[str, str] | None = None
        self._differing = 0
        self._disordered = False

    def check(self, path: Path, findings: Findings, *, old: bool = False) -> bool:
        """Read the file through and tell what differs; False: it is old and has not today's columns."""
        from verify.rows import Lacking, canonical

        try:
            for rows, lines in canonical(path, self.of):
                self.root.update(b"".join(rows))
                self._order(lines, findings)
                self._match(rows, lines)
                self.count += len(rows)
        except Malformed as error:
            if old and isinstance(error, Lacking):
                return False
            findings.fault(self.where, str(error))
        self._tell(findings)
        return True

    def _match(self, rows: list[bytes], lines: Any) -> None:
        if self.leaves is None:
            return
        sha256, at = hashlib.sha256, -1
        for at, (row, (index, salt, leaf)) in enumerate(
            zip(rows, islice(self.leaves, len(rows)), strict=False)
        ):
            if sha256(b"\0" + salt + row).digest() != leaf:
                self._differ(at, f"leaf {index}", lines)
        for beyond in range(at + 1, len(rows)):
            self._differ(beyond, "no leaf", lines)

    def _differ(self, at: int, leaf: str, lines: Any) -> None:
        self._differing += 1
        if self._first is None:
            what = f"row {self.count + at + 1} of {self.of} is the first that is not as committed ({leaf})"
            self._first = (what, str(lines[at].as_py()))

    def _order(self, lines: Any, findings: Findings) -> None:
        """Lines come in order and none twice: what was committed is not doubled."""
        import pyarrow.compute as pc

        if self._disordered or len(lines) == 0:
            return
        fair = lines.null_count == 0 and (self._last is None or self._last < lines[0].as_py())
        if not fair or (len(lines) > 1 and not pc.all(pc.less(lines[:-1], lines[1:])).as_py()):
            self._disordered = True
            findings.fault(self.where, f"the lines of {self.of} are out of order, or one stands twice")
        self._last = lines[-1].as_py()

    def _tell(self, findings: Findings) -> None:
        if self._first is not None:
            more = f"; {self._differing - 1:,} after it are not either" if self._differing > 1 else ""
            findings.fault(self.where, self._first[0] + more, self._first[1])
        left = next(self.leaves, None) if self.leaves is not None else None
        if left is not None:
            findings.fault(self.where, f"rows of {self.of} are gone: leaf {left[0]} is the first without one")
