"""What moved the limits of a night, added up over groups of lines: which sums may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linewatch.fewest import kept_back

Rows = Sequence[Mapping[str, Any]]
WAYS = ("cut", "raised")
WHOLE = "all"


def told_totals(rows: Rows) -> list[dict[str, Any]]:
    """Rows of sql/reports/cause_total.sql, in their order: a sum that may not be told is null.

    A cause that moved nothing of a group has nought. The whole and its parts by one thing add up, so where a
    part is kept back another may have to be; parts by another thing are another sum of the same whole.
    """
    back = {(*key, way) for key, way in _kept_back(rows)}
    return [{**row, **{f"{way}_cents": None for way in WAYS if (*_key(row), way) in back}} for row in rows]


def _kept_back(rows: Rows) -> list[tuple[tuple[Any, ...], str]]:
    found = []
    sums = dict.fromkeys((row["currency"], row["by_what"], row["cause"]) for row in rows)
    for currency, by_what, cause in sums:
        parts = [
            row
            for row in rows
            if (row["currency"], row["by_what"], row["cause"]) == (currency, by_what, cause)
        ]
        for way in WAYS:
            hidden = kept_back({_key(row): row[f"{way}_borrowers"] for row in parts})
            found += [(key, way) for key in hidden]
    return found


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["currency"], row["by_what"], row["part"], row["cause"]
