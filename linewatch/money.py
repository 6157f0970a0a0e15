"""Whole minor units, and the few places where they are shared out or written as major units."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal


def major(minor_units: int, places: int) -> Decimal:
    """Minor units as the major unit, exactly: 120050 with 2 places is 1200.50."""
    return Decimal(minor_units).scaleb(-places)


def share_bp(part: int, whole: int) -> int | None:
    """`part` of `whole` in basis points, rounded down; null where there is no whole."""
    return part * 10_000 // whole if whole else None


def about(cents: int, places: int) -> Decimal:
    """About how much in whole units, of three digits that count: 123,456.78 is 123,000; halves to even."""
    value = major(cents, places)
    drop = max(0, value.adjusted() - 2)
    return value.quantize(Decimal(1).scaleb(drop), ROUND_HALF_EVEN).quantize(Decimal(1))
