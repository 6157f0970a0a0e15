"""What the law calls what becomes of a line (docs/policy.md, section 5.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from linewatch.documents import Documents, load_documents
from sql import walk
from sql.engine import Cursor, Engine
from tests.decisions.cases import LAST_NIGHT, Cases
from tests.decisions.law_cases import Countries, pack_of, record
from tests.decisions.small_lender import AS_OF, SmallLender
from tests.oracle.compare import assert_agree

RECENT = {"onboarded_on": date(2026, 5, 1)}
NOTHING = {"closing_balance_cents": 0, "drawdown_count": 0, "drawdown_cents": 0}
cases = Cases()
cases.case("well")
cases.case("late here", days_past_due=95)
cases.lender.line("late elsewhere", "late here")
cases.case("dead", borrower={"deceased_on": AS_OF})
cases.case("dead and late", borrower={"deceased_on": AS_OF}, days_past_due=95)
cases.case("unused", borrower=RECENT, drawn_cents=0, months=NOTHING)
cases.case("unused and worse", pd_bp=3_000, borrower=RECENT, drawn_cents=0, months=NOTHING)
cases.case("by schedule", revolving=False, scheduled_limit_cents=700_000)
cases.case("worse", pd_bp=9_000, drawn_cents=0)


def called(name: str) -> tuple[str | None, str, str]:
    row = cases[name]
    return row["adverse_change"], row["adverse_action"], row["adverse_because"]


@pytest.mark.parametrize(
    ("name", "change", "action", "because"),
    [
        ("well", None, "not_adverse", "nothing_worse"),
        ("late here", "freeze", "exempt", "delinquency"),
        ("late elsewhere", "freeze", "adverse", "own_ground"),
        ("dead", "freeze", "adverse", "own_ground"),
        ("dead and late", "freeze", "adverse", "own_ground"),
        ("unused", "decrease", "exempt", "inactivity"),
        ("unused and worse", "decrease", "adverse", "own_ground"),
        ("by schedule", "decrease", "exempt", "agreed"),
        ("worse", "decrease", "adverse", "own_ground"),
    ],
)
def test_what_it_is_called(name: str, change: str | None, action: str, because: str) -> None:
    assert called(name) == (change, action, because)


def test_a_line_long_unused_that_the_matrix_would_cut_too_is_judged_all_the_same() -> None:
    row = cases["unused and worse"]
    assert row["strategy_row"] == "long_unused"
    assert [(ground["step"], ground["kind"]) for ground in row["grounds"]] == [("strategy", "other")]


def test_grounds_are_kept_with_what_each_takes_alone() -> None:
    (ground,) = cases["by schedule"]["grounds"]
    assert (ground["step"], ground["row"], ground["cents"]) == ("gate", "fixed_schedule", 300_000)
    (block,) = cases["late here"]["grounds"]
    assert (block["row"], block["cents"], block["class_share_bp"]) == ("default_90_dpd", None, None)


asked = Cases()
for name, facts in {
    "gets it": {},
    "gets less": {"amount": 2_000_000},
    "may not rise": {"hardship_on": AS_OF},
    "is cut": {"pd_bp": 9_000},
    "asked before": {"granted_on": LAST_NIGHT},
    "was blocked": {"drawdown_blocked": True},
}.items():
    amount, granted_on = facts.pop("amount", 1_030_000), facts.pop("granted_on", AS_OF)
    borrower = {"hardship_on": facts.pop("hardship_on", None)}
    asked.case(name, **{"pd_bp": 50, "borrower": borrower, "past": {"standing_grade": "A"}, **facts})
    asked.lender.add(
        "consent",
        borrower_id=name,
        facility_id=name,
        kind="limit_increase",
        granted_on=granted_on,
        amount_cents=amount,
    )


@pytest.mark.parametrize(
    ("name", "requested", "change"),
    [
        ("gets it", 1_030_000, None),
        ("gets less", 2_000_000, "request"),
        ("may not rise", 1_030_000, "request"),
        ("is cut", 1_030_000, "request"),
        ("asked before", None, None),
        ("was blocked", None, None),
    ],
)
def test_who_asks_for_more_and_is_not_given_it_is_refused(
    name: str, requested: int | None, change: str | None
) -> None:
    row = asked[name]
    assert (row["requested_limit_cents"], row["adverse_change"]) == (requested, change)
    assert row["adverse_action"] == ("adverse" if change else "not_adverse")


def cut_by_law(spared: int, lines: int) -> SmallLender:
    """A cap of law takes a tenth of every line but those spared, whose limit is lower already."""
    countries = Countries()
    countries.law("CN", record("cap", "line_limit_cents", 900_000))
    for number in range(lines):
        name = f"b{number:03}"
        countries.lender.borrower(name, jurisdiction="CN")
        limit = 900_000 if number < spared else 1_000_000
        countries.lender.line(name, name, credit_limit_cents=limit, drawn_cents=0, last_reviewed_on=AS_OF)
    countries.lender.documents = under_cap()
    return countries.lender


@cache
def under_cap() -> Documents:
    shipped = load_documents(AS_OF)
    profile = shipped.profile.model_copy(update={"packs": {"CN": "cn"}})
    packs = {"cn": pack_of(record("cap", "line_limit_cents", 900_000))}
    return replace(shipped, packs=packs, profile=profile)


@pytest.mark.parametrize(
    ("spared", "lines", "share_bp", "action", "because"),
    [
        (5, 100, 9_500, "exempt", "class_wide"),
        (6, 100, 9_400, "adverse", "own_ground"),
        (0, 99, None, "adverse", "own_ground"),
    ],
)
def test_the_same_tenth_taken_from_nearly_all_of_a_class_is_no_judgement_of_one(
    spared: int, lines: int, share_bp: int | None, action: str, because: str
) -> None:
    decisions = list(assert_agree(cut_by_law(spared, lines)).values())
    cut = decisions[spared:]
    assert {row["action"] for row in cut} == {"decrease"}
    assert {(row["adverse_action"], row["adverse_because"]) for row in cut} == {(action, because)}
    assert {ground["class_share_bp"] for row in cut for ground in row["grounds"]} == {share_bp}
    assert {row["adverse_action"] for row in decisions[:spared]} <= {"not_adverse"}


def test_another_part_of_the_limit_is_another_change_and_without_a_share_there_is_no_class() -> None:
    uneven = cut_by_law(0, 120)
    for row in uneven.rows["facility"][:10]:
        row["credit_limit_cents"] = 1_200_000
    found = assert_agree(uneven)
    shares = {ground["class_share_bp"] for row in found.values() for ground in row["grounds"]}
    assert (shares, {row["adverse_action"] for row in found.values()}) == ({9_166, 833}, {"adverse"})
    silent = cut_by_law(0, 120)
    policy = silent.documents.policy.model_copy(update={"adverse_action": None})
    silent.documents = replace(silent.documents, policy=policy)
    assert {row["adverse_action"] for row in assert_agree(silent).values()} == {"adverse"}


def test_what_was_counted_stands_when_some_of_the_class_are_gone(tmp_path: Path) -> None:
    lender = cut_by_law(5, 100)
    with Engine(None, threads=2) as engine, engine.cursor() as db, engine.cursor("aside") as aside:
        lender.fill(db)
        walk.prepare(db, lender.documents.policy.tables(), lender.caps(db), (), lender.law(db))
        walk.decide(db, aside)
        (before,) = _named(db)
        db.write("records/class_share", tmp_path / "counted.parquet")
        db.raw.execute("delete from unclassed where facility_id = 'b099'")
        walk.classify(db)
        assert _named(db) == [("adverse", None)], "of 99 lines nobody knows a share"
        walk.classify_as_counted(db, tmp_path / "counted.parquet")
        assert _named(db) == [before] == [("exempt", 9_500)]


def _named(db: Cursor) -> list[tuple[str, int | None]]:
    """What cut lines are called, and the share of their grounds."""
    return db.raw.execute(
        "select distinct adverse_action, grounds[1].class_share_bp from decisions"
        " where action = 'decrease' order by 1"
    ).fetchall()


def test_what_the_law_calls_it_moves_no_limit_and_no_route() -> None:
    named, unnamed = cut_by_law(0, 120), cut_by_law(0, 120)
    unnamed.documents = replace(
        unnamed.documents, policy=unnamed.documents.policy.model_copy(update={"adverse_action": None})
    )
    parted = {"adverse_action", "adverse_because", "grounds"}
    assert _without(named.decide(), parted) == _without(unnamed.decide(), parted)


def _without(decisions: dict[str, dict[str, Any]], columns: set[str]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in row.keys() - columns} for row in decisions.values()]
