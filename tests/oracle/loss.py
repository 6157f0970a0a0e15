"""What a borrower may cost and a rise must earn (docs/policy.md, section 3, step 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.oracle.arithmetic import MILLION, WHOLE, up
from tests.oracle.line import Line, covered_share

if TYPE_CHECKING:
    from tests.oracle.walk import Walk


@dataclass
class Loss:
    """Expected losses of a borrower's scored lines, in reporting cents."""

    owed: int = 0
    undrawn: int = 0
    rises: int = 0


def lgd_of(line: Line) -> int:
    assert line.segment
    terms, covered = line.segment.expected_loss, covered_share(line)
    guaranteed = min(terms.lgd_bp, terms.guaranteed_lgd_bp)
    return up(terms.lgd_bp * (WHOLE - covered) + guaranteed * covered, WHOLE)


def expected_loss(walks: list[Walk], on: bool) -> None:
    for w in walks:
        _hurdle(w, on)
    losses: dict[str, Loss] = {}
    for w in walks:
        if _scored(w.line):
            _add(losses.setdefault(w.line.borrower_id, Loss()), w)
    for w in walks:
        if on and w.moves:
            _appetite(w, losses[w.line.borrower_id])


def _scored(line: Line) -> bool:
    return line.segment is not None and line.score is not None and line.score["pd_bp"] is not None


def _hurdle(w: Walk, on: bool) -> None:
    line = w.line
    w.leave("expected_loss", w.at)
    if not (on and w.moves and w.at > line.limit):
        return
    assert line.segment
    assert line.score
    terms = line.segment.expected_loss
    cost = up(line.score["pd_bp"] * lgd_of(line), WHOLE)
    earned = (line.facility["annual_rate_bp"] or 0) - terms.funding_bp - terms.capital_charge_bp - cost
    if earned < terms.hurdle_bp:
        w.leave("expected_loss", line.limit, "hurdle", terms.hurdle_bp)


def _standing_undrawn(w: Walk) -> int:
    return max(0, min(w.at, w.line.limit) - max(0, w.line.drawn))


def _add(loss: Loss, w: Walk) -> None:
    line = w.line
    assert line.segment
    assert line.score
    weight = line.score["pd_bp"] * lgd_of(line)
    ccf, rate = line.segment.expected_loss.ccf_bp, line.book.rate_ppm[line.currency]

    def lost(cents: int) -> int:
        return up(cents * weight, WHOLE * WHOLE)

    def drawn_before_default(cents: int) -> int:
        return up(cents * ccf // WHOLE * rate, MILLION)

    loss.owed += lost(up(line.owed * rate, MILLION))
    loss.undrawn += lost(drawn_before_default(_standing_undrawn(w)))
    loss.rises += lost(drawn_before_default(max(0, w.at - line.limit)))


def _appetite(w: Walk, loss: Loss) -> None:
    line, wish = w.line, w.at
    assert line.segment
    appetite = line.segment.expected_loss.appetite_cents
    if loss.owed + loss.undrawn + loss.rises <= appetite:
        return
    room = appetite - loss.owed
    w.loss_exceeded = room < 0
    if room <= 0:
        limit = min(wish, line.limit)
    elif loss.undrawn > room:
        limit = min(wish, max(0, line.drawn) + _standing_undrawn(w) * room // loss.undrawn)
    elif wish > line.limit:
        limit = line.limit + (wish - line.limit) * (room - loss.undrawn) // loss.rises
    else:
        limit = wish
    w.leave("expected_loss", limit, "appetite", appetite)
