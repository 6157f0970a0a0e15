"""What ties borrowers and lines together: covers, control, devices."""

from __future__ import annotations

from datetime import timedelta

from tests.oracle.made_up.odds import Odds


def links(odds: Odds) -> None:
    """Groups in chains, ties that have ended or not begun, and shared devices."""
    random = odds.random
    for _ in range(len(odds.names) // 4):
        one, other = random.choice(odds.names), random.choice(odds.names)
        if one != other:
            odds.lender.add(
                "control_link",
                borrower_id=one,
                related_borrower_id=odds.one(other, f"a-{other}"),
                kind=random.choice(["parent", "controller", "economic_dependence"]),
                share_bp=random.choice([None, 10_000, 7_500, 5_000, 4_999, 2_500, 2_499, 0]),
                valid_from=odds.one(odds.day(400), odds.as_of, odds.as_of + timedelta(days=1)),
                valid_until=odds.one(None, odds.as_of, odds.as_of - timedelta(days=1)),
            )
    for _ in range(len(odds.names) // 2):
        one, other = random.choice(odds.names), random.choice(odds.names[:6])
        if one != other:
            kind = odds.one("shared_device", "household")
            odds.lender.add("social_link", borrower_id=one, related_borrower_id=other, kind=kind)


def covers(odds: Odds) -> None:
    """Covers of all kinds: by strangers, by borrowers of ours, by those of the same group."""
    for line in odds.lender.rows["facility"]:
        for number in range(odds.random.choice([0, 0, 0, 1, 2, 3])):
            _cover(odds, line["facility_id"], number, line["credit_limit_cents"])


def _cover(odds: Odds, line: str, number: int, limit: int) -> None:
    random = odds.random
    ends = [odds.as_of + timedelta(days=n) for n in (-1, 0, 1, 7, 29, 30, 31, 60, 90, 200, 365, 366)]
    odds.lender.add(
        "guarantee",
        facility_id=line,
        guarantee_id=f"g{number}",
        kind=odds.one(random.choice(["insurance", "guarantor", "collateral"]), "letter", share=0.3),
        provider_id=random.choice(["X", "Y", random.choice(odds.names), random.choice(odds.names)]),
        provider_grade=odds.one(random.choice("AABCD"), None, "Z", "unknown"),
        covered_share_bp=random.choice([0, 3_333, 5_000, 8_000, 10_000]),
        cap_cents=odds.one(None, limit // 3, 1, 0, share=2),
        value_cents=odds.one(limit // random.choice([1, 2, 4]), None, 0),
        valued_on=odds.one(odds.day(1_300), None, odds.as_of + timedelta(days=1)),
        valid_from=odds.one(odds.day(500), odds.as_of, odds.as_of + timedelta(days=1)),
        valid_until=odds.one(None, *ends, share=2),
        status=odds.one(random.choice([None, "active"]), "expired", "disputed"),
    )
