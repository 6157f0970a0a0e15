"""What a reviewer wrote into a row: read exactly, or every fault of it named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.answer import ANSWERED, FAULTS, MOST_CENTS, is_answered, read
from linewatch.case import OUTCOME_REASONS, OUTCOMES

GOOD = {
    "case_id": "C1",
    "facility_id": "F1",
    "fingerprint": "0123456789abcdef",
    "outcome": "keep",
    "new_limit": None,
    "outcome_reason": "data_wrong",
    "note": None,
    "reviewer": "wu",
}
OTHER = {**GOOD, "outcome": "another_limit", "new_limit": 5000}


def faults(places: int = 2, **cells: Any) -> tuple[str, ...]:
    return read({**GOOD, **cells}, places)[1]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"case_id": ""}, "case_missing"),
        ({"facility_id": None}, "line_missing"),
        ({"fingerprint": "  "}, "mark_missing"),
        ({"outcome": None}, "outcome_missing"),
        ({"outcome": "approved"}, "outcome_unknown"),
        ({"outcome_reason": ""}, "reason_missing"),
        ({"outcome_reason": "because"}, "reason_unknown"),
        ({"outcome_reason": "other"}, "note_missing"),
        ({"note": "x" * 4001}, "note_too_long"),
        ({"outcome": "another_limit"}, "limit_missing"),
        ({"new_limit": 5000}, "limit_not_asked_for"),
        ({**OTHER, "new_limit": "five"}, "limit_no_amount"),
        ({**OTHER, "new_limit": "NaN"}, "limit_no_amount"),
        ({**OTHER, "new_limit": "1,5"}, "limit_no_amount"),
        ({**OTHER, "new_limit": "1.234,50"}, "limit_no_amount"),
        ({**OTHER, "new_limit": True}, "limit_no_amount"),
        ({**OTHER, "new_limit": -1}, "limit_negative"),
        ({**OTHER, "new_limit": "0.001"}, "limit_too_fine"),
        ({**OTHER, "new_limit": 1e30}, "limit_too_large"),
        ({"reviewer": " "}, "reviewer_missing"),
    ],
    ids=str,
)
def test_each_fault_has_a_name(cells: dict[str, Any], fault: str) -> None:
    assert faults(**cells) == (fault,)
    assert all(FAULTS[fault])


def test_every_fault_of_a_row_is_named_at_once() -> None:
    assert faults(case_id="", outcome="x", outcome_reason=None, new_limit="-3", reviewer="") == (
        "case_missing",
        "outcome_unknown",
        "reason_missing",
        "limit_not_asked_for",
        "reviewer_missing",
        "limit_negative",
    )


@pytest.mark.parametrize(
    ("cell", "places", "cents"),
    [
        (5000, 2, 500_000),
        ("1,234.5", 2, 123_450),
        (1234.56, 2, 123_456),
        ("1e3", 0, 1000),
        (0, 2, 0),
        ("7", 3, 7000),
    ],
)
def test_an_amount_is_read_to_the_cent_whatever_kind_of_cell_it_is_in(
    cell: Any, places: int, cents: int
) -> None:
    answer, wrong = read({**OTHER, "new_limit": cell}, places)
    assert (answer.new_limit_cents, wrong) == (cents, ())


@given(st.integers(0, MOST_CENTS), st.sampled_from([0, 2, 3]))
def test_what_is_written_as_the_queue_shows_it_comes_back_as_it_was(cents: int, places: int) -> None:
    shown = Decimal(cents).scaleb(-places)
    for cell in (str(shown), f"{shown:,f}", shown):
        assert read({**OTHER, "new_limit": cell}, places)[0].new_limit_cents == cents


def test_a_row_that_nobody_wrote_in_is_left_alone() -> None:
    assert not is_answered({**GOOD, **dict.fromkeys(ANSWERED)})
    assert not is_answered({**GOOD, **dict.fromkeys(ANSWERED, " ")})
    for name in ANSWERED:
        assert is_answered({**GOOD, **dict.fromkeys(ANSWERED), name: "x"})


def test_all_that_can_be_answered_is_read() -> None:
    for outcome in OUTCOMES:
        for reason in OUTCOME_REASONS:
            limit = 5000 if outcome == "another_limit" else None
            answer, wrong = read(
                {**GOOD, "outcome": outcome, "outcome_reason": reason, "new_limit": limit, "note": " seen "},
                2,
            )
            assert (wrong, answer.outcome, answer.reason, answer.note) == ((), outcome, reason, "seen")
