"""Scorecards: bins and steps that nobody reaches, grades that no score gives, points that run backwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from linewatch.characteristics import characteristics, faults_of
from linewatch.check.finding import Finding
from linewatch.documents import Documents
from linewatch.policy import Policy
from linewatch.reasons import SCORE_FAMILIES
from linewatch.scorecard import Characteristic, PdStep, Scorecard

BETTER: Mapping[str, int] = {
    "dpd_now_days": -1,
    "worst_dpd_1m_days": -1,
    "worst_dpd_3m_days": -1,
    "worst_dpd_6m_days": -1,
    "worst_dpd_12m_days": -1,
    "late_months_12m": -1,
    "payment_share_balance_3m_bp": 1,
    "payment_share_due_6m_bp": 1,
    "zero_payment_months_6m": -1,
    "external_utilisation_bp": -1,
    "external_dpd_24m_days": -1,
    "public_records": -1,
    "debt_service_to_income_bp": -1,
}
"""Characteristics of which more is never to cost points (1), or never to bring any (-1)."""


def findings(documents: Documents) -> Iterator[Finding]:
    for card in documents.scorecards.values():
        told = f"scorecard {card.id}"
        for fault in faults_of(card):
            yield Finding("fault", told, *_parted(fault.removeprefix(f"scorecard {card.id}: ")))
        for item in card.characteristic:
            for kind_says in _characteristic(item, card):
                yield Finding("fault", told, f"characteristic {item.name}", kind_says)
        yield from _steps(card, told)
    for card in documents.scorecards.values():
        if card.id in documents.policy.scorecards.values():
            yield from _grades(card, documents.policy)


def score_range(card: Scorecard) -> tuple[int, int]:
    """The lowest and the highest score that the card can give, in hundredths."""
    low = card.base_points + sum(min(bin_.points for bin_ in item.attribute) for item in card.characteristic)
    high = card.base_points + sum(max(bin_.points for bin_ in item.attribute) for item in card.characteristic)
    return low, high


def _parted(fault: str) -> tuple[str, str]:
    key, _, says = fault.partition(": ")
    return key, says


def _characteristic(item: Characteristic, card: Scorecard) -> Iterator[str]:
    if item.family not in SCORE_FAMILIES:
        yield f"family {item.family!r} has no words: a shortfall in it could not be told in a letter"
    defined = next((each for each in characteristics().of(card.subject) if each.name == item.name), None)
    known = [bin_ for bin_ in item.attribute if not bin_.unknown]
    for bin_ in known if defined is not None else ():
        assert defined is not None
        if bin_.below is not None and bin_.below <= defined.lowest:
            yield f"the bin below {bin_.below:,} is never reached: no value is under {defined.lowest:,}"
        if bin_.from_ is not None and bin_.from_ > defined.highest:
            yield f"the bin from {bin_.from_:,} is never reached: no value is over {defined.highest:,}"
        if bin_.from_ is not None and bin_.below is not None and bin_.from_ >= bin_.below:
            yield f"the bin from {bin_.from_:,} below {bin_.below:,} holds no value"
    way = BETTER.get(item.name, 0)
    for low, high in pairwise(known):
        if way * (high.points - low.points) < 0:
            verb = "costs" if way > 0 else "brings"
            yield f"more of it {verb} points at {high.from_:,}: {low.points:,} before, {high.points:,} after"


def _steps(card: Scorecard, told: str) -> Iterator[Finding]:
    low, high = score_range(card)
    dead = [step.score_from for step, after in _with_next(card) if step.score_from > high or after <= low]
    if dead:
        count = "1 step is" if len(dead) == 1 else f"{len(dead)} steps are"
        says = (
            f"{count} never reached, the first from {dead[0] / 100:.2f}: scores lie from {low / 100:.2f} to"
            f" {high / 100:.2f}"
        )
        yield Finding("warning", told, "pd", says)


def _with_next(card: Scorecard) -> list[tuple[PdStep, int]]:
    """Each step with the score from which the next one holds."""
    ends = [*[step.score_from for step in card.pd[1:]], 2**31]
    return list(zip(card.pd, ends, strict=True))


def _grades(card: Scorecard, policy: Policy) -> Iterator[Finding]:
    """Bands of the policy into which no reachable step of the card's PD falls."""
    low, high = score_range(card)
    reached = [step.pd_bp for step, after in _with_next(card) if step.score_from <= high and after > low]
    for bands in policy.bands:
        if bands.subject != card.subject:
            continue
        edges = [0, *[band.pd_below_bp or 10_001 for band in bands.band]]
        for band, (begin, end) in zip(bands.band, pairwise(edges), strict=True):
            if not any(begin <= pd < end for pd in reached):
                key = f"bands {bands.subject}, {band.grade}"
                says = f"never given: no score of {card.id} has a PD from {begin} to under {end} bp"
                yield Finding("fault", f"policy {policy.id}", key, says)
