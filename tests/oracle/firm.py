"""What is known of firms and projects: statement, trade, assessments, reports (docs/policy.md, 1 and 1.1)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from linewatch.policy import Policy
from tests.oracle.arithmetic import WHOLE, add_months, days, div, months_ago
from tests.oracle.book import Book, Row

FACTORS = ("financial_strength", "political_legal", "transaction", "sponsor", "security")
FLOWS = ("revenue_cents", "ebit_cents", "interest_expense_cents", "operating_cash_flow_cents")


def received_on(statement: Row) -> date:
    """When it came in; where the source does not say, 180 days after the period's end."""
    day: date = statement["received_on"] or statement["period_end"] + days(180)
    return day


def statement_of(book: Book, borrower_id: str) -> dict[str, Any] | None:
    """The statement that counts, its flows made a year's and its months unknown where they are odd."""
    received = [
        row
        for row in book.of("financial_statement", "borrower_id", borrower_id)
        if received_on(row) <= book.as_of and row["period_end"] <= book.as_of
    ]
    if not received:
        return None
    oldest = add_months(max(row["period_end"] for row in received), -6)
    recent = [row for row in received if row["period_end"] >= oldest]
    best = max(recent, key=lambda row: (bool(row["audited"]), bool(row["consolidated"]), row["period_end"]))
    months = best["months_covered"]
    known = months is not None and 3 <= months <= 18
    year = {
        flow: div(best[flow] * 12, months) if known and best[flow] is not None else None for flow in FLOWS
    }
    return {
        **best,
        **year,
        "months": months if known else None,
        "received": received_on(best),
        "ebit_of_months_cents": best["ebit_cents"],
    }


def altman_z2(statement: Row | None) -> int | None:
    """Z'' in hundredths."""
    if statement is None:
        return None
    parts = [_x1(statement), _x2(statement), _x3(statement), _x4(statement)]
    if statement["total_assets_cents"] <= 0 or None in parts:
        return None
    known = [part for part in parts if part is not None]
    return div(sum(weight * part for weight, part in zip((656, 326, 672, 105), known, strict=True)), WHOLE)


def _within(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


def _x1(row: Row) -> int | None:
    if row["total_assets_cents"] <= 0:
        return None
    working = (row["current_assets_cents"] - row["current_liabilities_cents"]) * WHOLE
    return _within(-20_000, div(working, row["total_assets_cents"]), 10_000)


def _x2(row: Row) -> int | None:
    if row["total_assets_cents"] <= 0:
        return None
    return _within(-20_000, div(row["retained_earnings_cents"] * WHOLE, row["total_assets_cents"]), 10_000)


def _x3(row: Row) -> int | None:
    if row["total_assets_cents"] <= 0 or row["months"] is None:
        return None
    year = row["ebit_of_months_cents"] * 12 * WHOLE
    return _within(-10_000, div(year, row["total_assets_cents"] * row["months"]), 10_000)


def _x4(row: Row) -> int | None:
    liabilities, equity = row["total_liabilities_cents"], row["equity_cents"]
    if liabilities <= 0:
        return 100_000 if equity > 0 else None
    return _within(-10_000, div(equity * WHOLE, liabilities), 100_000)


class Trade(NamedTuple):
    """What the invoices of closed months tell."""

    months: int
    revenue_cents: int
    age: int
    currency: str | None


def trade_of(book: Book, borrower_id: str) -> Trade | None:
    closed = [
        (months_ago(row["month"], book.as_of), row)
        for row in book.of("trade_month", "borrower_id", borrower_id)
    ]
    closed = [(ago, row) for ago, row in closed if ago >= 0]
    if not closed:
        return None
    age, newest = min(closed, key=lambda item: item[0])
    same = [(ago, row) for ago, row in closed if row["currency"] == newest["currency"]]
    months = min(12, 1 + max(ago for ago, _ in same))
    sold = sum(row["sales_cents"] - row["sales_returns_cents"] for ago, row in same if ago < 12)
    return Trade(months, max(0, sold) * 12 // months, age, newest["currency"])


def weakest_mark(book: Book, borrower_id: str) -> int | None:
    """The lower of market position and management, while the assessment counts."""
    last = _last_assessment(book, borrower_id, ("market_position", "management_quality"), range(1, 6))
    if last is None or add_months(last["assessed_on"], 24) <= book.as_of:
        return None
    marks = [last[key] for key in ("market_position", "management_quality")]
    return min((mark for mark in marks if mark is not None), default=None)


def slotting_assessment(book: Book, borrower_id: str) -> Row | None:
    """The last that knows any of the five factors, no matter its age."""
    return _last_assessment(book, borrower_id, FACTORS, range(1, 5))


def slotting_marks(book: Book, policy: Policy, borrower_id: str) -> dict[str, int | None]:
    last = slotting_assessment(book, borrower_id)
    if last is None or add_months(last["assessed_on"], policy.slotting.assessment_months) <= book.as_of:
        return dict.fromkeys(FACTORS)
    return {factor: last[factor] if last[factor] in range(1, 5) else None for factor in FACTORS}


def _last_assessment(book: Book, borrower_id: str, keys: tuple[str, ...], marks: range) -> Row | None:
    known = [
        row
        for row in book.of("assessment", "borrower_id", borrower_id)
        if row["assessed_on"] <= book.as_of and any(row[key] in marks for key in keys)
    ]
    return max(known, key=lambda row: row["assessed_on"], default=None)


def project_report(book: Book, facility_id: str) -> Row | None:
    """The line's last project status."""
    reported = [
        row
        for row in book.of("project_status", "facility_id", facility_id)
        if row["reported_on"] <= book.as_of
    ]
    return max(reported, key=lambda row: row["reported_on"], default=None)
