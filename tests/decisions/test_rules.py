"""Rules and segments of the risk team's own, as conditions in the policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from linewatch import segment
from linewatch.documents import Documents, load_documents
from linewatch.facts import LINE_FACTS, SLOTS, rule_ranges, rule_reference, segment_ranges, segment_reference
from linewatch.policy import Rule
from sql import walk
from sql.engine import Engine
from tests.decisions.small_lender import AS_OF, SmallLender


def documents_with(**parts: Any) -> Documents:
    """The shipped documents with other parts in the policy."""
    documents = load_documents(AS_OF)
    return replace(documents, policy=documents.policy.model_copy(update=parts))


def lender_with(**rule: Any) -> SmallLender:
    """One good line that would rise, under a policy with one rule more."""
    own = Rule(name="own_rule", because="A test.", **rule)
    lender = SmallLender(documents=documents_with(rule=(own,)))
    lender.borrower(pd_bp=50)
    lender.line()
    return lender


def test_a_rule_that_is_met_refers_a_line_that_moves() -> None:
    decided = lender_with(when="limit_cents >= 1000000", then="refer").decide()["f1"]
    assert (decided["route"], decided["triggers"], decided["rules"]) == (
        "referred",
        ["policy_rule"],
        ["own_rule"],
    )
    assert decided["committed_limit_cents"] == decided["limit_cents"]


def test_a_rule_may_forbid_a_rise() -> None:
    decided = lender_with(when="net_monthly_income_cents > 100", then="no_rise").decide()["f1"]
    assert (decided["action"], decided["hold_because"], decided["gate_row"]) == (
        "hold",
        "policy_rule",
        "policy_rule",
    )


def test_a_rule_may_hold_the_line() -> None:
    decided = lender_with(when="product = 'revolving_consumer'", then="hold").decide()["f1"]
    assert (decided["action"], decided["hold_because"]) == ("hold", "policy_rule")


@pytest.mark.parametrize("when", ["limit_cents > 1000000", "external_dpd > 0", "ebit_cents < 5"])
def test_a_rule_that_is_not_met_or_whose_facts_are_unknown_does_nothing(when: str) -> None:
    decided = lender_with(when=when, then="hold").decide()["f1"]
    assert (decided["action"], decided["rules"]) == ("increase", [])


def test_a_rule_is_asked_in_its_own_segments_alone() -> None:
    decided = lender_with(when="limit_cents > 0", then="hold", segments=["enterprise"]).decide()["f1"]
    assert (decided["action"], decided["rules"]) == ("increase", [])


def test_a_segment_takes_the_lines_that_meet_its_condition() -> None:
    large = {"when": "credit_limit_cents >= 2000000", "tenure_below_months": None}
    segments = tuple(
        segment.model_copy(update=large) if segment.name == "consumer_new" else segment
        for segment in load_documents(AS_OF).policy.segment
    )
    lender = SmallLender(documents=documents_with(segment=segments))
    lender.borrower()
    lender.line("f1")
    lender.line("f2", credit_limit_cents=2_000_000)
    decided = lender.decide()
    assert {name: row["segment"] for name, row in decided.items()} == {
        "f1": "consumer_established",
        "f2": "consumer_new",
    }


ASKED_OF_A_PROJECT = {
    "slot = 'weak' and slot_score_bp < 20000": True,
    "slot in ('strong', 'good')": False,
    "missing_factors = 1": True,
    "phase = 'works' and completion_bp < 5000": True,
    "cost_to_complete_cents > limit_cents - owed_cents": True,
    "dscr_bp < 11000": False,
    "covenant_breached and not draw_stop": True,
    "report_age_months >= 3": False,
}


@pytest.mark.parametrize(("when", "met"), ASKED_OF_A_PROJECT.items())
def test_a_rule_may_ask_what_the_project_report_and_the_slot_say(when: str, met: bool) -> None:
    rule = Rule(name="own_rule", because="A test.", when=when, then="refer")
    lender = SmallLender(documents=documents_with(rule=(rule,)))
    lender.borrower(borrower_type="enterprise")
    lender.line(product="project", credit_limit_cents=90_000_000, drawn_cents=40_000_000)
    marks = {"financial_strength": 2, "political_legal": 2, "transaction": 1, "security": 2}
    lender.add("assessment", borrower_id="b1", assessed_on=date(2026, 6, 15), **marks)
    report = {"reported_on": date(2026, 10, 31), "phase": "works", "completion_bp": 4_200}
    report |= {"covenant_breached": True, "draw_stop": False, "dscr_bp": 11_500}
    lender.add("project_status", facility_id="f1", **report, cost_to_complete_cents=52_000_000)
    assert lender.decide()["f1"]["rules"] == (["own_rule"] if met else [])


@pytest.mark.parametrize(
    ("when", "met"), [("not covenant_breached and not draw_stop", True), ("phase <> 'works'", False)]
)
def test_without_a_project_report_nothing_is_breached_and_the_rest_is_unknown(when: str, met: bool) -> None:
    assert lender_with(when=when, then="hold").decide()["f1"]["rules"] == (["own_rule"] if met else [])


def test_the_slots_that_a_condition_knows_are_those_of_the_policy() -> None:
    assert SLOTS == segment.SLOTS


def test_a_condition_that_may_not_run_is_a_fault_of_the_document() -> None:
    with pytest.raises(ValidationError, match="READ_CSV"):
        Rule(name="own", when="read_csv('x') = 1", then="hold", because="A test.")


def test_every_fact_is_a_column_of_the_kind_that_the_page_says() -> None:
    lender = lender_with(when="limit_cents > 0", then="hold")
    types = {"number": ("BIGINT", "INTEGER"), "text": ("VARCHAR",), "flag": ("BOOLEAN",)}
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        lender.fill(db)
        walk.prepare(db, lender.documents.policy.tables(), lender.caps(db))
        for name in LINE_FACTS:
            (told,) = db.raw.sql(f"select {rule_reference(name)} from lines limit 0").types
            assert str(told) in types[rule_ranges()[name].kind], name
        for name, about in segment_ranges().items():
            (told,) = db.raw.sql(f"select {segment_reference(name)} from segment_fact limit 0").types
            assert str(told) in types[about.kind], name
