"""What the next night carries on from a decided line (docs/policy.md, section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.arithmetic import WHOLE, days
from tests.oracle.line import Line
from tests.oracle.outcome import committed_rate, effective_on, hold_because
from tests.oracle.review import conduct_to_carry, last_looked_at, looked_at, reviewed_on
from tests.oracle.walk import Walk, plan_was_open


@dataclass
class Decided:
    """A line with its action and route."""

    w: Walk
    action: str
    route: str

    @property
    def line(self) -> Line:
        return self.w.line

    @property
    def automatic(self) -> bool:
        return self.route == "automatic"

    @property
    def fell(self) -> bool:
        return self.automatic and self.action == "decrease"

    @property
    def rose(self) -> bool:
        return self.automatic and self.action == "increase"

    @property
    def by_law(self) -> bool:
        """A person looks at our share, and the law's is in force."""
        return not self.automatic and self.action == "decrease" and self.w.law_limit is not None

    @property
    def limit_after(self) -> int:
        if self.fell or self.rose:
            return self.w.proposed
        law = self.w.law_limit
        return law if self.by_law and law is not None else self.line.limit

    @property
    def own_block(self) -> bool:
        if self.action in ("freeze", "unfreeze"):
            return self.action == "freeze"
        return self.line.standing.own_block

    @property
    def drawing_blocked(self) -> bool:
        return self.action == "freeze" or (self.action != "unfreeze" and self.line.drawing_blocked)

    @property
    def reaffirmed(self) -> bool:
        """The anchor is set: the line moved, and nothing waits."""
        w = self.w
        rise_waits = w.proposed == self.line.limit and hold_because(w) == "cool_off"
        gave_way = self.action == "unfreeze" and w.proposed != self.line.limit
        case = self.line.borrower_id in self.line.book.open_cases
        held_back = w.bound_held and not w.final
        waits = self.action == "offer" or w.cooled or held_back or rise_waits or gave_way or case
        return w.moves and self.automatic and not waits


def carried(decided: Decided) -> dict[str, Any]:
    line, as_of, past = decided.line, decided.line.book.as_of, decided.line.past or {}
    limit, looked = decided.limit_after, looked_at(decided.w.gate)
    new_covers = decided.reaffirmed or line.past is None or line.origin == "outside"
    return {
        "decided_on": as_of,
        "committed_limit_cents": limit,
        "committed_rate_bp": committed_rate(decided.w, decided.action, decided.route),
        "drawdown_blocked": decided.drawing_blocked,
        "own_block": decided.own_block,
        "person_block": line.standing.person_block,
        "block_lifted": line.standing.block_lifted,
        "block_shown": decided.own_block and bool(line.facility["drawdown_blocked"]),
        "expected_on": _expected_on(decided),
        "next_anchor_limit_cents": limit if decided.reaffirmed else line.anchor,
        "next_anchor_on": as_of if decided.reaffirmed else line.anchor_on,
        "next_anchor_covers": decided.w.loss.covers if new_covers else past.get("next_anchor_covers") or [],
        **_cut(decided),
        "last_decrease_on": as_of if decided.fell or decided.by_law else past.get("last_decrease_on"),
        "last_increase_on": as_of if decided.rose else past.get("last_increase_on"),
        **_offer(decided),
        "band_limit_cents": max(line.band_limit, limit),
        "standing_grade": line.grade or past.get("standing_grade"),
        "improve_reviews": line.improve_reviews,
        "looked_at_on": as_of if looked else last_looked_at(line),
        "looked_at_dpd": line.dpd if looked else past.get("looked_at_dpd"),
        "group_default_seen": line.group_default if looked else bool(past.get("group_default_seen")),
        "reviewed_on": reviewed_on(line, decided.w.gate),
        "customer_limit_cents": line.standing.customer_limit,
        "customer_limit_on": line.standing.customer_limit_on,
        "conduct_points": conduct_to_carry(line),
    }


def _expected_on(decided: Decided) -> date | None:
    """From when on the source should show what is left in force; None where it does."""
    line, shown = decided.line, decided.line.facility
    unseen_block = decided.own_block and shown["drawdown_blocked"] is False
    if decided.limit_after == shown["credit_limit_cents"] and not unseen_block:
        return None
    if decided.limit_after != line.limit or decided.action == "freeze":
        return effective_on(decided.w, decided.action, decided.route)
    return line.standing.expected_on or line.book.as_of + days(1)


def _cut(decided: Decided) -> dict[str, Any]:
    """The share of the last cut that fired, and whether its next stage is to come."""
    w, line, past = decided.w, decided.line, decided.line.past or {}
    fired, fired_on, plan = past.get("fired_target_bp"), past.get("fired_on"), plan_was_open(line)
    if w.moves:
        assert w.share is not None
        if w.share >= WHOLE:
            fired = None
        elif w.fired and decided.automatic and (decided.fell or w.final):
            fired, fired_on = w.share, line.book.as_of
        waits = w.staged or not decided.automatic or decided.action == "unfreeze"
        plan = w.cut_fired and ((w.staged and decided.fell) or (plan and not decided.fell and waits))
    return {"fired_target_bp": fired, "fired_on": fired_on, "plan_open": plan}


def _offer(decided: Decided) -> dict[str, Any]:
    line, past = decided.line, decided.line.past or {}
    if decided.automatic and decided.action == "offer":
        assert line.segment
        until = line.book.as_of + days(line.segment.offer_days)
        return {
            "offered_on": line.book.as_of,
            "offered_limit_cents": decided.w.proposed,
            "offer_until": until,
        }
    standing = line.standing
    return {
        "offered_on": past.get("offered_on"),
        "offered_limit_cents": None if decided.rose else standing.offered_cents,
        "offer_until": None if decided.rose else standing.offer_until,
    }
