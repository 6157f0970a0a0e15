"""Segment, review and grade of a line (docs/policy.md, section 2)."""

from __future__ import annotations

from datetime import date

from linewatch.segment import GRADES, Segment
from tests.oracle.arithmetic import add_months, days, last_day_numbered, next_day_numbered
from tests.oracle.gate import Gate
from tests.oracle.line import Line, covers_of, received_on, rise_consents


def review(line: Line) -> None:
    """Leave the segment, why the review is due, whether an adverse event happened, and the grade."""
    line.segment = segment_of(line)
    line.due_because = due_because(line)
    line.adverse = (line.past is not None and _arrears_bucket(line)) or _bureau_alert(line)
    line.grade, line.improve_reviews = grade_of(line)


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
    revenue = line.statement["revenue_cents"] if line.statement else None
    return segment.revenue_below_cents is None or (
        revenue is not None and revenue < segment.revenue_below_cents
    )


def last_review(line: Line) -> date | None:
    """Ours, else the source's."""
    ours = line.past["reviewed_on"] if line.past else None
    return ours or line.facility["last_reviewed_on"]


def due_because(line: Line) -> str | None:
    """The first that holds; None: not due."""
    book, last = line.book, last_review(line)
    if last is None:
        return "first_sight"
    cycle = line.segment.cycle if line.segment else None
    if cycle == "statement" and last_day_numbered(line.facility["statement_day"] or 1, book.as_of) > last:
        return "statement"
    if cycle == "annual" and add_months(last, 12) <= book.as_of:
        return "annual"
    if _arrears_bucket(line):
        return "arrears_bucket"
    if _bureau_alert(line):
        return "bureau_alert"
    if _statement_received(line):
        return "statement_received"
    if new_to_line(line, line.borrower.get("income_verified_on")):
        return "income_received"
    if any(new_to_line(line, r["granted_on"]) for r in rise_consents(book, line.borrower_id, line.id)):
        return "consent_received"
    ends = [row["valid_until"] for row in covers_of(book, line.id) if row["valid_until"] is not None]
    if any(new_to_line(line, end - days(30)) for end in ends):
        return "security_expiring"
    return None


def next_due_on(line: Line, gate: Gate) -> date | None:
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
        new_to_line(line, received_on(row))
        for row in line.book.of("financial_statement", "borrower_id", line.borrower_id)
    )


def band_of(line: Line) -> str | None:
    """The grade that tonight's PD shows."""
    bands = next((b for b in line.book.policy.bands if b.subject == line.borrower.get("borrower_type")), None)
    pd = line.score["pd_bp"] if line.score else None
    if bands is None or pd is None:
        return None
    return next(b.grade for b in bands.band if b.pd_below_bp is None or pd < b.pd_below_bp)


def grade_of(line: Line) -> tuple[str | None, int]:
    """The grade that counts tonight, and the due reviews in a row that showed a better one."""
    shown = band_of(line)
    before = line.past["standing_grade"] if line.past else None
    if shown is None:
        return None, (line.past["improve_reviews"] or 0) if line.past else 0
    if before is None or GRADES.index(shown) >= GRADES.index(before):
        return shown, 0
    assert line.past
    seen = (line.past["improve_reviews"] or 0) + (1 if line.due_because else 0)
    if line.due_because and seen >= line.book.policy.hysteresis.reviews_to_improve:
        return shown, 0
    return before, seen


def pd_from(line: Line) -> int:
    """Where the grade that counts begins."""
    bands = next(b for b in line.book.policy.bands if b.subject == line.borrower["borrower_type"]).band
    number = [band.grade for band in bands].index(line.grade)  # type: ignore[arg-type]
    return (bands[number - 1].pd_below_bp or 0) if number else 0
