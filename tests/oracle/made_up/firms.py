"""What is known of a firm: statements, assessments, trade."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.oracle.arithmetic import add_months
from tests.oracle.firm import FACTORS
from tests.oracle.made_up.odds import Odds


def enterprise_facts(odds: Odds, name: str) -> None:
    half_a_year = odds.as_of - timedelta(days=180)
    last = odds.one(odds.day(500), half_a_year, half_a_year + timedelta(days=1))
    ends = {odds.day(900), last, odds.one(last, add_months(last, -6), add_months(last, -3), share=3)}
    for end in sorted(ends):
        if odds.odd(0.7):
            continue
        revenue = odds.random.choice([1_999_999_999, 2_000_000_000, odds.random.randint(0, 9) * 700_000_000])
        odds.lender.add(
            "financial_statement",
            borrower_id=name,
            period_end=end,
            received_on=odds.one(min(odds.as_of, end + timedelta(days=60)), None, odds.as_of + timedelta(1)),
            months_covered=odds.one(12, 6, 7, None, 2, 3, 18, 19),
            audited=odds.random.choice([None, True, False]),
            consolidated=odds.random.choice([None, True, False]),
            **_balance(odds, revenue),
            currency=odds.one("CNY", "TWD", "USD"),
            revenue_cents=revenue,
            ebit_cents=revenue // odds.random.choice([5, 9, 20, -30]),
            interest_expense_cents=odds.one(revenue // 40, 0),
            operating_cash_flow_cents=revenue // odds.random.choice([6, 10, -50]),
            debt_service_due_12m_cents=odds.one(revenue // 15, None, 0),
        )
    for day in sorted({odds.day(50), odds.day(600), odds.day(1_500)}):
        if not odds.odd():
            odds.lender.add("assessment", borrower_id=name, assessed_on=day, **_marks(odds))
    if "trade_month" in odds.lender.rows and odds.odd(3):
        _trade(odds, name)


def _marks(odds: Odds) -> dict[str, Any]:
    random = odds.random
    about, slotting = random.random() < 0.8, random.random() < 0.7
    keys = ("market_position", "management_quality")
    firm = {key: odds.one(random.randint(2, 5), 1, None) if about else None for key in keys}
    marks = {
        key: odds.one(random.randint(1, 4), None, 0, 5, share=0.5) if slotting else None for key in FACTORS
    }
    return {**firm, **marks}


def _balance(odds: Odds, revenue: int) -> dict[str, Any]:
    assets = odds.one(revenue * odds.random.choice([1, 2, 3]) // 2 + 1_000, 0)
    owed = odds.one(assets * odds.random.choice([1, 5, 9, 11]) // 10, 0)
    return {
        "total_assets_cents": assets,
        "total_liabilities_cents": owed,
        "equity_cents": assets - owed,
        "current_assets_cents": assets * odds.random.choice([1, 5, 9]) // 10,
        "current_liabilities_cents": owed * odds.random.choice([1, 5, 9]) // 10,
        "retained_earnings_cents": assets * odds.random.choice([-30, -2, 1, 4]) // 10,
    }


def _trade(odds: Odds, name: str) -> None:
    """Months of invoices in place of a statement, or beside one."""
    random = odds.random
    if random.random() < 0.7:
        kept = [row for row in odds.lender.rows["financial_statement"] if row["borrower_id"] != name]
        odds.lender.rows["financial_statement"] = kept
    currency, sold = random.choice([None, "CNY", "TWD"]), random.choice([3_000_000, 170_000_000])
    first = random.choice([0, 0, 1, 3, 4])
    for month in odds.closed(random.choice([2, 11, 12, 13, 20]))[first:]:
        if not odds.odd():
            odds.lender.add(
                "trade_month",
                borrower_id=name,
                month=month,
                currency=odds.one(currency, "USD", None, share=0.3),
                sales_cents=sold + random.randint(0, 99),
                sales_returns_cents=odds.one(sold // 20, sold * 2),
                purchases_cents=sold // 2,
                purchase_returns_cents=0,
            )
