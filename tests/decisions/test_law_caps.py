"""Caps of law: on a line, a borrower, a group, by income and by the lender's capital."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.decisions.law_cases import Countries, decide, documents_under, record
from tests.decisions.small_lender import AS_OF, SmallLender

CAPITAL = {f"{name}_cents": 10_000_000 for name in ("net_assets", "tier1")} | {"capital_on": AS_OF}
COUNTRIES = Countries()
OF_CAPITAL = Countries(**CAPITAL)


def capped(name: str, *caps: Any, among: Countries = COUNTRIES) -> None:
    """A country, and in it one borrower with a line of 1,000,000 and one of 600,000 cents, nothing drawn."""
    among.law(name, *caps)
    among.lender.borrower(name, jurisdiction=name)
    for line, limit in ((name, 1_000_000), (f"{name}, second", 600_000)):
        among.lender.line(line, name, credit_limit_cents=limit, drawn_cents=0, last_reviewed_on=AS_OF)


def proposed(name: str) -> list[int]:
    return [COUNTRIES[line]["proposed_limit_cents"] for line in (name, f"{name}, second")]


capped(
    "line and borrower",
    record("cap", "line_limit_cents", 900_000),
    record("cap", "borrower_limit_cents", 1_520_000),
)


def test_a_cap_on_a_line_and_a_cap_on_its_borrower_are_each_kept() -> None:
    assert proposed("line and borrower") == [900_000, 570_000]
    assert COUNTRIES["line and borrower"]["without_regulation_cents"] == 1_000_000


capped("one product", record("cap", "borrower_limit_cents", 600_000, product="revolving_consumer"))
COUNTRIES.lender.rows["facility"][-2]["product"] = "working_capital"


def test_a_cap_of_one_product_adds_up_its_own_lines_alone() -> None:
    assert proposed("one product") == [1_000_000, 600_000]


INCOMES = {29_999_99: 999_999, 30_000_00: 1_000_000, None: 1_000_000}
for income in INCOMES:
    COUNTRIES.law(
        f"income {income}", record("cap", "borrower_income_months", 4, income_below_cents=30_000_00)
    )
    COUNTRIES.lender.borrower(
        f"income {income}",
        jurisdiction=f"income {income}",
        annual_income_cents=income,
        net_monthly_income_cents=None,
    )
    COUNTRIES.lender.line(f"income {income}", f"income {income}", drawn_cents=0, last_reviewed_on=AS_OF)


@pytest.mark.parametrize("income", INCOMES)
def test_a_cap_by_income_counts_monthly_incomes_inside_its_band(income: int | None) -> None:
    assert COUNTRIES[f"income {income}"]["proposed_limit_cents"] == INCOMES[income]


for measure in ("net_assets", "tier1"):
    capped(f"a borrower's {measure}", record("cap", f"borrower_{measure}_bp", 800), among=OF_CAPITAL)
    capped(f"a group's {measure}", record("cap", f"group_{measure}_bp", 1_500), among=OF_CAPITAL)
    other = f"a group's {measure}, other"
    OF_CAPITAL.lender.borrower(other, jurisdiction=f"a group's {measure}")
    OF_CAPITAL.lender.line(other, other, credit_limit_cents=400_000, drawn_cents=0, last_reviewed_on=AS_OF)
    OF_CAPITAL.lender.add("control_link", borrower_id=f"a group's {measure}", related_borrower_id=other)


@pytest.mark.parametrize("measure", ["net_assets", "tier1"])
def test_a_cap_as_a_share_of_capital_binds_a_borrower_and_a_group(measure: str) -> None:
    alone = [f"a borrower's {measure}", f"a borrower's {measure}, second"]
    assert [OF_CAPITAL[name]["regulation_value"] for name in alone] == [800_000, 800_000]
    group = [f"a group's {measure}{member}" for member in ("", ", second", ", other")]
    assert [OF_CAPITAL[name]["regulation_value"] for name in group] == [1_500_000] * 3


def test_two_nights_with_the_law_beginning_between_them() -> None:
    cap = record("cap", "borrower_limit_cents", 800_000, effective_from=date(2026, 11, 21))
    rows = []
    for as_of in (date(2026, 11, 20), date(2026, 11, 21)):
        lender = SmallLender(as_of=as_of, documents=documents_under(cap, as_of=as_of))
        lender.borrower("f", pd_bp=300)
        lender.line("f", "f", last_reviewed_on=as_of, drawn_cents=0)
        rows.append(decide(lender))
    assert [row["committed_limit_cents"] for row in rows] == [1_000_000, 800_000]
    assert (rows[1]["regulation_row"], rows[1]["without_regulation_cents"]) == (
        "cap-borrower-limit-cents",
        1_000_000,
    )
