"""What moved the limits of tonight: over all lines, by segment and by grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from linewatch.cause_totals import WAYS, WHOLE, told_totals
from linewatch.fewest import FEWEST
from sql.engine import Cursor
from tasks.report.figures import signed

Rows = Sequence[Mapping[str, Any]]
FEW = f"fewer than {FEWEST} borrowers"


def told_of_causes(db: Cursor) -> list[dict[str, Any]]:
    """Each currency by itself: a row a cause over all lines, and tables of groups with a column a cause.

    Only causes that moved something are told.
    """
    db.view("reports/cause_part")
    rows = told_totals(db.rows("reports/cause_total"))
    return [
        _of_currency(currency, list(part)) for currency, part in groupby(rows, lambda row: row["currency"])
    ]


def _of_currency(currency: str, rows: Rows) -> dict[str, Any]:
    whole = [row for row in rows if row["by_what"] == WHOLE and any(row[f"{way}_lines"] for way in WAYS)]
    causes = [row["cause"] for row in whole]
    return {
        "currency": currency,
        "causes": causes,
        "rows": [
            {"cause": row["cause"], **{way: _sum(row, way, currency, FEW) for way in WAYS}} for row in whole
        ],
        "groups": [
            {"by": by_what, "rows": _groups(list(part), causes, currency)}
            for by_what, part in groupby(rows, lambda row: row["by_what"])
            if by_what != WHOLE
        ],
    }


def _groups(rows: Rows, causes: Sequence[str], currency: str) -> list[dict[str, Any]]:
    """A row a group and way in which some of its limits moved; a cell a cause."""
    told = []
    for part, listed in groupby(rows, lambda row: row["part"]):
        of_cause = {row["cause"]: row for row in listed}
        for way in WAYS:
            if any(row[f"{way}_lines"] for row in of_cause.values()):
                cells = [_sum(of_cause[cause], way, currency, "few") for cause in causes]
                told.append({"part": part, "way": way, "cells": cells})
    return told


def _sum(row: Mapping[str, Any], way: str, currency: str, few: str) -> str:
    cents = row[f"{way}_cents"]
    return few if cents is None else signed(cents, currency)
