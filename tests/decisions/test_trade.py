"""A firm without a statement rises on what its invoices tell, and on nothing older or shorter."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decisions.cases import ENTERPRISE, STATEMENT, WORKING, Cases
from tests.decisions.small_lender import MONTHS

cases = Cases()
MUCH = 21_000_000


def trader(name: str, months: list[date], **columns: object) -> None:
    """A firm with a line of 500,000.00 whose sales of a month are 210,000.00, if nothing else is said."""
    cases.case(name, borrower=ENTERPRISE, **WORKING)
    for month in months:
        cases.lender.add("trade_month", borrower_id=name, month=month, **{"sales_cents": MUCH, **columns})


trader("a year", MONTHS)
trader("half a year", MONTHS[6:])
trader("five months", MONTHS[7:])
trader("stopped in August", MONTHS[:10])
trader("stopped in July", MONTHS[:9])
trader("gaps", MONTHS[::2] + MONTHS[-1:])
trader("returns", MONTHS, sales_returns_cents=15_000_000)
trader("more returns than sales", MONTHS, sales_returns_cents=MUCH + 1)
trader("has a statement", MONTHS)
cases.lender.add(
    "financial_statement", borrower_id="has a statement", **{**STATEMENT, "revenue_cents": 208_000_000}
)
trader("sells in dollars", MONTHS, currency="USD")
trader("sells in francs", MONTHS, currency="CHF")
trader("does not say in what", MONTHS, currency=None)
trader("changed its currency", MONTHS[:3], currency="USD")
for later in MONTHS[3:]:
    cases.lender.add("trade_month", borrower_id="changed its currency", month=later)
cases.lender.add("fx_rate", currency="USD", rate_ppm=7_000_000)


def test_sales_of_a_year_carry_a_quarter_of_themselves() -> None:
    row = cases["a year"]
    assert row["segment"] == "small_enterprise"
    assert (row["action"], row["affordability_row"]) == ("increase", None)
    assert cases["returns"]["affordability_row"] == "capacity"
    assert cases["returns"]["proposed_limit_cents"] == 50_000_000  # 12 x 60,000.00 / 4 is under the line


@pytest.mark.parametrize("name", ["half a year", "stopped in August", "has a statement"])
def test_half_a_year_that_reaches_into_the_last_quarter_is_enough(name: str) -> None:
    assert cases[name]["action"] == "increase"


@pytest.mark.parametrize("name", ["five months", "stopped in July"])
def test_less_or_older_trade_is_not_known(name: str) -> None:
    assert cases[name]["affordability_row"] == "income_unknown"
    assert cases[name]["hold_because"] == "income_unknown"


def test_a_month_without_a_row_had_no_sales() -> None:
    # Seven months of 210,000.00 make 1,470,000.00 in a year, of which a quarter is under the line.
    row = cases["gaps"]
    assert (row["affordability_row"], row["affordability_value"]) == ("capacity", 36_750_000)


def test_nothing_sold_carries_nothing_and_cuts_nothing() -> None:
    row = cases["more returns than sales"]
    assert (row["affordability_row"], row["affordability_value"]) == ("capacity", 0)
    assert row["proposed_limit_cents"] == row["limit_cents"]


def test_a_statement_stands_before_the_trade() -> None:
    assert cases["has a statement"]["affordability_value"] == 52_000_000


def test_sales_count_in_their_own_currency_and_an_unknown_rate_is_an_unknown_revenue() -> None:
    assert cases["sells in dollars"]["action"] == "increase"
    assert cases["does not say in what"]["action"] == "increase"
    assert cases["sells in francs"]["affordability_row"] == "income_unknown"


def test_only_months_in_the_currency_of_the_newest_count() -> None:
    # Nine months of 100,000.00, brought to twelve.
    assert cases["changed its currency"]["affordability_value"] == 30_000_000
