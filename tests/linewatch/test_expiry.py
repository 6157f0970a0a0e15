"""What becomes of a case whose day passes: whatever was done to it, it lapses, goes up, or is left alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.casework import WORDS, Casework, Done, Stage, after, step, why_not
from linewatch.expiry import RISES, expiry, proposed

OPENED = Done("opened", "linewatch")
DECIDED = Done("decided", "wu", "", {"lines": []})
TWICE = Done("decided", "wu", "", {"lines": [], "second_look": "grade"})
ACTIONS = ("increase", "offer", "hold", "decrease", "freeze", "unfreeze", "")
people = st.sampled_from(["wu", "li", "chen"])
events = st.lists(
    st.builds(
        Done, st.sampled_from(sorted(WORDS)), people, content=st.sampled_from([{}, {"second_look": "amount"}])
    ),
    max_size=25,
)


def stands(tried: list[Done]) -> Casework:
    """Where a case is left by what is let in of these."""
    work = after([OPENED])
    for event in tried:
        work = work if why_not(work, event) else step(work, event)
    return work


@pytest.mark.parametrize(
    ("actions", "becomes"),
    [
        (["increase"], "lapsed"),
        (["offer", "increase"], "lapsed"),
        (["increase", "hold"], "escalated"),
        (["offer", "decrease"], "escalated"),
        (["freeze"], "escalated"),
        (["unfreeze"], "escalated"),
        (["increase", ""], "escalated"),
        ([], "escalated"),
    ],
)
def test_a_case_lapses_where_nothing_but_rises_is_lost_by_it(actions: list[str], becomes: str) -> None:
    assert expiry(after([OPENED, Done("claimed", "wu")]), actions) == becomes


def test_what_somebody_gave_an_outcome_or_the_borrower_asked_for_goes_up_though_it_be_a_rise() -> None:
    sent_back = [DECIDED, Done("sent_back", "linewatch")]
    differed = [TWICE, Done("disagreed", "li", "", {"lines": []})]
    appealed = [Done("lapsed", "linewatch"), Done("reopened", "li")]
    for done in ([TWICE], sent_back, differed, appealed):
        assert expiry(after([OPENED, *done]), ["increase"]) == "escalated"
    for done in ([Done("more_asked", "wu")], [Done("sent_on", "wu")], [Done("escalated", "linewatch")]):
        assert expiry(after([OPENED, *done]), ["increase"]) == "lapsed"


def test_what_is_decided_waits_for_its_settlement_and_what_is_closed_stays_so() -> None:
    for done in ([DECIDED], [TWICE, Done("agreed", "li")], [Done("withdrawn", "linewatch")]):
        assert expiry(after([OPENED, *done]), ["increase"]) == expiry(after([OPENED, *done]), ["hold"]) == ""


@given(events, st.lists(st.sampled_from(ACTIONS), max_size=4))
def test_whatever_was_done_an_expiry_is_let_in_and_takes_nothing_from_anybody(
    tried: list[Done], actions: list[str]
) -> None:
    work = stands(tried)
    becomes = expiry(work, actions)
    assert bool(becomes) == (work.stage in (Stage.WAITING, Stage.SECOND_LOOK))
    if not becomes:
        return
    done = Done(becomes, "linewatch")
    assert why_not(work, done) == ""
    left = step(work, done)
    assert (left.read, left.decided, left.agreed) == (work.read, work.decided, work.agreed)
    if becomes == "lapsed":
        assert actions
        assert set(actions) <= RISES
        assert not work.read
        assert not work.appealed
    else:
        assert (left.stage, left.holder) == (work.stage, "")


def a_night(actions: dict[str, str], **case: object) -> dict[str, object]:
    lines = [{"facility_id": line, "action": action} for line, action in actions.items()]
    return {"facility_ids": list(actions), "evidence": json.dumps({"lines": lines}), **case}


def test_a_line_proposes_what_the_last_night_that_saw_it_proposed() -> None:
    first, last = a_night({"F1": "decrease", "F2": "hold"}), a_night({"F1": "increase", "F3": "offer"})
    assert proposed([first, last]) == {"F1": "increase", "F2": "hold", "F3": "offer"}


def test_of_a_line_without_evidence_nothing_is_known() -> None:
    assert proposed([{"facility_ids": ["F1"]}]) == {"F1": ""}
    assert proposed([a_night({"F1": "increase"}, facility_ids=["F1", "F2"])]) == {"F1": "increase", "F2": ""}
    assert proposed([{}]) == {}
