"""Lines of one lender over several nights: each night carries on what the last one left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from tests.decisions.cases import carried
from tests.decisions.small_lender import SmallLender
from tests.oracle.compare import assert_agree

NIGHTS = [date(2026, month, 21) for month in (7, 8, 9, 10, 11)]
Row = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """What a line's PD shows night by night; the last one stays."""

    pds: tuple[int | None, ...]
    onboarded_on: date = date(2024, 6, 1)
    line: Row = field(default_factory=dict)

    def pd_on(self, night: int) -> int | None:
        return self.pds[min(night, len(self.pds) - 1)]


STORIES = {
    "a large cut": Story((9000,)),
    "a cut of a line in use": Story((9000,), line={"drawn_cents": 500_000}),
    "a cut of a good customer": Story((9000,), onboarded_on=date(2020, 1, 1)),
    "a grade that recovers": Story((9000, 300)),
    "a rise": Story((50,), line={"drawn_cents": 1_000_000}),
    "a night without a score": Story((3000, None, 300)),
}


def told(story: str) -> list[Row]:
    """The line's decision, night by night; the source shows by then what was decided before."""
    return [decisions[story] for decisions in _nights()]


@cache
def _nights() -> list[dict[str, Row]]:
    return list(_decide_night_by_night())


def _decide_night_by_night() -> Iterator[dict[str, Row]]:
    past: dict[str, Row] = {}
    changes: list[Row] = []
    for number, as_of in enumerate(NIGHTS):
        lender = SmallLender(as_of=as_of, previous_as_of=NIGHTS[max(0, number - 1)])
        for name, story in STORIES.items():
            lender.borrower(name, pd_bp=story.pd_on(number), onboarded_on=story.onboarded_on)
            lender.add("bureau_report", borrower_id=name, pulled_on=date(2026, 6, 1))
            shown = {"credit_limit_cents": past[name]["committed_limit_cents"]} if past else {}
            usual = {"credit_limit_cents": 2_000_000, "drawn_cents": 200_000}
            lender.line(name, name, **{**usual, **story.line, **shown})
        lender.past = [carried(row) for row in past.values()]
        lender.changes = list(changes)
        past = assert_agree(lender)
        changes += [
            _change(row) for row in past.values() if row["committed_limit_cents"] != row["limit_cents"]
        ]
        yield past


def _change(decision: Row) -> Row:
    return {
        "facility_id": decision["facility_id"],
        "as_of": decision["decided_on"],
        "old_limit_cents": decision["limit_cents"],
        "new_limit_cents": decision["committed_limit_cents"],
    }


def test_a_large_cut_comes_in_stages_and_then_stops() -> None:
    rows = told("a large cut")
    assert [row["committed_limit_cents"] for row in rows] == [1_500_000, *[1_000_000] * 4]
    assert [row["plan_open"] for row in rows] == [True, *[False] * 4]
    assert [row["anchor_limit_cents"] for row in rows] == [2_000_000, 2_000_000, *[1_000_000] * 3]


def test_a_cut_does_not_move_the_line_into_a_worse_band() -> None:
    assert {row["utilisation_bp"] for row in told("a cut of a line in use")} == {2_500}


def test_what_is_forgiven_of_a_cut_in_stages_is_what_is_forgiven_of_one_in_a_single_step() -> None:
    rows = told("a cut of a good customer")
    assert [row["committed_limit_cents"] for row in rows] == [1_500_000, *[1_400_000] * 4]


def test_a_staged_cut_ends_when_the_grade_recovers() -> None:
    rows = told("a grade that recovers")[:4]
    assert [row["grade"] for row in rows] == ["G", "G", "C", "C"]
    assert [row["committed_limit_cents"] for row in rows] == [1_500_000] * 4


def test_a_rise_is_followed_by_a_cool_off() -> None:
    rows = told("a rise")
    assert rows[0]["action"] == "increase"
    assert (rows[1]["action"], rows[1]["hold_because"]) == ("hold", "cool_off")


def test_a_night_without_a_score_forgets_no_grade() -> None:
    rows = told("a night without a score")
    assert (rows[1]["grade"], rows[1]["standing_grade"]) == (None, "F")
    assert (rows[2]["grade"], rows[2]["improve_reviews"]) == ("F", 1)
