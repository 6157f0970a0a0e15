"""A night of a few thousand lines with something in every part of the report."""

from __future__ import annotations

from typing import Any

from linewatch.reasons import SCORE_FAMILIES
from tests.tasks.decisions_fixture import decrease, line, reason

GRADES = "AAABBBBCCCCCDDDDEEEFG"
FAMILIES = sorted(SCORE_FAMILIES)


def portfolio(lines: int = 2000) -> list[dict[str, Any]]:
    return [_line(number) for number in range(lines)]


def _line(number: int) -> dict[str, Any]:
    grade = GRADES[number * 5 % len(GRADES)]
    currency = "EUR" if number == 5 else "USD" if number % 11 == 0 else "CNY"
    enterprise = number % 9 == 0
    facts: dict[str, Any] = {
        "grade": grade,
        "currency": currency,
        "score": 70_000 - 4_000 * "ABCDEFG".index(grade) + number * 37 % 3_000,
        "limit_cents": (1 + number % 40) * 100_000,
        "owed_cents": (number % 30) * 30_000,
        "borrower_type": "enterprise" if enterprise else "consumer",
        "scorecard": "enterprise" if enterprise else "consumer",
        "due": number % 3 == 0,
    }
    facility_id = f"F{number:05}"
    if number % 50 == 3:
        return line(facility_id, **facts | {"quarantined": True, "hold_because": "quarantined"})
    if number % 97 == 0:
        return line(
            facility_id, **facts, action="freeze", drawdown_blocked=True, reasons=[reason("default_90_dpd")]
        )
    if grade in "EFG" and number % 3 == 0:
        return _cut(facility_id, number, facts)
    if grade == "A" and number % 4 == 0:
        facts |= {"proposed_limit_cents": facts["limit_cents"] * 11 // 10, "rate_bp": None}
        return line(facility_id, **facts, action=("increase", "offer")[number // 4 % 2])
    hold = ("not_due", "no_change", "cool_off", "income_unknown", "dead_band")[number * 3 % 5]
    return line(facility_id, **facts, hold_because=hold)


def _cut(facility_id: str, number: int, facts: dict[str, Any]) -> dict[str, Any]:
    reasons = [
        reason("income_insufficient", cents=5)
        if place == 1 and number % 5 == 0
        else reason(FAMILIES[(number * 5 + place * 7) % 12], 1_000 - place)
        for place in range(1 + number % 4)
    ]
    limit = facts["limit_cents"]
    steps: dict[str, Any] = {
        "after_strategy_cents": limit * 6 // 10,
        "after_relationship_cents": limit * 6 // 10 + (limit // 20 if number % 4 == 0 else 0),
        "after_affordability_cents": limit * 55 // 100,
        "after_expected_loss_cents": limit * 5 // 10,
        "after_stability_cents": limit * 75 // 100,
        "after_exposure_cents": limit * 7 // 10 if number % 2 else limit * 75 // 100,
        "after_regulation_cents": limit * 69 // 100 if number == 153 else limit * 7 // 10,
        "after_floor_cents": limit * 7 // 10,
    }
    asked = number % 12 == 0
    triggers = ["project_line"] if number % 24 == 0 else ["large_decrease", "pd_near_edge"]
    return decrease(
        facility_id,
        **facts | {"proposed_limit_cents": limit * 7 // 10, "reasons": reasons},
        **steps,
        route="referred" if asked else "automatic",
        triggers=triggers if asked else [],
    )
