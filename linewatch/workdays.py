"""Working days by the calendar that a lender's profile names.

Holidays, and in China the weekends that are worked instead, are those that the `holidays` library knows: a
year whose days are not announced yet has its statutory holidays alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays


def known(calendar: str) -> bool:
    """Whether a calendar goes by this name: a country of ISO 3166, such as CN, or a part of one, US-NY."""
    country, dash, part = calendar.partition("-")
    supported = holidays.list_supported_countries(include_aliases=False)
    return country in supported and (not dash or part in supported[country])


def works(calendar: str, day: date) -> bool:
    """Whether people are at work on a day. CN: not on 2026-10-01, but on Saturday 2026-10-10."""
    return bool(_calendar(calendar).is_working_day(day))


def workdays_after(calendar: str, day: date, days: int) -> date:
    """The day that many working days later. CN: 2026-09-30 + 3 is 2026-10-10, a Saturday that is worked."""
    for _ in range(days):
        day += timedelta(days=1)
        while not works(calendar, day):
            day += timedelta(days=1)
    return day


def workdays_between(calendar: str, day: date, last: date) -> int:
    """The working days after a day, up to another. CN: after 2026-09-30, up to 2026-10-10, there are 3."""
    days = (day + timedelta(days=ahead) for ahead in range(1, (last - day).days + 1))
    return sum(works(calendar, each) for each in days)


@cache
def _calendar(calendar: str) -> Any:
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)
