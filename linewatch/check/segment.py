"""Segments that no line reaches, and numbers of a segment that undo each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Literal

from linewatch.check.finding import Finding
from linewatch.documents import Documents
from linewatch.expression import parse
from linewatch.facts import kinds, segment_ranges
from linewatch.policy import Policy
from linewatch.segment import Segment
from linewatch.truth import lint


def findings(documents: Documents) -> Iterator[Finding]:
    policy = documents.policy
    told = f"policy {policy.id}"
    for earlier, later in combinations(policy.segment, 2):
        if _shadows(earlier, later):
            says = f"never applies: every line that fits it fits {earlier.name} before it"
            yield Finding("fault", told, f"segment {later.name}", says)
    for segment in policy.segment:
        for kind, key, says in _of(segment, policy):
            yield Finding(kind, told, f"segment {segment.name}{f', {key}' if key else ''}", says)


Said = tuple[Literal["fault", "warning"], str, str]


def _shadows(earlier: Segment, later: Segment) -> bool:
    return (
        earlier.subject == later.subject
        and earlier.product in (None, later.product)
        and _covers(earlier.tenure_below_months, later.tenure_below_months)
        and _covers(earlier.revenue_below_cents, later.revenue_below_cents)
        and earlier.when in (None, later.when)
    )


def _covers(earlier: int | None, later: int | None) -> bool:
    return earlier is None or (later is not None and later <= earlier)


def _of(segment: Segment, policy: Policy) -> Iterator[Said]:
    yield from _bounds(segment)
    yield from _affordability(segment)
    yield from _relationship(segment, policy)
    yield from _stability(segment, policy)
    if segment.when is not None:
        ranges = segment_ranges()
        for said in lint(parse(segment.when, kinds(ranges)), ranges):
            yield "fault", "when", said
    unused, targets = segment.long_unused.target_bp, _targets(segment, policy)
    if unused < 10_000 and targets and unused >= max(targets):
        yield "warning", "long_unused", f"never bites: no cell of the matrix is over its {_percent(unused)}"


def _bounds(segment: Segment) -> Iterator[Said]:
    for key in ("tenure_below_months", "revenue_below_cents"):
        if getattr(segment, key) == 0:
            yield "fault", key, "never applies: nothing is under 0"
    if segment.subject == "consumer" and segment.revenue_below_cents is not None:
        yield "fault", "revenue_below_cents", "never applies: a consumer has no statement"


def _affordability(segment: Segment) -> Iterator[Said]:
    own = segment.affordability
    if segment.subject == "consumer":
        if own.income_share_bp == 0:
            yield "fault", "affordability.income_share_bp", "is 0: nobody could carry any limit"
        elif own.essential_share_bp >= own.income_share_bp:
            says = (
                f"takes all of the income share ({_percent(own.income_share_bp)}) where spending is unknown"
            )
            yield "fault", "affordability.essential_share_bp", says
        if own.cuts and own.verified_within_months == 0:
            yield "warning", "affordability.cuts", "an income counts on the day it was verified alone"
    elif own.revenue_share_bp == 0:
        yield "fault", "affordability.revenue_share_bp", "is 0: no firm could carry any limit"
    loss = segment.expected_loss
    guaranteed = getattr(loss, "guaranteed_lgd_bp", None)
    if guaranteed is not None and guaranteed >= loss.lgd_bp:
        says = f"never helps: without a guarantee {_percent(loss.lgd_bp)} is lost, not more"
        yield "warning", "expected_loss.guaranteed_lgd_bp", says
    if loss.appetite_cents == 0:
        yield "fault", "expected_loss.appetite_cents", "is 0: every undrawn line would be taken away"


def _relationship(segment: Segment, policy: Policy) -> Iterator[Said]:
    own = segment.relationship
    gives = own.extra_step_bp > 0 or own.cut_relief_bp > 0 or own.rate_cap_bp is not None
    bound = segment.tenure_below_months
    if gives and bound is not None and own.tenure_months >= bound:
        says = f"never applies: lines of this segment are known for less than {bound} months"
        yield "fault", "relationship.tenure_months", says
    rises = {row.grade for row in policy.strategy if row.segment == segment.name and _rises(row.target_bp)}
    if own.extra_step_bp > 0 and not rises & set(own.grades):
        yield (
            "fault",
            "relationship.extra_step_bp",
            "never applies: no grade named here has a rise in the matrix",
        )


def _stability(segment: Segment, policy: Policy) -> Iterator[Said]:
    own = segment.stability
    targets = _targets(segment, policy)
    if own.up_review_bp == 0 and max(targets, default=0) > 10_000:
        yield "fault", "stability.up_review_bp", "is 0: the rises of the matrix never happen"
    if own.down_review_bp == 0 and min(targets, default=10_000) < 10_000:
        yield "fault", "stability.down_review_bp", "is 0: the cuts of the matrix never happen"
    for key, verb in (("up_review_bp", "rise"), ("down_review_bp", "cut"), ("down_grade_fall_bp", "cut")):
        step = getattr(own, key)
        moves = any(target > 10_000 if verb == "rise" else target < 10_000 for target in targets)
        if moves and step and step < own.dead_band_bp:
            says = (
                f"the largest {verb} is inside the dead band, {_percent(own.dead_band_bp)}, and left undone"
            )
            yield "fault", f"stability.{key}", says
    if own.down_year_bp < own.down_review_bp:
        says = f"is under down_review_bp ({_percent(own.down_review_bp)}), which then never counts"
        yield "warning", "stability.down_year_bp", says
    highest = max(targets, default=0) - 10_000
    if 0 < own.up_review_bp < highest:
        says = (
            f"the matrix's largest rise, {_percent(highest)}, is always held to {_percent(own.up_review_bp)}"
        )
        yield "warning", "stability.up_review_bp", says


def _targets(segment: Segment, policy: Policy) -> list[int]:
    return [
        target for row in policy.strategy if row.segment == segment.name for target in row.target_bp.values()
    ]


def _rises(targets: dict[str, int]) -> bool:
    return any(target > 10_000 for target in targets.values())


def _percent(bp: int) -> str:
    return f"{bp // 100}.{bp % 100:02d} %"
