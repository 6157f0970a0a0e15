"""Lines of a random lender, their months, consents and project reports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.oracle.made_up.before import past
from tests.oracle.made_up.odds import Odds

PHASES = ["works", "works", "works", "permits", "abandoned", "stopped"]


def line(odds: Odds, name: str, borrower: str, consumer: bool) -> None:
    limit = _limit(odds, consumer)
    drawn = _drawn(odds, limit)
    product = "revolving_consumer" if consumer else odds.random.choice(["working_capital"] * 3 + ["project"])
    odds.lender.add(
        "facility",
        facility_id=name,
        borrower_id=borrower,
        product=product,
        currency=odds.one("CNY", "TWD", "USD", "SGD"),
        credit_limit_cents=limit,
        drawn_cents=drawn,
        pending_cents=odds.one(odds.random.choice([0, None]), limit // 20, 12_345),
        annual_rate_bp=odds.one(odds.random.choice([600, 900, 1200, 1800, 2400, 2400]), None, 0),
        status=odds.one("active", "frozen", "closed", share=0.4),
        temporary_limit_cents=odds.one(None, limit * 11 // 10, limit + 1, limit // 2, share=2),
        temporary_until=odds.one(
            None,
            *(odds.as_of + timedelta(days=n) for n in (-31, -2, -1, 0, 1, 30)),
            share=3,
        ),
        days_past_due=odds.one(0, 1, 29, 30, 59, 60, 89, 90, 120, None, share=0.7),
        statement_day=odds.one(odds.random.randint(1, 31), None, odds.as_of.day),
        last_limit_change_on=odds.one(None, odds.day(400), odds.day(200)),
        last_change_by=odds.one("lender", "borrower", None, share=0.5),
        last_reviewed_on=odds.one(odds.day(500), None, odds.as_of),
        drawdown_blocked=odds.one(odds.random.choice([None, False]), True, share=0.4),
        commitment=odds.one(odds.random.choice([None, "uncommitted"]), "committed", share=0.7),
        matures_on=odds.one(None, odds.as_of, odds.as_of + timedelta(days=1), odds.day(30), share=0.5),
        **_schedule(odds, limit),
    )
    _months(odds, name, limit, drawn)
    _consents(odds, name, borrower, limit)
    if product == "project":
        for day in sorted({odds.one(odds.day(20), odds.day(300)), odds.day(500)}):
            if not odds.odd():
                odds.lender.add("project_status", facility_id=name, reported_on=day, **_report(odds, limit))
    if odds.known_before and not odds.odd(0.5):
        past(odds, name, odds.lender.rows["facility"][-1])


def _report(odds: Odds, limit: int) -> dict[str, Any]:
    random = odds.random
    return {
        "phase": odds.one("works", *PHASES),
        "completion_bp": odds.one(random.choice([2_000, 5_000, 9_000]), 0, 10_000),
        "cost_to_complete_cents": odds.one(random.choice([None, limit // 10]), 0, limit, limit * 2),
        "dscr_bp": odds.one(random.choice([13_000, 20_000]), None, 11_000, 10_999),
        "covenant_breached": odds.one(False, True),
        "draw_stop": odds.one(False, True),
    }


def _limit(odds: Odds, consumer: bool) -> int:
    scale = 10_000 if consumer else 1_000_000
    usual = odds.random.randint(5, 120) * scale
    if consumer:
        return int(odds.one(usual, 0, 12_345, 999_999, 19_999_999, 30_000_001, 20_100_000))
    return int(odds.one(usual, 0, 123_456_789, 999_999_999, 3_100_000_000, 50_000_000))


def _drawn(odds: Odds, limit: int) -> int:
    shares = [10, 30, 50, 70, 80] if odds.good else [0, 0, 3, 10, 30, 50, 70, 85, 90, 95, 100]
    usual = limit * odds.random.choice(shares) // 100
    return int(odds.one(usual, -5_000, limit + 77_777, limit * 9 // 10 + 1, 1, usual + 33))


def _schedule(odds: Odds, limit: int) -> dict[str, Any]:
    if not odds.odd(0.6):
        return {"revolving": odds.one(odds.random.choice([None, True]), False)}
    scheduled = odds.random.choice([limit * 8 // 10 + 3, limit, limit + 5, 0, None])
    return {"revolving": odds.one(False, None, True), "scheduled_limit_cents": scheduled}


def _months(odds: Odds, name: str, limit: int, drawn: int) -> None:
    unused = drawn <= 0 and odds.random.random() < 0.6
    for month in odds.closed(odds.random.choice([12, 24] if odds.good else [0, 1, 2, 9, 12, 18, 24, 26])):
        if odds.odd(0.3):
            continue
        balance = 0 if unused else int(odds.one(drawn, 0, -1_000, limit // 2, limit))
        draws = 0 if unused else odds.one(1, 0)
        odds.lender.add(
            "facility_month",
            facility_id=name,
            month=month,
            closing_balance_cents=balance,
            limit_cents=odds.one(limit, limit * 2, limit // 2, share=0.5),
            days_past_due=odds.one(0, 3, 31, share=0.2),
            drawdown_count=draws,
            drawdown_cents=draws * 100,
            interest_fees_cents=odds.one(max(0, balance) // 50, 500_000, -100, None, share=0.3),
            principal_paid_cents=odds.one(
                max(0, balance) // odds.random.choice([40, 60]), 0, None, share=0.3
            ),
        )


def _consents(odds: Odds, name: str, borrower: str, limit: int) -> None:
    if odds.odd():
        odds.lender.add(
            "consent",
            borrower_id=borrower,
            kind="limit_increase",
            granted_on=odds.one(odds.day(40), odds.as_of, odds.as_of + timedelta(days=1)),
            facility_id=odds.random.choice([None, name]),
            amount_cents=odds.one(None, limit * 105 // 100, limit * 12 // 10, limit + 1, limit, share=3),
            withdrawn_on=odds.one(None, odds.day(20), odds.as_of, odds.as_of + timedelta(days=1)),
        )
