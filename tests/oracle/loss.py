"""What a borrower may cost and what a rise must earn (docs/policy.md, section 3, step 5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.oracle.arithmetic import MILLION, WHOLE, up
from tests.oracle.line import Line
from tests.oracle.security import Cover, taking_part, with_those_of_the_anchor

if TYPE_CHECKING:
    from tests.oracle.walk import Walk

PARTS = 32
Covers = Callable[[Line], list[Cover]]


class Weighed(NamedTuple):
    """A scored line's wish, and what its borrower's lines cost: as owed, and as wished."""

    wish: int
    owed_loss: int
    whole_loss: int


@dataclass
class Receipt:
    """What step 5 shows of a scored line."""

    own_loss_rate_e8: int | None = None
    ead_cents: int | None = None
    loss_cents: int | None = None
    covers: list[dict[str, Any]] = field(default_factory=list)
    obligor_owed_loss_cents: int | None = None
    obligor_loss_cents: int | None = None


def ead_of(line: Line, limit: int) -> int:
    """Exposure at default of a limit."""
    assert line.segment
    undrawn = max(0, limit - max(0, line.drawn))
    return line.owed + up(undrawn * line.segment.expected_loss.ccf_bp, WHOLE)


def parts_of(line: Line, ead: int, covers: list[Cover]) -> list[int]:
    """What each takes of an exposure, in turn."""
    whole, left, parts = line.book.horizon_days, ead, []
    for cover in covers:
        most = ead * cover.share_bp // WHOLE
        if cover.most_cents is not None:
            most = min(most, cover.most_cents)
        if cover.days is not None:
            most = most * cover.days // whole
        parts.append(min(most, left))
        left -= parts[-1]
    return parts


def unit_loss(line: Line, ead: int, covers: list[Cover]) -> int:
    """N of the page: cents times hundred-millionths."""
    parts = parts_of(line, ead, covers)
    covered = sum(part * (cover.loss_rate_e8 or 0) for part, cover in zip(parts, covers, strict=True))
    return covered + (ead - sum(parts)) * line.own_loss_rate


def loss_of(line: Line, ead: int, covers: list[Cover]) -> int:
    """In reporting cents, rounded up once."""
    return up(unit_loss(line, ead, covers) * line.book.rate_ppm[line.currency], WHOLE * WHOLE * MILLION)


def own_covers(line: Line) -> list[Cover]:
    return line.covers_in_turn


def covers_of_the_anchor(line: Line) -> list[Cover]:
    """As good as they were at the anchor."""
    whole = line.book.horizon_days
    return taking_part(line, with_those_of_the_anchor(line.covers, line.anchor_covers, whole))


def expected_loss(walks: Sequence[Walk], on: bool, covers_of: Covers = own_covers) -> None:
    of_borrower: dict[str, list[Walk]] = {}
    for w in walks:
        if on and w.line.scored:
            w.covers = covers_of(w.line)
            of_borrower.setdefault(w.line.borrower_id, []).append(w)
        w.leave("expected_loss", w.at)
        if on:
            _hurdle(w)
    for own in of_borrower.values():
        _obligor(own)


def _hurdle(w: Walk) -> None:
    line = w.line
    if not (w.moves and w.at > line.limit):
        return
    assert line.segment
    terms, ead = line.segment.expected_loss, ead_of(line, w.at)
    lost = unit_loss(line, ead, w.covers)
    cost = up(lost, WHOLE * ead) if ead else up(line.own_loss_rate, WHOLE)
    earned = (line.rate or 0) - terms.funding_bp - terms.capital_charge_bp - cost
    if earned < terms.hurdle_bp:
        w.misses_hurdle = True
        w.leave("expected_loss", line.limit, "hurdle", terms.hurdle_bp)


def _obligor(walks: list[Walk]) -> None:
    """All scored lines of a borrower."""
    wishes = [(w, w.at) for w in walks]

    @cache
    def lost(k: int) -> int:
        """L(k) of the page."""
        return sum(_lost(w, _node(w, wish, k)) for w, wish in wishes)

    whole, covered = lost(PARTS), any(w.covers for w in walks)
    owed = sum(loss_of(w.line, w.line.owed, w.covers) for w in walks)
    for w, wish in wishes:
        w.weighed = Weighed(wish, owed, whole)
        assert w.line.segment
        appetite = w.line.segment.expected_loss.appetite_cents
        if w.moves:
            w.loss_exceeded = owed > appetite
            if whole > appetite:
                kept = _largest_part(lost, appetite, covered)
                limit = _within_appetite(w, wish, kept, appetite, lost)
                w.leave("expected_loss", limit, "appetite", appetite)


def _lost(w: Walk, limit: int) -> int:
    return loss_of(w.line, ead_of(w.line, limit), w.covers)


def _node(w: Walk, wish: int, k: int) -> int:
    """X(k): from nothing undrawn, through the standing limit, to the wish."""
    if not w.moves:
        return wish
    standing = min(wish, w.line.limit)
    drawn = min(standing, max(0, w.line.drawn))
    if k <= PARTS // 2:
        return drawn + (standing - drawn) * k // (PARTS // 2)
    return standing + (wish - standing) * (k - PARTS // 2) // (PARTS // 2)


def _largest_part(lost: Callable[[int], int], appetite: int, covered: bool) -> int | None:
    """The largest k whose loss the appetite bears; without covers no loss falls as k grows."""
    if not covered:
        return bisect_right(range(PARTS + 1), appetite, key=lost) - 1 if lost(0) <= appetite else None
    return next((k for k in range(PARTS, -1, -1) if lost(k) <= appetite), None)


def _within_appetite(w: Walk, wish: int, kept: int | None, appetite: int, lost: Callable[[int], int]) -> int:
    if kept is None:
        return _node(w, wish, 0)
    low, high = _node(w, wish, kept), _node(w, wish, kept + 1)
    return low + (high - low) * (appetite - lost(kept)) // (lost(kept + 1) - lost(kept))


def receipt_of(w: Walk) -> Receipt:
    if w.weighed is None:
        return Receipt()
    line = w.line
    ead = ead_of(line, w.weighed.wish)
    parts = parts_of(line, ead, w.covers)
    return Receipt(
        own_loss_rate_e8=line.own_loss_rate,
        ead_cents=ead,
        loss_cents=loss_of(line, ead, w.covers),
        covers=[{**vars(cover), "covered_cents": part} for cover, part in zip(w.covers, parts, strict=True)],
        obligor_owed_loss_cents=w.weighed.owed_loss,
        obligor_loss_cents=w.weighed.whole_loss,
    )
