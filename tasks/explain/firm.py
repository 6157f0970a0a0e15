"""What is told of a firm's line: the statement that counts, the project's slot, and what is recommended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linewatch.money import major
from linewatch.project import FACTORS
from linewatch.recorded import Recorded

ADVICE: Mapping[str, str] = {
    "hold": "leave the line as it is",
    "reduce_undrawn": "take back what is undrawn, down to the limit proposed",
    "draw_stop": "stop new drawings",
}


def firm_of(line: Mapping[str, Any], documents: Recorded) -> dict[str, Any]:
    """`statement`, `slot` and `recommendation` of a line, null where it has none; older nights have none."""
    return {
        "statement": _statement(line),
        "slot": _slot(line, documents.policy.get("slotting", {})),
        "recommendation": line.get("recommendation"),
    }


def _statement(line: Mapping[str, Any]) -> dict[str, Any] | None:
    if line.get("statement_end_on") is None:
        return None
    return {
        "period_end": line["statement_end_on"],
        "received_on": line["statement_received_on"],
        "altman_z2_hundredths": line["altman_z2_hundredths"],
    }


def _slot(line: Mapping[str, Any], slotting: Mapping[str, Any]) -> dict[str, Any] | None:
    if line.get("slot") is None:
        return None
    weights = {item["factor"]: item["weight_bp"] for item in slotting.get("factor", ())}
    found: Iterator[Mapping[str, Any]] = (
        item for item in slotting.get("slot", ()) if item["slot"] == line["slot"]
    )
    chosen = next(found, {})
    return {
        "slot": line["slot"],
        "score_bp": line["slot_score_bp"],
        "el_bp": chosen.get("el_bp"),
        "because": chosen.get("because", ""),
        "factors": [
            {"factor": factor, "mark": line[f"slot_{factor}"], "weight_bp": weights.get(factor)}
            for factor in FACTORS
        ],
    }


def told_of_slot(slot: Mapping[str, Any]) -> str:
    """The slot in one sentence, each factor with its mark and weight."""
    marks = ", ".join(
        f"{item['factor'].replace('_', ' ')} {'missing' if item['mark'] is None else item['mark']}"
        + (f" ({major(item['weight_bp'], 2)} %)" if item["weight_bp"] is not None else "")
        for item in slot["factors"]
    )
    rate = "" if slot["el_bp"] is None else f", costs {major(slot['el_bp'], 2)} % a year"
    return f"{slot['slot']}, score {major(slot['score_bp'], 4)} of 4{rate}; {marks}"


def told_of_statement(statement: Mapping[str, Any]) -> str:
    """The statement that counts in one sentence."""
    z2 = statement["altman_z2_hundredths"]
    altman = "unknown" if z2 is None else str(major(z2, 2))
    return f"period to {statement['period_end']}, received {statement['received_on']}; Altman's Z'' {altman}"
