"""Step 6: how fast and how far a limit may move."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.decisions.cases import Cases

RECENT = {"onboarded_on": date(2024, 6, 1)}
cases = Cases()


def worse(name: str, pd_bp: int = 1500, **facts: Any) -> None:
    cases.case(name, pd_bp=pd_bp, borrower=RECENT, **facts)


worse("much worse", 9000)
worse("fell already", 9000, months={"limit_cents": 2_000_000})
worse("well used", drawn_cents=850_000)
worse("well used and late", drawn_cents=850_000, days_past_due=5)
worse("nearly full", drawn_cents=940_000)
worse("raised lately", past={"last_increase_on": date(2026, 8, 22)})
worse("raised three months ago", past={"last_increase_on": date(2026, 8, 21)})
worse("raised lately, now in arrears", past={"last_increase_on": date(2026, 9, 1)}, days_past_due=30)
worse("odd amount", credit_limit_cents=999_900)
cases.case("far up", pd_bp=50)
cases.case("odd rise", credit_limit_cents=999_900)


def test_a_review_takes_a_quarter_at_most_and_the_rest_is_staged() -> None:
    row = cases["much worse"]
    assert (row["stability_row"], row["stability_value"]) == ("down_review", 750_000)
    assert (row["proposed_limit_cents"], row["plan_open"]) == (750_000, True)
    assert row["next_anchor_limit_cents"] == 1_000_000


def test_a_year_takes_half_at_most_of_the_highest_limit_in_it() -> None:
    row = cases["fell already"]
    assert (row["stability_row"], row["action"]) == ("down_year", "hold")


def test_a_cut_leaves_room_beside_what_is_used_unless_the_borrower_is_late() -> None:
    row = cases["well used"]
    assert (row["stability_row"], row["proposed_limit_cents"]) == ("utilisation_after_cut", 950_000)
    assert cases["well used and late"]["proposed_limit_cents"] == 850_000
    assert cases["nearly full"]["hold_because"] == "floor_owed"


def test_what_we_raised_we_do_not_cut_for_three_months_short_of_an_adverse_event() -> None:
    row = cases["raised lately"]
    assert (row["hold_because"], row["stability_row"], row["stability_value"]) == ("cool_off", "cool_off", 3)
    assert cases["raised three months ago"]["action"] == "decrease"
    assert cases["raised lately, now in arrears"]["action"] == "decrease"


def test_limits_are_rounded_down_to_whole_hundreds() -> None:
    row = cases["odd amount"]
    assert (row["after_strategy_cents"], row["after_stability_cents"]) == (899_910, 890_000)
    assert (row["stability_row"], row["stability_value"]) == ("rounding", 10_000)
    assert cases["odd rise"]["proposed_limit_cents"] == 1_040_000


def test_a_review_adds_a_quarter_at_most() -> None:
    row = cases["far up"]
    assert (row["stability_row"], row["stability_value"]) == ("up_review", 1_250_000)
    assert row["proposed_limit_cents"] == 1_250_000
