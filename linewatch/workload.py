"""How much review work falls due on the days to come, beside what its team can do."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linewatch.case import Kind
from linewatch.workdays import workdays_after

DAYS = 10
"""Working days that are looked ahead."""
NIGHTS = 20
"""Nights from which it is told how many cases come."""


@dataclass(frozen=True)
class Day:
    """A working day to come. Hundredths of a case: cases to come are a mean."""

    day: date
    due_hundredths: int
    """To be decided by then, and not by the working day before."""
    due_until_hundredths: int
    """That of all days so far."""
    can_until_hundredths: int | None
    """What the team can do by then; None: it is not said."""


@dataclass(frozen=True)
class Workload:
    """What a team has before it."""

    days: tuple[Day, ...]
    short_on: date | None
    """The first day by which more is due than can have been done; None: none, or it is not said."""


def new_a_day(opened: int, days: int) -> int | None:
    """Cases a calendar day, in hundredths rounded down; None where no day has passed. 7 in 3 days are 233."""
    return opened * 100 // days if days > 0 else None


def workload(
    kind: Kind,
    as_of: date,
    calendar: str,
    due: Mapping[date, int],
    new: int | None,
    capacity: int | None,
) -> Workload:
    """The ten working days after `as_of`: of cases that wait, by their day, and of `new` hundredths a day.

    A case of the night of a day is due so many working days after it. What is due on a day that nobody works
    is due on the working day before; what is due already, on the first. With 6 due on the first day and 5 on
    the second, a team of 5 a day is short on the first; with 4 and 7, on the second; with 4 and 6 it is not.
    """
    days = [workdays_after(calendar, as_of, ahead) for ahead in range(1, DAYS + 2)]
    found: Counter[int] = Counter()
    for day, cases in due.items():
        _add(found, days, day, cases * 100)
    for ahead in range((days[-1] - as_of).days):
        opened_on = as_of + timedelta(days=ahead + 1)
        _add(found, days, workdays_after(calendar, opened_on, kind.business_days), new or 0)
    told: list[Day] = []
    short_on = None
    until = 0
    for at, day in enumerate(days[:DAYS]):
        until += found[at]
        can = None if capacity is None else capacity * 100 * (at + 1)
        told.append(Day(day, found[at], until, can))
        if short_on is None and can is not None and until > can:
            short_on = day
    return Workload(tuple(told), short_on)


def _add(found: Counter[int], days: Sequence[date], day: date, hundredths: int) -> None:
    """Onto the last of the working days by then. The last of `days` is past those that are looked at."""
    if day < days[-1]:
        found[max(bisect_right(days, day) - 1, 0)] += hundredths
