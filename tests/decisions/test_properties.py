"""What holds of every decision, whatever the lender."""

from __future__ import annotations

from functools import cache, partial
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.decisions.always import EVERY, Property
from tests.decisions.decided_night import Night
from tests.decisions.small_lender import SmallLender
from tests.oracle.lenders import random_lender
from tests.oracle.twins import clones, row_of, score_of

Row = dict[str, Any]
NIGHTS = (("shipped", 11), ("strict", 12), ("generous", 13))
LINES = 400


@cache
def night(policy: str, seed: int) -> tuple[Night, dict[str, Row]]:
    lender = random_lender(seed, LINES, nights_before=1.0, policy=policy)
    decisions = lender.decide()
    return night_of(lender, decisions), decisions


def night_of(lender: SmallLender, decisions: dict[str, Row]) -> Night:
    return Night(
        as_of=lender.as_of,
        decisions=list(decisions.values()),
        documents=lender.documents,
        caps=lender.caps_used,
        law_claims=lender.law_claims,
        rate_ppm=rates_of(lender),
    )


def rates_of(lender: SmallLender) -> dict[str, int]:
    newest = sorted(lender.rows["fx_rate"], key=lambda row: row["as_of"])
    return {row["currency"]: row["rate_ppm"] for row in newest if row["as_of"] <= lender.as_of}


@pytest.mark.parametrize("holds", EVERY, ids=lambda each: each.__name__)
@pytest.mark.parametrize(("policy", "seed"), NIGHTS)
def test_of_every_line_of_a_lender_full_of_odd_lines(policy: str, seed: int, holds: Property) -> None:
    found = list(holds(night(policy, seed)[0]))
    assert not found, f"{len(found)} lines, the first of them: {found[0]}"


def test_the_odd_lenders_come_to_what_the_properties_are_about() -> None:
    nights = [night(*each)[0] for each in NIGHTS]
    rows = [row for each in nights for row in each.decisions]
    assert {row["action"] for row in rows} == {"increase", "offer", "hold", "decrease", "freeze", "unfreeze"}
    assert all(next(each.broken_sums(), None) for each in nights)
    for column in ("law_limit_cents", "quarantined", "recommendation", "temporary_cents", "floor_row"):
        assert any(row[column] for row in rows), column
    assert any(row["owed_cents"] > row["limit_cents"] + row["temporary_cents"] for row in rows)


lines = st.tuples(st.integers(1, 9_000_000), st.integers(0, 100))


@settings(max_examples=2)
@given(borrowers=st.lists(st.lists(lines, min_size=4, max_size=9), min_size=8, max_size=12))
def test_the_cuts_under_a_cap_add_up_to_the_cent(borrowers: list[list[tuple[int, int]]]) -> None:
    lender = SmallLender()
    for who, shares in enumerate(borrowers):
        lender.borrower(f"b{who}", pd_bp=600)
        for number, (limit, drawn) in enumerate(shares):
            line = {"credit_limit_cents": limit, "drawn_cents": limit * drawn // 100, "statement_day": 25}
            lender.line(f"f{who}-{number}", f"b{who}", last_reviewed_on=lender.as_of, **line)
    decisions = list(lender.decide().values())
    for who in range(len(borrowers)):
        rows = [row for row in decisions if row["borrower_id"] == f"b{who}"]
        owed = sum(row["owed_cents"] for row in rows)
        before = sum(row["limit_cents"] for row in rows)
        assert sum(row["after_regulation_cents"] for row in rows) == min(before, max(owed, 20_000_000))


PDS = (1, 99, 100, 249, 250, 499, 500, 999, 1000, 1999, 2000, 4000, 9000)


def test_a_worse_pd_never_gives_a_higher_limit() -> None:
    decisions, families = _with_unknowns()
    for names in families:
        scored = names[len(UNKNOWNS) :]
        proposed = [decisions[name]["proposed_limit_cents"] for name in scored if name in decisions]
        assert proposed == sorted(proposed, reverse=True), scored


def _rescore(lender: SmallLender, name: str, pd_bp: int) -> None:
    score_of(lender, name).update(pd_bp=pd_bp, score=60_000 - pd_bp)


UNKNOWNS = {
    "as it is": lambda lender, name: None,
    "income": lambda lender, name: row_of(lender, name).update(net_monthly_income_cents=None),
    "identity": lambda lender, name: row_of(lender, name).update(identity_verified_on=None),
    "bureau": lambda lender, name: _drop(lender, "bureau_report", name),
    "score": lambda lender, name: score_of(lender, name).update(pd_bp=None, score=None),
    "onboarding": lambda lender, name: row_of(lender, name).update(onboarded_on=None),
    "spending": lambda lender, name: _drop(lender, "spending_month", name),
    "statement": lambda lender, name: _drop(lender, "financial_statement", name),
}


def _drop(lender: SmallLender, table: str, name: str) -> None:
    lender.rows[table] = [row for row in lender.rows[table] if row["borrower_id"] != name]


@pytest.mark.parametrize("unknown", [name for name in UNKNOWNS if name not in ("as it is", "onboarding")])
def test_what_is_unknown_never_cuts_nor_blocks(unknown: str) -> None:
    decisions, families = _with_unknowns()
    at = list(UNKNOWNS).index(unknown)
    for names in families:
        known, without = decisions.get(names[0]), decisions.get(names[at])
        if known and without and known["action"] not in ("decrease", "freeze"):
            assert without["action"] not in ("decrease", "freeze"), (names[at], unknown)


@cache
def _with_unknowns() -> tuple[dict[str, dict[str, Any]], list[list[str]]]:
    rescored = [partial(_rescore, pd_bp=pd_bp) for pd_bp in PDS]
    lender, families = clones(23, 100, [*UNKNOWNS.values(), *rescored])
    assert len(families) > 25
    return lender.decide(), families


def test_deciding_again_in_any_row_order_and_on_any_number_of_threads_gives_the_same() -> None:
    policy, seed = NIGHTS[0]
    again = random_lender(seed, LINES, nights_before=1.0, policy=policy)
    again.threads = 2
    for rows in (*again.rows.values(), again.scores, again.past, again.changes, again.quarantined):
        Random(7).shuffle(rows)
    assert again.decide() == night(policy, seed)[1]
