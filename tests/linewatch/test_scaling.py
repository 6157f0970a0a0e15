"""The scale of a scorecard, on the worked example of the textbook."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from linewatch.documents import load_documents
from linewatch.scaling import Scaling
from linewatch.scorecard import Scorecard
from tests.decisions.small_lender import AS_OF

TEXTBOOK = Scaling(points=60_000, odds=50, double_every=2_000)
"""Siddiqi, Credit Risk Scorecards (2006), chapter 6: 600 points at 50:1, 20 points to double the odds."""


def test_factor_and_offset_are_the_textbooks() -> None:
    assert str(round(TEXTBOOK.factor, 4)) == "28.8539"
    assert str(round(TEXTBOOK.offset, 3)) == "487.123"


@pytest.mark.parametrize(("score", "odds"), [(60_000, 50), (62_000, 100), (64_000, 200), (58_000, 25)])
def test_twenty_points_double_the_odds(score: int, odds: int) -> None:
    assert TEXTBOOK.pd_bp(score) == -(-10_000 // (1 + odds))


def test_a_pd_never_leaves_its_bounds() -> None:
    assert (TEXTBOOK.pd_bp(10_000_000), TEXTBOOK.pd_bp(-10_000_000)) == (1, 10_000)


def test_a_card_whose_table_is_not_on_its_scale_is_refused() -> None:
    card = load_documents(AS_OF).scorecards["consumer"].model_dump(by_alias=True)
    card["scaling"] = TEXTBOOK.model_dump()
    card["pd"] = [{"score_from": score, "pd_bp": TEXTBOOK.pd_bp(score)} for score in (56_000, 60_000, 64_000)]
    assert Scorecard.model_validate(card).scaling == TEXTBOOK
    card["pd"][1]["pd_bp"] += 1
    with pytest.raises(ValidationError, match="at 60000 the scaling says 197 bp and the table 198"):
        Scorecard.model_validate(card)
