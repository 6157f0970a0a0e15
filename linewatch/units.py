"""Numbers of documents as people say them: the unit is in the key's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from linewatch.money import major

POINTS = frozenset({"points", "reference_points", "base_points", "score_from"})
TRIGGERS = {
    "large_decrease": "_cents",
    "large_exposure": "_cents",
    "grade_worsened": "_grades",
    "unknown_share": "_bp",
    "shared_device": "_borrowers",
    "pd_near_edge": "_bp",
    "statement_stale": "_months",
    "security_expiring": "_days",
    "publication_overdue": "_days",
}
"""What the `value` of a trigger counts (docs/policy.md)."""
COUNTED = {
    "_months": "month",
    "months": "month",
    "_days": "day",
    "_reviews": "review",
    "_grades": "grade",
    "_borrowers": "borrower",
}


def in_words(key: str, value: Any, row: Mapping[str, Any] | None = None) -> str:
    """A value with its unit; `row` is the table that it stands in, for its currency."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or "none"
    if not isinstance(value, int):
        return f"{value!s:.90}" if not str(value).count(" ") else f'"{value!s}"'
    return _number(key, value, row or {})


def _number(key: str, value: int, row: Mapping[str, Any]) -> str:
    if key == "value" and row.get("code") in TRIGGERS:
        key = TRIGGERS[str(row["code"])]
    if key == "most" and "guard" in row:
        key = str(row["guard"])
    if key.endswith("_bp"):
        return f"{major(value, 2):,} %"
    if key.endswith("_cents") or str(row.get("measure", "")).endswith("_cents"):
        currency = row.get("currency")
        return f"{major(value, 2):,}{f' {currency}' if currency else ''}"
    if key in POINTS:
        return f"{major(value, 2):,} points"
    for ending, unit in COUNTED.items():
        if key.endswith(ending):
            return f"{value:,} {unit}{'' if abs(value) == 1 else 's'}"
    return f"{value:,}"
