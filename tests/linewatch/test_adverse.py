"""What the law calls a change: the whole table, written down, and what must hold of any input."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewatch.adverse import ACTIONS, BECAUSE, CHANGES, KINDS, classify, rules

EXEMPT_KINDS = ["agreed", "class_wide", "delinquency", "inactivity"]
some_kinds = st.sets(st.sampled_from([*KINDS, "made_up"]))
some_change = st.sampled_from([None, *CHANGES])


@pytest.mark.parametrize(
    ("change", "kinds", "action", "because"),
    [
        (None, [], "not_adverse", "nothing_worse"),
        (None, ["other"], "not_adverse", "nothing_worse"),
        ("decrease", ["other"], "adverse", "own_ground"),
        ("decrease", ["agreed"], "exempt", "agreed"),
        ("decrease", ["inactivity"], "exempt", "inactivity"),
        ("decrease", ["delinquency"], "exempt", "delinquency"),
        ("decrease", ["class_wide"], "exempt", "class_wide"),
        ("decrease", ["inactivity", "agreed"], "exempt", "several_exempt"),
        ("decrease", ["inactivity", "other"], "adverse", "own_ground"),
        ("decrease", EXEMPT_KINDS, "exempt", "several_exempt"),
        ("decrease", [], "adverse", "no_ground"),
        ("decrease", ["not a kind"], "adverse", "own_ground"),
        ("freeze", ["other"], "adverse", "own_ground"),
        ("freeze", ["delinquency"], "exempt", "delinquency"),
        ("freeze", [], "adverse", "no_ground"),
        ("meanwhile", ["delinquency"], "adverse", "asked_meanwhile"),
        ("meanwhile", [], "adverse", "asked_meanwhile"),
        ("request", [], "adverse", "request_refused"),
        ("request", ["inactivity"], "adverse", "request_refused"),
        ("not a change", ["agreed"], "adverse", "own_ground"),
    ],
)
def test_the_table(change: str | None, kinds: list[str], action: str, because: str) -> None:
    assert classify(change, kinds) == (action, because)


@given(some_change, some_kinds, st.sampled_from(["other", "made_up"]))
def test_a_ground_that_is_not_exempt_makes_nothing_exempt(
    change: str | None, kinds: set[str], more: str
) -> None:
    assert classify(change, kinds | {more}).action != "exempt"


@given(some_change, some_kinds, some_kinds)
def test_more_grounds_never_make_an_adverse_change_of_known_grounds_exempt(
    change: str | None, kinds: set[str], more: set[str]
) -> None:
    """Without any ground it is adverse because nobody knows; one that is found may then be exempt."""
    if kinds and classify(change, kinds).action == "adverse":
        assert classify(change, kinds | more).action == "adverse"


@given(some_change, some_kinds)
def test_the_answer_is_a_code_and_worse_is_never_called_nothing(change: str | None, kinds: set[str]) -> None:
    found = classify(change, kinds)
    assert found.action in ACTIONS
    assert found.because in BECAUSE
    assert (found.action == "not_adverse") == (change is None)


def test_the_rows_that_statements_read_are_every_input_once() -> None:
    told = {(row["adverse_change"], row["kinds"]): row for row in rules()}
    assert len(told) == len(rules()) == len(CHANGES) * 2 ** len(KINDS)
    for change, kept in product(CHANGES, product([False, True], repeat=len(KINDS))):
        kinds = [kind for kind, is_in in zip(sorted(KINDS), kept, strict=True) if is_in]
        row = told[change, "+".join(kinds)]
        assert (row["adverse_action"], row["adverse_because"]) == classify(change, kinds)
