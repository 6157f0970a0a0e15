"""Whole numbers with holes: int64 arrays in which UNKNOWN is null, and division whose rounding is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Values = dict[str, npt.NDArray[Any]]

UNKNOWN = int(np.iinfo(np.int64).min)
"""NumPy reads it as NaT too, so that an unknown day stays unknown in the arithmetic of months."""
NARROW_UNKNOWN = int(np.iinfo(np.int32).min)
BOUNDLESS = 2**62
"""Cents that no limit reaches."""
WHOLE = 10_000
"""Basis points of a whole."""


def up(part: Ints, whole: Any) -> Ints:
    """The quotient rounded up; `whole` above zero."""
    return -(-part // whole)


def toward_zero(part: Ints, whole: Any) -> Ints:
    """The quotient without its fraction, as SQL divides; `whole` above zero."""
    return np.sign(part) * (np.abs(part) // whole)


def where_known(known: Any, values: Any) -> Ints:
    """The values where `known`, else UNKNOWN."""
    return np.where(known, values, np.int64(UNKNOWN))


def narrowed(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """In 32 bits, where they are known to fit: UNKNOWN becomes NARROW_UNKNOWN."""
    return np.maximum(values, NARROW_UNKNOWN, dtype=np.int64).astype(np.int32)


def unknown_of(values: npt.NDArray[Any]) -> int:
    """What stands for null in an array of this width."""
    return int(np.iinfo(values.dtype).min)


def share_up(part: Ints, whole: Ints, most: int) -> Ints:
    """`part` of `whole` in basis points, rounded up, at most `most`: that too where there is no whole.

    UNKNOWN where both are zero. No amount is below zero.
    """
    bp = np.minimum(up(part * WHOLE, np.maximum(whole, 1)), most)
    return np.where(whole > 0, bp, np.where(part > 0, most, UNKNOWN))


def times(amount: Any, bp: Any) -> Ints:
    """A share of an amount of at least zero, rounded down."""
    return amount * bp // WHOLE


def newest(owner: Ints, on: Ints, owners: int, counts: Flags | None = None) -> Ints:
    """The row of each owner with the last day, of the rows that count; -1 where there is none.

    No owner has two rows of one day. Rows of owner -1 belong to nobody.
    """
    counts = owner >= 0 if counts is None else counts & (owner >= 0)
    rows = np.flatnonzero(counts)
    last = np.full(owners, UNKNOWN)
    np.maximum.at(last, owner[rows], on[rows])
    rows = rows[on[rows] == last[owner[rows]]]
    found = np.full(owners, -1)
    found[owner[rows]] = rows
    return found


def pick(values: npt.NDArray[Any], row: Ints, otherwise: Any = UNKNOWN) -> npt.NDArray[Any]:
    """The values at these rows; `otherwise` where the row is -1."""
    if not len(values):
        return np.full(len(row), otherwise, values.dtype)
    return np.where(row >= 0, values[row], np.asarray(otherwise, values.dtype))


class Owned:
    """Rows that lie together by owner, 0 to `owners` - 1. An owner may have none."""

    def __init__(self, owner: Ints, owners: int) -> None:
        self.owner, self.owners = owner, owners
        self._starts = np.flatnonzero(np.diff(owner, prepend=-1))
        self._there = owner[self._starts]

    def fold(self, step: np.ufunc, values: npt.NDArray[Any], nothing: int = 0) -> npt.NDArray[Any]:
        """One value an owner: their rows folded by `step` (np.add, np.maximum, …); `nothing` where none."""
        if values.dtype == np.bool_:
            values = values.view(np.int8)
        folded = np.full(self.owners, nothing, values.dtype)
        if len(self._starts):
            folded[self._there] = step.reduceat(values, self._starts)
        return folded

    def sum(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return self.fold(np.add, values)

    def any(self, flags: Flags) -> Flags:
        return self.fold(np.maximum, flags).view(np.bool_)
