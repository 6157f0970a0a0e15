"""Scores: what each known value of a characteristic is worth, added up."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import polars as pl

Rows = Sequence[Mapping[str, Any]]


class Card:
    """A scorecard as expressions over the features of its subject."""

    def __init__(self, base: Mapping[str, Any], bins: Rows, steps: Rows) -> None:
        self.name: str = base["scorecard"]
        self.base: int = base["base_points"]
        own = [row for row in bins if row["scorecard"] == self.name]
        self.parts = [
            _Part(name, list(rows)) for name, rows in groupby(own, lambda row: str(row["characteristic"]))
        ]
        self.steps = sorted(
            (row["score_from"], row["pd_bp"]) for row in steps if row["scorecard"] == self.name
        )

    def score(self, features: pl.DataFrame) -> pl.DataFrame:
        """One row a borrower, in the order of `features`."""
        points = [part.points(features[part.name]) for part in self.parts]
        conduct = [each for part, each in zip(self.parts, points, strict=True) if part.is_conduct]
        unknown = pl.sum_horizontal(
            pl.col(part.name).is_null().cast(pl.Int64) for part in self.parts if not part.is_optional
        )
        asked = pl.sum_horizontal(
            pl.lit(sum(not part.is_optional for part in self.parts)),
            *(pl.col(part.name).is_not_null().cast(pl.Int64) for part in self.parts if part.is_optional),
        )
        scores = self.base + pl.Series("score", pl.DataFrame(points).sum_horizontal())
        firsts = pl.Series([score_from for score_from, _ in self.steps][1:])
        pd_bp = pl.Series("pd_bp", [pd for _, pd in self.steps], dtype=pl.Int64)
        return features.select(
            "borrower_id",
            pl.lit(self.name).alias("scorecard"),
            scores,
            pd_bp.gather(firsts.search_sorted(scores, side="right")),
            ((unknown * 10_000 + asked - 1) // asked).fill_null(10_000).alias("unknown_share_bp"),
            pl.DataFrame(conduct).sum_horizontal().alias("conduct_points"),
        )


class _Part:
    """A characteristic of a card: its bins join without a gap, and cover every value."""

    def __init__(self, name: str, rows: Rows) -> None:
        self.name = name
        known = [row for row in rows if not row["is_unknown"]]
        self.unknown: int = next(row["points"] for row in rows if row["is_unknown"])
        self.is_optional = any(row["is_optional"] for row in rows)
        self.is_conduct = rows[0]["driver"] == "conduct"
        self.edges = pl.Series([row["value_from"] for row in known[1:]], dtype=pl.Int64)
        self.gains = pl.Series([row["points"] for row in known], dtype=pl.Int64)
        if [row["value_below"] for row in known] != [*self.edges, None]:
            raise ValueError(f"the bins of {name} leave a gap")

    def points(self, values: pl.Series) -> pl.Series:
        bins = self.edges.search_sorted(values.cast(pl.Int64), side="right")
        worth = self.gains.gather(bins)
        return worth.zip_with(values.is_not_null(), pl.Series([self.unknown], dtype=pl.Int64)).alias(
            self.name
        )
