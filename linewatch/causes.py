"""Why a limit changed, in cents: the factors, their coalitions, and what each coalition weighs.

A change is split by Shapley values over five factors, and what circumstances take by Owen values over
their five drivers (DOMAIN section 5). A coalition is the set of players that stand as they do tonight; all
others stand as at the anchor. Here are the weights alone; the limits come from the walk (sql/causes).

References: L. S. Shapley, "A value for n-person games" (1953); G. Owen, "Values of games with a priori
unions" (1977).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import factorial
from typing import Any

DRIVERS = ("conduct", "elapsed_time", "security", "related", "market")
"""What circumstances consist of, in the order of linewatch/characteristics.toml."""
DOCUMENTS = ("model", "policy", "regulation")
FACTORS = ("circumstances", "data", *DOCUMENTS)
PLAYERS = (*DRIVERS, "data", *DOCUMENTS)
BIT = {player: 1 << place for place, player in enumerate(PLAYERS)}
"""The bit of each player in the number that stands for a coalition."""
CIRCUMSTANCES = sum(BIT[driver] for driver in DRIVERS)
WHOLE = 3600
"""A weight of one: with five unions of at most five players every weight is a whole number of these."""

Row = dict[str, Any]


def coalitions(present: int) -> Iterator[int]:
    """Every coalition of the players that are present, the empty one and the whole one among them."""
    bits = [bit for bit in BIT.values() if present & bit]
    for size in range(len(bits) + 1):
        for chosen in combinations(bits, size):
            yield sum(chosen)


def coalition_rows(present: int) -> Iterator[Row]:
    """Rows of `cause_coalition`."""
    for coalition in coalitions(present):
        tonight = {player: bool(coalition & bit or not present & bit) for player, bit in BIT.items()}
        yield {"present": present, "coalition": coalition, **tonight}


def weight_rows(present: int) -> Iterator[Row]:
    """Rows of `cause_weight`: a player's part is the sum of limit x weight over coalitions, // WHOLE.

    Two factors of one player each: v(both) - v(other) and v(alone) - v(none), half of each, so that the
    weights of one of them are 1800 where it is in the coalition and -1800 where it is not.
    """
    for part, union in _parts(present):
        for coalition in coalitions(present):
            weight = sum(_weight(present, union, bit, coalition) for bit in _bits(part & present))
            if weight:
                yield {"present": present, "part": _named(part), "coalition": coalition, "weight": weight}


def pair_rows(present: int) -> Iterator[Row]:
    """Rows of `cause_pair`: coalitions of whole factors that differ by one factor alone."""
    for part, union in _parts(present):
        if part != union:
            continue
        for coalition in coalitions(present):
            if not coalition & part and _is_of_whole_factors(present, coalition):
                yield {
                    "present": present,
                    "part": _named(part),
                    "without": coalition,
                    "with_it": coalition | part & present,
                }


def _parts(present: int) -> Iterator[tuple[int, int]]:
    """Each part that is asked for, as bits, with the union that it belongs to: factors, then drivers."""
    if present & CIRCUMSTANCES:
        yield CIRCUMSTANCES, CIRCUMSTANCES
        yield from ((bit, CIRCUMSTANCES) for bit in _bits(present & CIRCUMSTANCES))
    yield from ((bit, bit) for bit in _bits(present & ~CIRCUMSTANCES))


def _weight(present: int, union: int, player: int, coalition: int) -> int:
    """The weight of a coalition's limit in the Owen value of a player of a union."""
    others = coalition & ~union
    inside = coalition & union & ~player
    beyond = present & ~union
    if others & CIRCUMSTANCES not in (0, present & CIRCUMSTANCES & ~union):
        return 0  # the drivers of circumstances enter another factor's orders together or not at all
    unions = 1 + _unions(beyond)
    of_unions = _share(_unions(others), unions)
    of_players = _share(inside.bit_count(), (present & union).bit_count())
    sign = 1 if coalition & player else -1
    return sign * of_unions * of_players * WHOLE // (60 * 60)


def _share(before: int, players: int) -> int:
    """How many sixtieths of all orders have exactly these before a player: before! after! / players!"""
    return 60 * factorial(before) * factorial(players - 1 - before) // factorial(players)


def _unions(bits: int) -> int:
    """How many factors these players belong to."""
    return int(bool(bits & CIRCUMSTANCES)) + (bits & ~CIRCUMSTANCES).bit_count()


def _is_of_whole_factors(present: int, coalition: int) -> bool:
    return coalition & CIRCUMSTANCES in (0, present & CIRCUMSTANCES)


def _bits(mask: int) -> Iterator[int]:
    return (bit for bit in BIT.values() if mask & bit)


def _named(part: int) -> str:
    return "circumstances" if part == CIRCUMSTANCES else PLAYERS[part.bit_length() - 1]
