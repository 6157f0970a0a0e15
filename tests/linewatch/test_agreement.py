"""Cohen's kappa: by hand, and beside scikit-learn's over random tables."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction
from random import Random

import pytest
from sklearn.metrics import cohen_kappa_score

from linewatch.agreement import agreed_of, kappa_hundredths
from linewatch.case import OUTCOMES

TABLES = 300


def test_two_who_agree_on_seven_tenths_where_chance_gives_half() -> None:
    pairs = {
        ("keep", "keep"): 20,
        ("keep", "approve"): 5,
        ("approve", "keep"): 10,
        ("approve", "approve"): 15,
    }
    assert (agreed_of(pairs), kappa_hundredths(pairs)) == (35, 40)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ({("keep", "keep"): 3, ("approve", "approve"): 9}, 100),
        ({("keep", "approve"): 4, ("approve", "keep"): 4}, -100),
        ({("keep", "keep"): 1, ("keep", "approve"): 1, ("approve", "keep"): 1, ("approve", "approve"): 1}, 0),
        ({("keep", "approve"): 7}, 0),  # never the same, and none to be expected by chance either
        ({("keep", "keep"): 8, ("keep", "approve"): 1, ("approve", "keep"): 1}, -12),  # -1/9, rounded down
        ({("keep", "keep"): 12}, None),
        ({("keep", "keep"): 12, ("approve", "keep"): 0}, None),
        ({}, None),
    ],
)
def test_from_full_disagreement_to_nothing_that_could_be_told(
    pairs: dict[tuple[str, str], int], kappa: int | None
) -> None:
    assert kappa_hundredths(pairs) == kappa


@pytest.mark.parametrize("seed", range(TABLES))
def test_it_is_what_scikit_learn_finds(seed: int) -> None:
    chance = Random(seed)
    outcomes = chance.sample(list(OUTCOMES), chance.randint(1, len(OUTCOMES)))
    habit = [chance.random() for _ in outcomes]
    first = chance.choices(outcomes, habit, k=chance.randint(1, 200))
    second = [said if chance.random() < 0.6 else chance.choice(outcomes) for said in first]
    pairs = dict.fromkeys(zip(first, second, strict=True), 0)
    for pair in zip(first, second, strict=True):
        pairs[pair] += 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a table in which all is one and the same it says so, too
        expected = float(cohen_kappa_score(first, second))
    found = kappa_hundredths(pairs)
    if math.isnan(expected):
        assert found is None
    else:
        assert found is not None
        near = Fraction(expected).limit_denominator(200**2) * 100
        assert found == math.floor(near)


def test_where_all_is_one_and_the_same_scikit_learn_has_no_number_either() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert math.isnan(cohen_kappa_score(["keep"] * 5, ["keep"] * 5))
    assert kappa_hundredths({("keep", "keep"): 5}) is None
