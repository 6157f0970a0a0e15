"""What the policy's own conditions come to (docs/conditions.md)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from linewatch.expression import Node, Value, parse
from linewatch.facts import kinds, rule_ranges, segment_ranges
from linewatch.truth import evaluate
from tests.oracle.arithmetic import months_between

if TYPE_CHECKING:
    from tests.oracle.line import Line


@cache
def _rule(when: str) -> Node:
    return parse(when, kinds(rule_ranges())).root


@cache
def _segment(when: str) -> Node:
    return parse(when, kinds(segment_ranges())).root


def segment_fits(line: Line, when: str) -> bool:
    borrower = line.borrower
    facts: dict[str, Value] = {
        "borrower_type": borrower.get("borrower_type"),
        "product": line.facility["product"],
        "currency": line.currency,
        "jurisdiction": borrower.get("jurisdiction"),
        "industry_code": borrower.get("industry_code"),
        "tenure_months": line.tenure,
        "revenue_cents": line.revenue[0] if line.revenue else None,
        "credit_limit_cents": line.facility["credit_limit_cents"],
        "annual_income_cents": borrower.get("annual_income_cents"),
    }
    return evaluate(_segment(when), facts) is True


def rules_met(line: Line) -> list[str]:
    """The names of the rules for the line's segment whose condition is met, in the policy's order."""
    if line.quarantined or line.segment is None or not line.book.policy.rule:
        return []
    name = line.segment.name
    rules = [rule for rule in line.book.policy.rule if not rule.segments or name in rule.segments]
    facts = _facts(line)
    return [rule.name for rule in rules if evaluate(_rule(rule.when), facts) is True]


def _facts(line: Line) -> dict[str, Value]:
    borrower, facility, score = line.borrower, line.facility, line.score or {}
    statement, bureau = line.statement or {}, line.bureau or {}
    commitment, hardship = facility["commitment"], borrower.get("hardship_on")
    own = line.book.characteristics.get(line.borrower_id, {})
    return {
        **dict.fromkeys(rule_ranges()),
        **own,
        "segment": line.segment.name if line.segment else None,
        "borrower_type": borrower.get("borrower_type"),
        "product": facility["product"],
        "currency": line.currency,
        "jurisdiction": borrower.get("jurisdiction"),
        "is_committed": None if commitment is None else commitment == "committed",
        "is_revolving": facility["revolving"] is not False,
        "limit_cents": line.limit,
        "anchor_limit_cents": line.anchor,
        "drawn_cents": line.drawn,
        "owed_cents": line.owed,
        "rate_bp": line.rate,
        "days_past_due": line.dpd,
        "borrower_dpd": line.borrower_dpd,
        "worst_dpd_24m": line.worst_dpd_24m,
        "months_known": line.months_known,
        "months_unused": line.months_unused,
        "tenure_months": line.tenure,
        "score": score.get("score"),
        "pd_bp": score.get("pd_bp"),
        "unknown_share_bp": score.get("unknown_share_bp"),
        "net_monthly_income_cents": borrower.get("net_monthly_income_cents"),
        "income_kind": borrower.get("income_kind"),
        "external_payment_cents": bureau.get("monthly_payment_cents"),
        "external_dpd": bureau.get("worst_dpd_now"),
        "public_record_count": bureau.get("public_record_count"),
        "essential_cents": line.essential,
        "fraud_flag": borrower.get("fraud_flag"),
        "in_hardship": None if hardship is None else hardship <= line.book.as_of,
        "rise_consent": line.consent.stands,
        "device_borrowers": line.on_one_device,
        "has_statement": line.statement is not None,
        "statement_age_months": line.statement_age,
        "revenue_cents": line.revenue[0] if line.revenue else None,
        "ebit_cents": statement.get("ebit_cents"),
        "operating_cash_flow_cents": statement.get("operating_cash_flow_cents"),
        "interest_expense_cents": statement.get("interest_expense_cents"),
        **_of_project(line),
    }


def _of_project(line: Line) -> dict[str, Value]:
    """What the project report and the slot say."""
    report, slotted = line.report or {}, line.rated_by_slot
    return {
        "slot": line.slot,
        "slot_score_bp": line.slot_score if slotted else None,
        "missing_factors": sum(mark is None for mark in line.marks.values()) if slotted else None,
        "phase": report.get("phase"),
        "completion_bp": report.get("completion_bp"),
        "cost_to_complete_cents": report.get("cost_to_complete_cents"),
        "dscr_bp": report.get("dscr_bp"),
        "covenant_breached": bool(report.get("covenant_breached")),
        "draw_stop": bool(report.get("draw_stop")),
        "report_age_months": months_between(report["reported_on"], line.book.as_of) if report else None,
    }
