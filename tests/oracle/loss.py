"""What a borrower may cost and what a rise must earn (docs/policy.md, section 3, step 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.oracle.arithmetic import MILLION, WHOLE, up
from tests.oracle.line import Line
from tests.oracle.security import Cover, horizon_days, with_those_of_the_anchor

if TYPE_CHECKING:
    from tests.oracle.walk import Walk

PARTS = 32
Covers = Callable[[Line], list[Cover]]


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


def taking_part(line: Line, covers: list[Cover]) -> list[Cover]:
    """The covers cheaper than the line itself, in turn; a slot knows none."""
    if line.slot is not None:
        return []
    cheaper = [(c.loss_rate_e8, c.guarantee_id, c) for c in covers if c.loss_rate_e8 is not None]
    return [c for rate, _, c in sorted(cheaper, key=lambda each: each[:2]) if rate < line.own_loss_rate]


def parts_of(line: Line, ead: int, covers: list[Cover]) -> list[int]:
    """What each takes of an exposure, in turn."""
    whole, left, parts = horizon_days(line.book), ead, []
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
    return taking_part(line, line.covers)


def covers_of_the_anchor(line: Line) -> list[Cover]:
    """As good as they were at the anchor."""
    whole = horizon_days(line.book)
    return taking_part(line, with_those_of_the_anchor(line.covers, line.anchor_covers, whole))


def expected_loss(walks: Sequence[Walk], on: bool, covers_of: Covers = own_covers) -> None:
    of_borrower: dict[str, list[Walk]] = {}
    for w in walks:
        if w.line.scored:
            w.covers = covers_of(w.line)
            of_borrower.setdefault(w.line.borrower_id, []).append(w)
        _hurdle(w, on)
    for own in of_borrower.values():
        _obligor(own, on)


def _hurdle(w: Walk, on: bool) -> None:
    line = w.line
    w.leave("expected_loss", w.at)
    if not (on and w.moves and w.at > line.limit):
        return
    assert line.segment
    terms, ead = line.segment.expected_loss, ead_of(line, w.at)
    lost = unit_loss(line, ead, w.covers)
    cost = up(lost, WHOLE * ead) if ead else up(line.own_loss_rate, WHOLE)
    earned = (line.rate or 0) - terms.funding_bp - terms.capital_charge_bp - cost
    if earned < terms.hurdle_bp:
        w.misses_hurdle = True
        w.leave("expected_loss", line.limit, "hurdle", terms.hurdle_bp)


def _obligor(walks: list[Walk], on: bool) -> None:
    """All scored lines of a borrower."""
    whole = sum(_lost(w, w.at) for w in walks)
    owed = sum(loss_of(w.line, w.line.owed, w.covers) for w in walks)
    wishes = [(w, w.at) for w in walks]
    for w, wish in wishes:
        _receipt(w, wish, owed, whole)
    for w in walks:
        assert w.line.segment
        appetite = w.line.segment.expected_loss.appetite_cents
        if on and w.moves:
            w.loss_exceeded = owed > appetite
            if whole > appetite:
                limit = _within_appetite(w, wishes, appetite)
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


def _within_appetite(w: Walk, wishes: list[tuple[Walk, int]], appetite: int) -> int:
    def lost(k: int) -> int:
        return sum(_lost(other, _node(other, wish, k)) for other, wish in wishes)

    wish = next(wish for other, wish in wishes if other is w)
    kept = next((k for k in range(PARTS, -1, -1) if lost(k) <= appetite), None)
    if kept is None:
        return _node(w, wish, 0)
    low, high = _node(w, wish, kept), _node(w, wish, kept + 1)
    return low + (high - low) * (appetite - lost(kept)) // (lost(kept + 1) - lost(kept))


def _receipt(w: Walk, wish: int, owed_loss: int, whole_loss: int) -> None:
    line = w.line
    ead = ead_of(line, wish)
    parts = parts_of(line, ead, w.covers)
    w.loss = Receipt(
        own_loss_rate_e8=line.own_loss_rate,
        ead_cents=ead,
        loss_cents=loss_of(line, ead, w.covers),
        covers=[{**vars(cover), "covered_cents": part} for cover, part in zip(w.covers, parts, strict=True)],
        obligor_owed_loss_cents=owed_loss,
        obligor_loss_cents=whole_loss,
    )
