"""The records of law that bind a line (docs/policy.md, section 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from linewatch.regulation import Record
from tests.oracle.arithmetic import MILLION, WHOLE, add_months
from tests.oracle.book import Book, Row, in_force

if TYPE_CHECKING:
    from tests.oracle.line import Line

CODES = {
    "debt_income_months": "debt_over_legal_limit",
    "persistent_debt_months": "persistent_debt",
    "identity_verified": "identity_unverified",
}
"""What a block of the measure is called."""


def in_scope(line: Line) -> list[Record]:
    """In the order of the law."""
    pack = line.book.documents.profile.packs.get(line.borrower.get("jurisdiction") or "")
    return [record for record in line.book.law_in_force.get(pack or "", ()) if _fits(line, record)]


def _fits(line: Line, record: Record) -> bool:
    borrower = line.borrower
    if record.borrower_type not in (None, borrower.get("borrower_type")):
        return False
    if record.product not in (None, line.facility["product"]):
        return False
    if record.age_group is not None and borrower.get(record.age_group) is not True:
        return False
    return _between(
        record.income_from_cents, annual_income(borrower), record.income_below_cents
    ) and _between(
        _bound(line, record, record.revenue_from_cents),
        line.reporting_revenue,
        _bound(line, record, record.revenue_below_cents),
    )


def _between(low: int | None, value: int | None, below: int | None) -> bool:
    """What is unknown fits no bound."""
    if low is None and below is None:
        return True
    return value is not None and (low is None or low <= value) and (below is None or value < below)


def annual_income(borrower: Row) -> int | None:
    annual, monthly = borrower.get("annual_income_cents"), borrower.get("net_monthly_income_cents")
    return annual if annual is not None else None if monthly is None else monthly * 12


def _bound(line: Line, record: Record, cents: int | None) -> int | None:
    return None if cents is None else in_reporting(line.book, record, cents)


def in_reporting(book: Book, record: Record, cents: int) -> int:
    """An amount of a record in reporting money, rounded down."""
    return cents * book.rate_ppm[record.currency or book.reporting_currency] // MILLION


def forbids_rise(line: Line, record: Record) -> bool:
    if record.type == "duty":
        return record.measure == "reassess_months" and _reassessment(line, record, 1)
    return record.type == "gate" and GATES[record.measure](line, record)


def reassessment_due(line: Line, record: Record) -> bool:
    return record.type == "duty" and record.measure == "reassess_months" and _reassessment(line, record, 0)


def _reassessment(line: Line, record: Record, more: int) -> bool:
    last = last_review(line)
    assert record.value is not None
    return last is not None and add_months(last, record.value + more) <= line.book.as_of


def last_review(line: Line) -> date | None:
    """Ours, else the source's."""
    ours = line.past["reviewed_on"] if line.past else None
    return ours or line.facility["last_reviewed_on"]


def blocks(line: Line, record: Record) -> bool:
    if record.type != "block":
        return False
    if record.measure == "debt_income_months":
        return _debt_over_income(line, record)
    if record.measure == "persistent_debt_months":
        return _persistent_debt(line, record) and "payment_plan" not in _treated(line)
    return line.borrower.get("identity_verified_on") is None and line.book.identity_is_known_of_somebody


def _income_known(line: Line, _: Record) -> bool:
    if line.consumer:
        return annual_income(line.borrower) is None
    return line.revenue is None


def _least_income(line: Line, record: Record) -> bool:
    income = annual_income(line.borrower)
    assert record.value is not None
    return income is None or income < record.value


def _difficulty(line: Line, _: Record) -> bool:
    kinds = {"forbearance", "payment_plan", "breathing_space", "bankruptcy"}
    return line.in_hardship or line.borrower_dpd > 0 or bool(kinds & _treated(line))


def _late(line: Line, record: Record) -> bool:
    elsewhere = (line.bureau or {}).get("worst_dpd_now")
    assert record.value is not None
    return line.borrower_dpd >= record.value or (elsewhere is not None and elsewhere >= record.value)


def _debt_over_income(line: Line, record: Record) -> bool:
    """In each of so many calendar months in a row, ending with that of the last report."""
    book, income = line.book, annual_income(line.borrower)
    last_of_month: dict[date, Row] = {}
    rows = [
        r for r in book.of("bureau_report", "borrower_id", line.borrower_id) if r["pulled_on"] <= book.as_of
    ]
    for row in sorted(rows, key=lambda row: row["pulled_on"]):
        last_of_month[row["pulled_on"].replace(day=1)] = row
    if not last_of_month or income is None:
        return False
    newest = max(last_of_month)
    reports = [last_of_month.get(add_months(newest, -back)) for back in range(record.for_months)]
    assert record.value is not None
    return all(
        report is not None
        and not report["disputed"]
        and report["unsecured_revolving_cents"] is not None
        and report["unsecured_revolving_cents"] * 12 > income * record.value
        for report in reports
    )


def _persistent_debt(line: Line, record: Record) -> bool:
    """More went into fees than into principal, month after month."""
    assert record.value is not None
    rows = [row for ago, row in line.months if ago < record.value]
    fees = [row["interest_fees_cents"] for row in rows]
    repaid = [row["principal_paid_cents"] for row in rows]
    if len(rows) < record.value or None in fees or None in repaid:
        return False
    least = in_reporting(line.book, record, record.least_cents or 0)
    in_money = line.book.reporting_down(sum(fees), line.currency)
    return sum(fees) > sum(repaid) and (record.least_cents is None or in_money >= least)


def _treated(line: Line) -> set[Any]:
    return {
        row["kind"]
        for row in line.book.of("treatment", "borrower_id", line.borrower_id)
        if in_force(row, line.book.as_of)
    }


GATES: dict[str, Callable[[Line, Record], bool]] = {
    "income_known": _income_known,
    "income_verified": lambda line, _: line.borrower.get("income_kind") != "verified",
    "obligations_known": lambda line, _: (line.bureau or {}).get("monthly_payment_cents") is None,
    "annual_income_least_cents": _least_income,
    "no_opt_out": lambda line, _: line.consent.stands is False,
    "no_difficulty": _difficulty,
    "dpd_below_days": _late,
    "identity_verified": lambda line, _: line.borrower.get("identity_verified_on") is None,
    "debt_income_months": _debt_over_income,
    "persistent_debt_months": _persistent_debt,
    "consent_to_amount": lambda line, _: False,
}


def cap_cents(line: Line, record: Record) -> int | None:
    """What a cap leaves in all, in reporting cents; None: it does not bind this borrower."""
    profile, value = line.book.documents.profile, record.value
    assert value is not None
    if record.measure in ("line_limit_cents", "borrower_limit_cents"):
        return in_reporting(line.book, record, value)
    if record.measure == "borrower_income_months":
        income = annual_income(line.borrower)
        return None if income is None else in_reporting(line.book, record, income * value // 12)
    figure = profile.net_assets_cents if "net_assets" in record.measure else profile.tier1_cents
    assert figure is not None
    return figure * value // WHOLE


def law_rate(line: Line) -> int | None:
    """The lowest rate that a record in scope allows."""
    if line.quarantined:
        return None
    return min((_rate(line.book, r) for r in line.law if r.type == "rate"), default=None)


def _rate(book: Book, record: Record) -> int:
    assert record.value is not None
    if record.measure == "highest_rate_bp":
        return record.value
    assert record.reference
    return book.reference_bp[record.reference] * record.value // WHOLE


def duties(line: Line, measure: str) -> list[Record]:
    return [record for record in line.law if record.type == "duty" and record.measure == measure]


def values(line: Line, measure: str) -> list[int]:
    return [record.value or 0 for record in duties(line, measure)]


def records_of(line: Line, rate: int | None) -> list[str]:
    """Records that forbid a rise, block, or lower the rate."""
    if line.quarantined:
        return []
    return [
        record.id
        for record in line.law
        if forbids_rise(line, record)
        or blocks(line, record)
        or (record.type == "rate" and rate is not None and _rate(line.book, record) < rate)
    ]
