"""What gets worse for the borrower, why, and what the law calls it (docs/policy.md, section 5.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from tests.oracle.arithmetic import WHOLE
from tests.oracle.consent import rise_consents
from tests.oracle.line import Line
from tests.oracle.reasons import Trials, ground_steps
from tests.oracle.review import looked_at, new_to_line
from tests.oracle.walk import LOWERING, Walk, matrix_share, rating_of

Ground = dict[str, Any]
Decision = dict[str, Any]
EXEMPT = ("agreed", "inactivity", "delinquency", "class_wide")


def grounds_of(w: Walk, proposed: str, trials: Trials) -> list[Ground]:
    """As far as one line knows them: how many others get the same is asked in `classify`."""
    if proposed == "freeze":
        late = w.gate.block == "default_90_dpd" and w.line.dpd >= 90
        return [_ground("gate", w.gate.block, "delinquency" if late else "other", None)]
    if proposed != "decrease":
        return []
    found = []
    for step in ground_steps(w, trials):
        alone = trials.alone[step][w.line.id]
        row = alone.rows[step]
        found.append(_ground(step, row, _kind(w, step, row), w.line.limit - alone.proposed))
    return sorted(found, key=lambda ground: (-ground["cents"], LOWERING.index(ground["step"])))


def _kind(w: Walk, step: str, row: str | None) -> str:
    if step == "gate":
        return "agreed"
    unused = row == "long_unused" and matrix_share(w.line, rating_of(w.line), w.line.band) >= WHOLE
    return "inactivity" if unused else "other"


def _ground(step: str, row: str | None, kind: str, cents: int | None) -> Ground:
    return {"step": step, "row": row, "kind": kind, "class_share_bp": None, "cents": cents}


def requested(w: Walk) -> int | None:
    """The amount asked for since the line was last looked at, if it is looked at tonight."""
    line, amount = w.line, w.line.consent.amount_cents
    if amount is None or not line.given_consent or not looked_at(w.gate):
        return None
    granted = [
        row["granted_on"]
        for row in rise_consents(line.book, line.borrower_id, line.id)
        if row["facility_id"] is not None
    ]
    return amount if new_to_line(line, max(granted)) else None


def change_of(w: Walk, proposed: str, action: str) -> str | None:
    if action == "freeze":
        return "freeze" if proposed == "freeze" else "meanwhile"
    asked = requested(w)
    if asked is not None and (action != "increase" or w.proposed < asked):
        return "request"
    return "decrease" if action == "decrease" else None


def classify(decisions: Mapping[str, Decision], lines: Iterable[Line]) -> None:
    """Add to each decision what the law calls it."""
    terms = next((line.book.policy.adverse_action for line in lines), None)
    sizes = Counter(_class(row) for row in decisions.values())
    cut = Counter(
        key
        for row in decisions.values()
        if row["committed_limit_cents"] < row["limit_cents"]
        for key in _keys(row)
    )
    for row in decisions.values():
        if row["adverse_change"] is not None:
            lines_of_class = sizes[_class(row)]
            for ground in row["grounds"]:
                if ground["cents"] is None:
                    continue
                if terms is None or lines_of_class < terms.class_least_lines:
                    continue
                share = cut[_key(row, ground)] * WHOLE // lines_of_class
                ground["class_share_bp"] = share
                if share >= terms.class_share_bp and ground["kind"] == "other":
                    ground["kind"] = "class_wide"
        row["adverse_action"], row["adverse_because"] = _called(row)


def _class(row: Decision) -> Hashable:
    return row["product"], row["borrower_type"], row["jurisdiction"]


def _keys(row: Decision) -> list[Hashable]:
    return [_key(row, ground) for ground in row["grounds"] if ground["cents"] is not None]


def _key(row: Decision, ground: Ground) -> Hashable:
    one_measure = ground["step"] in ("gate", "exposure", "regulation") or ground["row"] == "long_unused"
    percent = ground["cents"] * 100 // row["limit_cents"]
    return _class(row), ground["step"], ground["row"] if one_measure else None, percent


def _called(row: Decision) -> tuple[str, str]:
    change, kinds = row["adverse_change"], {ground["kind"] for ground in row["grounds"]}
    if change is None:
        return "not_adverse", "nothing_worse"
    if change in ("request", "meanwhile"):
        return "adverse", {"request": "request_refused", "meanwhile": "asked_meanwhile"}[change]
    if not kinds:
        return "adverse", "no_ground"
    if any(kind not in EXEMPT for kind in kinds):
        return "adverse", "own_ground"
    return "exempt", kinds.pop() if len(kinds) == 1 else "several_exempt"
