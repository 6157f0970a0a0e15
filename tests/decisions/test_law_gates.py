"""Gates of law: whose limit may not rise, in which scope, and from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.decisions.law_cases import Countries, decide, lender_under, record, rising

Row = dict[str, Any]
GATES = [
    ("income_known", None, {"net_monthly_income_cents": None}),
    ("income_verified", None, {"income_kind": "stated"}),
    ("annual_income_least_cents", 24_000_001, {}),
    ("no_difficulty", None, {"hardship_on": date(2026, 1, 1)}),
    ("identity_verified", None, {"identity_verified_on": None}),
]
OF_ALL_BUT_THE_POOREST = [measure for measure, value, _ in GATES if value is None]
COUNTRIES = Countries()
for measure, value, borrower in GATES:
    COUNTRIES.rising(f"{measure} is meant", record("gate", measure, value), borrower=borrower)
for measure in OF_ALL_BUT_THE_POOREST:
    COUNTRIES.rising(f"{measure} is met", record("gate", measure))


@pytest.mark.parametrize("measure", [measure for measure, _, _ in GATES])
def test_a_gate_forbids_the_rise_of_whom_it_means(measure: str) -> None:
    row = COUNTRIES[f"{measure} is meant"]
    assert (row["action"], row["law_records"]) == ("hold", [f"gate-{measure}".replace("_", "-")])


@pytest.mark.parametrize("measure", OF_ALL_BUT_THE_POOREST)
def test_a_gate_lets_everybody_else_rise(measure: str) -> None:
    row = COUNTRIES[f"{measure} is met"]
    assert (row["action"], row["law_records"]) == ("increase", [])


def test_the_record_and_the_limit_without_it_are_named() -> None:
    row = COUNTRIES["annual_income_least_cents is meant"]
    assert (row["gate_row"], row["hold_because"]) == ("law_forbids_rise", "law_forbids_rise")
    assert (row["proposed_limit_cents"], row["without_regulation_cents"]) == (1_000_000, 1_250_000)


COUNTRIES.rising("just enough", record("gate", "annual_income_least_cents", 24_000_000))


def test_income_of_exactly_the_least_is_enough() -> None:
    assert COUNTRIES["just enough"]["action"] == "increase"


COUNTRIES.rising("no report", record("gate", "obligations_known"))
COUNTRIES.lender.rows["bureau_report"].pop()


def test_obligations_must_be_known() -> None:
    assert COUNTRIES["no report"]["law_records"] == ["gate-obligations-known"]


COUNTRIES.rising("opted out", record("gate", "no_opt_out"), borrower={"limit_increase": False})
COUNTRIES.rising("said nothing", record("gate", "no_opt_out"), borrower={"limit_increase": None})


def test_whoever_opted_out_is_offered_nothing() -> None:
    assert COUNTRIES["opted out"]["law_records"] != []
    assert COUNTRIES["said nothing"]["law_records"] == []


for days in (59, 60):
    COUNTRIES.rising(f"{days} days", record("gate", "dpd_below_days", 60))
    COUNTRIES.report(f"{days} days")["worst_dpd_now"] = days


def test_sixty_days_late_anywhere_forbids_a_rise() -> None:
    assert COUNTRIES["59 days"]["law_records"] == []
    assert COUNTRIES["60 days"]["law_records"] != []


for name in ("to rises", "to the amount"):
    COUNTRIES.rising(name, record("gate", "consent_to_amount"))
COUNTRIES.lender.add(
    "consent",
    borrower_id="to the amount",
    kind="limit_increase",
    facility_id="to the amount",
    amount_cents=1_250_000,
)


def test_consent_to_rises_in_general_is_no_consent_to_an_amount() -> None:
    row = COUNTRIES["to rises"]
    assert (row["action"], row["law_records"]) == ("offer", ["gate-consent-to-amount"])


def test_consent_to_the_amount_lets_the_limit_rise() -> None:
    row = COUNTRIES["to the amount"]
    assert (row["action"], row["law_records"]) == ("increase", [])


@pytest.mark.parametrize(
    ("as_of", "bound"),
    [
        (date(2026, 11, 19), False),
        (date(2026, 11, 20), True),
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
    ],
)
def test_a_record_binds_from_its_first_day_to_the_day_before_its_end(as_of: date, bound: bool) -> None:
    gate = record(
        "gate",
        "annual_income_least_cents",
        24_000_001,
        effective_from=date(2026, 11, 20),
        effective_to=date(2026, 11, 24),
    )
    lender = lender_under(gate, as_of=as_of)
    rising(lender, "f")
    assert decide(lender)["action"] == ("hold" if bound else "increase")
