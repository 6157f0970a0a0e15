"""Chance, where the record needs it: salts and keys. The top says once where it comes from.

Nothing that a replay compares is made of it.
"""

from __future__ import annotations

from collections.abc import Callable

Source = Callable[[int], bytes]
_source: list[Source] = []


def comes_from(source: Source) -> None:
    """Take chance from here from now on: a function that gives so many random bytes, each time others."""
    _source[:] = [source]


def some(count: int) -> bytes:
    """So many random bytes. Raises RuntimeError where no source was named."""
    if not _source:
        raise RuntimeError("no source of chance was named: the top calls linewatch.chance.comes_from")
    return _source[0](count)
