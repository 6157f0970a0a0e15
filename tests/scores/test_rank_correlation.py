"""Spearman's rank correlation of scores and a rating, ties and all, against the textbook's way."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql.engine import Engine
from sql.scores import rank_sums
from tasks.scorecard import rank_correlation


def correlation(pairs):
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        db.raw.execute("create table scores (borrower_id varchar, score integer)")
        db.create("schema/check_rating")
        db.insert("scores", [{"borrower_id": f"B{n}", "score": score} for n, (score, _) in enumerate(pairs)])
        db.insert(
            "check_rating",
            [{"borrower_id": f"B{n}", "rating": rating} for n, (_, rating) in enumerate(pairs)],
        )
        return rank_correlation(rank_sums(db))


def middle_ranks(values):
    return [sum(v < x for v in values) + (sum(v == x for v in values) + 1) / 2 for x in values]


def test_the_same_order_is_one_and_the_opposite_minus_one():
    assert correlation([(10, 3), (20, 2), (30, 1)]) == 1
    assert correlation([(30, 3), (20, 2), (10, 1)]) == -1


@pytest.mark.parametrize("pairs", [[], [(1, 1)], [(5, 1), (5, 2)], [(5, 1), (6, 1)]])
def test_where_all_tie_or_nothing_is_rated_there_is_no_correlation(pairs):
    assert correlation(pairs) is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4)), min_size=2, max_size=25))
def test_ties_count_at_the_middle_of_their_ranks(pairs):
    found = correlation(pairs)

    scores, ratings = middle_ranks([s for s, _ in pairs]), middle_ranks([-r for _, r in pairs])
    mean = (len(pairs) + 1) / 2
    together = sum((a - mean) * (b - mean) for a, b in zip(scores, ratings, strict=True))
    spread = sqrt(sum((a - mean) ** 2 for a in scores) * sum((b - mean) ** 2 for b in ratings))
    assert found is None if spread == 0 else found == pytest.approx(together / spread, abs=2e-6)
