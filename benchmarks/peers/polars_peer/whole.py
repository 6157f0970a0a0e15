"""Whole numbers and days as expressions: divisions with the rounding said, months without a clock."""

from calendar import monthrange
from datetime import date, timedelta

import polars as pl


def up(part: pl.Expr, whole: pl.Expr | int) -> pl.Expr:
    """`part` over `whole`, rounded up; both not negative."""
    return (part + whole - 1) // whole


def toward_zero(part: pl.Expr, whole: pl.Expr | int) -> pl.Expr:
    """`part` over `whole`, rounded toward zero; `whole` above zero."""
    return pl.when(part >= 0).then(part // whole).otherwise(-(-part // whole))


def share_bp(part: pl.Expr, whole: pl.Expr, most: int) -> pl.Expr:
    """`part` of `whole` in basis points, rounded up, at most `most`: that too where there is no whole."""
    share = up(part * 10_000, whole).clip(upper_bound=most)
    return pl.when(whole > 0).then(share).when(part > 0).then(most)


def over(amount: pl.Expr, floor: int = 0) -> pl.Expr:
    """`amount`, or `floor` where that is more; null stays null."""
    return amount.clip(lower_bound=floor)


def newest(day: str, key: str) -> pl.Expr:
    """Whether a row has the last `day` of its key."""
    return pl.col(day) == pl.col(day).max().over(key)


def shift(day: date, months: int) -> date:
    """`day` some months later or, below zero, earlier; the last of a month that is too short."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_month_end(day: date) -> bool:
    """Whether a month ends with `day`."""
    return (day + timedelta(days=1)).day == 1


def last_due(as_of: date, months: int) -> date:
    """The last day that is, `months` later, on or before `as_of`."""
    earlier = shift(as_of, -months)
    return earlier.replace(day=monthrange(earlier.year, earlier.month)[1]) if is_month_end(as_of) else earlier


def full_months(since: pl.Expr, as_of: date) -> pl.Expr:
    """Whole months from `since` to `as_of`; null where it is later. A month's last day completes it."""
    months = (as_of.year - since.dt.year()) * 12 + as_of.month - since.dt.month().cast(pl.Int32)
    if not is_month_end(as_of):
        months -= (since.dt.day() > as_of.day).cast(pl.Int32)
    return pl.when(since <= as_of).then(months)


def month_after(as_of: date) -> date:
    """The first day of the month after the last one that had ended by the end of `as_of`."""
    return (as_of + timedelta(days=1)).replace(day=1)


def closed_months(as_of: date, most: int) -> pl.LazyFrame:
    """One row a month that had ended by `as_of`, newest first: its first day, how long ago, and a bit."""
    first = month_after(as_of)
    rows = [(shift(first, -back - 1), back, 1 << back) for back in range(most)]
    return pl.LazyFrame(rows, schema={"month": pl.Date, "ago": pl.Int8, "bit": pl.Int32}, orient="row")
