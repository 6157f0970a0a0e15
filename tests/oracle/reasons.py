"""Why a limit falls (docs/policy.md, section 5): each lowering step tried without, and alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from linewatch.policy import Policy
from linewatch.segment import GRADES
from tests.oracle.affordability import income_would_carry
from tests.oracle.arithmetic import WHOLE
from tests.oracle.gate import Gate
from tests.oracle.line import Line
from tests.oracle.loss import covers_of_the_anchor
from tests.oracle.security import counts_for_less
from tests.oracle.walk import LOWERING, Walk, matrix_share, rating_of, walk

Reason = dict[str, Any]


class Tried(NamedTuple):
    """What reasons ask of a walk that was only tried."""

    proposed: int
    rows: Mapping[str, str | None]
    """By step."""


class Trials:
    """The proposals with one step off, with one step on alone, and by the security of the anchor."""

    def __init__(self, lines: Sequence[Line], gates: Sequence[Gate]) -> None:
        self.without = {
            step: _by_id(walk(lines, gates, [s for s in LOWERING if s != step])) for step in LOWERING
        }
        self.alone = {step: _by_id(walk(lines, gates, [step])) for step in LOWERING}
        self.secured = _by_id(walk(lines, gates, ["expected_loss"], covers_of_the_anchor))
        self.lapsed = {line.borrower_id for line in lines if _lapsed(line)}
        """Borrowers of whose lines some cover of the anchor counts for less tonight."""


def _by_id(walks: list[Walk]) -> Mapping[str, Tried]:
    return {w.line.id: Tried(w.proposed, {step: w.steps[step].row for step in LOWERING}) for w in walks}


def ground_steps(w: Walk, trials: Trials) -> list[str]:
    """The lowering steps that are grounds of a fall, in the order of the walk."""
    return [
        step
        for step in LOWERING
        if trials.without[step][w.line.id].proposed > w.proposed
        or trials.alone[step][w.line.id].proposed < w.line.limit
    ]


def reasons_of(w: Walk, action: str, trials: Trials) -> list[Reason]:
    """All reasons, best first; empty for whoever neither falls nor is frozen."""
    if action == "freeze":
        return [{"code": w.gate.block, "family": w.gate.block, "points": None, "cents": None}]
    if action != "decrease":
        return []
    ranked: dict[str, tuple[int, Reason]] = {}
    for step in ground_steps(w, trials):
        cents = w.line.limit - trials.alone[step][w.line.id].proposed
        told = _told(w, step, trials)
        for place, reason in enumerate(sorted(told, key=_points_then_code)):
            _merge(ranked, place, {**reason, "cents": cents})
    return [reason for _, reason in sorted(ranked.values(), key=lambda item: _order(*item))]


def _points_then_code(reason: Reason) -> tuple[bool, int, str]:
    return reason["points"] is None, -(reason["points"] or 0), reason["code"]


def _order(place: int, reason: Reason) -> tuple[int, int, bool, int, str]:
    return place, -reason["cents"], *_points_then_code(reason)


def _merge(ranked: dict[str, tuple[int, Reason]], place: int, reason: Reason) -> None:
    """A code stands once: at its best place, with its most points and cents."""
    if reason["code"] not in ranked:
        ranked[reason["code"]] = (place, reason)
        return
    standing_place, standing = ranked[reason["code"]]
    points = [r["points"] for r in (standing, reason) if r["points"] is not None]
    merged = {
        **standing,
        "points": max(points, default=None),
        "cents": max(standing["cents"], reason["cents"]),
    }
    ranked[reason["code"]] = (min(place, standing_place), merged)


def _told(w: Walk, step: str, trials: Trials) -> list[Reason]:
    line = w.line
    if step == "strategy" and w.cell_row != "long_unused":
        higher_use = [_plain("utilisation")] if _lower_use_would_keep(line) else []
        rated = _slot_reasons(line) if line.slot else _score_reasons(line, _points_lacking(line))
        return rated + higher_use
    if step == "expected_loss":
        return _loss_reasons(w, trials)
    return [_plain(_code(w, step, trials.alone[step][line.id]))]


def _loss_reasons(w: Walk, trials: Trials) -> list[Reason]:
    line = w.line
    if line.borrower_id in trials.lapsed and trials.secured[line.id].proposed >= line.limit:
        return [_plain("security_lapsed")]
    if line.slot:
        return _slot_reasons(line)
    return _score_reasons(line, None) or [_plain("own_credit_exposure")]


def _lapsed(line: Line) -> bool:
    tonight = {cover.guarantee_id: cover for cover in line.covers}
    return any(counts_for_less(then, tonight.get(then.guarantee_id)) for then in line.anchor_covers)


def _slot_reasons(line: Line) -> list[Reason]:
    if line.slot == "default":
        return [_plain("project_default")]
    lowest = min(line.counted_marks.values())
    return [_plain(f"project_{factor}") for factor, mark in line.counted_marks.items() if mark == lowest]


def _plain(code: str) -> Reason:
    return {"code": code, "family": code, "points": None}


def _code(w: Walk, step: str, alone: Tried) -> str:
    if step == "strategy":
        return "long_unused"
    if step == "gate":
        return "scheduled_limit"
    if step == "regulation":
        return "regulation_cap"
    if step == "exposure":
        row = w.steps["exposure"].row or alone.rows["exposure"]
        group = any(cap.id == row and cap.scope == "group" for cap in w.line.book.policy.exposure_cap)
        shared = group and w.line.group_id in w.line.book.shared_groups
        return "group_exposure" if shared else "own_credit_exposure"
    return "obligations_excessive" if income_would_carry(w.line) else "income_insufficient"


def _score_reasons(line: Line, lacking: int | None) -> list[Reason]:
    """Families with a shortfall, largest first, until those before reach what is lacking."""
    short = line.book.shortfalls.get(line.borrower_id, {})
    told: list[Reason] = []
    taken = 0
    for family, points in sorted(short.items(), key=lambda item: (-item[1], item[0])):
        if points <= 0 or (lacking is not None and taken >= lacking):
            break
        told.append({"code": family, "family": family, "points": points})
        taken += points
    return told


def _points_lacking(line: Line) -> int | None:
    """From the score to the worst grade that would have kept the limit in its band; None: no such grade."""
    assert line.score
    assert line.segment
    keeping = [grade for grade in GRADES if matrix_share(line, grade, line.band) >= WHOLE]
    if not keeping:
        return None
    bands = next(b for b in line.book.policy.bands if b.subject == line.segment.subject).band
    below = next(b.pd_below_bp for b in bands if b.grade == keeping[-1])
    steps = line.book.pd_steps[line.score["scorecard"]]
    enough = [score for score, pd in steps if below is None or pd < below]
    return min(enough) - line.score["score"] if enough else None


def _lower_use_would_keep(line: Line) -> bool:
    names = _bands(line.book.policy)
    lower = names[: names.index(line.band)] if line.band else []
    return any(matrix_share(line, rating_of(line), name) >= WHOLE for name in lower)


def _bands(policy: Policy) -> list[str]:
    return [band.name for band in policy.utilisation_band]
