"""RFC 6962, section 2.1, word for word: slow, and plain enough to be believed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def plain_root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\1" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*inclusion_path(leaves[:k], index), plain_root(leaves[k:])]
    return [*inclusion_path(leaves[k:], index - k), plain_root(leaves[:k])]


def consistency_path(leaves: Sequence[bytes], old: int) -> list[bytes]:
    return [] if old in (0, len(leaves)) else _consistency(leaves, old, True)


def _consistency(leaves: Sequence[bytes], old: int, known: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if known else [plain_root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*_consistency(leaves[:k], old, known), plain_root(leaves[k:])]
    return [*_consistency(leaves[k:], old - k, False), plain_root(leaves[:k])]


def split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)
