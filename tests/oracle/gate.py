"""What blocks a line, what stops it, what forbids a rise (docs/policy.md, section 3, step 1)."""

from __future__ import annotations

from typing import NamedTuple

from tests.oracle.book import Book, in_force
from tests.oracle.line import Line


class Gate(NamedTuple):
    """The first that holds of each; None: none."""

    block: str | None
    stop: str | None
    no_rise: str | None

    @property
    def row(self) -> str | None:
        return self.block or self.stop or self.no_rise


def gates_of(book: Book, lines: list[Line]) -> list[Gate]:
    bad_groups = {line.group_id for line in lines if line.quarantined}
    bad_groups |= {book.group_of.get(name, name) for name in book.quarantined}
    gates = []
    for line in lines:
        block = _block(line)
        gates.append(Gate(block, _stop(line, block), _no_rise(line, line.group_id in bad_groups)))
    return gates


def treatment_kinds(line: Line, effect: str) -> list[str]:
    """Treatments in force that have this effect, in the policy's order."""
    standing = {
        row["kind"]
        for row in line.book.of("treatment", "borrower_id", line.borrower_id)
        if in_force(row, line.book.as_of)
    }
    return [t.kind for t in line.book.policy.treatment if t.effect == effect and t.kind in standing]


def _block(line: Line) -> str | None:
    if line.quarantined:
        return None
    deceased, flag = line.borrower.get("deceased_on"), line.borrower.get("fraud_flag")
    frozen = treatment_kinds(line, "freeze")
    for holds, code in (
        (deceased is not None and deceased <= line.book.as_of, "deceased"),
        (flag == "first_party", "first_party_fraud"),
        (line.borrower_dpd >= 90, "default_90_dpd"),
        (bool(frozen), f"treatment_{frozen[0]}" if frozen else ""),
        (flag == "victim", "fraud_victim_block"),
    ):
        if holds:
            return code
    return None


def _stop(line: Line, block: str | None) -> str | None:
    facility = line.facility
    ours = bool(line.past and line.past["own_block"])
    for holds, code in (
        (line.quarantined, "quarantined"),
        (block is not None, "blocked"),
        (line.origin == "in_flight", "in_flight"),
        (facility["status"] == "frozen" or (facility["drawdown_blocked"] and not ours), "frozen"),
        (bool(treatment_kinds(line, "hold")), "treatment"),
        (line.due_because is None, "not_due"),
        (
            facility["revolving"] is False and facility["scheduled_limit_cents"] is not None,
            "fixed_schedule",
        ),
        (line.grade is None, "unscored"),
    ):
        if holds:
            return code
    return None


def _no_rise(line: Line, quarantined_group: bool) -> str | None:
    as_of, borrower, facility = line.book.as_of, line.borrower, line.facility
    hardship = borrower.get("hardship_on")
    for holds, code in (
        (line.borrower_dpd > 0 or line.dpd > 0, "in_arrears"),
        (facility["days_past_due"] is None, "arrears_unknown"),
        (hardship is not None and hardship <= as_of, "hardship"),
        (bool(treatment_kinds(line, "no_rise")), "treatment"),
        (borrower.get("fraud_flag") == "suspected", "fraud_suspected"),
        (quarantined_group, "quarantined"),
        (borrower.get("identity_verified_on") is None, "identity_unknown"),
        (facility["last_change_by"] == "borrower", "customer_decrease"),
        (line.rise_consent == "refused", "no_consent"),
        (facility["matures_on"] is not None and facility["matures_on"] <= as_of, "fixed_schedule"),
    ):
        if holds:
            return code
    return None
