"""What blocks a line, what stops it, what forbids a rise (docs/policy.md, section 3, step 1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.oracle.book import in_force
from tests.oracle.law import CODES, blocks, forbids_rise
from tests.oracle.line import Line
from tests.oracle.security import provider_in_quarantine


class Gate(NamedTuple):
    """The first that holds of each; None: none."""

    block: str | None
    stop: str | None
    no_rise: str | None
    blocked_by_law: bool = False
    carried_out: bool = False
    """Whether the block is more than a recommendation."""


def gates_of(lines: Sequence[Line], *, law: bool = True) -> list[Gate]:
    """With or without what the law forbids and blocks; reviews fall due by it all the same."""
    gates = []
    for line in lines:
        block, by_law = _block(line, law)
        carried_out = block is not None and (
            not line.recommend_only or block in line.book.policy.commitment.freezes
        )
        gates.append(Gate(block, _stop(line, block), _no_rise(line, law), by_law, carried_out))
    return gates


def treatment_kinds(line: Line, effect: str) -> list[str]:
    """Treatments in force that have this effect, in the policy's order."""
    standing = {
        row["kind"]
        for row in line.book.of("treatment", "borrower_id", line.borrower_id)
        if in_force(row, line.book.as_of)
    }
    return [t.kind for t in line.book.policy.treatment if t.effect == effect and t.kind in standing]


def met(line: Line, effect: str) -> bool:
    """Whether the line meets a rule of the policy with this effect."""
    then = {rule.name: rule.then for rule in line.book.policy.rule}
    return any(then[name] == effect for name in line.rules)


def _first(codes: Iterator[tuple[str, bool]]) -> str | None:
    return next((code for code, holds in codes if holds), None)


def _block(line: Line, law: bool) -> tuple[str | None, bool]:
    if line.quarantined:
        return None, False
    known = _first(_blocks(line))
    if known is not None:
        return known, False
    if law:
        record = next((record for record in line.law if blocks(line, record)), None)
        if record is not None:
            return CODES[record.measure], True
    matures, segment = line.facility["matures_on"], line.segment
    over = (
        matures is not None and matures < line.book.as_of and segment is not None and segment.matured_blocks
    )
    return ("matured" if over else None), False


def _blocks(line: Line) -> Iterator[tuple[str, bool]]:
    deceased, flag = line.borrower.get("deceased_on"), line.borrower.get("fraud_flag")
    yield "deceased", deceased is not None and deceased <= line.book.as_of
    yield "first_party_fraud", flag == "first_party"
    yield "default_90_dpd", line.borrower_dpd >= 90
    for kind in treatment_kinds(line, "freeze"):
        yield f"treatment_{kind}", True
    yield "fraud_victim_block", flag == "victim"


def _stop(line: Line, block: str | None) -> str | None:
    return _first(_stops(line, block))


def _stops(line: Line, block: str | None) -> Iterator[tuple[str, bool]]:
    facility = line.facility
    yield "quarantined", line.quarantined
    yield "blocked", block is not None
    yield "in_flight", line.origin == "in_flight"
    by_others = bool(facility["drawdown_blocked"]) and not line.standing.own_block
    yield "frozen", facility["status"] == "frozen" or by_others or line.standing.person_block
    yield "treatment", bool(treatment_kinds(line, "hold"))
    yield "policy_rule", met(line, "hold")
    yield "not_due", line.due_because is None
    scheduled = facility["revolving"] is False and facility["scheduled_limit_cents"] is not None
    yield "fixed_schedule", scheduled and not line.recommend_only
    yield "unscored", line.grade is None and not line.rated_by_slot


def _no_rise(line: Line, law: bool) -> str | None:
    return _first(_no_rises(line, law))


def _no_rises(line: Line, law: bool) -> Iterator[tuple[str, bool]]:
    as_of, borrower, facility = line.book.as_of, line.borrower, line.facility
    yield "in_arrears", line.borrower_dpd > 0 or line.dpd > 0
    yield "arrears_unknown", facility["days_past_due"] is None
    yield "over_limit", line.over_limit
    yield "hardship", line.in_hardship
    yield "treatment", bool(treatment_kinds(line, "no_rise"))
    yield "policy_rule", met(line, "no_rise")
    yield "fraud_suspected", borrower.get("fraud_flag") == "suspected"
    stranger = provider_in_quarantine(line)
    yield "quarantined", line.group_id in line.book.quarantined_groups or stranger
    yield "identity_unknown", borrower.get("identity_verified_on") is None
    own = line.standing.customer_limit
    yield "customer_decrease", own is not None and own <= line.limit
    yield "no_consent", line.consent.stands is False
    matures = facility["matures_on"]
    yield "fixed_schedule", (matures is not None and matures <= as_of) or facility["revolving"] is False
    yield "committed", line.recommend_only
    yield "law_forbids_rise", law and any(forbids_rise(line, record) for record in line.law)
