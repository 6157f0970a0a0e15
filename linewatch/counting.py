"""Numbers with what they count, for people to read."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """`1 line`, `2 lines`; the plural ends in s unless another is given."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def were(count: int) -> str:
    return "was" if count == 1 else "were"
