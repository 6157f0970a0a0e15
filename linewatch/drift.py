"""How far a population has moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any


def psi_bp(expected: Sequence[int], actual: Sequence[int]) -> int:
    """The population stability index of counts in the same bands, in basis points, rounded up.

    PSI = sum((a - e) ln(a / e)) over the shares a and e of each band (Lewis 1994); one is added to every
    count so that an empty band has a logarithm. Decimal arithmetic of a fixed precision: the same counts
    give the same number on every machine. Shares 50 % and 50 % against 60 % and 40 %, in large numbers:
    0.1 ln 1.2 - 0.1 ln 0.8 = 0.0405, so 406.

    Raises ValueError when the bands are not the same in number, or there are none.
    """
    if len(expected) != len(actual) or not expected:
        raise ValueError(f"{len(expected)} bands against {len(actual)}")
    with localcontext() as context:
        context.prec = 30
        index = Decimal(0)
        for before, now in zip(_shares(expected), _shares(actual), strict=True):
            index += (now - before) * (now / before).ln()
        return int((index * 10_000).to_integral_value(rounding="ROUND_CEILING"))


def worst_psi_bp(bands: Iterable[Mapping[str, Any]], least_lines: int) -> int | None:
    """The largest index of any scorecard, over its bands' `then_lines` and `now_lines`.

    None where no card has `least_lines` lines on both sides, and at least one.
    """
    cards: dict[str, tuple[list[int], list[int]]] = {}
    for row in bands:
        then, now = cards.setdefault(str(row["scorecard"]), ([], []))
        then.append(int(row["then_lines"]))
        now.append(int(row["now_lines"]))
    least = max(1, least_lines)
    return max(
        (psi_bp(then, now) for then, now in cards.values() if min(sum(then), sum(now)) >= least), default=None
    )


def _shares(counts: Sequence[int]) -> list[Decimal]:
    whole = Decimal(sum(counts) + len(counts))
    return [Decimal(count + 1) / whole for count in counts]
