"""What may be done to a case in which order, and what must hold whatever people try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.casework import (
    AT_ANY_TIME,
    CLOSES,
    THERE_ALREADY,
    UNTOUCHED,
    WORDS,
    Casework,
    Done,
    Stage,
    after,
    may_answer,
    may_claim,
    step,
    why_not,
)

PEOPLE = ("wu", "Wu ", "li", "chen")
OPENED = Done("opened", "linewatch")
DECIDED = Done("decided", "wu", "seen", {"outcome": "keep"})
TWICE = Done("decided", "wu", "seen", {"outcome": "keep", "second_look": True})


def refused(events: list[Done], kind: str, by: str) -> str:
    return why_not(after([OPENED, *events]), Done(kind, by))


def test_a_claimed_case_is_nobody_elses_until_it_is_given_back() -> None:
    claimed = [Done("claimed", "wu")]
    assert refused(claimed, "claimed", "li") == "wu has claimed it"
    assert refused(claimed, "claimed", "WU") == "you hold it already"
    assert refused(claimed, "decided", "li") == "wu has claimed it"
    assert refused(claimed, "decided", "wu") == ""
    given_back = [*claimed, Done("released", "wu")]
    assert refused(given_back, "decided", "li") == ""
    assert refused(given_back, "released", "li") == "nobody has claimed it"


def test_what_is_decided_once_waits_for_its_settlement_and_is_not_decided_again() -> None:
    assert after([OPENED, DECIDED]).stage is Stage.READY
    for kind in ("decided", "more_asked", "sent_on", "claimed"):
        assert refused([DECIDED], kind, "li") == "it is decided, and the next settlement takes it in"
    assert refused([DECIDED], "agreed", "li") == "no second look is asked for"
    assert refused([DECIDED], "settled", "linewatch") == ""
    assert refused([], "settled", "linewatch") == "nobody has decided it"


def test_a_second_look_is_somebody_elses() -> None:
    assert after([OPENED, TWICE]).stage is Stage.SECOND_LOOK
    for kind in ("claimed", "agreed", "disagreed"):
        assert refused([TWICE], kind, " wu") == "you decided it: somebody else has to look"
    assert refused([TWICE], "settled", "linewatch") == "somebody else has to look first"
    assert refused([TWICE], "agreed", "li") == ""
    agreed = after([OPENED, TWICE, Done("agreed", "li")])
    assert (agreed.stage, agreed.decided, agreed.agreed) == (Stage.READY, TWICE, Done("agreed", "li"))


def test_two_who_disagree_leave_it_to_be_decided_anew_and_both_are_kept() -> None:
    other = Done("disagreed", "li", "no", {"outcome": "approve"})
    work = after([OPENED, TWICE, other])
    assert (work.stage, work.decided, work.read) == (Stage.WAITING, None, (TWICE, other))


@pytest.mark.parametrize("closing", CLOSES)
def test_a_closed_case_is_reopened_by_an_appeal_alone(closing: str) -> None:
    closed = [Done("claimed", "wu"), Done(closing, "linewatch")]
    for kind in sorted(set(WORDS) - AT_ANY_TIME - {"reopened"}):
        assert "an appeal of the borrower reopens it" in refused(closed, kind, "wu")
    assert refused(closed, "reopened", "li") == ""
    again = after([OPENED, *closed, Done("reopened", "li")])
    assert (again.stage, again.holder, again.decided) == (Stage.WAITING, "", None)
    assert "open already" in refused([], "reopened", "li")


def test_a_file_lies_beside_a_case_once_for_each_item_and_takes_nothing_from_what_was_decided() -> None:
    def file(item: str, kind: str = "evidence_added") -> Done:
        return Done(kind, "wu", "", {"sha256": "ab", "item": item})

    work = after([OPENED, DECIDED, file("see_permits")])
    assert why_not(work, file("")) == why_not(work, file("see_permits")) == THERE_ALREADY
    assert why_not(work, file("see_covenants")) == ""
    assert work == after([OPENED, DECIDED])  # a settlement that began before the file came goes on
    assert why_not(step(work, file("see_permits", "evidence_pruned")), file("see_permits")) == ""
    assert "closed" in why_not(step(work, Done("settled", "linewatch")), file(""))


def test_an_expiry_takes_nothing_from_a_case_that_is_decided() -> None:
    assert refused([DECIDED], "lapsed", "linewatch") == refused([DECIDED], "escalated", "linewatch") != ""
    work = after([OPENED, Done("claimed", "wu"), Done("escalated", "linewatch")])
    assert (work.stage, work.holder) == (Stage.WAITING, "")


@pytest.mark.parametrize(
    ("events", "answer", "claim"),
    [
        ([], {"wu", "li"}, {"wu", "li"}),
        ([Done("claimed", "Wu ")], {"wu"}, set()),
        ([DECIDED], set(), set()),
        ([TWICE], {"li"}, {"li"}),
        ([TWICE, Done("claimed", "li")], {"li"}, set()),
        ([TWICE, Done("claimed", "chen")], set(), set()),
        ([TWICE, Done("agreed", "li")], set(), set()),
        ([Done("lapsed", "linewatch")], set(), set()),
    ],
)
def test_who_may_answer_a_case_and_who_may_take_it(
    events: list[Done], answer: set[str], claim: set[str]
) -> None:
    work = after([OPENED, *events])
    assert {name for name in ("wu", "li") if may_answer(work, name)} == answer
    assert {name for name in ("wu", "li") if may_claim(work, name)} == claim


def test_a_case_that_nobody_touched_stands_as_it_was_opened() -> None:
    assert after([OPENED, Done("seen_again", "linewatch")]) == UNTOUCHED


def test_a_kind_that_nobody_knows_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="no kind of event: forgotten"):
        why_not(Casework(), Done("forgotten", "wu"))


@given(
    st.lists(
        st.builds(
            Done,
            st.sampled_from(sorted(WORDS)),
            st.sampled_from(PEOPLE),
            content=st.sampled_from([{}, {"second_look": True}]),
        ),
        max_size=30,
    )
)
def test_whatever_is_tried_four_eyes_are_four_and_a_case_is_one_persons_at_most(tried: list[Done]) -> None:
    work = after([OPENED])
    for event in tried:
        if why_not(work, event):
            continue
        before, work = work, step(work, event)
        if event.kind == "settled":
            assert before.stage is Stage.READY
        if work.agreed is not None:
            assert work.decided is not None
            assert work.decided.by.strip().casefold() != work.agreed.by.strip().casefold()
        if work.stage is Stage.READY:
            assert work.decided is not None
            assert bool(work.agreed) == bool(work.decided.content.get("second_look"))
        if before.holder and event.kind in ("claimed", "decided", "agreed", "disagreed"):
            assert before.holder.strip().casefold() == event.by.strip().casefold()
        if before.stage is Stage.CLOSED and event.kind not in (
            "opened",
            "seen_again",
            "withdrawn",
            "superseded",
            "evidence_pruned",
        ):
            assert event.kind == "reopened"
