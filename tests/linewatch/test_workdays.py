"""Working days: weekends, holidays, and the weekends that are worked in their place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.workdays import known, workdays_after, workdays_between, works

DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("calendar", "day", "days", "then"),
    [
        ("CN", date(2026, 11, 20), 1, date(2026, 11, 23)),
        ("CN", date(2026, 11, 21), 1, date(2026, 11, 23)),
        ("CN", date(2026, 11, 20), 5, date(2026, 11, 27)),
        ("CN", date(2026, 9, 30), 3, date(2026, 10, 10)),
        ("GB", date(2026, 12, 24), 1, date(2026, 12, 29)),
        ("US", date(2026, 11, 25), 1, date(2026, 11, 27)),
        ("DE-BY", date(2026, 1, 5), 1, date(2026, 1, 7)),
        ("DE", date(2026, 1, 5), 1, date(2026, 1, 6)),
        ("CN", date(2026, 10, 3), 0, date(2026, 10, 3)),
    ],
)
def test_so_many_working_days_later(calendar: str, day: date, days: int, then: date) -> None:
    assert workdays_after(calendar, day, days) == then


@given(st.sampled_from(["CN", "US", "GB", "DE-BY"]), DAYS, st.integers(0, 15))
def test_it_is_a_working_day_with_so_many_on_the_way(calendar: str, day: date, days: int) -> None:
    then = workdays_after(calendar, day, days)
    between = [day + timedelta(days=number) for number in range(1, (then - day).days + 1)]
    assert sum(works(calendar, each) for each in between) == days
    assert days == 0 or works(calendar, then)


@pytest.mark.parametrize(
    ("day", "last", "days"),
    [
        (date(2026, 9, 30), date(2026, 10, 10), 3),
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 23), date(2026, 11, 20), 0),
    ],
)
def test_so_many_working_days_have_passed(day: date, last: date, days: int) -> None:
    assert workdays_between("CN", day, last) == days


@given(st.sampled_from(["CN", "US"]), DAYS, st.integers(1, 15))
def test_the_days_that_were_counted_forward_have_passed(calendar: str, day: date, days: int) -> None:
    assert workdays_between(calendar, day, workdays_after(calendar, day, days)) == days


def test_only_calendars_with_holidays_are_known() -> None:
    assert known("CN")
    assert known("US-NY")
    for other in ("", "XX", "China", "CN-", "US-ZZ", "cn", "weekends"):
        assert not known(other), other
