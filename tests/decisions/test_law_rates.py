"""Highest rates of law, in which scope, and what they do to the rate of a line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.decisions.cases import ENTERPRISE, WORKING, carried
from tests.decisions.law_cases import Countries, decide, lender_under, record, rising
from tests.decisions.small_lender import AS_OF

Row = dict[str, Any]
YOUNG = {"under_21": True}
SCOPES: dict[str, tuple[Row, Row, Row]] = {
    "consumers": ({"borrower_type": "consumer"}, {}, ENTERPRISE),
    "the young": ({"age_group": "under_21"}, YOUNG, {"under_21": None}),
    "students": ({"age_group": "student"}, {"student": True}, YOUNG),
    "incomes from": ({"income_from_cents": 24_000_000}, {}, {"net_monthly_income_cents": 1_999_999}),
    "incomes below": ({"income_below_cents": 24_000_001}, {}, {"net_monthly_income_cents": None}),
}
COUNTRIES = Countries()
for name, (scope, inside, outside) in SCOPES.items():
    for where, borrower in (("in", inside), ("out", outside)):
        COUNTRIES.rising(
            f"{name} {where}", record("rate", "highest_rate_bp", 1_000, **scope), borrower=borrower
        )


@pytest.mark.parametrize("name", SCOPES)
def test_a_record_binds_inside_its_scope_alone(name: str) -> None:
    assert COUNTRIES[f"{name} in"]["law_rate_bp"] == 1_000
    assert COUNTRIES[f"{name} out"]["law_rate_bp"] is None


def test_product_country_and_licence_are_scope_too() -> None:
    lender = lender_under(
        record("rate", "highest_rate_bp", 1_000, product="working_capital"),
        record("rate", "highest_rate_bp", 500, id="other-licence", licence="bank"),
    )
    rising(lender, "f")
    rising(lender, "works", ENTERPRISE, **WORKING)
    rising(lender, "abroad", {**ENTERPRISE, "jurisdiction": "TW"}, **WORKING)
    rates = {name: row["law_rate_bp"] for name, row in lender.decide().items()}
    assert rates == {"f": None, "works": 1_000, "abroad": None}


def test_a_rate_of_law_lowers_the_rate_of_any_line_and_raises_none() -> None:
    lender = lender_under(record("rate", "highest_rate_bp", 1_700))
    lender.borrower("b1", pd_bp=300)
    lender.line("due", last_reviewed_on=None)
    lender.line("not due", last_reviewed_on=AS_OF)
    lender.line("cheap", annual_rate_bp=1_600)
    lender.line("unknown", annual_rate_bp=None)
    rows = lender.decide()
    assert {name: row["committed_rate_bp"] for name, row in rows.items()} == {
        "due": 1_700,
        "not due": 1_700,
        "cheap": 1_600,
        "unknown": None,
    }
    assert rows["not due"]["law_records"] == ["rate-highest-rate-bp"]
    assert rows["not due"]["effective_on"] == date(2026, 11, 22)


COUNTRIES.rising("a multiple", record("rate", "reference_rate_bp", 40_000, reference="LPR_1Y"))
for day, rate in ((date(2026, 1, 20), 310), (date(2026, 10, 20), 300), (date(2026, 12, 20), 200)):
    COUNTRIES.lender.add("reference_rate", name="LPR_1Y", as_of=day, rate_bp=rate)


def test_a_reference_rate_is_multiplied_and_the_newest_counts() -> None:
    assert COUNTRIES["a multiple"]["proposed_rate_bp"] == 1_200


def test_a_rate_that_was_lowered_is_not_lowered_again_while_the_source_is_behind() -> None:
    lender = lender_under(record("rate", "highest_rate_bp", 1_700))
    lender.borrower("f", pd_bp=300)
    lender.line("f", "f", last_reviewed_on=AS_OF)
    first = decide(lender)
    lender.past = [carried(first)]
    second = decide(lender)
    assert (first["rate_bp"], second["rate_bp"], second["proposed_rate_bp"]) == (1_800, 1_700, 1_700)
    assert second["law_records"] == []
