"""Triggers, caps, guards and rules that can never hold."""

from __future__ import annotations

from collections.abc import Iterator

from linewatch.check.finding import Finding
from linewatch.documents import Documents
from linewatch.expression import parse
from linewatch.facts import kinds, rule_ranges
from linewatch.policy import ExposureCap, Policy
from linewatch.segment import GRADES, Segment
from linewatch.trigger import Trigger
from linewatch.truth import lint


def _never(code: str, segment: Segment) -> bool:
    """Whether no line of the segment has what the trigger looks at."""
    if code == "affordability_unverified":
        return segment.subject == "enterprise"
    if code in ("statement_stale", "altman_distress", "group_default"):
        return segment.subject == "consumer"
    if code in ("project_line", "covenant_breached"):
        return segment.subject == "consumer" or segment.product not in (None, "project")
    return False


MOST = {"unknown_share": 10_000, "grade_worsened": len(GRADES) - 1}
"""The largest value at which a trigger can hold."""


def findings(documents: Documents) -> Iterator[Finding]:
    policy = documents.policy
    told = f"policy {policy.id}"
    for trigger in policy.trigger:
        for says in _trigger(trigger, policy):
            yield Finding("fault", told, f"trigger {trigger.code}", says)
    yield from _rules(policy, told)
    yield from _caps(documents, told)
    for guard in policy.guard:
        if guard.guard.endswith("_share_bp") and guard.most >= 10_000 and "cents" not in guard.guard:
            yield Finding("fault", told, f"guard {guard.guard}", "never trips: no share is over 100 %")
    for subject, name in sorted(policy.scorecards.items()):
        card = documents.scorecards.get(name)
        if card is not None and card.subject != subject:
            says = f"{name} is a scorecard for {card.subject} borrowers"
            yield Finding("fault", told, f"scorecards.{subject}", says)


def _trigger(trigger: Trigger, policy: Policy) -> Iterator[str]:
    named = [segment for segment in policy.segment if segment.name in trigger.segments]
    for segment in named:
        if _never(trigger.code, segment):
            yield f"never holds in {segment.name}: a {segment.subject} line does not have what it looks at"
    if not trigger.segments and all(_never(trigger.code, segment) for segment in policy.segment):
        yield "never holds: no segment has what it looks at"
    most = MOST.get(trigger.code)
    if most is not None and trigger.value > most:
        yield f"never holds: {trigger.value:,} is more than the {most:,} that there can be"
    if trigger.code == "affordability_unverified" and all(
        segment.affordability.refer_below_bp == 0
        for segment in (named or [each for each in policy.segment if each.subject == "consumer"])
    ):
        yield "never holds: refer_below_bp is 0 in its segments"
    if trigger.meanwhile and all(segment.product == "project" for segment in (named or policy.segment)):
        yield "nothing ever stands meanwhile: all its segments are of projects, whose contracts govern"


def _rules(policy: Policy, told: str) -> Iterator[Finding]:
    ranges = rule_ranges()
    for rule in getattr(policy, "rule", ()):
        for said in lint(parse(rule.when, kinds(ranges)), ranges):
            yield Finding("fault", told, f"rule {rule.name}, when", said)


def _caps(documents: Documents, told: str) -> Iterator[Finding]:
    policy, profile = documents.policy, documents.profile
    for cap in policy.exposure_cap:
        key = f"exposure_cap {cap.id}"
        reported = profile.reporting_currency
        if cap.currency is not None and reported is not None and cap.currency != reported:
            says = f"never in force: the lender reports in {reported}, and it counts in {cap.currency}"
            yield Finding("warning", told, key, says)
        if cap.net_assets_bp is not None and profile.net_assets_cents is None:
            yield Finding(
                "fault", told, key, "the profile states no net_assets_cents for it to be a share of"
            )
        for other in policy.exposure_cap:
            if other is not cap and _is_under(other, cap):
                says = f"never binds: {other.id} is lower for the same lines"
                yield Finding("fault", told, key, says)


def _is_under(other: ExposureCap, cap: ExposureCap) -> bool:
    """Whether `other` stops every total that `cap` would, sooner."""
    same = other.scope == cap.scope or (other.scope == "group" and cap.scope == "borrower")
    if not same or other.subject not in (None, cap.subject):
        return False
    if cap.net_assets_bp is not None:
        return other.net_assets_bp is not None and other.net_assets_bp < cap.net_assets_bp
    return other.currency == cap.currency and (other.cap_cents or 0) < (cap.cap_cents or 0)
