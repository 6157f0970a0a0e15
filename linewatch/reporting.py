"""The currency in which the lines of a night are added up, where amounts of several lines are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def reporting_currency(lines: Sequence[Mapping[str, Any]], stated: str | None) -> str | None:
    """The profile's; else the sole currency of the lines; else the one that fx_rate converts into.

    `lines` are the rows of decisions/line_currency. None: they cannot be added up.
    """
    unrated = [str(row["currency"]) for row in lines if not row["has_rate"]]
    if stated is not None:
        return stated if set(unrated) <= {stated} else None
    if len(unrated) == 1:
        return unrated[0]
    return str(lines[0]["currency"]) if len(lines) == 1 else None
