"""Whole cents and whole months, as docs/policy.md counts them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

WHOLE = 10_000
MILLION = 1_000_000


def div(a: int, b: int) -> int:
    """Whole division towards zero."""
    return -(-a // b) if a < 0 else a // b


def up(a: int, b: int) -> int:
    """Division of an amount that is not negative, rounded up."""
    return -(-a // b)


def rounded_down(cents: int, step: int) -> int:
    return cents // step * step


def rounded_up(cents: int, step: int) -> int:
    return up(cents, step) * step


@cache
def add_months(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def months_between(start: date, end: date) -> int:
    """Whole months passed."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if add_months(start, months) > end else months


def month_end(month: date) -> date:
    return date(month.year, month.month, monthrange(month.year, month.month)[1])


def last_closed_month(as_of: date) -> date:
    """The first day of the last month whose last day is on or before as_of."""
    first = as_of.replace(day=1)
    return first if month_end(first) == as_of else add_months(first, -1)


@cache
def months_ago(month: date, as_of: date) -> int:
    """Calendar months back from the last closed one; negative while the month is open."""
    closed = last_closed_month(as_of)
    return (closed.year - month.year) * 12 + closed.month - month.month


def last_day_numbered(number: int, as_of: date) -> date:
    """The last day on or before as_of with this number in its month."""
    this = as_of.replace(day=min(number, monthrange(as_of.year, as_of.month)[1]))
    if this <= as_of:
        return this
    before = add_months(as_of.replace(day=1), -1)
    return before.replace(day=min(number, monthrange(before.year, before.month)[1]))


def next_day_numbered(number: int, as_of: date) -> date:
    """The first day after as_of with this number in its month."""
    this = as_of.replace(day=min(number, monthrange(as_of.year, as_of.month)[1]))
    if this > as_of:
        return this
    after = add_months(as_of.replace(day=1), 1)
    return after.replace(day=min(number, monthrange(after.year, after.month)[1]))


def days(number: int) -> timedelta:
    return timedelta(days=number)
