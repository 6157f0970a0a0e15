"""Weights of causes: Shapley and Owen values, against every order of the players one by one."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as some

from linewatch.causes import (
    BIT,
    CIRCUMSTANCES,
    PLAYERS,
    WHOLE,
    coalition_rows,
    coalitions,
    pair_rows,
    weight_rows,
)

EVERYBODY = sum(BIT.values())


def names(mask: int) -> list[str]:
    return [player for player in PLAYERS if mask & BIT[player]]


def by_orders(present: int, limit: dict[int, int]) -> tuple[dict[str, Fraction], dict[str, set[int]]]:
    """Each part as the mean over all orders in which factors, and drivers among themselves, come in; and
    what each factor moves the limit by as a whole.
    """
    drivers = names(present & CIRCUMSTANCES)
    factors = ["circumstances"] * bool(drivers) + names(present & ~CIRCUMSTANCES)
    part: dict[str, Fraction] = defaultdict(Fraction)
    whole: dict[str, set[int]] = defaultdict(set)
    orders = [(outer, inner) for outer in permutations(factors) for inner in permutations(drivers)]
    for outer, inner in orders:
        coalition = 0
        for factor in outer:
            begun = coalition
            for player in inner if factor == "circumstances" else (factor,):
                moved = limit[coalition | BIT[player]] - limit[coalition]
                part[player] += Fraction(moved, len(orders))
                coalition |= BIT[player]
            if factor == "circumstances":
                part[factor] += Fraction(limit[coalition] - limit[begun], len(orders))
            whole[factor].add(limit[coalition] - limit[begun])
    return part, whole


@given(some.sampled_from([0, 1, 3, 11, 32, 64, 65, 99, 480, 483, 459, EVERYBODY]), some.randoms())
def test_the_weights_give_the_mean_over_all_orders(present: int, chance: object) -> None:
    limit = {coalition: chance.randrange(0, 10**9) for coalition in coalitions(present)}  # type: ignore[attr-defined]
    expected, whole = by_orders(present, limit)
    found: dict[str, int] = defaultdict(int)
    for row in weight_rows(present):
        found[row["part"]] += row["weight"] * limit[row["coalition"]]
    assert {part: Fraction(exact, WHOLE) for part, exact in found.items() if exact} == {
        part: value for part, value in expected.items() if value
    }
    spread: dict[str, set[int]] = defaultdict(set)
    for row in pair_rows(present):
        spread[row["part"]].add(limit[row["with_it"]] - limit[row["without"]])
    assert spread == whole


def test_two_players_take_half_of_what_they_do_together() -> None:
    policy, model = BIT["policy"], BIT["model"]
    weights = {(row["part"], row["coalition"]): row["weight"] for row in weight_rows(policy | model)}
    assert weights["policy", 0] == weights["policy", model] == -1800
    assert weights["policy", policy] == weights["policy", policy | model] == 1800


def test_the_example_of_the_page() -> None:
    """docs/causes.md: a late payment and a stricter policy, of which neither alone takes 4,000."""
    late, policy = BIT["conduct"], BIT["policy"]
    limit = {0: 10_000, late: 9_000, policy: 10_000, late | policy: 6_000}
    found: dict[str, int] = defaultdict(int)
    for row in weight_rows(late | policy):
        found[row["part"]] += row["weight"] * limit[row["coalition"]]
    assert {part: exact // WHOLE for part, exact in found.items()} == {
        "circumstances": -2_500,
        "conduct": -2_500,
        "policy": -1_500,
    }


def test_who_is_not_present_stands_as_tonight() -> None:
    rows = list(coalition_rows(BIT["conduct"]))
    assert [row["conduct"] for row in rows] == [False, True]
    assert all(row[player] for row in rows for player in PLAYERS if player != "conduct")
