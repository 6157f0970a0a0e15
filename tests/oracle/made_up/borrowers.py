"""Borrowers of a random lender: who they are, what befell them, and what is known of them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.decisions.small_lender import CHARACTERISTICS
from tests.oracle.made_up.facilities import line
from tests.oracle.made_up.firms import enterprise_facts
from tests.oracle.made_up.odds import Odds

COUNTRIES = ["CN", "CN", "CN", "TW", "US", "GB", "SG", "DE"]
EDGES = [
    1,
    50,
    74,
    75,
    99,
    100,
    249,
    250,
    251,
    499,
    500,
    800,
    999,
    1000,
    1010,
    1015,
    1600,
    1999,
    2000,
    3500,
    4000,
    8000,
]
TREATMENTS = [
    "forbearance",
    "payment_plan",
    "breathing_space",
    "bankruptcy",
    "dispute",
    "complaint",
    "do_not_touch",
]


def borrower(odds: Odds) -> None:
    name = f"b{len(odds.names):04}"
    odds.names.append(name)
    consumer = odds.random.random() < 0.55
    odds.good = odds.random.random() < 0.35
    scored = not odds.odd(0.4)
    quarantined = odds.odd(0.3)
    row = {**_person(odds, consumer), **_trouble(odds)}
    if quarantined:
        odds.lender.quarantined.append(name)
    if not (quarantined and odds.random.random() < 0.4):
        odds.lender.add("borrower", borrower_id=name, **row)
    if scored:
        _score(odds, name, consumer)
    odds.lender.features[name] = {key: odds.one(odds.random.randint(0, 9), None) for key in CHARACTERISTICS}
    _facts(odds, name, consumer)
    for number in range(odds.random.choice([1, 1, 1, 2, 3])):
        line(odds, f"f{len(odds.names):04}-{number}", name, consumer)
    if odds.odd(0.3) or (_in_review(odds, name) and Random(name).random() < 0.6):
        odds.lender.open_cases.append({"borrower_id": name, "case_id": f"c-{name}"})


def _in_review(odds: Odds, name: str) -> bool:
    """Whether last night left a block that stands while a case is open on one of their lines."""
    lines = {row["facility_id"] for row in odds.lender.rows["facility"] if row["borrower_id"] == name}
    return any(row["review_block"] and row["facility_id"] in lines for row in odds.lender.past[-3:])


def _person(odds: Odds, consumer: bool) -> dict[str, Any]:
    onboarded = odds.random.choice([odds.day(400), odds.day(3000), odds.day(3000)])
    income = odds.random.randint(40, 99) if odds.good else odds.random.randint(3, 60)
    return {
        "borrower_type": "consumer" if consumer else "enterprise",
        "jurisdiction": odds.random.choice(COUNTRIES),
        "onboarded_on": odds.one(onboarded, None),
        "identity_verified_on": odds.one(date(2020, 1, 1), None, share=0.5),
        "net_monthly_income_cents": odds.one(income * 100_000, None, 0, 99_999),
        "annual_income_cents": odds.one(
            odds.random.choice([None, income * 1_400_000]), 3_000_000, 2_999_999, 12_000_000, 0, share=3
        ),
        "under_21": odds.one(odds.random.choice([None, False]), True),
        "student": odds.one(odds.random.choice([None, False]), True),
        "income_kind": odds.one("verified", "stated", "modelled", None),
        "income_verified_on": odds.one(odds.day(700), None),
        "limit_increase": odds.one(odds.random.choice([True, True, None]), False),
    }


def _trouble(odds: Odds) -> dict[str, Any]:
    soon = odds.as_of + timedelta(days=1)
    return {
        "hardship_on": odds.one(None, odds.as_of, odds.day(300), soon, share=0.5),
        "deceased_on": odds.one(None, odds.as_of, odds.day(300), soon, share=0.2),
        "fraud_flag": odds.one(
            odds.random.choice([None, "none"]), "suspected", "first_party", "victim", share=0.3
        ),
    }


def _score(odds: Odds, name: str, consumer: bool) -> None:
    pd = odds.random.choice(EDGES) if odds.random.random() < 0.7 else odds.random.randint(1, 9_999)
    pd = odds.random.choice(EDGES[:8]) if odds.good else pd
    odds.lender.scores.append(
        {
            "borrower_id": name,
            "scorecard": "consumer" if consumer else "enterprise",
            "score": 60_000 - pd,
            "pd_bp": pd,
            "unknown_share_bp": odds.one(odds.random.randint(0, 4_000), 6_000, 5_999, 9_000),
            "conduct_points": odds.random.choice([10_000, 15_000, 20_000]),
        }
    )
    if odds.in_grace and not odds.odd():
        odds.lender.former_scores.append(
            {
                "borrower_id": name,
                "former_pd_bp": odds.one(max(1, pd + odds.random.choice([-200, -60, 0, 40])), None),
                "former_conduct_points": odds.one(odds.random.choice([10_000, 15_000, 20_000]), None),
                "grace_began_on": odds.as_of - timedelta(days=odds.random.choice([20, 183, 190, 366])),
            }
        )


def _facts(odds: Odds, name: str, consumer: bool) -> None:
    for day in sorted({odds.day(60), odds.day(300), odds.day(60), odds.day(120)}):
        if not odds.odd():
            odds.lender.add(
                "bureau_report",
                borrower_id=name,
                pulled_on=day,
                unsecured_revolving_cents=odds.one(
                    odds.random.choice([0, 5_000_000, 40_000_000, 140_000_000]), None
                ),
                monthly_payment_cents=odds.one(odds.random.randint(0, 400_000), None),
                worst_dpd_now=odds.one(0, 29, 30, 61, None),
                public_record_count=odds.one(0, 1, None, share=0.5),
                excludes_us=odds.one(odds.random.choice([None, True]), False),
                disputed=odds.one(odds.random.choice([None, False]), True),
            )
    for month in odds.closed(4):
        if not odds.odd():
            spent = odds.random.randint(0, 500_000)
            odds.lender.add("spending_month", borrower_id=name, month=month, essential_cents=spent)
    if not consumer:
        enterprise_facts(odds, name)
    if odds.odd():
        odds.lender.add(
            "treatment",
            borrower_id=name,
            kind=odds.random.choice(TREATMENTS),
            valid_from=odds.one(odds.day(200), odds.as_of, odds.as_of + timedelta(days=1)),
            valid_until=odds.one(None, odds.as_of, odds.as_of - timedelta(days=1)),
        )
    if odds.odd(0.5):
        odds.lender.add("consent", borrower_id=name, kind="automation_objection", granted_on=odds.day(99))
