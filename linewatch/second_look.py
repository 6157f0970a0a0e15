"""Which decided cases another person looks at: much that moves, a bad grade, and some of the rest by lot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from linewatch.review import Review

Why = Literal["", "amount", "grade", "sampled"]
MILLION = 1_000_000
WHOLE = 10_000
"""Basis points of everything."""


@dataclass(frozen=True)
class DecidedLine:
    """A line as a reviewer decided it; amounts in the line's own minor units."""

    outcome: str
    """Of linewatch.case.OUTCOMES."""
    standing_limit_cents: int | None
    proposed_limit_cents: int | None
    limit_cents: int | None
    """What the reviewer set: of `another_limit` alone."""
    grade: str | None
    rate_ppm: int | None
    """Reporting units for one unit of the line's currency, in millionths; None: no rate is known."""


def second_look(
    review: Review | None, lines: Iterable[DecidedLine], *, as_of: date, test_digit_key: str, case_id: str
) -> Why:
    """Why another person must look at a decided case; empty: one was enough.

    `review` is the policy's section, None where it has none; `as_of` the night whose queue was answered. The
    same case is told the same again; whoever sees the case alone cannot foresee the lot.
    """
    if review is None:
        return ""
    decided = tuple(lines)
    if review.second_look_cents is not None:
        moved = moved_cents(decided)
        if moved is None or moved >= review.second_look_cents:
            return "amount"
    if any(line.grade in review.second_look_grades and _moves_or_blocks(line) for line in decided):
        return "grade"
    return "sampled" if _drawn(review.blind_share_bp, as_of, test_digit_key, case_id) else ""


def moved_cents(lines: Iterable[DecidedLine]) -> int | None:
    """What the outcomes move the limits by, up and down added, in the reporting currency, each line rounded
    up; None where some of it cannot be weighed.
    """
    moved = 0
    for line in lines:
        own = _moved(line)
        if own and line.rate_ppm is not None:
            moved += -(-own * line.rate_ppm // MILLION)
        elif own != 0:
            return None
    return moved


def _moved(line: DecidedLine) -> int | None:
    if line.outcome not in ("approve", "another_limit"):
        return 0
    target = line.proposed_limit_cents if line.outcome == "approve" else line.limit_cents
    if target is None or line.standing_limit_cents is None:
        return None
    return abs(target - line.standing_limit_cents)


def _moves_or_blocks(line: DecidedLine) -> bool:
    return line.outcome == "freeze" or _moved(line) != 0


def _drawn(share_bp: int, as_of: date, test_digit_key: str, case_id: str) -> bool:
    told = "|".join(("second_look", test_digit_key, as_of.isoformat(), case_id))
    lot = int.from_bytes(hashlib.sha256(told.encode()).digest(), "big")
    return lot * WHOLE >> 256 < share_bp
