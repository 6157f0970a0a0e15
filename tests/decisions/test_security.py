"""Guarantees, insurance and collateral: what counts, how much of the loss it takes, what comes of its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.decisions.cases import AS_OF, Cases, documents_with

RICH = {"net_monthly_income_cents": 10_000_000}
LARGE: dict[str, Any] = {"credit_limit_cents": 20_000_000, "drawn_cents": 8_000_000}
FIRED = {"standing_grade": "E", "fired_target_bp": 8_500}
GRADED = {"kind": "guarantor", "provider_id": "someone", "provider_grade": "A", "covered_share_bp": 10_000}
EAD = 15_800_000
"""8,000,000 drawn and 65 % of 12,000,000 undrawn."""
PLEDGED = {"kind": "collateral", "value_cents": 10_000_000, "valued_on": date(2026, 6, 1)}
cases = Cases()


def line(name: str, *covers: dict[str, Any], past: dict[str, Any] | None = None, **facts: Any) -> None:
    """A borrower of PD 19.99 % with 200,000 of which 80,000 are drawn, and these covers."""
    cases.case(name, pd_bp=1999, borrower=RICH, past={**FIRED, **(past or {})}, **{**LARGE, **facts})
    for number, cover in enumerate(covers):
        cases.lender.add(
            "guarantee",
            **{
                **GRADED,
                "facility_id": name,
                "guarantee_id": f"g{number}",
                "valid_from": date(2026, 1, 1),
                **cover,
            },
        )


def covered(name: str) -> list[tuple[str, int]]:
    return [(cover["guarantee_id"], cover["covered_cents"]) for cover in cases[name]["covers"]]


def provider(name: str, **facts: Any) -> str:
    """A borrower of ours who stands in for another."""
    pd_bp = facts.pop("pd_bp", 300)
    days = facts.pop("days_past_due", 0)
    cases.case(name, pd_bp=pd_bp, borrower=facts, days_past_due=days)
    return name


line("bare")
line("half", {"covered_share_bp": 5_000})
line("half, most 3,000,000", {"covered_share_bp": 5_000, "cap_cents": 3_000_000})
line("two thirds twice", {"covered_share_bp": 6_667}, {"covered_share_bp": 6_667, "provider_grade": "B"})
line("worse named first", {"covered_share_bp": 6_000, "provider_grade": "D"}, {"covered_share_bp": 6_000})
line("a small cover before a large", {"cap_cents": 1}, {"provider_grade": "B"})
line("no grade", {"provider_grade": None})
line("a grade that no row names", {"provider_grade": "AAA"})
line("our own bad payer", {"provider_id": provider("bad payer", pd_bp=1_500)})
line("our own worse payer", {"provider_id": provider("worse payer", pd_bp=9_000)})
line("our own good payer", {"provider_id": provider("good payer", pd_bp=1)})
for ground, facts in {
    "late": {"days_past_due": 90},
    "dead": {"deceased_on": AS_OF},
    "fraud": {"fraud_flag": "first_party"},
    "bankrupt": {},
}.items():
    line(f"by one {ground}", {"provider_id": provider(ground, **facts)})
cases.lender.add("treatment", borrower_id="bankrupt", kind="bankruptcy")
line("by one 89 days late", {"provider_id": provider("89", days_past_due=89)})
line("by the borrower", {"provider_id": "by the borrower"})
line("by the mother", {"provider_id": "mother"})
cases.lender.add("control_link", borrower_id="mother", related_borrower_id="by the mother")
line("by the grandmother", {"provider_id": "grandmother"})
for above, below in (("grandmother", "aunt"), ("aunt", "by the grandmother")):
    cases.lender.add("control_link", borrower_id=above, related_borrower_id=below)
for status in ("disputed", "withdrawn", "lapsed", "ended"):
    line(status, {"status": status})
line("status unknown", {"status": None})
line("for half a year", {"valid_until": AS_OF + timedelta(days=182)})
line("until today", {"valid_until": AS_OF})
line("for a year", {"valid_until": AS_OF + timedelta(days=365)})
line("pledged", PLEDGED)
line("pledged twice over", {**PLEDGED, "value_cents": 100_000_000})
line("pledged, valued long ago", {**PLEDGED, "valued_on": date(2023, 1, 1)})
line("pledged, never valued", {**PLEDGED, "valued_on": None})
line("pledged by the borrower", {**PLEDGED, "provider_id": "pledged by the borrower"})


DEEP = {"credit_limit_cents": 20_000_000, "drawn_cents": 11_600_000}
"""Drawn by a little more than a borrower of this PD may cost."""
line("deep", **DEEP)
line("deep, a tenth guaranteed", {"covered_share_bp": 1_000}, **DEEP)
line("deep, half guaranteed", {"covered_share_bp": 5_000}, **DEEP)


def test_a_guarantee_that_brings_what_is_drawn_within_the_appetite_takes_nothing_of_the_limit() -> None:
    left = [
        cases[name]["after_expected_loss_cents"]
        for name in ("deep", "deep, a tenth guaranteed", "deep, half guaranteed")
    ]
    assert left[0] == DEEP["drawn_cents"] < left[1] < left[2] == DEEP["credit_limit_cents"]


def test_a_guarantor_takes_a_share_of_the_exposure_at_default_and_no_more_than_the_cap() -> None:
    assert cases["bare"]["ead_cents"] == EAD
    assert covered("half") == [("g0", 7_900_000)]
    assert covered("half, most 3,000,000") == [("g0", 3_000_000)]


def test_shares_add_up_to_the_whole_and_the_cheapest_comes_first() -> None:
    assert covered("two thirds twice") == [("g0", 10_533_860), ("g1", EAD - 10_533_860)]
    assert covered("worse named first") == [("g1", 9_480_000), ("g0", EAD - 9_480_000)]


def test_a_small_cover_leaves_room_for_a_large_one() -> None:
    assert covered("a small cover before a large") == [("g0", 1), ("g1", EAD - 1)]


def test_a_covered_part_costs_what_its_provider_costs() -> None:
    """EL = EAD x (50 % x 19.99 % x 65 % + 50 % x 0.05 % x 40 %): the substitution approach of Basel CRE32."""
    bare, half = cases["bare"]["loss_cents"], cases["half"]["loss_cents"]
    assert bare == -(-EAD * 1_999 * 6_500 // 10**8) == 2_052_973
    assert half == -(-(7_900_000 * 1_999 * 6_500 + 7_900_000 * 5 * 4_000) // 10**8) == 1_028_067


def test_a_provider_without_a_grade_of_ours_takes_the_row_unknown() -> None:
    for name in ("no grade", "a grade that no row names"):
        assert [cover["loss_rate_e8"] for cover in cases[name]["covers"]] == [1_000 * 6_000]


def test_a_provider_who_borrows_from_us_counts_with_the_worse_of_two_risks() -> None:
    assert cases["our own bad payer"]["covers"][0]["loss_rate_e8"] == 1_500 * 4_000
    assert cases["our own good payer"]["covers"][0]["loss_rate_e8"] == 5 * 4_000
    assert cases["our own worse payer"]["covers"] == []
    assert cases["our own worse payer"]["loss_cents"] == cases["bare"]["loss_cents"]


def test_one_in_default_dead_or_a_fraud_covers_nothing() -> None:
    for ground in ("late", "dead", "fraud", "bankrupt"):
        assert covered(f"by one {ground}") == [], ground
    assert covered("by one 89 days late") == [("g0", EAD)]


def test_one_of_the_borrowers_own_group_covers_nothing() -> None:
    for name in ("by the borrower", "by the mother", "by the grandmother"):
        assert covered(name) == [], name


def test_only_a_cover_that_is_active_or_of_unknown_state_counts() -> None:
    for status in ("disputed", "withdrawn", "lapsed", "ended"):
        assert covered(status) == [], status
    assert covered("status unknown") == [("g0", EAD)]


def test_a_cover_that_ends_within_the_year_counts_by_its_days() -> None:
    """Basel's CRE22 scales it, too, but by (t - 0.25) / (T - 0.25): we ask for a year's loss."""
    assert covered("for half a year") == [("g0", EAD * 182 // 365)]
    assert covered("until today") == [("g0", 0)]
    assert covered("for a year") == [("g0", EAD)]
    assert cases["for a year"]["covers"][0]["days"] is None


def test_collateral_lowers_the_loss_of_what_it_covers_after_a_haircut_and_never_under_the_floor() -> None:
    assert covered("pledged") == [("g0", 7_000_000)]
    assert covered("pledged twice over") == [("g0", EAD)]
    assert cases["pledged twice over"]["loss_cents"] == -(-EAD * 1_999 * 2_000 // 10**8)
    assert covered("pledged by the borrower") == [("g0", 7_000_000)]


def test_a_thing_valued_too_long_ago_is_worth_nothing_and_a_person_looks() -> None:
    for name in ("pledged, valued long ago", "pledged, never valued"):
        assert covered(name) == [("g0", 0)]
        assert "valuation_stale" in cases[name]["triggers"]
    assert "valuation_stale" not in cases["pledged"]["triggers"]


foundation = Cases(
    documents=documents_with("consumer_established", "expected_loss", lgd_bp=4_500, appetite_cents=10**9)
)
"""With the 45 % that Basel's foundation approach gives a senior claim."""
MILLION: dict[str, Any] = {"credit_limit_cents": 100_000_000, "drawn_cents": 100_000_000}
foundation.case("1,000,000", pd_bp=200, **MILLION)
for kept, cover in {
    "600,000 guaranteed": {"covered_share_bp": 6_000},
    "600,000 guaranteed, 250,000 at most": {"covered_share_bp": 6_000, "cap_cents": 25_000_000},
    "600,000 guaranteed for 73 days": {"covered_share_bp": 6_000, "valid_until": AS_OF + timedelta(days=73)},
}.items():
    foundation.case(kept, pd_bp=200, **MILLION)
    row = {**GRADED, "facility_id": kept, "guarantee_id": "g", "valid_from": date(2026, 1, 1), **cover}
    foundation.lender.add("guarantee", **row)


def test_substitution_by_hand() -> None:
    """EAD x ((1 - c) x PD x LGD + c x the guarantor's PD x LGD), with the LGDs of 45 % and 40 % and the least
    PD of 0.05 % that Basel III's foundation approach gives (CRE32)."""
    names = [row["facility_id"] for row in foundation.lender.rows["facility"]]
    losses = {name: foundation[name]["loss_cents"] // 100 for name in names}
    assert losses == {
        "1,000,000": 9_000,
        "600,000 guaranteed": 3_600 + 120,
        "600,000 guaranteed, 250,000 at most": 6_750 + 50,
        "600,000 guaranteed for 73 days": 7_920 + 24,
    }


anchored = Cases()
WAS = {**GRADED, "guarantee_id": "g0", "share_bp": 10_000, "loss_rate_e8": 20_000, "covered_cents": EAD}
CARRIED = {
    key: WAS.get(key)
    for key in (
        "guarantee_id",
        "kind",
        "provider_id",
        "share_bp",
        "most_cents",
        "days",
        "loss_rate_e8",
        "covered_cents",
    )
}


def fell(name: str, carried: list[dict[str, Any]], *covers: dict[str, Any], **facts: Any) -> None:
    past = {**FIRED, "next_anchor_covers": carried}
    anchored.case(name, pd_bp=1999, borrower=RICH, past=past, **{**LARGE, **facts})
    for cover in covers:
        row = {**GRADED, "facility_id": name, "guarantee_id": "g0", "valid_from": date(2026, 1, 1), **cover}
        anchored.lender.add("guarantee", **row)


fell("never covered", [])
fell("gone", [CARRIED])
fell("disputed now", [CARRIED], {"status": "disputed"})
fell("fading", [CARRIED], {"valid_until": AS_OF + timedelta(days=20)})
fell("capped now", [CARRIED], {"cap_cents": 1_000_000})
fell("still there", [CARRIED], {})
fell("would not have helped", [{**CARRIED, "most_cents": 1_000}])


def test_where_security_that_counted_at_the_anchor_is_gone_that_is_the_reason() -> None:
    for name in ("gone", "disputed now", "fading", "capped now"):
        assert anchored[name]["action"] == "decrease"
        assert [reason["code"] for reason in anchored[name]["reasons"]] == ["security_lapsed"], name
    assert anchored["still there"]["action"] == "hold"


def test_where_it_would_not_have_kept_the_limit_the_scores_reasons_stand() -> None:
    for name in ("never covered", "would not have helped"):
        assert [reason["code"] for reason in anchored[name]["reasons"]] == ["late_payments", "utilisation"]


def test_the_covers_of_the_anchor_are_carried_until_a_review_sets_it_anew() -> None:
    assert anchored["gone"]["next_anchor_covers"] == [CARRIED]
    assert anchored["still there"]["next_anchor_covers"] == anchored["still there"]["covers"]


ending = Cases()
YEARLY = {"annual_rate_bp": 1200, "product": "working_capital"}


def ends_in(days: int, *, looked_days_ago: int = 1, **past: Any) -> str:
    name = f"{days} days, seen {looked_days_ago} days ago"
    seen = AS_OF - timedelta(days=looked_days_ago)
    ending.enterprise(name, past={"reviewed_on": date(2026, 10, 21), "looked_at_on": seen, **past})
    row = {**GRADED, "facility_id": name, "guarantee_id": "g", "valid_from": date(2020, 1, 1)}
    ending.lender.add("guarantee", **row, valid_until=AS_OF + timedelta(days=days))
    return name


WINDOWS = {days: ends_in(days) for days in (91, 90, 89, 60, 59, 30, 29)}
MISSED = ends_in(85, looked_days_ago=10)


def test_ninety_sixty_and_thirty_days_before_an_end_a_person_looks_once() -> None:
    for days, name in WINDOWS.items():
        begins = days in (90, 60, 30)
        assert (ending[name]["due_because"] == "security_expiring") is begins, days
        assert ("security_expiring" in ending[name]["triggers"]) is begins, days


def test_a_day_that_passed_while_nobody_looked_is_not_forgotten() -> None:
    assert ending[MISSED]["triggers"] == ["security_expiring"]
