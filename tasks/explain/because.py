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
        "down_grade_fall": "cents",
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
    "down_grade_fall": "not below {} at one review: a full step would itself lower the borrower's grade",
    "down_year": "not below {} within twelve months",
    "up_review": "not above {} at one review",
    "rounding": "rounded down to {}",
    "owed": "not below {}, which is owed",
    "fixed_schedule": "the schedule says {}",
    "consented_amount": "the borrower agreed to no more than {}",
    "customer_decrease": "the borrower asked for no more than {}",
}

ALWAYS: Mapping[str, str] = {
    "owed": "A limit is never set below what is owed.",
    "blocked": "A block stands.",
    "consented_amount": "A rise goes no further than the consent.",
    "customer_decrease": "The borrower asked for the lower limit.",
    "rounding": "A limit is a whole number of these.",
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


def because_of(step: str, row: str, line: Mapping[str, Any], documents: Recorded) -> str:
    """The reason that the document gives for its row; a code's own words where no document has it."""
    policy, segment = documents.policy, line["segment"]
    own = _first(policy.get("segment", ()), name=segment)
    if step == "strategy":
        if row == "long_unused":
            return _because(own.get("long_unused", {}))
        _, rating, _ = row.rsplit(".", 2) if row.count(".") >= 2 else ("", "", "")
        rows = policy.get("strategy", ())
        return _because(
            _first(rows, segment=segment, grade=rating) or _first(rows, segment=segment, slot=rating)
        )
    if row in ("consented_amount", "customer_decrease", "rounding"):
        return ALWAYS[row]
    if step in ("relationship", "affordability", "expected_loss", "stability"):
        return _because(own.get(step, {}))
    if step == "exposure":
        return _because(_first(policy.get("exposure_cap", ()), id=row))
    if step == "regulation":
        records = (record for pack in documents.packs.values() for record in pack.get("record", ()))
        record = _first(records, id=row)
        return f"{_because(record)} {record['citation']}" if record else ""
    if row == "policy_rule":
        return _rule(line.get("rules") or (), documents)
    return _gate(row, policy)


def rules_of(names: Iterable[str], documents: Recorded) -> list[dict[str, str]]:
    """The rules of the risk team's own that a line meets: what each asks, what it does, and why."""
    found = ((name, _first(documents.policy.get("rule", ()), name=name)) for name in names)
    return [
        {"name": name, **{key: str(rule.get(key, "")) for key in ("when", "then", "because")}}
        for name, rule in found
    ]


def trigger_of(code: str, segment: str | None, documents: Recorded) -> dict[str, Any]:
    """The number from which a trigger holds for the segment, and why; neither for one that is always on."""
    listed = (
        row
        for row in documents.policy.get("trigger", ())
        if row.get("code") == code and segment in (row.get("segments") or [segment])
    )
    found: Table = next(listed, {})
    return {"value": found.get("value"), "because": _because(found)}


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


def _rule(names: Iterable[str], documents: Recorded) -> str:
    """Why the rules that stop a line or forbid its rise do so."""
    stopping = (rule for rule in rules_of(names, documents) if rule["then"] in ("hold", "no_rise"))
    return " ".join(f"{rule['name']}: {rule['because']}" for rule in stopping) or HOLDS["policy_rule"]


def _gate(row: str, policy: Table) -> str:
    treatment = _first(policy.get("treatment", ()), kind=row.removeprefix("treatment_"))
    return _because(treatment) or ALWAYS.get(row) or HOLDS.get(row) or REASONS.get(row, "")


def _because(part: Table) -> str:
    return str(part.get("because", ""))


def _first(rows: Iterable[Table], **keys: Any) -> Table:
    """The first row with these keys, or an empty one."""
    return next((row for row in rows if all(row.get(key) == value for key, value in keys.items())), {})
