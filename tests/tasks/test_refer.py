"""A referred line becomes a case that a person can decide: one a borrower, dated, with its evidence."""

from __future__ import annotations

import json
from datetime import date

import pytest

import sql.engine as sql
from ledger import open_ledger
from linewatch.case import KINDS, due_on, kind_of
from linewatch.reasons import TRIGGERS
from tasks.decide import load_past
from tasks.refer import open_cases
from tests.tasks.decisions_fixture import AS_OF, committed_home, decrease, line, night, scratch

CNY = {"currency": "CNY", "rate_ppm": 1_000_000}


def asked(facility_id, *triggers, **facts):
    """A large decrease that waits for a person."""
    return decrease(facility_id, route="referred", triggers=list(triggers or ["large_decrease"]), **facts)


def referred(tmp_path, lines, **tables):
    of = night(tmp_path)
    try:
        with sql.cursor(of.scratch) as db:
            scratch(db, lines, **tables)
        counts = open_cases(of)
        with sql.cursor(of.scratch) as db:
            return db.raw.sql("from cases order by priority").to_arrow_table().to_pylist(), counts
    finally:
        sql.close_engine(of.scratch)


def test_a_borrower_gets_one_case_for_all_lines_that_go_to_a_person(tmp_path):
    cases, counts = referred(
        tmp_path,
        [
            asked("F1", borrower_id="B1"),
            asked("F2", "pd_near_edge", borrower_id="B1"),
            line("F3", borrower_id="B1"),
            line("F4", borrower_id="B2"),
        ],
    )
    (case,) = cases
    assert (case["borrower_id"], case["facility_ids"]) == ("B1", ["F1", "F2"])
    assert case["triggers"] == ["large_decrease", "pd_near_edge"]
    assert (counts.cases, counts.joined, counts.kinds) == (1, 0, {"desk_review": 1})


@pytest.mark.parametrize(
    ("triggers", "kind", "due"),
    [
        (["large_decrease"], "desk_review", date(2026, 11, 25)),
        (["large_decrease", "complaint_open"], "interview", date(2026, 11, 27)),
        (["fraud_suspected"], "interview", date(2026, 11, 27)),
        (["fraud_suspected", "project_line"], "site_visit", date(2026, 12, 4)),
    ],
)
def test_the_triggers_say_how_a_case_is_looked_at_and_by_when(tmp_path, triggers, kind, due):
    ((case,), _) = referred(tmp_path, [asked("F1", *triggers)])
    assert (case["kind"], case["opened_on"], case["due_on"]) == (kind, AS_OF, due)
    assert (kind_of(triggers), due_on(AS_OF, kind, "CN")) == (kind, due)


def test_a_borrower_with_an_open_case_gets_no_second(tmp_path):
    standing = {
        "borrower_id": "B-F1",
        "case_id": "old",
        "opened_on": date(2026, 10, 20),
        "due_on": date(2026, 10, 23),
    }
    cases, counts = referred(tmp_path, [asked("F1"), asked("F2")], open_case=[standing])
    joined = next(case for case in cases if case["borrower_id"] == "B-F1")
    assert (joined["case_id"], joined["opened_on"], joined["due_on"]) == (
        "old",
        date(2026, 10, 20),
        date(2026, 10, 23),
    )
    assert (counts.cases, counts.joined) == (2, 1)


def test_a_case_that_is_joined_keeps_its_days_from_one_night_to_the_next(tmp_path):
    october = date(2026, 10, 20)
    home = committed_home(tmp_path, [asked("F1", borrower_id="B1")], as_of=october)
    (waiting,) = open_ledger(home).cases.open()
    of = night(home)
    try:
        with sql.cursor(of.scratch) as db:
            scratch(db, [asked("F2", borrower_id="B1")])
        load_past(of)
        open_cases(of)
        with sql.cursor(of.scratch) as db:
            (case,) = db.raw.sql("from cases").to_arrow_table().to_pylist()
    finally:
        sql.close_engine(of.scratch)
    kept = (waiting.case_id, october, waiting.due_on)
    assert (case["case_id"], case["opened_on"], case["due_on"]) == kept


def test_cases_are_ordered_by_harm_in_one_currency_then_by_age(tmp_path):
    lines = [
        asked("small", limit_cents=1_000_000, proposed_limit_cents=900_000),
        asked("foreign", currency="USD", limit_cents=1_000_000, proposed_limit_cents=900_000),
        asked("old", limit_cents=1_000_000, proposed_limit_cents=900_000),
        line("doubt", route="referred", triggers=["fraud_suspected"], limit_cents=10_000_000, pd_bp=500),
    ]
    cases, _ = referred(
        tmp_path,
        lines,
        fx_latest=[CNY, {"currency": "USD", "rate_ppm": 7_100_000}],
        open_case=[{"borrower_id": "B-old", "case_id": "x", "opened_on": date(2026, 9, 1)}],
    )
    assert [(case["facility_id"], case["harm_cents"]) for case in cases] == [
        ("foreign", 710_000),
        ("doubt", 500_000),
        ("old", 100_000),
        ("small", 100_000),
    ]
    assert [case["priority"] for case in cases] == [1, 2, 3, 4]


def test_a_case_whose_harm_cannot_be_weighed_comes_first(tmp_path):
    cases, _ = referred(tmp_path, [asked("known"), asked("unknown", currency="XAF")])
    assert [case["facility_id"] for case in cases] == ["unknown", "known"]


def test_the_evidence_is_the_walk_the_reasons_and_no_name(tmp_path):
    months = [
        {
            "facility_id": "F1",
            "month": date(2026, month, 1),
            "closing_balance_cents": month * 100_000,
            "limit_cents": 1_200_000,
        }
        for month in range(1, 11)
    ]
    ((case,), _) = referred(
        tmp_path,
        [asked("F1")],
        contact=[{"borrower_id": "B-F1", "name": "Wang Fang"}],
        facility_month=months,
    )
    evidence = json.loads(case["evidence"])
    (seen,) = evidence["lines"]
    assert [step["step"] for step in seen["walk"]][:2] == ["gate", "strategy"]
    assert [step["after_cents"] for step in seen["walk"]] == [1_200_000] + [800_000] * 8
    assert seen["walk"][1]["row"] == "consumer_established.E.high"
    assert [reason["code"] for reason in seen["reasons"]] == ["late_payments", "utilisation"]
    assert case["at_stake"] == [
        {"facility_id": "F1", "currency": "CNY", "limit_cents": 1_200_000, "proposed_limit_cents": 800_000}
    ]
    assert case["utilisation_months_bp"] == [month * 10_000 // 12 for month in range(1, 11)]
    assert "Wang" not in json.dumps(case, default=str)


def test_a_night_without_referred_lines_opens_no_case(tmp_path):
    cases, counts = referred(tmp_path, [line("F1")])
    assert (cases, counts.cases, counts.kinds) == ([], 0, {})


def test_the_same_night_opens_the_same_cases(tmp_path):
    lines = [asked(f"F{number}", borrower_id=f"B{number % 7}") for number in range(40)]
    first, _ = referred(tmp_path / "a", lines)
    assert referred(tmp_path / "b", lines[::-1])[0] == first


def test_every_trigger_that_makes_a_kind_is_a_known_code():
    for kind in KINDS.values():
        assert kind.triggers <= set(TRIGGERS)
