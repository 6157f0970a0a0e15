"""The statements and a second computation from docs/policy.md agree on every line and column."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewatch.adverse import CHANGES
from tests.oracle.compare import assert_agree
from tests.oracle.lenders import random_lender
from tests.oracle.policies import NAMES
from tests.oracle.triggers import IN_ORDER

DUE = (
    "first_sight statement annual arrears_bucket bureau_alert statement_received income_received"
    " consent_received security_expiring law_reassessment statement_expiring group_default project_alert"
    " assessment_received temporary_limit_ended schedule_step document_immediate"
).split()
"""What makes a review due, as the page has it."""


@settings(max_examples=2)
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


@pytest.mark.parametrize("policy", NAMES)
def test_statements_and_page_agree_on_a_larger_lender_under_every_policy(policy: str) -> None:
    assert {"automatic", "referred"} == {row["route"] for row in _agreed(policy).values()}


def test_the_larger_lenders_come_to_every_branch_of_the_page() -> None:
    decisions = [row for policy in NAMES for row in _agreed(policy).values()]
    assert {row["action"] for row in decisions} == {
        "increase", "offer", "hold", "decrease", "freeze", "unfreeze",
    }  # fmt: skip
    assert {row["due_because"] for row in decisions} == {None, *DUE}
    assert {code for row in decisions for code in row["triggers"]} == set(IN_ORDER)
    assert {row["slot"] for row in decisions} == {
        None, "strong", "good", "satisfactory", "weak", "default",
    }  # fmt: skip
    assert {row["recommendation"] for row in decisions} == {None, "hold", "reduce_undrawn", "draw_stop"}
    for sometimes in ("law_limit_cents", "temporary_cents", "block_lifted", "block_shown", "grade_by_former"):
        assert any(row[sometimes] for row in decisions), sometimes
    assert {row["adverse_change"] for row in decisions} == {None, *CHANGES}
    assert {row["adverse_because"] for row in decisions} >= {
        "nothing_worse", "request_refused", "asked_meanwhile", "own_ground", "agreed", "delinquency",
        "inactivity",
    }  # fmt: skip
    begun = {row["proposed_limit_cents"] < row["limit_cents"] for row in decisions if _stopped_tonight(row)}
    stand = {row["action"] for row in decisions if row["review_block"] and row["action"] != "freeze"}
    assert begun == {False, True}
    assert {"hold", "decrease"} <= stand


def _stopped_tonight(row: dict[str, Any]) -> bool:
    return row["action"] == "freeze" and row["review_block"] is not None


@cache
def _agreed(policy: str) -> dict[str, dict[str, Any]]:
    """With a seed for each policy such that together they come to every branch."""
    seed = {"shipped": 110, "strict": 126, "generous": 109}[policy]
    return assert_agree(random_lender(seed, 1_000, oddness=0.08, nights_before=1.0, policy=policy))


@pytest.mark.slow
@pytest.mark.parametrize("policy", NAMES)
@pytest.mark.parametrize("seed", range(100, 110))
def test_statements_and_page_agree_on_many_larger_lenders(policy: str, seed: int) -> None:
    assert_agree(random_lender(seed, 1_500, oddness=0.12, nights_before=0.8, policy=policy))
