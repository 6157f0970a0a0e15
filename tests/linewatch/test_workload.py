"""How much falls due on the days to come: by hand, and never more or less than there is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.case import KINDS, Kind
from linewatch.workdays import works
from linewatch.workload import Workload, new_a_day, workload

FRIDAY = date(2026, 11, 20)
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
DESK = KINDS["desk_review"]


def of(due: dict[date, int], new: int | None = 0, capacity: int | None = None) -> Workload:
    return workload(DESK, FRIDAY, "GB", due, new, capacity)


@pytest.mark.parametrize(
    ("first", "second", "short_on"), [(6, 5, MONDAY), (4, 7, TUESDAY), (4, 6, None), (0, 10, None)]
)
def test_a_team_of_five_a_day_is_short_on_the_first_day_by_which_it_cannot_be_through(
    first: int, second: int, short_on: date | None
) -> None:
    found = of({MONDAY: first, TUESDAY: second}, capacity=5)
    assert found.short_on == short_on
    assert [day.can_until_hundredths for day in found.days[:3]] == [500, 1000, 1500]
    assert found.days[1].due_until_hundredths == 100 * (first + second)


def test_what_is_late_or_due_on_a_weekend_is_due_on_a_day_that_is_worked() -> None:
    found = of(
        {
            date(2026, 11, 2): 2,  # long over
            date(2026, 11, 22): 3,  # the Sunday before the first day
            date(2026, 11, 28): 4,  # the Saturday after the fifth
            date(2026, 12, 5): 5,  # the Saturday after the last
            date(2026, 12, 7): 9,  # past all of them
        }
    )
    assert [day.day for day in (found.days[0], found.days[4], found.days[9])] == [
        MONDAY,
        date(2026, 11, 27),
        date(2026, 12, 4),
    ]
    assert [day.due_hundredths for day in found.days] == [500, 0, 0, 0, 400, 0, 0, 0, 0, 500]
    assert found.short_on is None


def test_cases_to_come_fall_due_three_working_days_after_their_night() -> None:
    """Those of Saturday, Sunday and Monday: the first two on Wednesday, Monday's on Thursday."""
    found = of({}, new=25)
    assert [day.due_hundredths for day in found.days] == [0, 0, 50, 25, 25, 25, 25, 75, 25, 25]


@pytest.mark.parametrize(("opened", "days", "a_day"), [(7, 3, 233), (0, 30, 0), (5, 0, None)])
def test_how_many_come_a_day(opened: int, days: int, a_day: int | None) -> None:
    assert new_a_day(opened, days) == a_day


DAYS = st.dates(date(2026, 10, 1), date(2027, 1, 31))


@given(
    st.sampled_from(list(KINDS.values())),
    DAYS,
    st.sampled_from(["CN", "US", "GB"]),
    st.dictionaries(DAYS, st.integers(0, 50), max_size=12),
    st.integers(0, 2_000),
    st.integers(1, 80),
)
def test_every_case_that_is_due_in_time_is_counted_once(
    kind: Kind, as_of: date, calendar: str, due: dict[date, int], new: int, capacity: int
) -> None:
    found = workload(kind, as_of, calendar, due, new, capacity)
    after = found.days[-1].day + timedelta(days=1)
    while not works(calendar, after):
        after += timedelta(days=1)
    waiting = sum(cases for day, cases in due.items() if day < after)
    alone = workload(kind, as_of, calendar, due, 0, capacity)
    assert alone.days[-1].due_until_hundredths == 100 * waiting
    assert all(works(calendar, day.day) for day in found.days)
    for before, day in zip(found.days, found.days[1:], strict=False):
        assert day.due_until_hundredths == before.due_until_hundredths + day.due_hundredths
    short = [day.day for day in found.days if day.due_until_hundredths > (day.can_until_hundredths or 0)]
    assert found.short_on == (short[0] if short else None)
