"""Every column of `decisions`, computed from docs/policy.md and from nothing that the statements say."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import Any

from tests.oracle.adverse import change_of, classify, grounds_of, requested
from tests.oracle.book import Book
from tests.oracle.carried import Decided, carried
from tests.oracle.firm import FACTORS
from tests.oracle.gate import Gate, gates_of
from tests.oracle.grade_fall import note_grade_falls
from tests.oracle.law import law_rate
from tests.oracle.line import Line
from tests.oracle.lines import lines_of
from tests.oracle.outcome import (
    action_of,
    deadline_on,
    effective_on,
    hold_because,
    law_records,
    proposed_rate,
    reasons_most,
    recommendation,
    stopped_meanwhile,
    test_digit,
)
from tests.oracle.reasons import Trials, reasons_of
from tests.oracle.review import former_pd, next_due_on, review
from tests.oracle.step import STEPS
from tests.oracle.triggers import Facts, triggers_of
from tests.oracle.walk import Walk, walk

Decision = dict[str, Any]


def decide(book: Book) -> dict[str, Decision]:
    """Every decision of the night, by facility_id."""
    # All that is made here stays: to search it for garbage takes as long as half of the deciding.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _decide(book)
    finally:
        if collecting:
            gc.enable()


def _decide(book: Book) -> dict[str, Decision]:
    lines = lines_of(book)
    for line in lines:
        review(line)
    gates = gates_of(lines)
    walks = walk(lines, gates)
    if note_grade_falls(walks):
        walks = walk(lines, gates)
    trials = Trials(*_of_groups(walks, {w.line.group_id for w in walks if action_of(w) == "decrease"}))
    free = _without_law(walks)
    decisions = {w.line.id: _decision(w, trials, free) for w in walks}
    classify(decisions, lines)
    return decisions


def _of_groups(walks: Sequence[Walk], groups: set[str]) -> tuple[list[Line], list[Gate]]:
    tried = [w for w in walks if w.line.group_id in groups]
    return [w.line for w in tried], [w.gate for w in tried]


def _without_law(walks: Sequence[Walk]) -> dict[str, int]:
    """Proposals of the groups in which the law did something, were it not there."""
    bound = {
        w.line.group_id
        for w in walks
        if w.gate.blocked_by_law or w.gate.no_rise == "law_forbids_rise" or w.steps["regulation"].row
    }
    lines, _ = _of_groups(walks, bound)
    on = ["gate", "strategy", "affordability", "expected_loss", "exposure"]
    return {w.line.id: w.proposed for w in walk(lines, gates_of(lines, law=False), on)}


def _decision(w: Walk, trials: Trials, free: dict[str, int]) -> Decision:
    line, proposed = w.line, action_of(w)
    reasons = reasons_of(w, proposed, trials)
    triggers = triggers_of(Facts(w, proposed, reasons))
    stopped = stopped_meanwhile(w, proposed, triggers)
    action = "freeze" if stopped else proposed
    route = "referred" if triggers else "automatic"
    most = reasons_most(line)
    return {
        **_line_columns(w),
        **_firm_columns(line),
        **{
            f"{part}_{step}_cents" if part == "after" else f"{step}_{part}": value
            for step in STEPS
            for part, value in w.steps[step]._asdict().items()
        },
        **vars(w.loss),
        "proposed_limit_cents": w.proposed,
        "without_regulation_cents": free.get(line.id, w.proposed),
        "law_limit_cents": w.law_limit,
        "law_records": law_records(w, proposed),
        "binding_steps": w.binding_steps,
        "binding_step": w.binding_steps[-1] if w.binding_steps else None,
        "source_rate_bp": line.facility["annual_rate_bp"],
        "rate_bp": line.rate,
        "law_rate_bp": law_rate(line),
        "proposed_rate_bp": proposed_rate(w),
        "action": action,
        "recommendation": recommendation(w),
        "route": route,
        "triggers": triggers,
        "rules": line.rules,
        "reasons": reasons[:most],
        "reasons_truncated": [reason["code"] for reason in reasons[most:]],
        "hold_because": hold_because(w) if action == "hold" else None,
        "effective_on": effective_on(w, action, route),
        "deadline_on": deadline_on(line, action),
        "test_digit": test_digit(line.book, line.id),
        "quarantined": line.quarantined,
        **carried(Decided(w, action, route)),
        "review_block": stopped or line.standing.review_block,
        "grounds": grounds_of(w, proposed, trials),
        "requested_limit_cents": requested(w),
        "adverse_change": change_of(w, proposed, action),
    }


def _line_columns(w: Walk) -> Decision:
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
        "former_pd_bp": former_pd(line),
        "grade": line.grade,
        "grade_by_former": line.grade_by_former,
        "unknown_share_bp": score.get("unknown_share_bp"),
        "due": line.due_because is not None,
        "due_because": line.due_because,
        "next_due_on": next_due_on(line, w.gate),
        "limit_cents": line.limit,
        "source_limit_cents": line.facility["credit_limit_cents"],
        "temporary_cents": line.standing.temporary,
        "limit_origin": line.origin,
        "drawn_cents": line.drawn,
        "owed_cents": line.owed,
        "days_past_due": line.dpd,
        "utilisation_bp": line.utilisation_bp,
        "utilisation_band": line.band,
        "anchor_limit_cents": line.anchor,
        "anchor_on": line.anchor_on,
    }


def _firm_columns(line: Line) -> Decision:
    statement, slotted = line.statement or {}, line.rated_by_slot
    return {
        "slot": line.slot,
        "slot_score_bp": line.slot_score if slotted else None,
        **{f"slot_{factor}": line.marks[factor] if slotted else None for factor in FACTORS},
        "statement_end_on": statement.get("period_end"),
        "statement_received_on": statement.get("received"),
        "altman_z2_hundredths": line.altman,
    }
