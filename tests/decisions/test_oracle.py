"""The statements and a second computation from docs/policy.md agree on every line and column."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.compare import assert_agree
from tests.oracle.lenders import random_lender


@settings(max_examples=5)
@given(
    seed=st.integers(0, 10_000),
    lines=st.integers(5, 40),
    oddness=st.sampled_from([0.02, 0.1, 0.25]),
    nights_before=st.sampled_from([0.0, 1.0]),
)
def test_statements_and_page_agree_on_small_lenders_full_of_odd_lines(
    seed: int, lines: int, oddness: float, nights_before: float
) -> None:
    assert_agree(random_lender(seed, lines, oddness=oddness, nights_before=nights_before))


@pytest.mark.parametrize(("seed", "oddness"), [(1, 0.02), (2, 0.08)])
def test_statements_and_page_agree_on_a_larger_lender_with_every_action(seed: int, oddness: float) -> None:
    decisions = assert_agree(random_lender(seed, 1_500, oddness=oddness, nights_before=1.0))
    actions = {row["action"] for row in decisions.values()}
    assert {"increase", "offer", "hold", "decrease", "freeze", "unfreeze"} == actions
    assert {"automatic", "referred"} == {row["route"] for row in decisions.values()}
