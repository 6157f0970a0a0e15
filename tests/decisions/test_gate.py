"""Step 1: what blocks a line, what stops it, what only forbids a rise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.decisions.cases import AS_OF, Cases

TOMORROW = date(2026, 11, 22)
cases = Cases()

BLOCKS: dict[str, dict[str, Any]] = {
    "deceased": {"borrower": {"deceased_on": AS_OF}},
    "first_party_fraud": {"borrower": {"fraud_flag": "first_party"}},
    "default_90_dpd": {"days_past_due": 90},
    "treatment_bankruptcy": {"rows": {"treatment": {"kind": "bankruptcy"}}},
    "fraud_victim_block": {"borrower": {"fraud_flag": "victim"}},
}
STOPS: dict[str, dict[str, Any]] = {
    "in_flight": {"past": {"committed_limit_cents": 900_000}},
    "frozen": {"status": "frozen"},
    "treatment": {"rows": {"treatment": {"kind": "do_not_touch"}}},
    "not_due": {"past": {"reviewed_on": date(2026, 11, 5)}},
    "unscored": {"pd_bp": None},
}
NO_RISE: dict[str, dict[str, Any]] = {
    "in_arrears": {"days_past_due": 1},
    "arrears_unknown": {"days_past_due": None},
    "hardship": {"borrower": {"hardship_on": AS_OF}},
    "treatment": {"rows": {"treatment": {"kind": "dispute"}}},
    "fraud_suspected": {"borrower": {"fraud_flag": "suspected"}},
    "identity_unknown": {"borrower": {"identity_verified_on": None}},
    "customer_decrease": {"last_change_by": "borrower"},
    "no_consent": {"borrower": {"limit_increase": False}},
    "fixed_schedule": {"matures_on": AS_OF},
}
for code, facts in BLOCKS.items():
    cases.case(f"block {code}", **facts)
    cases.case(f"blocked {code}", drawdown_blocked=True, **facts)
for code, facts in STOPS.items():
    cases.case(f"stop {code}", **{"pd_bp": 3000, **facts})
for code, facts in NO_RISE.items():
    cases.case(f"no rise {code}", **facts)
    cases.case(f"cut {code}", pd_bp=1500, **facts)
cases.case("dead tomorrow", borrower={"deceased_on": TOMORROW})
cases.case(
    "bankrupt until yesterday", rows={"treatment": {"kind": "bankruptcy", "valid_until": date(2026, 11, 20)}}
)
cases.case("bankrupt until today", rows={"treatment": {"kind": "bankruptcy", "valid_until": AS_OF}})
cases.case("our block", past={"own_block": True}, drawdown_blocked=True)
cases.case("their block", drawdown_blocked=True, past={})
BY_PEOPLE = {"own_block": True, "person_block": True, "block_shown": True}
cases.case("a person's block", past=BY_PEOPLE, drawdown_blocked=True)
cases.case(
    "a person's block, not shown yet", past={**BY_PEOPLE, "block_shown": False}, drawdown_blocked=False
)
cases.case("a person's block, lifted", past=BY_PEOPLE, drawdown_blocked=False)
cases.case("default elsewhere")
cases.lender.line("default elsewhere 2", "default elsewhere", days_past_due=120)
cases.case("quarantined", pd_bp=3000)
cases.case("same hand", rows={"control_link": {"related_borrower_id": "quarantined"}})
cases.lender.quarantined.append("quarantined")
SCHEDULED = {"revolving": False, "scheduled_limit_cents": 800_000}
cases.case("schedule", **SCHEDULED)
cases.case("schedule above", **{**SCHEDULED, "scheduled_limit_cents": 1_200_000})
cases.case("schedule of a commitment", commitment="committed", **SCHEDULED)
cases.case("schedule under the balance", **{**SCHEDULED, "scheduled_limit_cents": 100_000})


@pytest.mark.parametrize("code", BLOCKS)
def test_a_knock_out_blocks_drawing_says_why_and_leaves_the_limit(code: str) -> None:
    row = cases[f"block {code}"]
    assert (row["action"], row["route"], row["drawdown_blocked"]) == ("freeze", "automatic", True)
    assert [reason["code"] for reason in row["reasons"]] == [code]
    assert row["committed_limit_cents"] == row["limit_cents"]
    assert row["own_block"]


@pytest.mark.parametrize("code", BLOCKS)
def test_a_line_that_is_blocked_already_is_not_blocked_again(code: str) -> None:
    row = cases[f"blocked {code}"]
    assert (row["action"], row["hold_because"], row["reasons"]) == ("hold", code, [])


def test_a_knock_out_of_tomorrow_or_of_the_past_blocks_nothing() -> None:
    assert cases["dead tomorrow"]["action"] == "increase"
    assert cases["bankrupt until yesterday"]["action"] == "increase"
    assert cases["bankrupt until today"]["action"] == "freeze"


def test_a_default_on_one_line_blocks_every_line_of_the_borrower() -> None:
    assert cases["default elsewhere"]["gate_row"] == "default_90_dpd"
    assert cases["default elsewhere"]["days_past_due"] == 0


def test_our_own_block_is_lifted_when_its_cause_is_gone_and_nobody_elses_is() -> None:
    assert cases["our block"]["action"] == "unfreeze"
    assert not cases["our block"]["drawdown_blocked"]
    assert (cases["their block"]["action"], cases["their block"]["hold_because"]) == ("hold", "frozen")
    assert cases["their block"]["drawdown_blocked"]


def test_what_people_blocked_no_walk_lifts() -> None:
    for name in ("a person's block", "a person's block, not shown yet"):
        row = cases[name]
        assert (row["action"], row["hold_because"]) == ("hold", "frozen")
        assert (row["own_block"], row["person_block"], row["drawdown_blocked"]) == (True, True, True)
    row = cases["a person's block, lifted"]
    assert (row["block_lifted"], row["own_block"], row["person_block"]) == (True, False, False)


@pytest.mark.parametrize("code", STOPS)
def test_a_stop_holds_even_a_line_that_would_be_cut(code: str) -> None:
    row = cases[f"stop {code}"]
    assert (row["action"], row["hold_because"]) == ("hold", code)
    assert row["proposed_limit_cents"] == row["limit_cents"]


@pytest.mark.parametrize("code", NO_RISE)
def test_what_forbids_a_rise_is_named_and_the_limit_stays(code: str) -> None:
    row = cases[f"no rise {code}"]
    assert (row["action"], row["hold_because"]) == ("hold", code)
    assert (row["strategy_value"], row["proposed_limit_cents"]) == (10_500, 1_000_000)


@pytest.mark.parametrize("code", NO_RISE)
def test_what_forbids_a_rise_does_not_forbid_a_cut(code: str) -> None:
    assert cases[f"cut {code}"]["action"] == "decrease"


def test_a_quarantined_borrower_is_held_and_nobody_under_the_same_hand_rises() -> None:
    assert cases["quarantined"]["hold_because"] == "quarantined"
    assert cases["same hand"]["hold_because"] == "quarantined"
    assert not cases["same hand"]["quarantined"]


def test_a_line_that_does_not_revolve_follows_its_schedule_down_and_never_up() -> None:
    row = cases["schedule"]
    assert (row["action"], row["proposed_limit_cents"], row["gate_value"]) == ("decrease", 800_000, 800_000)
    assert [reason["code"] for reason in row["reasons"]] == ["scheduled_limit"]
    assert cases["schedule above"]["proposed_limit_cents"] == 1_000_000
    assert cases["schedule above"]["hold_because"] == "fixed_schedule"


def test_the_schedule_of_a_commitment_is_recommended_and_not_followed() -> None:
    row = cases["schedule of a commitment"]
    assert (row["recommendation"], row["proposed_limit_cents"]) == ("reduce_undrawn", 800_000)
    assert (row["gate_row"], row["gate_value"]) == ("fixed_schedule", 800_000)
    assert (row["route"], row["committed_limit_cents"]) == ("referred", 1_000_000)


def test_a_schedule_cuts_nothing_that_is_owed() -> None:
    row = cases["schedule under the balance"]
    assert (row["proposed_limit_cents"], row["floor_row"]) == (400_000, "owed")
