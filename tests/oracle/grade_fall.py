"""Whose grade falls by our own cut (docs/policy.md, section 3, step 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linewatch.characteristics import characteristics
from tests.oracle.arithmetic import WHOLE, up
from tests.oracle.book import Book, Row
from tests.oracle.walk import Walk

MOST = 10**13
NOT_TOLD_HERE = {"line_to_revenue_bp", "guarantee_cover_bp"}
"""Characteristics that know our limits too, and that no card compared here reads."""


def note_grade_falls(walks: Sequence[Walk]) -> bool:
    """Mark the lines whose cut would lower their borrower's grade; whether there is any."""
    cut: dict[str, list[Walk]] = {}
    for w in walks:
        asked = w.line.segment is not None and w.line.segment.stability.down_grade_fall_bp is not None
        if asked and w.after("stability") < w.line.limit:
            cut.setdefault(w.line.borrower_id, []).append(w)
    for borrower_id, those in cut.items():
        line = those[0].line
        left = {w.line.id: max(w.after("stability"), min(w.line.limit, w.line.owed)) for w in those}
        if line.score is not None and _pd(line.book, borrower_id, left) >= _worse_from(those[0]):
            for w in those:
                w.line.grade_falls = True
    return any(w.line.grade_falls for w in walks)


def _worse_from(w: Walk) -> int:
    """The PD from which a band is worse than tonight's own."""
    line = w.line
    (bands,) = [each for each in line.book.policy.bands if each.subject == line.borrower["borrower_type"]]
    edges = [item.pd_below_bp for item in bands.band]
    pd_bp = line.score["pd_bp"] if line.score else None
    assert pd_bp is not None
    return next((edge for edge in edges if edge is not None and pd_bp < edge), WHOLE + 1)


def _pd(book: Book, borrower_id: str, left: Mapping[str, int]) -> int:
    borrower = book.borrowers[borrower_id]
    card = book.documents.scorecards[book.policy.scorecards[borrower["borrower_type"]]]
    known = {**book.characteristics[borrower_id], **_of_limits(book, borrower, left)}
    names = {item.name for item in card.characteristic}
    assert not names & NOT_TOLD_HERE
    score = card.base_points + sum(points(item.attribute, known[item.name]) for item in card.characteristic)
    steps = sorted((step.score_from, step.pd_bp) for step in card.pd)
    return next((pd_bp for start, pd_bp in reversed(steps) if start <= score), steps[0][1])


def _of_limits(book: Book, borrower: Row, left: Mapping[str, int]) -> dict[str, int | None]:
    """What docs/characteristics.md makes of the limits of own lines."""
    every = book.of("facility", "borrower_id", borrower["borrower_id"])
    lines = [
        (row["currency"], min(left.get(row["facility_id"], row["credit_limit_cents"]), MOST), row)
        for row in every
        if row["status"] != "closed"
    ]
    scale = characteristics().currency_scale
    single = len({row["currency"] for row in every}) == 1
    weighed = [(scale.get(name, 1 if single else None), limit, row) for name, limit, row in lines]
    found: dict[str, int | None] = dict.fromkeys(
        ("utilisation_now_bp", "line_size_usd", "line_to_income_bp"), None
    )
    if all(name in scale for name, _, _ in lines):
        found["line_size_usd"] = sum(limit * scale[name] for name, limit, _ in lines) // 100_000
    if all(weight is not None for weight, _, _ in weighed):
        granted = sum(limit * (weight or 0) for weight, limit, _ in weighed)
        drawn = sum(max(0, min(row["drawn_cents"], MOST)) * (weight or 0) for weight, _, row in weighed)
        if granted:
            found["utilisation_now_bp"] = min(up(drawn * WHOLE, granted), 30_000)
        elif drawn:
            found["utilisation_now_bp"] = 30_000
    income = borrower["net_monthly_income_cents"]
    if single and income is not None and income >= 0:
        total = min(sum(limit for _, limit, _ in lines), MOST)
        found["line_to_income_bp"] = min(up(total * WHOLE, min(max(income, 1), MOST) * 12), 100_000)
    return found


def points(attributes: Sequence[Any], value: int | None) -> int:
    """What a value is worth on a card."""
    if value is None:
        return next(int(each.points) for each in attributes if each.unknown)
    return next(
        int(each.points)
        for each in attributes
        if not each.unknown
        and (each.from_ is None or each.from_ <= value)
        and (each.below is None or value < each.below)
    )
