"""Scores: the points of each characteristic as one expression, made from the scorecards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from pyspark.sql import DataFrame

Row = Mapping[str, Any]


def points(name: str, bins: Sequence[Row]) -> str:
    """Points of a characteristic: those of the first bin that the value is below; unknown has its own."""
    (unknown,) = [row["points"] for row in bins if row["is_unknown"]]
    known = [row for row in bins if not row["is_unknown"]]
    edges = [row["value_below"] for row in known]
    if [row["value_from"] for row in known] != [None, *edges[:-1]] or edges[-1] is not None:
        raise ValueError(f"the bins of {name} leave a gap")
    below = " ".join(f"when {name} < {row['value_below']} then {row['points']}" for row in known[:-1])
    return f"case when {name} is null then {unknown} {below} else {known[-1]['points']} end"


def pd_of(score: str, steps: Sequence[Row]) -> str:
    """PD by halving the table of steps in score; under the first step it is that step's."""
    if len(steps) == 1:
        return str(steps[0]["pd_bp"])
    middle = len(steps) // 2
    lower, upper = pd_of(score, steps[:middle]), pd_of(score, steps[middle:])
    return f"if({score} < {steps[middle]['score_from']}, {lower}, {upper})"


def scores(borrower: DataFrame, card: Mapping[str, Sequence[Row]], facts: Sequence[str]) -> DataFrame:
    """One row a borrower: score, PD and share of the unknown by the card of its kind, beside `facts`."""
    scored = [_scored(borrower, card, base, facts) for base in card["base"]]
    first, second = scored
    return first.unionByName(second)


def _scored(
    borrower: DataFrame, card: Mapping[str, Sequence[Row]], base: Row, facts: Sequence[str]
) -> DataFrame:
    name = base["scorecard"]
    bins = {
        characteristic: list(rows)
        for characteristic, rows in groupby(
            (row for row in card["bins"] if row["scorecard"] == name), key=lambda row: row["characteristic"]
        )
    }
    optional = [each for each, rows in bins.items() if rows[0]["is_optional"]]
    always = [each for each in bins if each not in optional]
    conduct = [each for each, rows in bins.items() if rows[0]["driver"] == "conduct"]
    told = f"({_count(optional, 'is not null')})"
    steps = sorted((row for row in card["pd"] if row["scorecard"] == name), key=lambda row: row["score_from"])
    return (
        borrower.where(f"borrower_type = '{base['subject']}'")
        .selectExpr(
            *facts,
            *[f"{points(each, rows)} as points_of_{each}" for each, rows in bins.items()],
            f"{_count(always, 'is null')} as unknown",
            f"{len(always)} + {told} as asked",
        )
        .selectExpr(
            *facts,
            f"'{name}' as scorecard",
            f"{base['base_points']} + {' + '.join(f'points_of_{each}' for each in bins)} as score",
            f"{' + '.join(f'points_of_{each}' for each in conduct)} as conduct_points",
            "(unknown * 10000 + asked - 1) div asked as unknown_share_bp",
        )
        .selectExpr("*", f"{pd_of('score', steps)} as pd_bp")
    )


def _count(names: Sequence[str], test: str) -> str:
    return " + ".join(f"if({name} {test}, 1, 0)" for name in names) or "0"
