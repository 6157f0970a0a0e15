"""What the nights before left of a line: usually in keeping with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.oracle.made_up.odds import Odds


def past(odds: Odds, name: str, line: dict[str, Any]) -> None:
    """A decision of the last committed night that agrees with the line, or is odd."""
    limit, random = line["credit_limit_cents"], odds.random
    decrease = odds.one(None, odds.day(300, 1), share=2)
    increase = odds.one(None, odds.day(300, 1), share=2)
    committed = odds.one(limit, limit + 10_000, limit * 3 // 4, share=0.6)
    source = odds.one(limit, committed, limit * 9 // 10, share=0.6)
    fired = odds.one(None, 5_000, 7_500, 8_500, 9_000, 9_500, share=3)
    own_block = odds.odd(0.5)
    if own_block:
        line["drawdown_blocked"] = odds.one(True, False)
    odds.lender.past.append(
        {
            "facility_id": name,
            "limit_cents": source,
            "source_limit_cents": source,
            "committed_limit_cents": committed,
            "own_block": own_block,
            **_left_by_people(odds, own_block),
            "drawn_cents": line["drawn_cents"] + random.choice([0, 100]),
            "owed_cents": max(0, line["drawn_cents"]) + random.choice([0, 500]),
            "looked_at_on": odds.one(odds.lender.previous_as_of, None, odds.day(100, 1)),
            "looked_at_dpd": odds.one(line["days_past_due"], 0, 30, 29),
            "offered_on": odds.one(None, odds.day(300, 1)),
            "band_limit_cents": odds.one(limit, None, limit * 2, limit // 2),
            "standing_grade": odds.one(random.choice("AAB" if odds.good else "ABCDEFG"), None),
            "improve_reviews": random.choice([0, 0, 1]),
            "next_anchor_limit_cents": odds.one(limit, limit * 5 // 4, limit // 2, 0),
            "next_anchor_on": odds.day(300, 1),
            "fired_target_bp": fired,
            "fired_on": odds.day(300, 1) if fired else None,
            "plan_open": fired is not None and random.random() < 0.4,
            "last_decrease_on": decrease,
            "last_increase_on": increase,
            "reviewed_on": odds.one(odds.day(400, 1), None, odds.lender.previous_as_of),
            "score": 50_000,
            **_beside(odds, line),
        }
    )
    for day, old in ((decrease, limit * 5 // 4), (increase, limit * 4 // 5)):
        if day is not None:
            change = {"facility_id": name, "as_of": day, "old_limit_cents": old, "new_limit_cents": limit}
            odds.lender.changes.append(change)


def _left_by_people(odds: Odds, own_block: bool) -> dict[str, Any]:
    """Of our own blocks some were set by people, and some stand while people are asked."""
    by = odds.random.choices(["nobody", "a person", "a case"], [4, 3, 3])[0] if own_block else "nobody"
    return {"person_block": by == "a person", "review_block": "income" if by == "a case" else None}


def _beside(odds: Odds, line: dict[str, Any]) -> dict[str, Any]:
    """What stood beside the limit after the last night."""
    random, limit, rate = odds.random, line["credit_limit_cents"], line["annual_rate_bp"]
    days = [odds.as_of + timedelta(days=n) for n in (-7, -6, -5, -1, 0, 1, 20)]
    standing = odds.odd(2)
    return {
        "decided_on": odds.lender.previous_as_of,
        "source_rate_bp": odds.one(rate, None, 2_000, share=0.6),
        "committed_rate_bp": odds.one(rate, None, 1_111, share=0.6),
        "block_shown": odds.one(False, True, share=2),
        "expected_on": odds.one(None, *days, share=3),
        "offered_limit_cents": odds.one(limit * 11 // 10, limit, None) if standing else None,
        "offer_until": odds.one(random.choice(days), None) if standing else None,
        "customer_limit_cents": odds.one(None, limit, limit + 100, limit * 2, limit // 2, share=2),
        "customer_limit_on": odds.one(odds.day(300), None, odds.as_of),
        "conduct_points": odds.one(random.choice([10_000, 15_000]), None),
        "group_default_seen": random.choice([None, False, False, True]),
        "next_anchor_covers": [_anchor_cover(odds, limit, n) for n in range(random.choice([0, 0, 1, 2]))],
    }


def _anchor_cover(odds: Odds, limit: int, number: int) -> dict[str, Any]:
    random = odds.random
    return {
        "guarantee_id": f"g{number}",
        "kind": random.choice(["insurance", "guarantor", "collateral"]),
        "provider_id": "X",
        "share_bp": random.choice([5_000, 10_000]),
        "most_cents": random.choice([None, limit, limit // 4]),
        "days": random.choice([None, 364, 90, 4]),
        "loss_rate_e8": random.choice([2_000, 10_000, 6_000_000]),
        "covered_cents": limit // 3,
    }
