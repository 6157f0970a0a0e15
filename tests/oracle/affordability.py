"""What the borrower can carry (docs/policy.md, section 3, step 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.arithmetic import WHOLE, add_months, months_between
from tests.oracle.line import Line, essential_spending

if TYPE_CHECKING:
    from tests.oracle.walk import Walk


def other_own_lines(line: Line) -> int:
    """The borrower's other limits in the line's currency."""
    book = line.book
    total = line.borrower_limits
    return max(0, book.from_reporting(total, line.currency) - line.limit)


def external_payments(line: Line) -> int | None:
    return line.bureau.get("monthly_payment_cents") if line.bureau else None


def capacity_of(line: Line) -> int | None:
    """None: unknown."""
    assert line.segment
    terms, book = line.segment.affordability, line.book
    if not line.consumer:
        if line.statement is None:
            return None
        currency = line.statement["currency"] or line.currency
        carried = line.statement["revenue_cents"] * terms.revenue_share_bp // WHOLE
        carried = carried * book.rate_ppm[currency] // book.rate_ppm[line.currency]
        return max(0, carried - other_own_lines(line))
    income, external = line.borrower["net_monthly_income_cents"], external_payments(line)
    if income is None or external is None:
        return None
    essential = essential_spending(book, line.borrower_id)
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
    proven = _proven(line)
    if line.consumer and proven and capacity is not None and capacity < wish:
        limit, row = capacity, "capacity"
    terms = line.segment.affordability
    w.unproven = not proven and capacity is not None and capacity * WHOLE < line.limit * terms.refer_below_bp
    w.leave("affordability", limit, row, capacity if row == "capacity" else None)


def _proven(line: Line) -> bool:
    """Whether a standing limit may be cut to the capacity: the policy says so and the income is fresh."""
    assert line.segment
    terms, verified = line.segment.affordability, line.borrower.get("income_verified_on")
    return (
        terms.cuts
        and line.borrower.get("income_kind") == "verified"
        and verified is not None
        and add_months(verified, terms.verified_within_months) >= line.book.as_of
    )


def _rise_bound(line: Line, wish: int, capacity: int | None) -> str | None:
    assert line.segment
    terms, statement = line.segment.affordability, line.statement
    if not line.consumer:
        if statement is None:
            return "income_unknown"
        if statement_age(line) > terms.statement_months:  # type: ignore[operator]
            return "statement_stale"
        service = statement["debt_service_due_12m_cents"] or 0
        if (
            service > 0
            and statement["operating_cash_flow_cents"] * WHOLE < service * terms.debt_service_cover_bp
        ):
            return "debt_service"
        interest = statement["interest_expense_cents"]
        if interest > 0 and statement["ebit_cents"] * WHOLE < interest * terms.interest_cover_bp:
            return "interest_cover"
    if capacity is None:
        return "income_unknown"
    return "capacity" if capacity < wish else None


def statement_age(line: Line) -> int | None:
    return months_between(line.statement["period_end"], line.book.as_of) if line.statement else None


def income_would_carry(line: Line) -> bool:
    """Whether the limit would be affordable but for what is owed elsewhere and our other lines."""
    assert line.segment
    capacity = capacity_of(line) or 0
    external = (external_payments(line) or 0) * WHOLE // line.segment.affordability.minimum_payment_bp
    return capacity + other_own_lines(line) + external >= line.limit
