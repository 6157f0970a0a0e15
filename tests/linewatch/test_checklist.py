"""What is asked or looked at in a case: of every kind something, of a project all five factors."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from linewatch.case import KINDS
from linewatch.checklist import ITEMS, TOPICS, asked, items_of
from linewatch.project import Factor
from linewatch.reasons import TRIGGERS


@pytest.mark.parametrize("code", ITEMS)
def test_an_item_is_said_in_both_languages_and_is_asked_for_by_triggers_that_there_are(code: str) -> None:
    item = ITEMS[code]
    assert re.fullmatch("[a-z][a-z0-9_]+", code)
    assert item.kind in KINDS
    assert item.topic in TOPICS
    assert re.search("[\u4e00-\u9fff]", item.zh)
    assert item.en.isascii()
    assert item.triggers <= TRIGGERS.keys()


def test_a_site_visit_looks_at_every_slotting_factor_and_an_interview_asks_what_it_must() -> None:
    topics = {kind: [item.topic for item in items_of(kind).values()] for kind in KINDS}
    assert all(topics["site_visit"].count(factor) >= 3 for factor in get_args(Factor))
    assert set(topics["interview"]) >= {"identity", "income", "arrears", "dispute", "fraud"}
    order = list(TOPICS)
    for listed in topics.values():
        assert [order.index(topic) for topic in listed] == sorted(order.index(topic) for topic in listed)


def test_every_trigger_of_a_desk_review_that_is_no_projects_is_looked_at() -> None:
    """Those of projects stand on the list of a site visit, by factor; the others come in by themselves."""
    of_projects = {
        "project_line", "covenant_breached", "dscr_low", "cost_shortfall", "drawn_ahead",
        "project_report_old", "slotting_incomplete",
    }  # fmt: skip
    elsewhere = {"fraud_suspected", "complaint_open", "case_open", *of_projects}
    desk = {trigger for item in items_of("desk_review").values() for trigger in item.triggers}
    assert desk == TRIGGERS.keys() - elsewhere


def test_an_item_with_triggers_is_asked_only_where_one_of_them_is() -> None:
    asked_of = items_of("interview", {"fraud_suspected"})
    assert "ask_own_transactions" in asked_of
    assert "ask_dispute_what" not in asked_of
    assert "ask_identity_confirmed" in asked_of
    assert len(items_of("interview")) > len(asked_of)


def test_a_case_is_looked_at_in_the_most_thorough_way_or_as_it_was_sent_on() -> None:
    desk = {"kind": "desk_review", "triggers": ["large_exposure"]}
    fraud = {"kind": "interview", "triggers": ["fraud_suspected"]}
    assert asked([desk]).kind == "desk_review"
    both = asked([desk, fraud])
    assert (both.kind, both.triggers) == ("interview", {"large_exposure", "fraud_suspected"})
    assert asked([desk], "site_visit").kind == "site_visit"
    assert asked([{}]).kind == "desk_review"
    assert asked([{"triggers": ["project_line"]}], "nothing known").kind == "site_visit"
