"""A night drafts a letter for every change made alone; a line whose letter fails goes to a person."""

from __future__ import annotations

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest

import sql.engine as sql
from sql import walk
from tasks.draft import write_drafts
from tests.decisions.small_lender import SmallLender
from tests.tasks.decisions_fixture import AS_OF, decrease, line, night, reason, scratch


def drafted(tmp_path, lines, **tables):
    """Drafts and failures by facility, and the decisions afterwards."""
    of = night(tmp_path)
    try:
        with sql.cursor(of.scratch) as db:
            scratch(db, lines, **tables)
        write_drafts(of)
        with sql.cursor(of.scratch) as db:
            drafts = db.raw.sql("from drafts order by facility_id").to_arrow_table().to_pylist()
            failed = dict(db.raw.execute("from draft_failed").fetchall())
            decisions = db.raw.sql("from decisions order by facility_id").to_arrow_table().to_pylist()
    finally:
        sql.close_engine(of.scratch)
    return {row["facility_id"]: row for row in drafts}, failed, {row["facility_id"]: row for row in decisions}


def test_every_change_that_is_made_alone_gets_a_letter_and_nothing_else_does(tmp_path):
    drafts, failed, _ = drafted(
        tmp_path,
        [
            decrease("down"),
            decrease("asked", route="referred", triggers=["large_decrease"]),
            line("up", action="increase", proposed_limit_cents=1_500_000),
            line(
                "offer",
                action="offer",
                proposed_limit_cents=1_500_000,
                offer_until=AS_OF + timedelta(days=30),
            ),
            line("stop", action="freeze", reasons=[reason("default_90_dpd")]),
            line("go", action="unfreeze", drawdown_blocked=False),
            line("cheaper", proposed_rate_bp=1500),
            line("still"),
        ],
    )
    assert {key: row["kind"] for key, row in drafts.items()} == {
        "down": "decrease",
        "up": "increase",
        "offer": "offer",
        "stop": "freeze",
        "go": "unfreeze",
        "cheaper": "rate",
    }
    assert failed == {}


def test_a_letter_is_in_the_borrowers_language_else_the_countrys_else_english(tmp_path):
    lines = [
        decrease("own", jurisdiction="CN"),
        decrease("country", jurisdiction="CN"),
        decrease("neither", jurisdiction="FR"),
    ]
    drafts, _, _ = drafted(tmp_path, lines, borrower=[{"borrower_id": "B-own", "language": "en"}])
    assert {key: row["language"] for key, row in drafts.items()} == {
        "own": "en",
        "country": "zh",
        "neither": "en",
    }


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Four lines walked and drafted twice: a line break in a key would forge a line of its letter."""
    lender = SmallLender()
    for name in ("two\nlines", "good"):
        lender.borrower(name, pd_bp=3500)
        lender.line(name, name)
    lender.borrower("fraud", fraud_flag="first_party")
    lender.line("stop\nit", "fraud")
    lender.borrower("asks", pd_bp=9000, net_monthly_income_cents=90_000_000)
    lender.line("asked", "asks", credit_limit_cents=25_000_000, drawn_cents=1_000_000)
    lender.add("consent", borrower_id="asks", kind="automation_objection")
    of = night(tmp_path_factory.mktemp("walked"), as_of=lender.as_of)
    try:
        with sql.cursor(of.scratch) as db, sql.cursor(of.scratch, "aside") as aside:
            lender.fill(db)
            walk.prepare(db, lender.documents.policy.tables(), lender.caps(db), (), lender.law(db))
            walk.decide(db, aside)
        first, again = write_drafts(of), write_drafts(of)
        with sql.cursor(of.scratch) as db:
            by_line = {
                name: {row["facility_id"]: row for row in db.rows(statement)}
                for name, statement in {
                    "decisions": "decisions/decisions",
                    "kept": "records/decisions",
                    "letters": "records/drafts",
                    "changes": "records/changing_line",
                }.items()
            }
    finally:
        sql.close_engine(of.scratch)
    return SimpleNamespace(first=first, again=again, **by_line)


def test_a_line_whose_letter_fails_goes_to_a_person_and_nothing_on_it_moves(walked):
    assert (walked.first.kinds, walked.first.failed) == ({"decrease": 2}, 2)
    assert walked.again == walked.first
    failed, good = walked.decisions["two\nlines"], walked.decisions["good"]
    assert (failed["action"], failed["route"], failed["triggers"]) == (
        "decrease",
        "referred",
        ["draft_failed"],
    )
    assert (failed["committed_limit_cents"], failed["last_decrease_on"]) == (failed["limit_cents"], None)
    assert "two\nlines" not in walked.changes
    assert (good["action"], good["route"]) == ("decrease", "automatic")
    assert walked.kept["two\nlines"]["route"] == "referred"


def test_a_protective_freeze_stands_although_its_letter_fails(walked):
    row, change = walked.decisions["stop\nit"], walked.changes["stop\nit"]
    assert (row["action"], row["route"], row["triggers"]) == ("freeze", "referred", ["draft_failed"])
    assert (row["own_block"], row["drawdown_blocked"], change["blocked"]) == (True, True, True)


def test_of_a_line_that_a_person_looks_at_the_letter_tells_what_the_law_took_and_no_more(walked):
    row, letter, change = (part["asked"] for part in (walked.decisions, walked.letters, walked.changes))
    assert (row["route"], row["proposed_limit_cents"]) == ("referred", 18_750_000)
    assert (letter["kind"], letter["reason_codes"]) == ("decrease", ["regulation_cap"])
    assert change["new_limit_cents"] == 20_000_000
    assert "200,000" in letter["body"]
    assert "187,500" not in letter["body"]


def test_the_letter_of_an_unfreeze_says_the_limit_that_stays(tmp_path):
    """The walk may propose less that night: it is decided when the line is next reviewed."""
    drafts, failed, _ = drafted(
        tmp_path, [line("go", action="unfreeze", proposed_limit_cents=800_000, drawdown_blocked=False)]
    )
    assert failed == {}
    assert "12,000" in drafts["go"]["body"]
    assert "8,000" not in drafts["go"]["body"]


def test_a_freeze_that_a_committee_is_asked_about_is_told_at_once_with_its_own_reason(tmp_path):
    asked = {"route": "referred", "triggers": ["project_line"], "drawdown_blocked": True}
    drafts, failed, _ = drafted(
        tmp_path, [line("stop", action="freeze", reasons=[reason("default_90_dpd")], **asked)]
    )
    assert failed == {}
    assert (drafts["stop"]["kind"], drafts["stop"]["reason_codes"]) == ("freeze", ["default_90_dpd"])


def test_the_same_night_drafts_the_same_bytes(tmp_path):
    lines = [decrease(f"F{number}") for number in range(30)]
    assert drafted(tmp_path / "a", lines) == drafted(tmp_path / "b", lines[::-1])


@pytest.mark.slow
def test_fifty_thousand_decreases_are_drafted(tmp_path):
    of = night(tmp_path)
    with sql.cursor(of.scratch) as db:
        scratch(db, [decrease("F")])
        db.append("contact", [{"borrower_id": "B-F", "name": "Ann Lee"}])
        db.raw.execute(
            "insert into decisions"
            " select decisions.* replace (decisions.facility_id || numbers.n as facility_id,"
            " 700_000 + numbers.n as proposed_limit_cents) from decisions, range(50_000) numbers(n)"
        )
    start = time.perf_counter()
    assert write_drafts(of).drafts == 50_001
    print(f"50,001 letters in {time.perf_counter() - start:.1f} s")
    sql.close_engine(of.scratch)
