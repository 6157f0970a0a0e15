"""Points, PD and unknown share of every borrower by the scorecard of their subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.whole import WHOLE, Ints, unknown_of, up

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


class Card:
    """A scorecard in use, from the rows of linewatch.characteristics.tables_of."""

    def __init__(self, subject: str, tables: Tables) -> None:
        (base,) = (row for row in tables["base"] if row["subject"] == subject)
        self.name, self.base_points = base["scorecard"], base["base_points"]
        bins = pd.DataFrame([row for row in tables["bins"] if row["scorecard"] == self.name])
        self.characteristics = [_Characteristic(*of) for of in bins.groupby("characteristic", sort=False)]
        steps = sorted(
            (row["score_from"], row["pd_bp"]) for row in tables["pd"] if row["scorecard"] == self.name
        )
        self.score_from, self.pd_bp = (np.array(column, np.int32) for column in zip(*steps, strict=True))

    def scores(self, features: pd.DataFrame) -> pd.DataFrame:
        """Of each row of `features`: score (hundredths of a point), PD, unknown share, points of conduct."""
        score, conduct, known, asked = (np.zeros(len(features), np.int32) for _ in range(4))
        score += self.base_points
        for item in self.characteristics:
            values = features[item.name].to_numpy()
            points, is_known = item.points_of(values), values != unknown_of(values)
            score += points
            known += is_known
            asked += is_known if item.is_optional else 1
            if item.is_conduct:
                conduct += points
        share = np.where(asked > 0, up((asked - known) * WHOLE, np.maximum(asked, 1)), WHOLE)
        return pd.DataFrame(
            {
                "scorecard": pd.Categorical.from_codes(np.zeros(len(features), np.int8), [self.name]),
                "score": score,
                "pd_bp": self.pd_bp[np.searchsorted(self.score_from[1:], score, side="right")],
                "unknown_share_bp": share,
                "conduct_points": conduct,
            },
            copy=False,
        )


class _Characteristic:
    def __init__(self, name: str, attributes: pd.DataFrame) -> None:
        unknown = attributes["is_unknown"]
        bins = attributes[~unknown].sort_values("value_from", na_position="first")
        self.name = name
        self.is_optional = attributes["is_optional"].eq(True).any()
        self.is_conduct = attributes["driver"].eq("conduct").any()
        self._from = bins["value_from"].iloc[1:].astype(np.int64).to_numpy()
        self._points = np.array([*attributes.loc[unknown, "points"], *bins["points"]], np.int32)

    def points_of(self, values: Ints) -> Any:
        """Of each value. The unknown lies below every bin, so that its attribute is the first."""
        edges = np.array([unknown_of(values) + 1, *self._from]).astype(values.dtype)
        return self._points[np.searchsorted(edges, values, side="right")]
