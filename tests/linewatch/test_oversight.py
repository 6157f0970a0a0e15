"""Alarms: on which side of each number they are rung."""

from __future__ import annotations

import pytest

from linewatch.oversight import PLAUSIBLE_SECONDS, alarms, hundredths, plausible_seconds

NOBODY = {"lines": 0, "overridden": 0}
NOT_READ = {"lines": 0, "kappa_hundredths": None}
NO_PACE = {"readings": 0, "fast": 0}


@pytest.mark.parametrize(
    ("lines", "overridden", "rung"),
    [(49, 0, False), (50, 0, True), (100, 1, False), (101, 1, True), (199, 1, True), (200, 2, False)],
)
def test_who_overrides_under_one_line_in_a_hundred_only_agrees(
    lines: int, overridden: int, rung: bool
) -> None:
    row = {"reader": "wu", "lines": lines, "overridden": overridden}
    found = alarms([row], NOBODY, NOT_READ, NO_PACE)
    assert [(alarm.code, alarm.who) for alarm in found] == ([("only_agrees", "wu")] if rung else [])


def test_all_together_may_only_agree_where_nobody_read_enough_to_tell() -> None:
    rows = [{"reader": name, "lines": 30, "overridden": 0} for name in ("wu", "li")]
    (alarm,) = alarms(rows, {"lines": 60, "overridden": 0}, NOT_READ, NO_PACE)
    assert (alarm.code, alarm.who) == ("only_agrees", "everybody")
    assert alarm.words == "of 60 lines, 0 were not answered as the machine proposed"


@pytest.mark.parametrize(
    ("lines", "kappa", "rung"), [(29, -50, False), (30, 39, True), (30, 40, False), (30, None, False)]
)
def test_two_who_hardly_agree_are_told_of(lines: int, kappa: int | None, rung: bool) -> None:
    found = alarms([], NOBODY, {"lines": lines, "kappa_hundredths": kappa}, NO_PACE)
    assert [alarm.words for alarm in found] == (["kappa 0.39 of 30 lines read twice"] if rung else [])


@pytest.mark.parametrize(
    ("readings", "fast", "rung"), [(49, 49, False), (50, 10, False), (50, 11, True), (1000, 201, True)]
)
def test_more_than_a_fifth_too_fast_is_told_of(readings: int, fast: int, rung: bool) -> None:
    found = alarms([], NOBODY, NOT_READ, {"readings": readings, "fast": fast})
    assert [alarm.code for alarm in found] == (["too_fast"] if rung else [])


def test_what_is_plausible_is_the_policys_where_it_says_so() -> None:
    assert plausible_seconds({}) == PLAUSIBLE_SECONDS
    said = {"review": {"plausible_seconds": {"desk_review": 45}}}
    assert plausible_seconds(said) == {"site_visit": 900, "interview": 180, "desk_review": 45}


@pytest.mark.parametrize(
    ("value", "told"), [(-5, "-0.05"), (0, "0.00"), (123_456, "1,234.56"), (-100, "-1.00")]
)
def test_hundredths_for_people(value: int, told: str) -> None:
    assert hundredths(value) == told
