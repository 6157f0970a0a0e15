"""Merkle trees as in RFC 6962, section 2.1: roots, and the paths that prove a leaf or an earlier tree.

Worked: the leaves "" and 0x00 hash to 6e34…f01d and 96a2…85c7, and their tree's root is fac5…6125 (the known
answers of Certificate Transparency).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

SIZE = 32
"""Bytes of a hash."""
EMPTY = hashlib.sha256().digest()
AT_ONCE = 1 << 16
"""Leaves that are hashed together as one perfect subtree."""

Level = bytes | bytearray | memoryview
"""Hashes one after the other."""


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(level: Level) -> bytes:
    """The root of a tree whose leaf hashes lie one after the other."""
    while len(level) > SIZE:
        level = _above(level)
    return bytes(level) or EMPTY


class Grower:
    """The root of leaves that come one by one or many at a time; it holds no more than some of them."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []
        """Roots of perfect subtrees with their sizes, the largest first."""
        self._last = bytearray()

    def add(self, hashes: Iterable[bytes]) -> None:
        for each in hashes:
            self._last += each
            self.size += 1
            if len(self._last) == AT_ONCE * SIZE:
                self._push(AT_ONCE, root_of(self._last))
                self._last = bytearray()

    def root(self) -> bytes:
        below = root_of(self._last) if self._last else b""
        for _, peak in reversed(self._peaks):
            below = node(peak, below) if below else peak
        return below or EMPTY

    def _push(self, size: int, peak: bytes) -> None:
        while self._peaks and self._peaks[-1][0] == size:
            size, peak = 2 * size, node(self._peaks.pop()[1], peak)
        self._peaks.append((size, peak))


def path(leaves: Level, index: int) -> list[bytes]:
    """What proves the leaf at an index: its audit path, the sibling first. Raises IndexError beyond."""
    if not 0 <= index < len(leaves) // SIZE:
        raise IndexError(f"a tree of {len(leaves) // SIZE} leaves has none at {index}")
    found = []
    level = leaves
    while len(level) > SIZE:
        beside = SIZE * (index ^ 1)
        if beside < len(level):
            found.append(bytes(level[beside : beside + SIZE]))
        level, index = _above(level), index // 2
    return found


def consistency(leaves: Level, size: int) -> list[bytes]:
    """What proves that the tree begins with its first `size` leaves (RFC 6962, section 2.1.2)."""
    whole = len(leaves) // SIZE
    if not 0 < size <= whole:
        raise IndexError(f"a tree of {whole} leaves has no earlier one of {size}")
    return _consistency(memoryview(leaves), size, known=True)


def _consistency(leaves: memoryview, size: int, *, known: bool) -> list[bytes]:
    whole = len(leaves) // SIZE
    if size == whole:
        return [] if known else [root_of(leaves)]
    half = 1 << ((whole - 1).bit_length() - 1)
    left, right = leaves[: half * SIZE], leaves[half * SIZE :]
    if size <= half:
        return [*_consistency(left, size, known=known), root_of(right)]
    return [*_consistency(right, size - half, known=False), root_of(left)]


def _above(level: Level) -> bytes:
    """The level above; a node without a sibling rises as it is."""
    sha256 = hashlib.sha256
    pairs = len(level) - len(level) % (2 * SIZE)
    nodes = [sha256(b"\x01" + level[at : at + 2 * SIZE]).digest() for at in range(0, pairs, 2 * SIZE)]
    return b"".join(nodes) + bytes(level[pairs:])
