"""Step 2: the cell of segment, grade and utilisation, and when it fires."""

from __future__ import annotations

from datetime import date

from tests.decisions.cases import AS_OF, Cases

RECENT = {"onboarded_on": date(2024, 6, 1)}
NOTHING = {"closing_balance_cents": 0, "drawdown_count": 0, "drawdown_cents": 0}
cases = Cases()
cases.case("worse", pd_bp=1500, borrower=RECENT)
cases.case("fired before", pd_bp=1500, borrower=RECENT, past={"standing_grade": "E", "fired_target_bp": 9000})
cases.case(
    "fired less before", pd_bp=1500, borrower=RECENT, past={"standing_grade": "E", "fired_target_bp": 9500}
)
cases.case("plan open", pd_bp=1500, past={"standing_grade": "E", "fired_target_bp": 9000, "plan_open": True})
cases.case(
    "arrears",
    pd_bp=1500,
    days_past_due=30,
    past={"standing_grade": "E", "fired_target_bp": 9000},
    months={"days_past_due": 3},
)
cases.case("unused", borrower=RECENT, drawn_cents=0, months=NOTHING)
cases.case("unused but drawn today", borrower=RECENT, drawn_cents=1, months=NOTHING)
cases.case("unused with one draw", borrower=RECENT, drawn_cents=0, months={**NOTHING, "drawdown_count": 1})
cases.case("use unknown", pd_bp=9000)
cases.case("better once", past={"standing_grade": "E", "improve_reviews": 0})
cases.case("better twice", past={"standing_grade": "E", "improve_reviews": 1})
cases.case("worse at once", pd_bp=3000, past={"standing_grade": "A"})
cases.case("we changed it", past={"last_decrease_on": date(2026, 5, 22)})
cases.case("we changed it long ago", past={"last_decrease_on": date(2026, 5, 21)})
cases.case("they changed it", last_limit_change_on=date(2026, 9, 1))
cases.case("other anchor", drawn_cents=800_000, past={"next_anchor_limit_cents": 2_000_000})
cases.case("credit balance", drawn_cents=-5_000)
cases.case("new", borrower={"onboarded_on": date(2025, 11, 22)}, pd_bp=1500)
cases.case("a year", borrower={"onboarded_on": date(2025, 11, 21)}, pd_bp=1500)
cases.case("first day unknown", borrower={"onboarded_on": None}, pd_bp=1500)
cases.enterprise("small firm")
cases.enterprise("firm", statement={"revenue_cents": 2_000_000_000})
cases.enterprise("half a year of a firm", statement={"revenue_cents": 1_000_000_000, "months_covered": 6})
months = cases.lender.rows["facility_month"]
cases.lender.rows["facility_month"] = [row for row in months if row["facility_id"] != "use unknown"]


def test_a_worse_cell_lowers_the_limit_to_its_share_of_the_anchor() -> None:
    row = cases["worse"]
    assert (row["strategy_row"], row["strategy_value"]) == ("consumer_established.E.mid", 9_000)
    assert (row["action"], row["proposed_limit_cents"]) == ("decrease", 900_000)
    assert (row["fired_target_bp"], row["fired_on"]) == (9_000, AS_OF)


def test_a_cell_cuts_once_and_again_only_when_it_worsens_or_something_happens() -> None:
    assert cases["fired before"]["proposed_limit_cents"] == 1_000_000
    assert cases["fired less before"]["proposed_limit_cents"] == 900_000
    assert cases["plan open"]["action"] == "decrease"
    assert (cases["arrears"]["due_because"], cases["arrears"]["action"]) == ("statement", "decrease")


def test_a_line_not_used_for_a_year_shrinks_by_its_own_rule() -> None:
    row = cases["unused"]
    assert (row["strategy_row"], row["after_strategy_cents"]) == ("long_unused", 700_000)
    assert [reason["code"] for reason in row["reasons"]] == ["long_unused"]


def test_one_draw_in_the_year_or_a_balance_today_means_the_line_is_used() -> None:
    assert cases["unused but drawn today"]["strategy_row"] == "consumer_established.C.idle"
    assert cases["unused with one draw"]["strategy_row"] == "consumer_established.C.idle"


def test_unknown_utilisation_leaves_the_worst_grade_as_it_is() -> None:
    row = cases["use unknown"]
    assert (row["grade"], row["utilisation_band"], row["strategy_value"]) == ("G", None, 10_000)
    assert row["action"] == "hold"


def test_a_better_grade_counts_at_the_second_review_and_nobody_is_cut_meanwhile() -> None:
    once, twice = cases["better once"], cases["better twice"]
    assert (once["grade"], once["improve_reviews"], once["action"]) == ("E", 1, "hold")
    assert (twice["grade"], twice["improve_reviews"], twice["action"]) == ("C", 0, "increase")


def test_a_worse_grade_counts_at_once() -> None:
    assert cases["worse at once"]["grade"] == "F"
    assert cases["worse at once"]["improve_reviews"] == 0


def test_after_any_change_a_limit_does_not_rise_for_half_a_year() -> None:
    assert cases["we changed it"]["hold_because"] == "cool_off"
    assert cases["they changed it"]["hold_because"] == "cool_off"
    assert cases["we changed it long ago"]["action"] == "increase"


def test_utilisation_is_measured_on_the_anchor_so_that_our_own_cut_does_not_raise_it() -> None:
    assert cases["other anchor"]["utilisation_bp"] == 4_000


def test_a_credit_balance_is_nothing_used_and_nothing_owed() -> None:
    row = cases["credit balance"]
    assert (row["utilisation_bp"], row["owed_cents"]) == (0, 0)


def test_the_first_fitting_segment_counts_and_unknown_fits_no_bound() -> None:
    assert cases["new"]["segment"] == "consumer_new"
    assert cases["a year"]["segment"] == "consumer_established"
    assert cases["first day unknown"]["segment"] == "consumer_established"


def test_a_firms_segment_looks_at_a_years_revenue() -> None:
    assert cases["small firm"]["segment"] == "small_enterprise"
    assert cases["firm"]["segment"] == "enterprise"
    assert cases["half a year of a firm"]["segment"] == "enterprise"
