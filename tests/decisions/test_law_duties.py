"""Duties of law: who must look, when a change may begin, and what a letter must hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.decisions.law_cases import Countries, decide, documents_under, falling, lender_under, record
from tests.decisions.small_lender import SmallLender

COUNTRIES = Countries()
COUNTRIES.falling("no law")
COUNTRIES.falling("a person must look", record("duty", "human_review"))


def test_where_the_law_asks_for_a_person_no_machine_lowers_a_limit() -> None:
    row = COUNTRIES["a person must look"]
    assert (row["action"], row["route"], row["committed_limit_cents"]) == ("decrease", "referred", 1_000_000)
    assert "human_review" in row["triggers"]
    assert "human_review" not in COUNTRIES["no law"]["triggers"]


def test_an_objection_counts_where_the_law_says_so_though_the_policy_does_not() -> None:
    def triggers(*records: Any) -> list[str]:
        lender = lender_under(*records)
        policy = lender.documents.policy
        others = tuple(each for each in policy.trigger if each.code != "automation_objection")
        lender.documents = replace(lender.documents, policy=policy.model_copy(update={"trigger": others}))
        falling(lender, "f")
        lender.add("consent", borrower_id="f", kind="automation_objection")
        return list(decide(lender)["triggers"])

    assert "automation_objection" in triggers(record("duty", "human_review_on_request"))
    assert "automation_objection" not in triggers()


COUNTRIES.falling("a day's notice", record("duty", "notice_before_days", 1))
COUNTRIES.falling("ninety days' notice", record("duty", "notice_before_days", 90))


def test_a_notice_of_law_puts_off_the_day_of_a_decrease() -> None:
    assert COUNTRIES["a day's notice"]["effective_on"] == COUNTRIES["no law"]["effective_on"]
    assert COUNTRIES["ninety days' notice"]["effective_on"] == date(2027, 2, 20)


COUNTRIES.falling(
    "two deadlines",
    record("duty", "notice_deadline_days", 30),
    record("duty", "notice_deadline_days", 5, id="sooner"),
)


def test_the_letter_of_a_decrease_has_the_day_by_which_the_law_wants_it_out() -> None:
    assert COUNTRIES["two deadlines"]["deadline_on"] == date(2026, 11, 26)
    assert COUNTRIES["no law"]["deadline_on"] is None


COUNTRIES.falling(
    "one reason",
    record("duty", "most_reasons", 4),
    record("duty", "most_reasons", 1, id="fewer", product="revolving_consumer"),
)
COUNTRIES.lender.features["one reason"] = {"late_count": 0, "asked_for": 0}


def test_the_fewest_reasons_that_a_law_allows_are_told_and_the_rest_kept() -> None:
    row = COUNTRIES["one reason"]
    assert (len(row["reasons"]), len(row["reasons_truncated"])) == (1, 1)


ASSESSED = {
    date(2026, 5, 22): (None, False),
    date(2026, 5, 21): ("law_reassessment", False),
    date(2026, 4, 22): ("law_reassessment", False),
    date(2026, 4, 21): ("law_reassessment", True),
}


@pytest.fixture(scope="module")
def assessed() -> dict[str, dict[str, Any]]:
    """A line a day of assessment, all looked at once a year but for the law."""
    documents = documents_under(record("duty", "reassess_months", 6))
    yearly = tuple(each.model_copy(update={"cycle": "annual"}) for each in documents.policy.segment)
    lender = SmallLender(
        documents=replace(documents, policy=documents.policy.model_copy(update={"segment": yearly}))
    )
    for day in ASSESSED:
        name = str(day)
        lender.borrower(name, pd_bp=50, income_kind="stated")
        lender.line(name, name, last_reviewed_on=day)
    return lender.decide()


@pytest.mark.parametrize("day", ASSESSED)
def test_months_without_assessment_make_a_review_due_and_a_month_more_forbids_a_rise(
    day: date, assessed: dict[str, dict[str, Any]]
) -> None:
    row = assessed[str(day)]
    assert (row["due_because"], row["law_records"] != []) == ASSESSED[day]


COUNTRIES.rising("shown", record("duty", "shown", 36, unit="months"))
COUNTRIES.rising("no law at all")


def test_a_duty_that_is_shown_changes_nothing() -> None:
    def of(name: str) -> dict[str, Any]:
        names = ("facility_id", "borrower_id", "group_id", "jurisdiction", "test_digit")
        return {key: value for key, value in COUNTRIES[name].items() if key not in names}

    assert of("shown") == of("no law at all")
