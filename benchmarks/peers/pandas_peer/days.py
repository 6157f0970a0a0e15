"""Days as whole numbers since 1970, and the months between them, as DuckDB counts them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

import numpy as np

from benchmarks.peers.pandas_peer.whole import UNKNOWN, Ints

NEVER = 2_000_000
"""A day that no night reaches: for an unknown day that must not have come."""


def day(on: date) -> int:
    return (on - date(1970, 1, 1)).days


def last_closed_month(as_of: date) -> int:
    """The last month that had ended by the end of `as_of`, in months since 1970."""
    return _month_no(as_of) - (as_of.day < monthrange(as_of.year, as_of.month)[1])


def months_ago(on: Ints, as_of: date) -> Ints:
    """0 for a day in the last closed month, 1 in the one before, below 0 in a month that has not ended."""
    if not len(on):
        return on
    first = int(on.min())
    calendar = _months(np.arange(first, int(on.max()) + 1)).astype(np.int64)
    return (last_closed_month(as_of) - calendar)[on - first]


def months_until(on: Ints, as_of: date) -> Ints:
    """Whole months from each day to `as_of`; UNKNOWN of an unknown day."""
    month = _months(on)
    into = on - month.astype("M8[D]").astype(np.int64)
    is_last = as_of.day == monthrange(as_of.year, as_of.month)[1]
    begun = 0 if is_last else (into >= as_of.day).astype(np.int64)
    return np.where(on == UNKNOWN, UNKNOWN, _month_no(as_of) - month.astype(np.int64) - begun)


def add_months(on: Ints, months: Any) -> Ints:
    """The same day of another month, or its last one; UNKNOWN of an unknown day."""
    month = _months(on)
    there = month + months
    into = on - month.astype("M8[D]").astype(np.int64)
    last = (there + 1).astype("M8[D]") - 1
    return np.where(
        on == UNKNOWN,
        UNKNOWN,
        np.minimum(there.astype("M8[D]").astype(np.int64) + into, last.astype(np.int64)),
    )


def _months(on: Ints) -> Any:
    return on.astype(np.int64, copy=False).view("M8[D]").astype("M8[M]")


def _month_no(on: date) -> int:
    return (on.year - 1970) * 12 + on.month - 1
