"""The due day of a case, on each database: the last event that gave one counts, as of each time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ledger import Ledger, NewBatch
from linewatch.casework import Done, Stage
from tests.ledger.test_the_record import CASE, POLICY, a_batch

FIRST = date(2026, 11, 21)
AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
OPENED_WITH = date(2026, 11, 28)
HOUR = timedelta(hours=1)
SEVERAL_CHUNKS = 2_500


def commit(ledger: Ledger, days: int, at: datetime, *cases: Mapping[str, Any]) -> None:
    ledger.commit_batch(
        a_batch(FIRST + timedelta(days=days)), documents=[POLICY], cases_opened=cases, recorded_at=at
    )


def case(name: str, **facts: Any) -> dict[str, Any]:
    return {**CASE, "case_id": name, "borrower_id": f"B-{name}", "kind": "desk_review", **facts}


def escalated(day: date) -> Done:
    return Done("escalated", "linewatch", "", {"due_on": day.isoformat()})


def sent_on(day: date) -> Done:
    return Done("sent_on", "wu", "", {"due_on": day.isoformat(), "kind": "site_visit", "lines": []})


def do(ledger: Ledger, name: str, *acts: Done, at: datetime = AT + HOUR) -> None:
    assert ledger.cases.work([(name, act) for act in acts], at) == [""] * len(acts)


def days_of(ledger: Ledger) -> dict[str, date | None]:
    """By case, and the same wherever it is asked for."""
    found = {each.case_id: each.due_on for each in ledger.cases.waiting()}
    assert {each.case_id: each.due_on for each in ledger.cases.open()} == found
    assert {each.case_id: each.due_on for each in ledger.cases.named(found)} == found
    assert {each.case_id: each.due_on for each in ledger.cases.lined_up(date(2027, 1, 1))} == found
    assert {each.case_id: each.due_on for each in ledger.history().open_cases} == found
    for as_of in (FIRST, OPENED_WITH + timedelta(days=1), date(2026, 12, 10), date(2027, 1, 1)):
        overdue = sorted(name for name, day in found.items() if day is not None and day < as_of)
        assert ledger.cases.past_due(as_of) == overdue
    return found


def test_the_last_day_that_an_event_gave_counts_whether_it_is_later_or_not(ledger: Ledger) -> None:
    commit(ledger, 0, AT, case("C1"), case("C2"), case("C3", due_on=None))
    assert days_of(ledger) == {"C1": OPENED_WITH, "C2": OPENED_WITH, "C3": None}
    do(ledger, "C1", escalated(date(2026, 12, 3)), sent_on(date(2026, 12, 20)))
    assert days_of(ledger) == {"C1": date(2026, 12, 20), "C2": OPENED_WITH, "C3": None}
    do(ledger, "C1", escalated(date(2026, 12, 4)), Done("claimed", "wu"))
    do(ledger, "C3", escalated(date(2026, 12, 9)))
    assert days_of(ledger) == {"C1": date(2026, 12, 4), "C2": OPENED_WITH, "C3": date(2026, 12, 9)}


def test_a_case_that_a_later_night_sees_again_keeps_the_day_that_it_was_given(ledger: Ledger) -> None:
    commit(ledger, 0, AT, case("C1"))
    do(ledger, "C1", escalated(date(2026, 12, 3)))
    commit(ledger, 1, AT + 2 * HOUR, case("C1"))
    assert days_of(ledger) == {"C1": date(2026, 12, 3)}


def test_what_a_person_made_of_a_case_stays_when_its_day_passes(ledger: Ledger) -> None:
    commit(ledger, 0, AT, case("C1"), case("C2"))
    do(ledger, "C1", sent_on(date(2026, 12, 3)), escalated(date(2026, 12, 20)))
    assert {each.case_id: each.sent_on_as for each in ledger.cases.open()} == {"C1": "site_visit", "C2": ""}
    lined_up = ledger.cases.lined_up(date(2027, 1, 1))
    assert {each.case_id: each.sent_on_as for each in lined_up} == {"C1": "site_visit", "C2": ""}
    commit(ledger, 1, AT + 2 * HOUR, case("C1", kind="interview"), case("C2", kind="interview", triggers=[]))
    seen = ledger.cases.seen(["C1", "C2", "C9"])
    assert {name: each.kind for name, each in seen.items()} == {"C1": "site_visit", "C2": "interview"}
    assert (seen["C2"].first["triggers"], seen["C2"].last["triggers"]) == (["large_decrease"], [])


def test_an_appeal_gives_a_case_a_day_of_its_own(ledger: Ledger) -> None:
    commit(ledger, 0, AT, case("C1"))
    again = Done("reopened", "li", "They wrote.", {"due_on": "2026-12-24"})
    do(ledger, "C1", escalated(date(2026, 12, 3)), Done("lapsed", "linewatch"), again)
    assert days_of(ledger) == {"C1": date(2026, 12, 24)}


def test_a_night_decided_again_sees_the_days_of_its_time(ledger: Ledger) -> None:
    """What expires after a night bears the night's own moment: the night itself did not know of it."""
    commit(ledger, 0, AT, case("C1"))
    for days in (1, 2):
        begun = AT + timedelta(days=days)
        commit(ledger, days, begun, case("C1"))
        do(ledger, "C1", escalated(date(2026, 12, days)), at=begun)
    seen = [
        [each.due_on for each in ledger.history(before=FIRST + timedelta(days=days)).open_cases]
        for days in range(4)
    ]
    assert seen == [[], [OPENED_WITH], [date(2026, 12, 1)], [date(2026, 12, 2)]]


def test_a_night_decided_again_knows_of_what_was_settled_first_at_its_own_moment(ledger: Ledger) -> None:
    commit(ledger, 0, AT, case("C1"), case("C2"))
    do(ledger, "C1", Done("decided", "wu", "", {"lines": []}))
    begun = AT + timedelta(days=1)
    newest = ledger.newest()
    assert newest is not None
    settlement = NewBatch(
        **{
            **{name: getattr(newest, name) for name in NewBatch.__dataclass_fields__},
            "batch": f"{FIRST}-settlement-1",
            "kind": "settlement",
            "counts": {"of": newest.seq, "changes": 0},
        }
    )
    work = ledger.cases.ready()["C1"]
    ledger.settle(settlement, {"C1": (work, Done("settled", "linewatch"))}, recorded_at=begun)
    as_it_ran = [each.case_id for each in ledger.history(before=FIRST + timedelta(days=1)).open_cases]
    commit(ledger, 1, begun)
    again = [each.case_id for each in ledger.history(before=FIRST + timedelta(days=1)).open_cases]
    assert as_it_ran == again == ["C2"]


def test_nothing_is_done_to_a_case_that_was_given_another_day_meanwhile(ledger: Ledger) -> None:
    commit(ledger, 0, AT, case("C1"), case("C2"), case("C3", due_on=None))
    as_of = OPENED_WITH + timedelta(days=1)
    assert ledger.cases.past_due(as_of) == ["C1", "C2"]
    do(ledger, "C1", sent_on(date(2026, 12, 20)))
    acts = [(name, Done("lapsed", "linewatch")) for name in ("C1", "C2", "C3", "C9")]
    told = ledger.cases.work(acts, AT + HOUR, past_due=as_of)
    assert told == ["its day has not passed", "", "its day has not passed", "there is no such case"]
    assert ledger.cases.standing(["C1"])["C1"].stage is Stage.WAITING


def test_those_that_went_up_are_counted_until_somebody_does_something_about_it(ledger: Ledger) -> None:
    commit(ledger, 0, AT, *(case(f"C{at}") for at in range(4)))
    assert ledger.cases.escalated() == 0
    for at in range(4):
        do(ledger, f"C{at}", escalated(date(2026, 12, 3)), escalated(date(2026, 12, 8)))
    do(ledger, "C0", Done("claimed", "wu"))
    do(ledger, "C1", sent_on(date(2026, 12, 20)))
    do(ledger, "C2", Done("lapsed", "linewatch"))
    assert ledger.cases.escalated() == 2


@pytest.mark.parametrize("given", [0, SEVERAL_CHUNKS])
def test_however_many_there_are_each_has_its_own_day(ledger: Ledger, given: int) -> None:
    names = [f"C{at:05}" for at in range(SEVERAL_CHUNKS)]
    commit(ledger, 0, AT, *(case(name) for name in names))
    later = {name: OPENED_WITH + timedelta(days=at % 90) for at, name in enumerate(names[:given])}
    told = ledger.cases.work([(name, escalated(day)) for name, day in later.items()], AT + HOUR)
    assert set(told) <= {""}
    assert days_of(ledger) == {**dict.fromkeys(names, OPENED_WITH), **later}
    assert len(ledger.cases.seen(names)) == SEVERAL_CHUNKS
    as_of = OPENED_WITH + timedelta(days=1)
    acts = [(name, Done("claimed", "wu")) for name in names]
    answers = dict(zip(names, ledger.cases.work(acts, AT + 2 * HOUR, past_due=as_of), strict=True))
    assert [name for name, why in answers.items() if not why] == [
        name for name in names if later.get(name, OPENED_WITH) < as_of
    ]
