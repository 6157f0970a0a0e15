"""Missed nights are run in order, each from its own folder, and what is done is not done again."""

from datetime import date

import pytest

from flows import nights
from flows.request import Request
from linewatch.errors import DocumentRefused

FIRST, LAST = date(2026, 11, 18), date(2026, 11, 21)


@pytest.fixture
def request_for(tmp_path) -> Request:
    return Request(source="inbox/{as_of}", home=str(tmp_path))


def test_every_day_from_the_first_to_the_last_is_run_in_order(request_for):
    asked = nights.asked(request_for, FIRST, LAST)
    assert [request.as_of for request in asked] == [date(2026, 11, day) for day in (18, 19, 20, 21)]


def test_days_up_to_the_newest_committed_night_are_left_out(request_for, monkeypatch):
    monkeypatch.setattr(nights, "newest_committed", lambda home: date(2026, 11, 19))
    asked = nights.asked(request_for, FIRST, LAST)
    assert [request.as_of for request in asked] == [date(2026, 11, 20), date(2026, 11, 21)]


@pytest.mark.parametrize(
    ("as_of", "first", "last", "fault"),
    [
        (None, None, LAST, "--to: needs --from"),
        (LAST, FIRST, None, "--as-of: cannot stand beside --from"),
        (None, LAST, FIRST, "is after"),
    ],
)
def test_days_that_make_no_sense_are_refused(request_for, as_of, first, last, fault):
    request = request_for.on(as_of) if as_of else request_for
    with pytest.raises(DocumentRefused, match=fault):
        nights.asked(request, first, last)


def test_a_catch_up_that_stops_tells_of_the_nights_before_and_of_what_ended_it(request_for):
    done = {
        "night": "2026-11-18", "status": "unchanged", "root": "0" * 64, "exit_code": 0,
    }  # fmt: skip
    refused = nights.refused(DocumentRefused(["x: y"]), request_for.on(date(2026, 11, 19)))
    reply = nights.several([done], refused)
    assert reply.exit_code == 2
    assert [night["night"] for night in reply.content["nights"]] == ["2026-11-18", "2026-11-19"]
    assert "1 fault" in reply.said[0]
