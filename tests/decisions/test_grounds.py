"""Grounds against brute force: a step at a time cannot lower, or all others cannot (ADR 7, docs/policy.md 5).

The night finds them by walking again beside itself with a step switched off. Here whole lenders are decided
once more from documents and rows under which a step has nothing to lower by, and the two must name the same
grounds, in the same order, with the same cents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import sql.engine as sql
from linewatch.documents import immediate_rows, load_documents
from linewatch.night import Night
from sql import walk
from sql.narrow import copy
from sql.stage import accept
from tasks.decide import ask_rows, prepare
from tasks.demo import write_demo
from tests.decisions.small_lender import AS_OF, SmallLender
from tests.decisions.without_a_step import (
    STEPS,
    Grounds,
    Proposals,
    Propose,
    documents_without,
    grounds,
    replaced_in_segments,
    scheduled_without,
)
from tests.oracle.lenders import random_lender
from tests.oracle.night import decided, decided_again, decisions_of

Decisions = Mapping[str, Mapping[str, Any]]


def told(decisions: Decisions) -> Grounds:
    """Of every line for which the walk proposes a fall, whether or not drawing is stopped meanwhile."""
    return {
        name: [(ground["step"], ground["cents"]) for ground in row["grounds"]]
        for name, row in decisions.items()
        if any(ground["cents"] is not None for ground in row["grounds"])
    }


def assert_found(decisions: Decisions, propose: Propose, steps: Sequence[str] = STEPS) -> Counter[str]:
    """How many lines each step is a ground of; `several` are lines with more than one."""
    said = told(decisions)
    proposed = propose(frozenset())
    assert {name: proposed[name] for name in said} == {
        name: decisions[name]["proposed_limit_cents"] for name in said
    }
    falling = {
        name for name, row in decisions.items()
        if row["adverse_change"] in ("decrease", "request") and row["action"] == "decrease"
    }  # fmt: skip
    assert falling <= set(said), "a line falls without a ground"
    found = grounds({name: decisions[name]["limit_cents"] for name in said}, propose, steps)
    assert said == found
    counted = Counter(step for steps in said.values() for step, _ in steps)
    counted["several"] = sum(len(steps) > 1 for steps in said.values())
    return counted


def proposals(db: sql.Cursor) -> Proposals:
    walk.act(db)
    return dict(
        db.raw.execute("select facility_id, proposed_limit_cents from walk_action order by 1").fetchall()
    )


def of_lender(lender: SmallLender) -> Propose:
    @cache
    def propose(steps: frozenset[str]) -> Proposals:
        edited = deepcopy(lender)
        edited.documents = documents_without(lender.documents, steps)
        for row in edited.rows["facility"] if "gate" in steps else ():
            row["scheduled_limit_cents"] = scheduled_without(row.get("scheduled_limit_cents"))
        with sql.Engine(None, threads=1) as engine, engine.cursor() as db:
            edited.fill(db)
            policy, caps = edited.documents.policy.tables(), edited.caps(db)
            walk.prepare(db, policy, caps, immediate_rows(lender.documents), edited.law(db))
            return proposals(db)

    return propose


def of_night(night: Night) -> Propose:
    """The rows of the night are put back after each question."""

    @cache
    def propose(steps: frozenset[str]) -> Proposals:
        edited = replace(night, documents=documents_without(night.documents, steps))
        with sql.cursor(night.scratch) as db:
            copy(db, "facility")
            if not db.has("facility_as_pulled"):
                db.raw.execute("create table facility_as_pulled as from own_facility_rows")
            if "gate" in steps:
                db.raw.execute(
                    "update own_facility_rows set scheduled_limit_cents = ?"
                    " where scheduled_limit_cents is not null",
                    [scheduled_without(0)],
                )
            accept(db)
            prepare(db, edited, ask_rows(db, edited))
            found = proposals(db)
            db.raw.execute("delete from own_facility_rows")
            db.raw.execute("insert into own_facility_rows from facility_as_pulled")
            return found

    return propose


@pytest.mark.parametrize(
    ("policy", "seed", "lines", "nights_before"),
    [
        pytest.param("strict", 21, 300, 0.6, marks=pytest.mark.slow),
        ("generous", 22, 300, 1.0),
        *(
            pytest.param(policy, seed, 400, 0.7, marks=pytest.mark.slow)
            for policy in ("shipped", "strict", "generous")
            for seed in range(30, 36)
        ),
    ],
)
def test_odd_lines_fall_for_the_grounds_that_brute_force_finds(
    policy: str, seed: int, lines: int, nights_before: float
) -> None:
    lender = random_lender(seed, lines, oddness=0.08, nights_before=nights_before, policy=policy)
    counted = assert_found(lender.decide(), of_lender(lender))
    assert counted["several"] > 0
    assert len(counted.keys() & set(STEPS)) >= 3


def two_lines(appetite_cents: int) -> SmallLender:
    """One is asked down by 2 %, which alone the dead band forgives; both share an appetite."""
    documents = load_documents(AS_OF)
    policy = replaced_in_segments(documents.policy, "expected_loss", appetite_cents=appetite_cents)
    policy = replaced_in_segments(policy, "stability", rounding_cents=1)
    policy = replaced_in_segments(policy, "relationship", cut_relief_bp=0)
    rows = tuple(
        row.model_copy(update={"target_bp": {**row.target_bp, "low": 9_800, "mid": 10_000}})
        if row.grade == "C"
        else row
        for row in policy.strategy
    )
    lender = SmallLender(
        documents=replace(documents, policy=policy.model_copy(update={"strategy": rows})),
    )
    lender.borrower(net_monthly_income_cents=100_000_000)
    lender.line("low", drawn_cents=200_000)
    lender.line("mid", drawn_cents=600_000)
    return lender


def test_a_step_that_takes_nothing_alone_is_a_ground_where_the_rest_would_take_less_without_it() -> None:
    (loss,) = {row["obligor_loss_cents"] for row in two_lines(10**12).decide().values()}
    lender = two_lines(loss * 98 // 100)
    decisions = lender.decide()
    assert_found(decisions, of_lender(lender), ("strategy", "expected_loss"))
    assert [(step, cents > 0) for step, cents in told(decisions)["low"]] == [
        ("expected_loss", True),
        ("strategy", False),
    ]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    place: Path = tmp_path_factory.mktemp("night")
    (demo,) = write_demo(place / "lender", borrowers=200, seed=7, nights=1)
    made = decided(demo.as_of, str(demo.folder), place / "home", "strict", promises=False)
    try:
        yield made
    finally:
        sql.close_engine(made.scratch)


# Slow: odd lines, above, come to every ground that these come to.
@pytest.mark.slow
@pytest.mark.parametrize("policy", ["strict", "generous"])
def test_a_real_night_falls_for_the_grounds_that_brute_force_finds(night: Night, policy: str) -> None:
    again = night if policy == "strict" else decided_again(night, policy)
    counted = assert_found(decisions_of(again), of_night(again))
    assert counted["several"] > 0
    assert counted["strategy"] > 20
