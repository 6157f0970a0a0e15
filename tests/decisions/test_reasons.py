"""Section 5: why a limit falls, told by trying each step without and alone."""

from __future__ import annotations

from datetime import date

from tests.decisions.cases import Cases

RECENT = {"onboarded_on": date(2024, 6, 1)}
NOTHING = {"closing_balance_cents": 0, "drawdown_count": 0, "drawdown_cents": 0}
cases = Cases()
cases.case("a little worse", pd_bp=1500, borrower=RECENT)
cases.case("much worse", pd_bp=9000, borrower=RECENT)
cases.case("full", pd_bp=700, borrower=RECENT, drawn_cents=850_000, months={"closing_balance_cents": 960_000})
cases.case("four shortfalls", pd_bp=9000, borrower=RECENT)
cases.lender.features["four shortfalls"] = {
    "late_count": 0,
    "late_days": 0,
    "share_used": 1,
    "asked_for": None,
}
cases.case("unused and worse", pd_bp=9000, borrower=RECENT, drawn_cents=0, months=NOTHING)
cases.case("by schedule", revolving=False, scheduled_limit_cents=700_000)
RICH = {**RECENT, "net_monthly_income_cents": 90_000_000}
cases.case("law and grade", pd_bp=3000, credit_limit_cents=25_000_000, drawn_cents=0, borrower=RICH)


def codes(name: str) -> list[str]:
    return [reason["code"] for reason in cases[name]["reasons"]]


def test_only_so_many_reasons_as_the_score_lacks_for_keeping_the_limit() -> None:
    assert codes("a little worse") == ["late_payments"]
    assert codes("much worse") == ["late_payments", "utilisation"]


def test_a_reason_carries_its_points_and_what_its_ground_alone_takes() -> None:
    reason = cases["a little worse"]["reasons"][0]
    assert (reason["family"], reason["points"], reason["cents"]) == ("late_payments", 2_000, 100_000)


def test_a_full_line_that_a_lower_use_would_have_kept_is_told_so() -> None:
    assert codes("full") == ["late_payments", "utilisation"]
    assert cases["full"]["reasons"][1]["points"] is None


def test_families_come_by_their_shortfall() -> None:
    points = [(reason["code"], reason["points"]) for reason in cases["four shortfalls"]["reasons"]]
    assert points == [("late_payments", 10_000)]


def test_a_line_that_nobody_used_is_told_that_unless_its_grade_asks_for_more() -> None:
    assert "long_unused" not in codes("unused and worse")
    assert codes("by schedule") == ["scheduled_limit"]


def test_each_ground_is_told_once_before_any_is_told_twice() -> None:
    told = codes("law and grade")
    assert set(told[:2]) == {"regulation_cap", "late_payments"}
    assert len(told) == len(set(told)) <= 4
