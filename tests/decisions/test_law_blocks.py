"""Blocks of law: whose drawing stops, and when it may go on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.decisions.cases import carried
from tests.decisions.law_cases import Countries, decide, lender_under, record, rising
from tests.decisions.small_lender import SmallLender

Row = dict[str, Any]
COUNTRIES = Countries()
OVER = 24_000_001
AT = 24_000_000
"""Twelve months of an income of 20,000 yuan."""
DEBTS: dict[str, tuple[list[int | None], bool]] = {
    "three months over": ([OVER, OVER, OVER], True),
    "two months over": ([OVER, OVER], False),
    "over until last month": ([OVER, OVER, AT], False),
    "over since last month": ([AT, OVER, OVER], False),
    "a month unknown": ([OVER, None, OVER], False),
}


def twelve_incomes() -> Any:
    return record("block", "debt_income_months", 12, for_months=3)


def reports(lender: SmallLender, name: str, *debts: int | None) -> None:
    """A report a month, the last in October, of so much unsecured debt."""
    kept = [row for row in lender.rows["bureau_report"] if row["borrower_id"] != name]
    lender.rows["bureau_report"] = kept
    for back, debt in enumerate(reversed(debts)):
        lender.add(
            "bureau_report",
            borrower_id=name,
            pulled_on=date(2026, 10 - back, 3),
            unsecured_revolving_cents=debt,
        )


for name, (debts, _) in DEBTS.items():
    COUNTRIES.rising(name, twelve_incomes())
    reports(COUNTRIES.lender, name, *debts)


@pytest.mark.parametrize("name", DEBTS)
def test_debt_over_twelve_incomes_three_months_running_stops_drawing(name: str) -> None:
    row = COUNTRIES[name]
    blocked = DEBTS[name][1]
    assert (row["action"] == "freeze", row["law_records"] != []) == (blocked, blocked)


def test_a_block_names_its_reason_and_the_limit_without_it() -> None:
    row = COUNTRIES["three months over"]
    assert [reason["code"] for reason in row["reasons"]] == ["debt_over_legal_limit"]
    assert row["without_regulation_cents"] > row["limit_cents"]


def test_a_block_of_law_ends_with_its_cause() -> None:
    lender = lender_under(twelve_incomes())
    rising(lender, "f")
    reports(lender, "f", OVER, OVER, OVER)
    frozen = decide(lender)
    reports(lender, "f", OVER, OVER, AT)
    lender.past = [carried(frozen)]
    assert (frozen["action"], decide(lender)["action"]) == ("freeze", "unfreeze")


PERSISTENT: dict[str, tuple[int, int, int | None, bool]] = {
    "twelve months of fees over principal": (12, 2_000, 1_000, True),
    "a month too few": (13, 2_000, 1_000, False),
    "as much principal": (12, 1_000, 1_000, False),
    "principal unknown": (12, 2_000, None, False),
    "a little under the least": (12, 1_999, 0, False),
}


def in_persistent_debt(name: str, fees: int = 2_000, principal: int | None = 1_000) -> None:
    for month in COUNTRIES.month_rows(name):
        month |= {"interest_fees_cents": fees, "principal_paid_cents": principal}


for name, (months, fees, principal, _) in PERSISTENT.items():
    COUNTRIES.rising(name, record("block", "persistent_debt_months", months, least_cents=24_000))
    in_persistent_debt(name, fees, principal)


@pytest.mark.parametrize("name", PERSISTENT)
def test_persistent_debt_is_more_paid_in_fees_than_in_principal(name: str) -> None:
    codes = [reason["code"] for reason in COUNTRIES[name]["reasons"]]
    assert (codes == ["persistent_debt"]) is PERSISTENT[name][3]


COUNTRIES.rising(
    "on a plan", record("gate", "persistent_debt_months", 12), record("block", "persistent_debt_months", 12)
)
in_persistent_debt("on a plan")
COUNTRIES.lender.add("treatment", borrower_id="on a plan", kind="payment_plan", valid_from=date(2026, 1, 1))


def test_a_payment_plan_answers_persistent_debt_but_no_limit_rises() -> None:
    assert COUNTRIES["on a plan"]["law_records"] == ["gate-persistent-debt-months"]


COUNTRIES.rising(
    "unidentified", record("block", "identity_verified"), borrower={"identity_verified_on": None}
)
COUNTRIES.rising("nobody asks", borrower={"identity_verified_on": None})


def test_identity_blocks_where_a_pack_asks() -> None:
    assert [reason["code"] for reason in COUNTRIES["unidentified"]["reasons"]] == ["identity_unverified"]
    assert COUNTRIES["nobody asks"]["action"] == "hold"


def test_identity_blocks_nobody_where_the_source_has_no_such_column() -> None:
    lender = lender_under(record("block", "identity_verified"))
    rising(lender, "f", {"identity_verified_on": None})
    assert decide(lender)["action"] == "hold"
