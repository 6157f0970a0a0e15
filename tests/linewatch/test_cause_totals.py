"""Which sums of causes may be told: no difference of those told is a few borrowers' own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.cause_totals import told_totals
from linewatch.fewest import FEWEST, kept_back
from linewatch.money import about

Counts = dict[str, int]
counts = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 12), max_size=6)


@given(counts)
def test_what_is_kept_back_is_of_enough_borrowers_unless_the_whole_is_not(borrowers: Counts) -> None:
    hidden = kept_back(borrowers)
    assert all(count == 0 or count >= FEWEST for part, count in borrowers.items() if part not in hidden)
    if any(count >= FEWEST for count in borrowers.values()) and hidden:
        assert max(borrowers[part] for part in hidden) >= FEWEST


@given(counts)
def test_nothing_is_kept_back_where_no_part_is_of_few(borrowers: Counts) -> None:
    if not any(0 < count < FEWEST for count in borrowers.values()):
        assert kept_back(borrowers) == frozenset()


def row(by_what: str, part: str, cut: int, raised: int = 0) -> dict[str, object]:
    return {
        "currency": "CNY",
        "by_what": by_what,
        "part": part,
        "cause": "policy",
        "cut_cents": -100 * cut,
        "raised_cents": 100 * raised,
        "cut_borrowers": cut,
        "raised_borrowers": raised,
    }


def test_the_smallest_group_of_enough_goes_with_the_one_of_few_in_its_own_way_alone() -> None:
    told = told_totals(
        [
            row("all", "all", 29, raised=16),
            row("segment", "a", 20, raised=6),
            row("segment", "b", 6, raised=10),
            row("segment", "c", 3),
            row("grade", "A", 29, raised=16),
        ]
    )
    assert [(each["part"], each["cut_cents"], each["raised_cents"]) for each in told] == [
        ("all", -2_900, 1_600),
        ("a", -2_000, 600),
        ("b", None, 1_000),
        ("c", None, 0),
        ("A", -2_900, 1_600),
    ]


@pytest.mark.parametrize(
    ("cents", "places", "shown"),
    [(12_345_678, 2, 123_000), (-12_350_000, 2, -124_000), (99_950, 2, 1_000), (1_234, 0, 1_230), (50, 2, 0)],
)
def test_a_total_is_told_with_three_digits(cents: int, places: int, shown: int) -> None:
    assert about(cents, places) == Decimal(shown)
