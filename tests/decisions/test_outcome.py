"""What follows from a walk: consent and offers, what others changed, dates, and what goes to a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.decisions.cases import AS_OF, LAST_NIGHT, Cases

RECENT = {"onboarded_on": date(2024, 6, 1)}
UNASKED = {"limit_increase": None}
cases = Cases()


def asked(name: str, borrower: dict[str, Any], **consent: Any) -> None:
    row = {"kind": "limit_increase", "granted_on": date(2026, 2, 1), **consent}
    cases.case(name, borrower=borrower, rows={"consent": row})


asked("consented", UNASKED)
asked("withdrawn", {}, withdrawn_on=AS_OF)
asked("withdrawn tomorrow", {}, withdrawn_on=date(2026, 11, 22))
asked("up to it", UNASKED, facility_id="up to it", amount_cents=1_050_000)
asked("not so far", UNASKED, facility_id="not so far", amount_cents=1_049_999)
asked("said yes after no", {"limit_increase": False}, facility_id="said yes after no")
asked("withdrew and said yes", UNASKED, withdrawn_on=date(2026, 3, 1))
cases.lender.add(
    "consent", borrower_id="withdrew and said yes", kind="limit_increase", granted_on=date(2026, 4, 1)
)
cases.case("never asked", borrower=UNASKED)
cases.case("offered lately", borrower=UNASKED, past={"offered_on": date(2026, 9, 1)})
cases.case("offered long ago", borrower=UNASKED, past={"offered_on": date(2026, 5, 21)})
cases.case("in flight", pd_bp=1500, past={"committed_limit_cents": 900_000})
cases.case("seen", past={"source_limit_cents": 1_100_000}, borrower=RECENT)
cases.case("moved by others", past={"committed_limit_cents": 900_000, "source_limit_cents": 800_000})
cases.case("worse", pd_bp=1500, borrower=RECENT)
cases.case("same", pd_bp=700)
cases.case("not due", past={"reviewed_on": date(2026, 11, 5)})

TRIGGERS: dict[str, dict[str, Any]] = {
    "grade_worsened": {"pd_bp": 3000, "past": {"standing_grade": "C"}},
    "fraud_suspected": {"borrower": {"fraud_flag": "suspected"}},
    "committed_line": {"pd_bp": 1500, "commitment": "committed"},
    "pd_near_edge": {"pd_bp": 1015, "borrower": RECENT},
    "complaint_open": {"pd_bp": 1500, "rows": {"treatment": {"kind": "complaint"}}},
    "automation_objection": {"pd_bp": 1500, "rows": {"consent": {"kind": "automation_objection"}}},
    "large_decrease": {
        "pd_bp": 9000,
        "credit_limit_cents": 24_000_000,
        "drawn_cents": 1_000_000,
        "borrower": {"jurisdiction": "TW", "net_monthly_income_cents": 90_000_000},
    },
    "unknown_share": {"pd_bp": 1500},
    "case_open": {"pd_bp": 1500},
    "no_reason": {"pd_bp": 1500},
    "shared_device": {},
}
for code, facts in TRIGGERS.items():
    cases.case(code, **facts)
cases.case("grade worsened by two", pd_bp=3000, past={"standing_grade": "D"}, borrower=RECENT)
cases.case("pd farther from the edge", pd_bp=1016, borrower=RECENT)
cases.case("two on one device")
for one, other in (
    ("same", "two on one device"),
    ("a friend", "shared_device"),
    ("shared_device", "another"),
):
    cases.lender.add("social_link", borrower_id=one, related_borrower_id=other, kind="shared_device")
for score in cases.lender.scores:
    if score["borrower_id"] == "unknown_share":
        score["unknown_share_bp"] = 6_000
cases.lender.open_cases.append({"borrower_id": "case_open", "case_id": "c"})
cases.lender.features["no_reason"] = {"late_count": 9, "late_days": 9, "share_used": 9, "asked_for": 9}

SHEET = {
    "total_assets_cents": 1_000_000_000,
    "current_assets_cents": 300_000_000,
    "current_liabilities_cents": 400_000_000,
    "total_liabilities_cents": 900_000_000,
    "equity_cents": 100_000_000,
    "months_covered": 12,
    "ebit_cents": 50_000_000,
}
FIRMS: dict[str, dict[str, Any]] = {
    "statement_stale": {"statement": {"period_end": date(2025, 4, 20)}},
    "security_expiring": {
        "rows": {
            "guarantee": {
                "facility_id": "security_expiring",
                "guarantee_id": "g",
                "valid_until": date(2026, 12, 21),
            }
        }
    },
    "assessment_poor": {
        "rows": {"assessment": {"assessed_on": AS_OF, "market_position": 1, "management_quality": 4}}
    },
    "altman_distress": {"statement": {**SHEET, "retained_earnings_cents": -300_000_000}},
    "large_exposure": {
        "credit_limit_cents": 490_000_000,
        "drawn_cents": 200_000_000,
        "statement": {"revenue_cents": 2_900_000_000},
    },
}
for code, facts in FIRMS.items():
    rows = facts.get("rows", {})
    facts = {key: value for key, value in facts.items() if key != "rows"}
    cases.enterprise(code, **facts)
    for table, row in rows.items():
        owner = {} if table == "guarantee" else {"borrower_id": code}
        cases.lender.add(table, **{**owner, **row})


def test_a_rise_without_consent_is_an_offer_and_changes_nothing() -> None:
    row = cases["never asked"]
    assert (row["action"], row["proposed_limit_cents"]) == ("offer", 1_050_000)
    assert (row["committed_limit_cents"], row["offered_on"]) == (1_000_000, AS_OF)
    assert row["next_anchor_on"] == row["anchor_on"]


def test_an_offer_is_not_made_again_for_half_a_year() -> None:
    assert cases["offered lately"]["hold_because"] == "cool_off"
    assert cases["offered long ago"]["action"] == "offer"


def test_a_rise_with_consent_is_an_increase_up_to_the_amount_agreed() -> None:
    assert cases["consented"]["action"] == "increase"
    assert cases["up to it"]["action"] == "increase"
    assert cases["not so far"]["proposed_limit_cents"] == 1_040_000


def test_the_newest_consent_decides() -> None:
    assert cases["withdrawn"]["hold_because"] == "no_consent"
    assert cases["withdrawn tomorrow"]["action"] == "increase"
    assert cases["said yes after no"]["action"] == "increase"
    assert cases["withdrew and said yes"]["action"] == "increase"


def test_a_change_that_the_source_does_not_show_yet_is_in_flight_and_held() -> None:
    row = cases["in flight"]
    assert (row["limit_origin"], row["limit_cents"]) == ("in_flight", 900_000)
    assert (row["source_limit_cents"], row["hold_because"]) == (1_000_000, "in_flight")


def test_a_change_of_ours_that_the_source_shows_is_no_news() -> None:
    assert cases["seen"]["limit_origin"] == "source"


def test_a_change_by_others_is_named_and_starts_a_new_anchor() -> None:
    row = cases["moved by others"]
    assert (row["limit_origin"], row["limit_cents"]) == ("outside", 1_000_000)
    assert (row["anchor_limit_cents"], row["anchor_on"]) == (1_000_000, AS_OF)


def test_a_decrease_waits_for_its_notice_and_a_rise_for_the_next_day() -> None:
    assert cases["worse"]["effective_on"] == date(2026, 12, 7)
    assert cases["consented"]["effective_on"] == date(2026, 11, 22)
    assert cases["same"]["effective_on"] is None


def test_a_line_between_two_statements_is_not_due_and_says_when_it_will_be() -> None:
    row = cases["not due"]
    assert (row["due"], row["hold_because"], row["next_due_on"]) == (False, "not_due", date(2026, 12, 5))


def test_a_review_that_changes_nothing_still_anchors_the_line() -> None:
    row = cases["same"]
    assert (row["hold_because"], row["reviewed_on"], row["next_anchor_on"]) == ("no_change", AS_OF, AS_OF)
    assert LAST_NIGHT < AS_OF


@pytest.mark.parametrize("code", [*TRIGGERS, *FIRMS])
def test_a_trigger_sends_the_line_to_a_person_and_its_limit_stays(code: str) -> None:
    row = cases[code]
    assert (row["triggers"], row["route"]) == ([code], "referred")
    assert row["committed_limit_cents"] == row["limit_cents"]


def test_a_step_beside_the_border_triggers_nothing() -> None:
    for name in ("grade worsened by two", "pd farther from the edge", "two on one device"):
        assert cases[name]["triggers"] == []
