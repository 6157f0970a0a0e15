"""Step 4: what the borrower can carry. Capacity here is 3 x income - 20,000.00 less other own lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.decisions.cases import AS_OF, Cases, documents_with

cases = Cases(
    documents=documents_with(
        "consumer_established",
        "affordability",
        income_share_bp=5_000,
        minimum_payment_bp=500,
        essential_share_bp=3_500,
        buffer_cents=50_000,
        refer_below_bp=3_000,
    )
)


def earning(cents: int | None, **facts: Any) -> dict[str, Any]:
    return {"net_monthly_income_cents": cents, **facts}


def spending(cents: int) -> dict[str, Any]:
    return {"spending_month": {"month": date(2026, 10, 1), "essential_cents": cents}}


SPENT = spending(850_000 * 3_500 // 10_000)
"""On record, and as much as is taken of 850,000 where nothing is."""


cases.case("a little more", borrower=earning(1_010_000))
cases.case("unknown", borrower=earning(None))
cases.case("unknown and worse", borrower=earning(None), pd_bp=1500)
cases.case("unknown and average", borrower=earning(None), pd_bp=700)
cases.case("debts unknown", rows={"bureau_report": {"pulled_on": AS_OF, "disputed": True}})
cases.case("too little", pd_bp=700, borrower=earning(850_000), rows=SPENT)
cases.case("too little for a rise", borrower=earning(850_000), rows=SPENT)
cases.case("too little by an estimate", pd_bp=700, borrower=earning(850_000))
cases.case("too little by an estimate for a rise", borrower=earning(850_000))
cases.case("far too little by an estimate", pd_bp=700, borrower=earning(700_000))
few_debts = {"bureau_report": {"pulled_on": AS_OF, "monthly_payment_cents": 10_000}}
cases.case(
    "too little and no debts", pd_bp=700, borrower=earning(650_000), rows=few_debts | spending(227_500)
)
cases.case("only said", pd_bp=700, borrower=earning(850_000, income_kind="stated"), rows=SPENT)
cases.case("far too little, only said", pd_bp=700, borrower=earning(700_000, income_kind="stated"))
for name, day in {"proven long ago": date(2025, 11, 20), "proven a year ago": date(2025, 11, 21)}.items():
    cases.case(name, pd_bp=700, borrower=earning(850_000, income_verified_on=day), rows=SPENT)
cases.case("two lines", borrower=earning(1_010_000))
cases.lender.line("two lines 2", "two lines")
cases.case("spends much", rows=spending(885_000))
cases.enterprise("firm")
cases.enterprise("stale", statement={"period_end": date(2025, 4, 20)})
cases.enterprise("cash short", statement={"operating_cash_flow_cents": 59_999_999})
cases.enterprise("cash just enough", statement={"operating_cash_flow_cents": 60_000_000})
cases.enterprise("interest not covered", statement={"ebit_cents": 29_999_999})
cases.enterprise("loss without interest", statement={"ebit_cents": -1, "interest_expense_cents": 0})
cases.enterprise("small revenue", statement={"revenue_cents": 208_000_000})
cases.case("no statement", borrower={"borrower_type": "enterprise"}, product="working_capital")


def test_a_rise_goes_no_further_than_the_income_carries() -> None:
    row = cases["a little more"]
    assert (row["affordability_row"], row["affordability_value"]) == ("capacity", 1_030_000)
    assert (row["action"], row["proposed_limit_cents"]) == ("increase", 1_030_000)


def test_unknown_income_or_debts_allow_no_rise_and_make_no_cut() -> None:
    assert cases["unknown"]["hold_because"] == "income_unknown"
    assert cases["debts unknown"]["hold_because"] == "income_unknown"
    assert cases["unknown and average"]["hold_because"] == "no_change"
    worse = cases["unknown and worse"]
    assert (worse["action"], worse["affordability_row"]) == ("decrease", None)


@pytest.mark.parametrize("name", ["too little", "too little for a rise"])
def test_a_standing_limit_comes_down_to_a_proven_capacity(name: str) -> None:
    row = cases[name]
    assert (row["after_affordability_cents"], row["affordability_row"]) == (550_000, "capacity")
    assert row["action"] == "decrease"


def test_an_estimate_of_what_is_spent_bounds_a_rise_and_cuts_nothing() -> None:
    for name in ("too little by an estimate", "too little by an estimate for a rise"):
        row = cases[name]
        assert (row["proposed_limit_cents"], row["triggers"]) == (row["limit_cents"], []), name
    assert cases["too little by an estimate for a rise"]["affordability_value"] == 550_000
    assert cases["too little by an estimate for a rise"]["hold_because"] == "affordability"
    assert cases["a little more"]["affordability_value"] == 1_030_000


def test_a_limit_far_beyond_what_an_estimate_leaves_goes_to_a_person() -> None:
    row = cases["far too little by an estimate"]
    assert (row["after_affordability_cents"], row["triggers"]) == (
        row["limit_cents"],
        ["affordability_unverified"],
    )


def test_the_reason_tells_income_from_obligations() -> None:
    assert [r["code"] for r in cases["too little"]["reasons"]] == ["obligations_excessive"]
    assert [r["code"] for r in cases["too little and no debts"]["reasons"]] == ["income_insufficient"]


def test_an_income_that_was_only_said_or_proven_long_ago_cuts_nothing() -> None:
    assert cases["only said"]["proposed_limit_cents"] == 1_000_000
    assert cases["proven long ago"]["proposed_limit_cents"] == 1_000_000
    assert cases["proven a year ago"]["action"] == "decrease"


def test_a_limit_far_beyond_an_unproven_income_goes_to_a_person() -> None:
    assert cases["far too little, only said"]["triggers"] == ["affordability_unverified"]
    assert cases["only said"]["triggers"] == []


def test_other_own_lines_count_at_their_full_limit() -> None:
    assert cases["two lines"]["affordability_value"] == 30_000


def test_essential_spending_on_record_counts_instead_of_a_share_of_income() -> None:
    assert cases["spends much"]["affordability_value"] == 300_000


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("stale", "statement_stale"),
        ("cash short", "debt_service"),
        ("interest not covered", "interest_cover"),
        ("no statement", "income_unknown"),
    ],
)
def test_a_firm_rises_only_on_a_fresh_statement_that_covers_debt_and_interest(name: str, row: str) -> None:
    assert cases[name]["affordability_row"] == row
    assert cases[name]["after_affordability_cents"] == cases[name]["limit_cents"]


def test_a_firm_that_covers_what_it_owes_rises_up_to_its_share_of_revenue() -> None:
    for name in ("firm", "cash just enough", "loss without interest"):
        assert (cases[name]["action"], cases[name]["proposed_limit_cents"]) == ("increase", 52_500_000)
    assert cases["small revenue"]["affordability_value"] == 52_000_000
