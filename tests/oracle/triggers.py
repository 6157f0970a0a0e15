"""What sends a line to a person (docs/policy.md, section 4, triggers)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from linewatch.segment import GRADES
from tests.oracle.arithmetic import WHOLE, days, months_between
from tests.oracle.book import in_force
from tests.oracle.consent import withdrawn
from tests.oracle.gate import met
from tests.oracle.law import duties
from tests.oracle.line import Line
from tests.oracle.review import pd_from, security_ends, statement_expires
from tests.oracle.walk import Walk

IN_ORDER = (
    "case_open large_decrease large_exposure grade_worsened unknown_share affordability_unverified"
    " expected_loss_exceeded fraud_suspected shared_device committed_line project_line pd_near_edge"
    " statement_stale exposure_breach complaint_open automation_objection human_review security_expiring"
    " valuation_stale assessment_poor policy_rule statement_expiring altman_distress group_default"
    " covenant_breached dscr_low cost_shortfall drawn_ahead project_report_old slotting_incomplete"
    " publication_overdue no_reason"
).split()
"""The triggers as the page's table orders them."""


@dataclass
class Facts:
    """What the triggers ask of a decided line."""

    w: Walk
    action: str
    reasons: list[Any]

    @property
    def line(self) -> Line:
        return self.w.line

    @property
    def stands_at(self) -> int:
        """Where the law leaves the line by itself; else the current limit."""
        law = self.w.law_limit
        return self.line.limit if law is None else law

    @property
    def changes(self) -> bool:
        return self.w.proposed != self.stands_at

    @property
    def falls(self) -> bool:
        return self.action == "decrease" and self.w.proposed < self.stands_at

    @property
    def protected(self) -> bool:
        """Protection and law wait for nobody."""
        all_law = self.w.law_limit is not None and not self.changes
        return self.line.quarantined or self.action in ("freeze", "unfreeze") or all_law


def triggers_of(facts: Facts) -> list[str]:
    found = set()
    if facts.action in ("decrease", "freeze") and not facts.reasons:
        found.add("no_reason")
    found |= _of_commitments(facts)
    if not facts.protected:
        found |= _always_on(facts)
        if facts.line.segment is not None:
            found |= _of_policy(facts, facts.line.segment.name)
    return sorted(found, key=IN_ORDER.index)


def _of_commitments(facts: Facts) -> set[str]:
    """The committee is asked about every line that moves, and about a default until drawing is blocked."""
    w, line = facts.w, facts.line
    if line.quarantined or facts.action == "unfreeze":
        return set()
    in_default = line.borrower_id in line.book.in_default or line.slot == "default"
    asks = w.moves or (not line.drawing_blocked and (w.gate.block is not None or in_default))
    kinds = {"committed_line": line.committed, "project_line": line.project}
    return {code for code, holds in kinds.items() if holds and asks}


def _always_on(facts: Facts) -> set[str]:
    w, line = facts.w, facts.line
    objection = bool(duties(line, "human_review_on_request")) and _objects(line)
    holding = {
        "case_open": facts.changes and line.borrower_id in line.book.open_cases,
        "policy_rule": w.moves and met(line, "refer"),
        "human_review": facts.falls and bool(duties(line, "human_review")),
        "automation_objection": facts.falls and objection,
    }
    return {code for code, holds in holding.items() if holds}


def _of_policy(facts: Facts, segment: str) -> set[str]:
    return {
        trigger.code
        for trigger in facts.line.book.policy.trigger
        if (not trigger.segments or segment in trigger.segments) and HOLDS[trigger.code](facts, trigger.value)
    }


def _fell(facts: Facts) -> int:
    line = facts.line
    return line.book.reporting_down(max(0, facts.stands_at - facts.w.proposed), line.currency)


def _larger(facts: Facts) -> int:
    line = facts.line
    return line.book.reporting_down(max(facts.stands_at, facts.w.proposed), line.currency)


def _worse_by(line: Line) -> int:
    before = line.past["standing_grade"] if line.past else None
    if before is None or line.grade is None:
        return 0
    return GRADES.index(line.grade) - GRADES.index(before)  # type: ignore[arg-type]


def _near_edge(facts: Facts, value: int) -> bool:
    w, line = facts.w, facts.line
    if not (facts.falls and w.cut_fired and w.cell_row != "long_unused" and line.slot is None):
        return False
    assert line.score
    return bool((line.score["pd_bp"] - pd_from(line)) * WHOLE <= pd_from(line) * value)


def _complains(line: Line) -> bool:
    return any(
        row["kind"] == "complaint" and in_force(row, line.book.as_of)
        for row in line.book.of("treatment", "borrower_id", line.borrower_id)
    )


def _objects(line: Line) -> bool:
    return any(
        row["kind"] == "automation_objection"
        and row["granted_on"] <= line.book.as_of
        and not withdrawn(row, line.book.as_of)
        for row in line.book.of("consent", "borrower_id", line.borrower_id)
    )


def _old_valuation(line: Line, value: int) -> bool:
    rows = line.book.of("guarantee", "facility_id", line.id)
    pledged = {cover.guarantee_id for cover in line.covers if cover.kind == "collateral"}
    valued = [row["valued_on"] for row in rows if row["guarantee_id"] in pledged]
    return any(day is None or months_between(day, line.book.as_of) > value for day in valued)


def _report(line: Line, key: str) -> Any:
    return line.report[key] if line.report is not None else None


def _cost_shortfall(line: Line, value: int) -> bool:
    cost = _report(line, "cost_to_complete_cents")
    return cost is not None and (cost - max(0, line.limit - line.owed)) * WHOLE > cost * value


def _drawn_ahead(line: Line, value: int) -> bool:
    done = _report(line, "completion_bp")
    if done is None or done >= WHOLE or line.limit == 0:
        return False
    return line.owed * WHOLE // line.limit - done > value


def _report_old(line: Line, value: int) -> bool:
    if not line.project:
        return False
    return line.report is None or months_between(line.report["reported_on"], line.book.as_of) > value


def _missing_factors(line: Line) -> int:
    return sum(mark is None for mark in line.marks.values())


def _overdue(line: Line, value: int) -> bool:
    expected: date | None = line.standing.expected_on
    waiting = line.origin == "in_flight" or (
        line.standing.own_block and line.facility["drawdown_blocked"] is False
    )
    return waiting and expected is not None and line.book.as_of > expected + days(value)


def _unknown_share(line: Line) -> int:
    """Under nought where nobody knows."""
    known = line.score["unknown_share_bp"] if line.score else None
    return -1 if known is None else known


def _known_and_under(known: int | None, value: int) -> bool:
    return known is not None and known < value


HOLDS: dict[str, Callable[[Facts, int], bool]] = {
    "large_decrease": lambda f, v: f.falls and _fell(f) >= v,
    "large_exposure": lambda f, v: f.changes and _larger(f) >= v,
    "grade_worsened": lambda f, v: f.falls and _worse_by(f.line) >= v,
    "unknown_share": lambda f, v: f.changes and _unknown_share(f.line) >= v,
    "affordability_unverified": lambda f, _: f.w.unproven,
    "expected_loss_exceeded": lambda f, _: f.w.loss_exceeded,
    "fraud_suspected": lambda f, _: f.w.moves and f.line.borrower.get("fraud_flag") == "suspected",
    "shared_device": lambda f, v: f.action in ("increase", "offer") and f.line.on_one_device >= v,
    "pd_near_edge": _near_edge,
    "statement_stale": lambda f, v: f.w.moves and (f.line.statement_age or 0) > v,
    "exposure_breach": lambda f, _: f.w.moves and f.w.breach,
    "complaint_open": lambda f, _: f.falls and _complains(f.line),
    "automation_objection": lambda f, _: f.falls and _objects(f.line),
    "security_expiring": lambda f, _: f.w.moves and security_ends(f.line),
    "valuation_stale": lambda f, v: f.w.moves and _old_valuation(f.line, v),
    "assessment_poor": lambda f, v: f.w.moves and _known_and_under(f.line.weakest_mark, v + 1),
    "statement_expiring": lambda f, _: f.w.moves and statement_expires(f.line),
    "altman_distress": lambda f, v: f.w.moves and _known_and_under(f.line.altman, v),
    "group_default": lambda f, _: f.w.moves and f.line.group_default,
    "covenant_breached": lambda f, _: f.w.moves and bool(_report(f.line, "covenant_breached")),
    "dscr_low": lambda f, v: f.w.moves and _known_and_under(_report(f.line, "dscr_bp"), v),
    "cost_shortfall": lambda f, v: f.w.moves and _cost_shortfall(f.line, v),
    "drawn_ahead": lambda f, v: f.w.moves and _drawn_ahead(f.line, v),
    "project_report_old": lambda f, v: f.w.moves and _report_old(f.line, v),
    "slotting_incomplete": lambda f, v: f.w.moves and f.line.rated_by_slot and _missing_factors(f.line) >= v,
    "publication_overdue": lambda f, v: _overdue(f.line, v),
}
