"""One line over several nights: each night carries on what the last one left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.decisions.cases import carried
from tests.decisions.small_lender import SmallLender

NIGHTS = [date(2026, month, 21) for month in (7, 8, 9, 10, 11)]
Row = dict[str, Any]


def nights(pds: list[int | None], onboarded_on: date = date(2024, 6, 1), **line: Any) -> Iterator[Row]:
    """The line's decision each month; the source shows by then what was decided."""
    past: Row | None = None
    changes: list[Row] = []
    for number, (as_of, pd_bp) in enumerate(zip(NIGHTS, pds, strict=False)):
        lender = SmallLender(as_of=as_of, previous_as_of=NIGHTS[max(0, number - 1)])
        lender.borrower(pd_bp=pd_bp, onboarded_on=onboarded_on)
        lender.add("bureau_report", borrower_id="b1", pulled_on=date(2026, 6, 1))
        shown = {"credit_limit_cents": past["committed_limit_cents"]} if past else {}
        lender.line(**{"credit_limit_cents": 2_000_000, "drawn_cents": 200_000, **line, **shown})
        lender.past = [carried(past)] if past else []
        lender.changes = list(changes)
        past = lender.decide()["f1"]
        if past["committed_limit_cents"] != past["limit_cents"]:
            changes.append(
                {
                    "facility_id": "f1",
                    "as_of": as_of,
                    "old_limit_cents": past["limit_cents"],
                    "new_limit_cents": past["committed_limit_cents"],
                }
            )
        yield past


def test_a_large_cut_comes_in_stages_and_then_stops() -> None:
    rows = list(nights([9000, 9000, 9000, 9000]))
    assert [row["committed_limit_cents"] for row in rows] == [1_500_000, 1_000_000, 1_000_000, 1_000_000]
    assert [row["plan_open"] for row in rows] == [True, False, False, False]
    assert [row["anchor_limit_cents"] for row in rows] == [2_000_000, 2_000_000, 1_000_000, 1_000_000]


def test_a_cut_does_not_move_the_line_into_a_worse_band() -> None:
    rows = list(nights([9000, 9000, 9000], drawn_cents=500_000))
    assert {row["utilisation_bp"] for row in rows} == {2_500}


def test_what_is_forgiven_of_a_cut_in_stages_is_what_is_forgiven_of_one_in_a_single_step() -> None:
    rows = list(nights([9000] * 5, onboarded_on=date(2020, 1, 1)))
    assert [row["committed_limit_cents"] for row in rows] == [
        1_500_000,
        1_400_000,
        1_400_000,
        1_400_000,
        1_400_000,
    ]


def test_a_staged_cut_ends_when_the_grade_recovers() -> None:
    rows = list(nights([9000, 300, 300, 300]))
    assert [row["grade"] for row in rows] == ["G", "G", "C", "C"]
    assert [row["committed_limit_cents"] for row in rows] == [1_500_000] * 4


def test_a_rise_is_followed_by_a_cool_off() -> None:
    rows = list(nights([50, 50], drawn_cents=1_000_000))
    assert rows[0]["action"] == "increase"
    assert (rows[1]["action"], rows[1]["hold_because"]) == ("hold", "cool_off")


def test_a_night_without_a_score_forgets_no_grade() -> None:
    rows = list(nights([3000, None, 300]))
    assert (rows[1]["grade"], rows[1]["standing_grade"]) == (None, "F")
    assert (rows[2]["grade"], rows[2]["improve_reviews"]) == ("F", 1)
