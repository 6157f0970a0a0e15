"""Action, rate and route of a walked line (docs/policy.md, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from tests.oracle.arithmetic import WHOLE, days
from tests.oracle.book import Book
from tests.oracle.law import law_rate, records_of, values
from tests.oracle.line import Line
from tests.oracle.walk import FINAL, Walk


def action_of(w: Walk) -> str:
    """What the walk comes to, whatever is done while a person is asked."""
    line, gate = w.line, w.gate
    if gate.carried_out and not line.drawing_blocked:
        return "freeze"
    standing = line.standing
    stays = standing.person_block or standing.review_block is not None
    if gate.block is None and standing.own_block and not stays and not line.quarantined:
        return "unfreeze"
    if w.proposed < line.limit:
        return "decrease"
    if w.proposed > line.limit:
        asks_amount = consent_record(line) is not None and not _agreed_to(line, w.proposed)
        return "increase" if line.given_consent and not asks_amount else "offer"
    return "hold"


def stopped_meanwhile(w: Walk, proposed: str, triggers: Sequence[str]) -> str | None:
    """Why nobody may draw on a referred line until its case has ended, if the policy says so of a trigger."""
    line = w.line
    if line.recommend_only or line.drawing_blocked or proposed in ("freeze", "unfreeze"):
        return None
    means = [
        (triggers.index(trigger.code), trigger.reason)
        for trigger in line.book.policy.trigger
        if trigger.code in triggers
        and trigger.meanwhile == "no_new_drawdown"
        and line.segment is not None
        and (not trigger.segments or line.segment.name in trigger.segments)
    ]
    return min(means)[1] if means else None


def consent_record(line: Line) -> str | None:
    """The record of law by which a rise needs consent to its amount."""
    gates = (record for record in line.law if record.type == "gate")
    return next((record.id for record in gates if record.measure == "consent_to_amount"), None)


def _agreed_to(line: Line, proposed: int) -> bool:
    agreed = line.consent.amount_cents
    return line.consent.stands is True and agreed is not None and agreed >= proposed


def law_records(w: Walk, action: str) -> list[str]:
    line, asks = w.line, consent_record(w.line)
    records = records_of(line, line.rate)
    offered = action == "offer" and line.given_consent and asks is not None
    return [*records, asks] if offered and asks is not None else records


def recommendation(w: Walk) -> str | None:
    """What the walk says of a line that people decide."""
    line, terms = w.line, w.line.book.policy.commitment
    if not line.recommend_only:
        return None
    report = line.report or {}
    covenant = bool(report.get("covenant_breached")) and terms.draw_stop_on_covenant
    if w.gate.block or report.get("draw_stop") or covenant or line.slot in terms.draw_stop_slots:
        return "draw_stop"
    return "reduce_undrawn" if w.proposed < line.limit else "hold"


def hold_because(w: Walk) -> str:
    return (
        w.gate.block or w.gate.stop or ("dead_band" if w.in_dead_band else "") or _kept_back(w) or "no_change"
    )


def _kept_back(w: Walk) -> str | None:
    limit = w.line.limit
    if w.share is not None and w.share > WHOLE and not w.fired:
        return w.kept_from_rising
    for step in ("affordability", "expected_loss", "exposure", "regulation"):
        if w.before(step) > max(limit, w.after(step)):
            if step == "affordability" and w.steps[step].row == "income_unknown":
                return "income_unknown"
            return "hurdle" if step == "expected_loss" and w.misses_hurdle else step
    if w.cooled:
        return "cool_off"
    if w.steps["stability"].row == FINAL or w.steps["floor"].row == "owed":
        return "floor_owed"
    return None


def proposed_rate(w: Walk) -> int | None:
    rate, law = _own_rate(w), law_rate(w.line)
    return rate if rate is None or law is None else min(rate, law)


def _own_rate(w: Walk) -> int | None:
    line, rate, segment = w.line, w.line.rate, w.line.segment
    if not w.long_good or segment is None or rate is None or line.recommend_only or line.in_hardship:
        return rate
    terms = segment.relationship
    never_late = line.borrower_dpd == 0 and line.facility["days_past_due"] is not None
    if terms.rate_cap_bp is None or line.grade not in terms.grades or not never_late:
        return rate
    return min(rate, terms.rate_cap_bp)


def committed_rate(w: Walk, action: str, route: str) -> int | None:
    """The rate left in force: what the law lowers waits for nobody."""
    rate, law = w.line.rate, law_rate(w.line)
    if route == "automatic" or (action == "freeze" and w.gate.block is not None):
        return proposed_rate(w)
    return rate if rate is None or law is None else min(rate, law)


def effective_on(w: Walk, action: str, route: str) -> date | None:
    line, tomorrow = w.line, w.line.book.as_of + days(1)
    if route == "referred" and committed_rate(w, action, route) != line.rate:
        return tomorrow
    if action == "decrease":
        ours = line.segment.notice_days if line.segment else 0
        return tomorrow + days(max([ours, *values(line, "notice_before_days")]))
    if action == "hold" and proposed_rate(w) == line.rate:
        return None
    return tomorrow


def deadline_on(line: Line, action: str) -> date | None:
    """By when the law wants the letter out."""
    fewest = min(values(line, "notice_deadline_days"), default=None)
    told = action in ("decrease", "freeze")
    return line.book.as_of + days(fewest) if told and fewest is not None else None


def reasons_most(line: Line) -> int:
    return min([line.book.policy.reasons_most, *values(line, "most_reasons")])


def test_digit(book: Book, facility_id: str) -> int:
    return int(sha256(f"{book.policy.test_digit_key}|{facility_id}".encode()).hexdigest()[:8], 16) % 100


test_digit.__test__ = False  # type: ignore[attr-defined]
