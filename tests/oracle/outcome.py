"""Action, rate and route of a walked line, and what the next night carries on (docs/policy.md, section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from linewatch.segment import GRADES
from tests.oracle.affordability import statement_age
from tests.oracle.arithmetic import WHOLE, days
from tests.oracle.book import Book, in_force
from tests.oracle.line import Line, covers_of, withdrawn
from tests.oracle.review import last_looked_at, looked_at, pd_from
from tests.oracle.walk import Walk, plan_was_open

IN_ORDER = (
    "case_open large_decrease large_exposure grade_worsened unknown_share affordability_unverified"
    " expected_loss_exceeded fraud_suspected shared_device committed_line project_line pd_near_edge"
    " statement_stale exposure_breach complaint_open automation_objection security_expiring assessment_poor"
    " no_reason"
).split()
"""The triggers as the page's table orders them."""


def action_of(w: Walk) -> str:
    line = w.line
    own_block = bool(line.past and line.past["own_block"])
    if w.gate.block and not (line.facility["drawdown_blocked"] or own_block):
        return "freeze"
    if not w.gate.block and own_block and not line.quarantined:
        return "unfreeze"
    if w.proposed < line.limit:
        return "decrease"
    if w.proposed > line.limit:
        return "increase" if _consented(line, w.proposed) else "offer"
    return "hold"


def _consented(line: Line, proposed: int) -> bool:
    """Consent stands, and an amount agreed for this very line covers the rise."""
    if line.rise_consent != "given":
        return False
    return line.consented_cents is None or proposed <= line.consented_cents


def hold_because(w: Walk) -> str:
    return (
        w.gate.block or w.gate.stop or ("dead_band" if w.in_dead_band else "") or _kept_back(w) or "no_change"
    )


def _kept_back(w: Walk) -> str | None:
    limit = w.line.limit
    if w.share is not None and w.share > WHOLE and not w.fired:
        return w.gate.no_rise or "cool_off"
    for step in ("affordability", "expected_loss", "exposure", "regulation"):
        if w.before(step) > max(limit, w.after(step)):
            row = w.steps[step].row
            if step == "affordability":
                return "income_unknown" if row == "income_unknown" else "affordability"
            return "hurdle" if row == "hurdle" else step
    if w.cooled:
        return "cool_off"
    if w.steps["stability"].row == "utilisation_after_cut" or w.steps["floor"].row == "owed":
        return "floor_owed"
    return None


def proposed_rate(w: Walk) -> int | None:
    rate: int | None = w.line.facility["annual_rate_bp"]
    segment, hardship = w.line.segment, w.line.borrower.get("hardship_on")
    if not w.long_good or segment is None or rate is None:
        return rate
    if w.line.committed or w.line.facility["product"] == "project":
        return rate
    terms = segment.relationship
    in_hardship = hardship is not None and hardship <= w.line.book.as_of
    if terms.rate_cap_bp is None or w.line.grade not in terms.grades or in_hardship:
        return rate
    return min(rate, terms.rate_cap_bp)


@dataclass
class Facts:
    """What the triggers ask of a decided line."""

    w: Walk
    action: str
    reasons: list[Any]

    @property
    def changes(self) -> bool:
        return self.w.proposed != self.w.line.limit

    @property
    def protected(self) -> bool:
        """Protection and law wait for nobody."""
        return self.w.line.quarantined or self.action in ("freeze", "unfreeze") or self.w.law_lowers

    @property
    def falls(self) -> bool:
        return self.action == "decrease"


def triggers_of(facts: Facts) -> list[str]:
    w = facts.w
    found = []
    if facts.changes and not facts.protected and w.line.borrower_id in w.line.book.open_cases:
        found.append("case_open")
    if facts.action in ("decrease", "freeze") and not facts.reasons:
        found.append("no_reason")
    if w.line.segment is not None and not facts.protected:
        for trigger in w.line.book.policy.trigger:
            if trigger.segments and w.line.segment.name not in trigger.segments:
                continue
            if trigger.code not in found and _holds(facts, trigger.code, trigger.value):
                found.append(trigger.code)
    return sorted(found, key=IN_ORDER.index)


def _holds(facts: Facts, code: str, value: int) -> bool:
    w, line = facts.w, facts.w.line
    book = line.book
    fell = book.reporting_down(max(0, line.limit - w.proposed), line.currency)
    larger = book.reporting_down(max(line.limit, w.proposed), line.currency)
    before = line.past["standing_grade"] if line.past else None
    unknown = line.score["unknown_share_bp"] if line.score else None
    age = statement_age(line)
    match code:
        case "large_decrease":
            return facts.falls and fell >= value
        case "large_exposure":
            return facts.changes and larger >= value
        case "grade_worsened":
            return facts.falls and None not in (before, line.grade) and _worse_by(line, before) >= value
        case "unknown_share":
            return facts.changes and unknown is not None and unknown >= value
        case "affordability_unverified":
            return w.unproven
        case "expected_loss_exceeded":
            return w.loss_exceeded
        case "fraud_suspected":
            return w.moves and line.borrower.get("fraud_flag") == "suspected"
        case "shared_device":
            return facts.action in ("increase", "offer") and _on_one_device(line) >= value
        case "committed_line":
            return line.committed and facts.changes
        case "project_line":
            return line.facility["product"] == "project" and (facts.changes or _draw_stopped(line))
        case "pd_near_edge":
            by_cell = w.fired and (w.share or 0) < WHOLE and w.cell_row != "long_unused"
            return facts.falls and by_cell and _near_edge(line, value)
        case "statement_stale":
            return w.moves and age is not None and age > value
        case "exposure_breach":
            return w.moves and w.breach
        case "complaint_open":
            return facts.falls and _complains(line)
        case "automation_objection":
            return facts.falls and _objects(line)
        case "security_expiring":
            return w.moves and _security_ends_within(line, value)
        case "assessment_poor":
            return w.moves and _weakest(line) <= value
    raise AssertionError(f"the policy's page has no trigger {code}")


def _worse_by(line: Line, before: Any) -> int:
    assert line.grade
    return GRADES.index(line.grade) - GRADES.index(before)  # type: ignore[arg-type]


def _near_edge(line: Line, value: int) -> bool:
    assert line.score
    return bool((line.score["pd_bp"] - pd_from(line)) * WHOLE <= pd_from(line) * value)


def _on_one_device(line: Line) -> int:
    """The borrower and whoever shares a device with them."""
    me, others = line.borrower_id, set()
    for row in line.book.tables["social_link"]:
        pair = {row["borrower_id"], row["related_borrower_id"]}
        if row["kind"] == "shared_device" and me in pair:
            others |= pair
    return len(others)


def _draw_stopped(line: Line) -> bool:
    reports = [
        r
        for r in line.book.of("project_status", "facility_id", line.id)
        if r["reported_on"] <= line.book.as_of
    ]
    return bool(reports) and max(reports, key=lambda r: r["reported_on"])["draw_stop"]


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


def _security_ends_within(line: Line, value: int) -> bool:
    ends = [row["valid_until"] for row in covers_of(line.book, line.id) if row["valid_until"] is not None]
    return bool(ends) and min(ends) <= line.book.as_of + days(value)


def _weakest(line: Line) -> int:
    known = [
        row
        for row in line.book.of("assessment", "borrower_id", line.borrower_id)
        if row["assessed_on"] <= line.book.as_of
    ]
    if not known:
        return 6
    last = max(known, key=lambda row: row["assessed_on"])
    marks = [last[key] for key in ("market_position", "management_quality") if last[key] is not None]
    return min(marks, default=6)


def effective_on(w: Walk, action: str) -> date | None:
    tomorrow = w.line.book.as_of + days(1)
    if action == "decrease":
        return tomorrow + days(w.line.segment.notice_days if w.line.segment else 0)
    if action == "hold" and proposed_rate(w) == w.line.facility["annual_rate_bp"]:
        return None
    return tomorrow


def test_digit(book: Book, facility_id: str) -> int:
    return int(sha256(f"{book.policy.test_digit_key}|{facility_id}".encode()).hexdigest()[:8], 16) % 100


test_digit.__test__ = False  # type: ignore[attr-defined]


def carried(w: Walk, action: str, route: str) -> dict[str, Any]:
    """What the next night carries on from this line."""
    line, as_of, past = w.line, w.line.book.as_of, w.line.past or {}
    automatic = route == "automatic"
    takes_effect = automatic and action in ("increase", "decrease")
    in_force_now = w.proposed if takes_effect else line.limit
    fell, rose = automatic and action == "decrease", automatic and action == "increase"
    reaffirmed = w.moves and automatic and not _held_back(w, action)
    own_block = bool(past.get("own_block"))
    blocked = bool(line.facility["drawdown_blocked"]) or own_block
    if action in ("freeze", "unfreeze"):
        blocked = own_block = action == "freeze"
    fired, fired_on, plan = past.get("fired_target_bp"), past.get("fired_on"), plan_was_open(line)
    if w.moves:
        assert w.share is not None
        if w.share >= WHOLE:
            fired = None
        elif w.fired and fell:
            fired, fired_on = w.share, as_of
        cut_fired = w.fired and w.share < WHOLE
        waits_longer = plan and (not automatic or action == "unfreeze")
        plan = cut_fired and ((fell and (w.held_back or w.cooled)) or waits_longer)
    return {
        "committed_limit_cents": in_force_now,
        "drawdown_blocked": blocked,
        "own_block": own_block,
        "next_anchor_limit_cents": in_force_now if reaffirmed else line.anchor,
        "next_anchor_on": as_of if reaffirmed else line.anchor_on,
        "fired_target_bp": fired,
        "fired_on": fired_on,
        "plan_open": plan,
        "last_decrease_on": as_of if fell else past.get("last_decrease_on"),
        "last_increase_on": as_of if rose else past.get("last_increase_on"),
        "band_limit_cents": max(line.band_limit, in_force_now),
        "offered_on": as_of if automatic and action == "offer" else past.get("offered_on"),
        "standing_grade": line.grade or past.get("standing_grade"),
        "looked_at_on": as_of if looked_at(w.gate) else last_looked_at(line),
        "looked_at_dpd": line.dpd if looked_at(w.gate) else past.get("looked_at_dpd"),
    }


def _held_back(w: Walk, action: str) -> bool:
    """Whether anything waits: the anchor then stays."""
    rise_waits = w.proposed == w.line.limit and hold_because(w) == "cool_off"
    gave_way = action == "unfreeze" and w.proposed != w.line.limit
    case = w.line.borrower_id in w.line.book.open_cases
    return action == "offer" or w.cooled or w.held_back or rise_waits or gave_way or case
