"""Trees of SHA-256 as RFC 6962, section 2.1, has them: their root, and what proves against it.

A hash is 32 bytes. Paths are lists of hashes, the nearest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH = 32
EMPTY_ROOT = sha256(b"").digest()
_BLOCK_LEVELS = 12
_BLOCK = HASH << _BLOCK_LEVELS
"""Leaf hashes are folded so many bytes at a time, which spares a loop over levels for each leaf."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf, of its data."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node, of the hashes below it."""
    return sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows by leaf hashes and keeps no more of them than its root needs."""

    def __init__(self) -> None:
        self.size = 0
        self._folded: list[tuple[int, bytes]] = []  # (levels, root) of whole subtrees, the largest first
        self._waiting = bytearray()

    def add(self, hashes: bytes) -> None:
        """Add leaf hashes, one after the other; raises ValueError if one is cut off."""
        if len(hashes) % HASH:
            raise ValueError(f"{len(hashes)} bytes are no whole number of hashes")
        self.size += len(hashes) // HASH
        self._waiting += hashes
        whole = len(self._waiting) - len(self._waiting) % _BLOCK
        for start in range(0, whole, _BLOCK):
            self._push(_BLOCK_LEVELS, _fold(bytes(self._waiting[start : start + _BLOCK])))
        del self._waiting[:whole]

    def root(self) -> bytes:
        """The root of the leaves so far."""
        if self.size == 0:
            return EMPTY_ROOT
        right = _root_of_few(bytes(self._waiting))
        for _, left in reversed(self._folded):
            right = left if right is None else node_hash(left, right)
        assert right is not None
        return right

    def _push(self, levels: int, root: bytes) -> None:
        while self._folded and self._folded[-1][0] == levels:
            root = node_hash(self._folded.pop()[1], root)
            levels += 1
        self._folded.append((levels, root))


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root of a tree of these leaf hashes."""
    tree = Tree()
    tree.add(b"".join(hashes))
    return tree.root()


def _fold(level: bytes) -> bytes:
    """The root of a power of two of hashes."""
    while len(level) > HASH:
        level = b"".join(
            [sha256(b"\1" + level[at : at + 2 * HASH]).digest() for at in range(0, len(level), 2 * HASH)]
        )
    return level


def _root_of_few(hashes: bytes) -> bytes | None:
    """The root of less than a block; None of nothing."""
    root: bytes | None = None
    count, end = len(hashes) // HASH, len(hashes)
    # The smallest whole subtree stands last, and is the right of all before it.
    while count:
        size = (count & -count) * HASH
        left = _fold(hashes[end - size : end])
        root = left if root is None else node_hash(left, root)
        end -= size
        count &= count - 1
    return root


def includes(root: bytes, size: int, leaf: bytes, index: int, path: Sequence[bytes]) -> bool:
    """Whether a leaf hash stands at this place in a tree (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def extends(old_root: bytes, old_size: int, new_root: bytes, new_size: int, path: Sequence[bytes]) -> bool:
    """Whether the newer tree begins with all of the older (RFC 9162, section 2.1.4.2); sizes in leaves."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT
    if old_size == new_size:
        return not path and old_root == new_root
    # A whole subtree is its own first sibling, and is left out of the path.
    steps = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not steps:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
