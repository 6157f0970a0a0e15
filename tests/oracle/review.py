"""Segment, review and grade of a line (docs/policy.md, section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from linewatch.segment import GRADES, Segment
from tests.oracle.arithmetic import add_months, days, last_day_numbered, next_day_numbered
from tests.oracle.conditions import rules_met, segment_fits
from tests.oracle.consent import rise_consents
from tests.oracle.firm import received_on, slotting_assessment
from tests.oracle.gate import Gate
from tests.oracle.law import last_review, reassessment_due
from tests.oracle.line import Line


def review(line: Line) -> None:
    """Leave the segment, why the review is due, whether an adverse event happened, and the grade."""
    line.segment = segment_of(line)
    line.rules = rules_met(line)
    line.due_because = due_because(line)
    line.adverse = (line.past is not None and _arrears_bucket(line)) or _bureau_alert(line)
    line.grade, line.improve_reviews = grade_of(line)
    line.grade_by_former = _by_former(line)


def segment_of(line: Line) -> Segment | None:
    for segment in line.book.policy.segment:
        if segment.subject == line.borrower.get("borrower_type") and _fits(segment, line):
            return segment
    return None


def _fits(segment: Segment, line: Line) -> bool:
    if segment.product not in (None, line.facility["product"]):
        return False
    if segment.tenure_below_months is not None and (
        line.tenure is None or line.tenure >= segment.tenure_below_months
    ):
        return False
    if segment.revenue_below_cents is not None and (
        line.revenue is None or line.revenue[0] >= segment.revenue_below_cents
    ):
        return False
    return segment.when is None or segment_fits(line, segment.when)


def due_because(line: Line) -> str | None:
    """The first that holds; None: not due."""
    if last_review(line) is None:
        return "first_sight"
    return next((code for code, holds in _dues(line) if holds), None)


def _dues(line: Line) -> Iterator[tuple[str, bool]]:
    book, last = line.book, last_review(line)
    assert last
    cycle = line.segment.cycle if line.segment else None
    day = line.facility["statement_day"] or 1
    yield "statement", cycle == "statement" and last_day_numbered(day, book.as_of) > last
    yield "annual", cycle == "annual" and add_months(last, 12) <= book.as_of
    yield "arrears_bucket", _arrears_bucket(line)
    yield "bureau_alert", _bureau_alert(line)
    yield "statement_received", _statement_received(line)
    yield "income_received", new_to_line(line, line.borrower.get("income_verified_on"))
    granted = [row["granted_on"] for row in rise_consents(book, line.borrower_id, line.id)]
    yield "consent_received", any(new_to_line(line, on) for on in granted)
    yield "security_expiring", security_ends(line)
    yield "law_reassessment", any(reassessment_due(line, record) for record in line.law)
    yield "statement_expiring", statement_expires(line)
    yield "group_default", line.group_default and not (line.past or {}).get("group_default_seen")
    yield "project_alert", line.rated_by_slot and _project_alert(line)
    assessment = slotting_assessment(book, line.borrower_id) if line.rated_by_slot else None
    yield "assessment_received", assessment is not None and new_to_line(line, assessment["assessed_on"])
    ended = line.facility["temporary_until"]
    yield "temporary_limit_ended", ended is not None and last_looked_at(line) <= ended < book.as_of
    yield "schedule_step", _schedule_step(line)
    yield "document_immediate", _document_immediate(line)


def next_due_on(line: Line, gate: Gate) -> date | None:
    if line.due_because is not None and not looked_at(gate):
        return line.book.as_of + days(1)
    if line.segment is None or line.segment.cycle == "statement":
        return next_day_numbered(line.facility["statement_day"] or 1, line.book.as_of)
    last = reviewed_on(line, gate)
    return add_months(last, 12) if last else None


def looked_at(gate: Gate) -> bool:
    return gate.stop in (None, "not_due", "fixed_schedule")


def reviewed_on(line: Line, gate: Gate) -> date | None:
    """The last review once tonight is over."""
    return line.book.as_of if line.due_because and looked_at(gate) else last_review(line)


def new_to_line(line: Line, day: date | None) -> bool:
    """After the line was last looked at, up to as_of."""
    return day is not None and last_looked_at(line) < day <= line.book.as_of


def last_looked_at(line: Line) -> date:
    """Before tonight; of a line that never was: the last night, or 31 days back where there is none."""
    before = line.past["looked_at_on"] if line.past else None
    return before or line.book.previous_as_of or line.book.as_of - days(31)


def _arrears_bucket(line: Line) -> bool:
    before = (line.past["looked_at_dpd"] or 0) if line.past else 0
    return line.dpd >= 30 and line.dpd // 30 > before // 30


def _bureau_alert(line: Line) -> bool:
    report = line.bureau
    return bool(
        report
        and new_to_line(line, report["pulled_on"])
        and ((report.get("worst_dpd_now") or 0) >= 30 or (report.get("public_record_count") or 0) > 0)
    )


def _statement_received(line: Line) -> bool:
    return any(
        new_to_line(line, max(received_on(row), row["period_end"]))
        for row in line.book.of("financial_statement", "borrower_id", line.borrower_id)
    )


def security_ends(line: Line) -> bool:
    """A day before the end of a cover that counts was reached since the line was last looked at."""
    rows = line.book.of("guarantee", "facility_id", line.id)
    counted = {cover.guarantee_id for cover in line.covers}
    ends = [row["valid_until"] for row in rows if row["guarantee_id"] in counted and row["valid_until"]]
    return any(
        new_to_line(line, end - days(d)) for end in ends for d in line.book.policy.security.expiring_days
    )


def stale_on(line: Line) -> date | None:
    """From when on the statement that counts is stale."""
    months = line.segment.affordability.statement_months if line.segment else 0
    return add_months(line.statement["period_end"], months + 1) if line.statement and months > 0 else None


def statement_expires(line: Line) -> bool:
    stale = stale_on(line)
    before = line.book.policy.statements.expiring_days
    return stale is not None and any(new_to_line(line, stale - days(d)) for d in before)


def _project_alert(line: Line) -> bool:
    report = line.report
    return (
        report is not None
        and new_to_line(line, report["reported_on"])
        and bool(
            report["draw_stop"]
            or report["covenant_breached"]
            or report["phase"] in line.book.policy.slotting.default_phases
        )
    )


def _schedule_step(line: Line) -> bool:
    scheduled = line.facility["scheduled_limit_cents"]
    if line.facility["revolving"] is not False or line.recommend_only or scheduled is None:
        return False
    return max(scheduled, line.owed) < line.limit


def _document_immediate(line: Line) -> bool:
    documents, kind = line.book.documents, line.borrower.get("borrower_type")
    of_line = [documents.policy]
    cards = documents.policy.scorecards
    if kind in cards:
        of_line.append(documents.scorecards[cards[kind]])
    pack = documents.profile.packs.get(line.borrower.get("jurisdiction") or "")
    if pack is not None:
        of_line.append(documents.packs[pack])
    return any(each.immediate and new_to_line(line, each.effective_from) for each in of_line)


def long_good(line: Line) -> bool:
    """Long known and never late; the walk also asks that the line moves."""
    return (
        line.segment is not None
        and line.tenure is not None
        and line.tenure >= line.segment.relationship.tenure_months
        and line.dpd == 0
        and line.worst_dpd_24m == 0
    )


def in_grace(line: Line) -> bool:
    former = line.book.former.get(line.borrower_id)
    if former is None or line.segment is None:
        return False
    began = former["grace_began_on"]
    return add_months(began, line.segment.relationship.grace_months) > line.book.as_of


def former_pd(line: Line) -> int | None:
    """By the former card, of any line in grace."""
    pd: int | None = line.book.former[line.borrower_id]["former_pd_bp"] if in_grace(line) else None
    return pd


def conduct_to_carry(line: Line) -> int | None:
    points = line.score["conduct_points"] if line.score else None
    return (line.past or {}).get("conduct_points") if in_grace(line) or points is None else points


def _by_former(line: Line) -> bool:
    """Whether tonight's band is the former card's."""
    former, pd = former_pd(line), line.score["pd_bp"] if line.score else None
    if former is None or pd is None or not long_good(line):
        return False
    before = (line.past or {}).get("conduct_points")
    conduct = line.book.former[line.borrower_id]["former_conduct_points"]
    return None not in (before, conduct) and conduct >= before and former < pd


def banded_pd(line: Line) -> int | None:
    pd: int | None = line.score["pd_bp"] if line.score else None
    return former_pd(line) if _by_former(line) else pd


def band_of(line: Line) -> str | None:
    """The grade that tonight's PD shows."""
    bands = next((b for b in line.book.policy.bands if b.subject == line.borrower.get("borrower_type")), None)
    pd = banded_pd(line)
    if bands is None or pd is None:
        return None
    return next(b.grade for b in bands.band if b.pd_below_bp is None or pd < b.pd_below_bp)


def grade_of(line: Line) -> tuple[str | None, int]:
    """The grade that counts tonight, and the due reviews in a row that showed a better one."""
    shown = band_of(line)
    before = line.past["standing_grade"] if line.past else None
    if shown is None:
        return None, (line.past["improve_reviews"] or 0) if line.past else 0
    if before is None or GRADES.index(shown) >= GRADES.index(before):  # type: ignore[arg-type]
        return shown, 0
    assert line.past
    seen = (line.past["improve_reviews"] or 0) + (1 if line.due_because else 0)
    if seen >= line.book.policy.hysteresis.reviews_to_improve:
        return shown, 0
    return before, seen


def pd_from(line: Line) -> int:
    """Where the grade that counts begins."""
    bands = next(b for b in line.book.policy.bands if b.subject == line.borrower["borrower_type"]).band
    number = [band.grade for band in bands].index(line.grade)  # type: ignore[arg-type]
    return (bands[number - 1].pd_below_bp or 0) if number else 0
