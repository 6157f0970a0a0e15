"""Cases with all that was done to them, on each of the record's databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ledger import Approval, Ledger
from linewatch.casework import Done
from linewatch.readings import CaseHistory
from tests.ledger.test_the_record import AT as RECORDED_AT
from tests.ledger.test_the_record import CASE, a_batch, commit

AT = RECORDED_AT + timedelta(hours=8)
LATER = RECORDED_AT + timedelta(days=30)
LINES = {"registered": False, "second_look": "", "lines": [{"facility_id": "F1", "outcome": "keep"}]}


@pytest.fixture
def worked(ledger: Ledger) -> Ledger:
    """Three cases of a night: one decided, one sent on, one that nobody has looked at."""
    kinds = {"C1": "interview", "C2": "desk_review", "C3": "desk_review"}
    commit(
        ledger,
        a_batch(),
        tuple(
            {**CASE, "case_id": case, "borrower_id": f"B{case}", "kind": kind, "evidence": '{"kind":"no"}'}
            for case, kind in kinds.items()
        ),
    )
    ledger.cases.work([("C1", Done("claimed", "wu"))], AT)
    ledger.cases.work([("C1", Done("decided", "wu", "seen", LINES))], AT)
    sent = {"registered": False, "lines": [], "kind": "site_visit", "due_on": "2026-12-04"}
    ledger.cases.work([("C2", Done("sent_on", "li", "", sent))], LATER)
    return ledger


def found(ledger: Ledger, since: datetime) -> dict[str, CaseHistory]:
    return {case.case_id: case for case in ledger.cases.histories(since)}


def test_each_case_comes_with_its_events_in_order_and_what_they_say(worked: Ledger) -> None:
    cases = found(worked, RECORDED_AT - timedelta(days=1))
    assert list(cases) == ["C1", "C2", "C3"]
    first = cases["C1"]
    assert (first.kind, first.borrower_id, first.opened_on) == ("interview", "BC1", date(2026, 11, 21))
    assert [(event.kind, event.by, event.at) for event in first.events] == [
        ("opened", "linewatch", RECORDED_AT),
        ("claimed", "wu", AT),
        ("decided", "wu", AT),
    ]
    assert first.events[2].content == LINES
    assert [event.batch_seq for event in first.events] == [1, None, None]
    assert cases["C2"].events[1].content["due_on"] == "2026-12-04"


def test_a_case_that_was_closed_before_is_left_out_and_an_open_one_is_not(worked: Ledger) -> None:
    worked.cases.work([("C3", Done("claimed", "wu"))], AT)
    worked.cases.work([("C3", Done("lapsed", "linewatch"))], AT)
    assert sorted(found(worked, AT + timedelta(seconds=1))) == ["C1", "C2"]
    assert len(found(worked, LATER)["C2"].events) == 2
    assert sorted(found(worked, LATER + timedelta(days=1))) == ["C1", "C2"]


def test_a_case_that_was_erased_tells_nothing(worked: Ledger) -> None:
    night = worked.newest()
    assert night is not None
    batch = night.act_upon("erasure", "e" * 64, {}, "test")
    who = Approval("erase", "ann", False, "asked for", datetime(2026, 12, 30, tzinfo=UTC))
    worked.erase(batch, [], {}, ["C1"], who)
    assert sorted(found(worked, RECORDED_AT)) == ["C2", "C3"]
