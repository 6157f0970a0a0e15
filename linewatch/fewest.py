"""Sums that may be told: none from which the amount of one person could be read, or worked out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

FEWEST = 5
"""A sum over fewer borrowers than this is not told."""

Part = TypeVar("Part", bound=Hashable)


def kept_back(borrowers: Mapping[Part, int]) -> frozenset[Part]:
    """Of the parts of a sum that is told, with the borrowers of each, those that may not be.

    The parts of few borrowers, and the smallest of the others: the difference between the sum and the parts
    told must not be theirs alone.
    """
    few = {part for part, count in borrowers.items() if 0 < count < FEWEST}
    many = sorted(
        (part for part in borrowers if borrowers[part] >= FEWEST), key=lambda p: (borrowers[p], str(p))
    )
    return frozenset(few | set(many[:1])) if few else frozenset()
