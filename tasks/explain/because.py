"""Why a step did what it did: the row that it names, looked up in the documents of its night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from linewatch.reasons import HOLDS, REASONS
from linewatch.recorded import Recorded, Table

Unit = Literal["share_bp", "bp", "cents", "reporting_cents", "months"]

UNITS: Mapping[str, Mapping[str, Unit]] = {
    "gate": {"fixed_schedule": "cents"},
    "relationship": {"cut_relief": "bp", "extra_step": "bp"},
    "affordability": {"capacity": "cents"},
    "expected_loss": {"hurdle": "bp", "appetite": "reporting_cents"},
    "stability": {
        "cool_off": "months",
        "utilisation_after_cut": "cents",
        "down_review": "cents",
        "down_year": "cents",
        "up_review": "cents",
        "rounding": "cents",
    },
    "floor": {"owed": "cents"},
}
"""What the value of a step's row is counted in."""

VALUES: Mapping[str, str] = {
    "cut_relief": "{} of the strategy's cut is forgiven",
    "extra_step": "{} of the anchor limit is added",
    "capacity": "the borrower can carry {}",
    "hurdle": "a rise must earn {}",
    "appetite": "all lines of the borrower may cost {}",
    "cool_off": "no cut within {} of a rise",
    "utilisation_after_cut": "not below {}: what is owed must stay within the share allowed",
    "down_review": "not below {} at one review",
    "down_year": "not below {} within twelve months",
    "up_review": "not above {} at one review",
    "rounding": "rounded down to {}",
    "owed": "not below {}, which is owed",
    "fixed_schedule": "the schedule says {}",
}

ALWAYS: Mapping[str, str] = {
    "owed": "A limit is never set below what is owed.",
    "blocked": "A block stands.",
}


def unit_of(step: str, row: str) -> Unit:
    """What the number beside a row is counted in."""
    if step == "strategy":
        return "share_bp"
    if step in ("exposure", "regulation"):
        return "reporting_cents"
    return UNITS.get(step, {}).get(row, "cents")


def said_of(step: str, row: str, value: str) -> str:
    """The number in words: `value` is written out already."""
    if step == "strategy":
        return f"target {value} of the anchor limit"
    if step in ("exposure", "regulation"):
        return f"at most {value} over all lines"
    return VALUES.get(row, "{}").format(value)


def because_of(step: str, row: str, segment: str | None, documents: Recorded) -> str:
    """The reason that the document gives for its row; a code's own words where no document has it."""
    policy = documents.policy
    own = _first(policy.get("segment", ()), name=segment)
    if step == "strategy":
        if row == "long_unused":
            return _because(own.get("long_unused", {}))
        _, rating, _ = row.rsplit(".", 2) if row.count(".") >= 2 else ("", "", "")
        rows = policy.get("strategy", ())
        return _because(
            _first(rows, segment=segment, grade=rating) or _first(rows, segment=segment, slot=rating)
        )
    if step in ("relationship", "affordability", "expected_loss", "stability"):
        return _because(own.get(step, {}))
    if step == "exposure":
        return _because(_first(policy.get("exposure_cap", ()), id=row))
    if step == "regulation":
        records = (record for pack in documents.packs.values() for record in pack.get("record", ()))
        record = _first(records, id=row)
        return f"{_because(record)} {record['citation']}" if record else ""
    return _gate(row, policy)


def laws_of(ids: Iterable[str], documents: Recorded) -> list[dict[str, str]]:
    """Records of law by id: what each says, and where it stands."""
    records = [record for pack in documents.packs.values() for record in pack.get("record", ())]
    return [
        {
            "id": name,
            "type": str(record.get("type", "")),
            "because": _because(record),
            "citation": str(record.get("citation", "")),
        }
        for name in ids
        for record in [_first(records, id=name)]
    ]


def _gate(row: str, policy: Table) -> str:
    treatment = _first(policy.get("treatment", ()), kind=row.removeprefix("treatment_"))
    return _because(treatment) or ALWAYS.get(row) or HOLDS.get(row) or REASONS.get(row, "")


def _because(part: Table) -> str:
    return str(part.get("because", ""))


def _first(rows: Iterable[Table], **keys: Any) -> Table:
    """The first row with these keys, or an empty one."""
    return next((row for row in rows if all(row.get(key) == value for key, value in keys.items())), {})
