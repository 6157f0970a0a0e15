"""How long things are kept: what the law asks of a borrower's decisions, what the lender says of its home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from linewatch.profile import Keeping, Kept, Profile
from linewatch.regulation import Pack, Record

MEASURE = "kept_months"


@dataclass(frozen=True)
class Decided:
    """A decision on a line of the borrower, as far as keeping it goes."""

    on: date
    """The night's day; the last day for its letter where there is one and that is later."""
    product: str | None = None
    """Of the line; unknown: any."""


@dataclass(frozen=True)
class Bound:
    """Until when a borrower's data are kept, and which record of law says so."""

    until: date
    """The first day on which they may be erased."""
    pack: str
    record: Record


def kept_until(
    packs: Iterable[Pack],
    decided: Sequence[Decided],
    *,
    profile: Profile,
    borrower_type: Literal["consumer", "enterprise"] | None,
    on: date,
) -> Bound | None:
    """The longest that a record in force `on` a day keeps any of the decisions; None: no record keeps one.

    `packs` are those of the borrower's countries. What is unknown of the borrower (the kind, the product, and
    always income and revenue, which change) fits every record: in doubt they are kept. A record of 25 months
    keeps a decision of 2024-01-31 until 2026-03-01: February 2026 has no 31st. The first of equals is named.
    """
    found: Bound | None = None
    for pack in packs:
        for record in pack.record:
            if _keeps(record, profile, borrower_type, on):
                days = [each.on for each in decided if _fits(record, each)]
                until = max((_after(day, record.value or 0) for day in days), default=None)
                if until is not None and (found is None or until > found.until):
                    found = Bound(until, pack.id, record)
    return found


def keeping(profile: Profile, kind: Kept, on: date) -> Keeping | None:
    """The profile's rule for a kind of thing that is in force on a day; None: all of it is kept."""
    begun = [rule for rule in profile.retention if rule.kind == kind and rule.effective_from <= on]
    return max(begun, key=lambda rule: rule.effective_from, default=None)


def kept_from(profile: Profile, kind: Kept, on: date) -> date | None:
    """What is of an earlier day than this may go; None: all of it is kept.

    Three months on 2026-05-31 keep what is of 2026-02-28 or later: no day of a longer month is lost.
    """
    rule = keeping(profile, kind, on)
    if rule is None or rule.months is None:
        return None
    year, month = _months_on(on, -rule.months)
    return date(year, month, min(on.day, _last_of(year, month).day))


def _keeps(record: Record, profile: Profile, borrower_type: str | None, on: date) -> bool:
    return (
        record.measure == MEASURE
        and record.binds_on(on)
        and record.licence in (None, profile.licence)
        and (borrower_type is None or record.borrower_type in (None, borrower_type))
    )


def _fits(record: Record, decided: Decided) -> bool:
    return decided.product is None or record.product in (None, decided.product)


def _after(day: date, months: int) -> date:
    """The same day so many months later, or the first of the next month where that one is too short."""
    year, month = _months_on(day, months)
    last = _last_of(year, month)
    return date(year, month, day.day) if day.day <= last.day else last + timedelta(days=1)


def _months_on(day: date, months: int) -> tuple[int, int]:
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


def _last_of(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
