"""Step 3: what long and good customers get."""

from __future__ import annotations

from datetime import date

from tests.decisions.cases import AS_OF, Cases

cases = Cases()
cases.case("worse", pd_bp=1500)
cases.case("worse and once late", pd_bp=1500, months={"days_past_due": 3})
cases.case("worse and known for short", pd_bp=1500, borrower={"onboarded_on": date(2023, 11, 22)})
cases.case("best", pd_bp=50)
cases.case("average")
cases.case("cheap already", pd_bp=50, annual_rate_bp=1200)
cases.case("in hardship", pd_bp=50, borrower={"hardship_on": AS_OF})
cases.case("rate unknown", pd_bp=50, annual_rate_bp=None)


def test_two_fifths_of_a_cut_are_forgiven_to_who_was_never_late_in_three_years() -> None:
    row = cases["worse"]
    assert (row["after_strategy_cents"], row["after_relationship_cents"]) == (900_000, 940_000)
    assert (row["relationship_row"], row["relationship_value"]) == ("cut_relief", 4_000)


def test_one_late_month_or_a_shorter_time_forgives_nothing() -> None:
    for name in ("worse and once late", "worse and known for short"):
        assert cases[name]["relationship_row"] is None
        assert cases[name]["after_relationship_cents"] == 900_000


def test_the_best_grades_take_a_larger_step_up_and_others_do_not() -> None:
    assert cases["best"]["relationship_row"] == "extra_step"
    assert cases["best"]["after_relationship_cents"] == 1_300_000
    assert cases["average"]["relationship_row"] is None


def test_a_long_good_customers_rate_falls_to_the_cap_and_no_rate_rises() -> None:
    assert cases["best"]["proposed_rate_bp"] == 1_500
    assert cases["cheap already"]["proposed_rate_bp"] == 1_200
    assert cases["average"]["proposed_rate_bp"] == 1_800
    assert cases["rate unknown"]["proposed_rate_bp"] is None


def test_no_rate_moves_in_hardship() -> None:
    assert cases["in hardship"]["proposed_rate_bp"] == 1_800
