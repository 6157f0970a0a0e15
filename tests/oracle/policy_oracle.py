"""Every column of `decisions`, computed from docs/policy.md and from nothing that the statements say."""

from __future__ import annotations

from typing import Any

from tests.oracle.book import Book
from tests.oracle.gate import gates_of
from tests.oracle.line import lines_of
from tests.oracle.outcome import (
    Facts,
    action_of,
    carried,
    effective_on,
    hold_because,
    proposed_rate,
    test_digit,
    triggers_of,
)
from tests.oracle.reasons import Trials, reasons_of
from tests.oracle.review import next_due_on, review, reviewed_on
from tests.oracle.step import STEPS
from tests.oracle.walk import Walk, walk


def decide(book: Book) -> dict[str, dict[str, Any]]:
    """Every decision of the night, by facility_id."""
    lines = lines_of(book)
    for line in lines:
        review(line)
    gates = gates_of(book, lines)
    trials = Trials(lines, gates)
    return {w.line.id: _decision(w, trials) for w in walk(lines, gates)}


def _decision(w: Walk, trials: Trials) -> dict[str, Any]:
    line, action = w.line, action_of(w)
    reasons = reasons_of(w, action, trials)
    triggers = triggers_of(Facts(w, action, reasons))
    route = "referred" if triggers else "automatic"
    most = line.book.policy.reasons_most
    return {
        **_line_columns(w),
        **{
            f"{part}_{step}_cents" if part == "after" else f"{step}_{part}": value
            for step in STEPS
            for part, value in w.steps[step]._asdict().items()
        },
        "proposed_limit_cents": w.proposed,
        "binding_steps": w.binding_steps,
        "binding_step": w.binding_steps[-1] if w.binding_steps else None,
        "rate_bp": line.facility["annual_rate_bp"],
        "proposed_rate_bp": proposed_rate(w),
        "action": action,
        "route": route,
        "triggers": triggers,
        "reasons": reasons[:most],
        "reasons_truncated": [reason["code"] for reason in reasons[most:]],
        "hold_because": hold_because(w) if action == "hold" else None,
        "effective_on": effective_on(w, action),
        "test_digit": test_digit(line.book, line.id),
        "quarantined": line.quarantined,
        "improve_reviews": line.improve_reviews,
        "reviewed_on": reviewed_on(line, w.gate),
        **carried(w, action, route),
    }


def _line_columns(w: Walk) -> dict[str, Any]:
    line, score = w.line, w.line.score or {}
    return {
        "facility_id": line.id,
        "borrower_id": line.borrower_id,
        "group_id": line.group_id,
        "segment": line.segment.name if line.segment else None,
        "product": line.facility["product"],
        "currency": line.currency,
        "jurisdiction": line.borrower.get("jurisdiction"),
        "borrower_type": line.borrower.get("borrower_type"),
        "scorecard": score.get("scorecard"),
        "score": score.get("score"),
        "pd_bp": score.get("pd_bp"),
        "grade": line.grade,
        "unknown_share_bp": score.get("unknown_share_bp"),
        "due": line.due_because is not None,
        "due_because": line.due_because,
        "next_due_on": next_due_on(line, w.gate),
        "limit_cents": line.limit,
        "source_limit_cents": line.facility["credit_limit_cents"],
        "limit_origin": line.origin,
        "drawn_cents": line.drawn,
        "owed_cents": line.owed,
        "days_past_due": line.dpd,
        "utilisation_bp": line.utilisation_bp,
        "utilisation_band": line.band,
        "anchor_limit_cents": line.anchor,
        "anchor_on": line.anchor_on,
    }
