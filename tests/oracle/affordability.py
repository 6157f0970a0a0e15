"""What the borrower can carry (docs/policy.md, section 3, step 4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.oracle.arithmetic import WHOLE, add_months, div
from tests.oracle.line import Line

if TYPE_CHECKING:
    from tests.oracle.walk import Walk


def other_own_lines(line: Line) -> int:
    """The borrower's other limits in the line's currency."""
    return max(0, line.book.from_reporting(line.borrower_limits, line.currency) - line.limit)


def external_payments(line: Line) -> int | None:
    return line.bureau.get("monthly_payment_cents") if line.bureau else None


def carrying_revenue(line: Line) -> tuple[int, str] | None:
    """The revenue that capacity goes by: trade must be long and fresh enough to stand in."""
    assert line.segment
    if line.statement is None and line.trade is not None:
        terms = line.segment.affordability
        if line.trade.months < terms.trade_months_least or line.trade.age >= terms.trade_age_months:
            return None
    return line.revenue


def capacity_of(line: Line) -> int | None:
    """None: unknown."""
    return _of_income(line) if line.consumer else _of_revenue(line)


def _of_revenue(line: Line) -> int | None:
    assert line.segment
    known, book = carrying_revenue(line), line.book
    if known is None or known[1] not in book.rate_ppm:
        return None
    revenue, currency = known
    carried = div(revenue * line.segment.affordability.revenue_share_bp, WHOLE)
    carried = div(carried * book.rate_ppm[currency], book.rate_ppm[line.currency])
    return max(0, carried - other_own_lines(line))


def _of_income(line: Line) -> int | None:
    assert line.segment
    terms = line.segment.affordability
    income, external = line.borrower["net_monthly_income_cents"], external_payments(line)
    if income is None or external is None:
        return None
    essential = line.essential
    if essential is None:
        essential = income * terms.essential_share_bp // WHOLE
    left = max(0, income * terms.income_share_bp // WHOLE - external - essential - terms.buffer_cents)
    return max(0, left * WHOLE // terms.minimum_payment_bp - other_own_lines(line))


def affordability(w: Walk, on: bool) -> None:
    line, wish = w.line, w.at
    if not w.moves or not on:
        w.leave("affordability", wish)
        return
    assert line.segment
    capacity = capacity_of(line)
    rise_row = _rise_bound(line, wish, capacity)
    limit, row = wish, None
    if wish > line.limit and rise_row is not None:
        row = rise_row
        limit = max(line.limit, capacity or 0) if row == "capacity" else line.limit
    proven, terms = _proven(line), line.segment.affordability
    if line.consumer and terms.cuts and proven and capacity is not None and capacity < wish:
        limit, row = capacity, "capacity"
    short = capacity is not None and capacity * WHOLE < line.limit * terms.refer_below_bp
    w.unproven = line.consumer and short and not proven
    w.leave("affordability", limit, row, capacity if row == "capacity" else None)


def _proven(line: Line) -> bool:
    """Whether the capacity of a consumer rests on nothing stale, stated or estimated."""
    assert line.segment
    terms, verified = line.segment.affordability, line.borrower.get("income_verified_on")
    return (
        line.essential is not None
        and line.borrower.get("income_kind") == "verified"
        and verified is not None
        and add_months(verified, terms.verified_within_months) >= line.book.as_of
    )


def _rise_bound(line: Line, wish: int, capacity: int | None) -> str | None:
    bounds = _bounds_of_firms(line) if not line.consumer else iter(())
    firm = next((code for code, holds in bounds if holds), None)
    if firm is not None:
        return firm
    if capacity is None:
        return "income_unknown"
    return "capacity" if capacity < wish else None


def _bounds_of_firms(line: Line) -> Iterator[tuple[str, bool]]:
    assert line.segment
    terms, statement = line.segment.affordability, line.statement
    if statement is None:
        yield "income_unknown", carrying_revenue(line) is None
        return
    yield "statement_stale", (line.statement_age or 0) > terms.statement_months
    yield (
        "debt_service",
        _uncovered(
            statement["operating_cash_flow_cents"],
            statement["debt_service_due_12m_cents"],
            terms.debt_service_cover_bp,
        ),
    )
    yield (
        "interest_cover",
        _uncovered(statement["ebit_cents"], statement["interest_expense_cents"], terms.interest_cover_bp),
    )


def _uncovered(earned: int | None, due: int | None, cover_bp: int) -> bool:
    if earned is None or due is None or due <= 0:
        return False
    return earned * WHOLE < due * cover_bp


def income_would_carry(line: Line) -> bool:
    """Whether the limit would be affordable but for what is owed elsewhere and our other lines."""
    assert line.segment
    capacity = capacity_of(line) or 0
    external = (external_payments(line) or 0) * WHOLE // line.segment.affordability.minimum_payment_bp
    return capacity + other_own_lines(line) + external >= line.limit
