"""Points, PD and unknown share of every borrower by the scorecard of their subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.whole import UNKNOWN, WHOLE, Ints, up

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def scored(features: pd.DataFrame, subject: str, tables: Tables) -> pd.DataFrame:
    """One row a row of `features`, in its order: score (hundredths of a point), PD, unknown share, conduct.

    `tables` are the rows of the cards in use (linewatch.characteristics.tables_of).
    """
    (base,) = (row for row in tables["base"] if row["subject"] == subject)
    bins = pd.DataFrame([row for row in tables["bins"] if row["scorecard"] == base["scorecard"]])
    score = np.full(len(features), base["base_points"])
    conduct, known, asked = (np.zeros(len(features), np.int64) for _ in range(3))
    for name, attributes in bins.groupby("characteristic", sort=False):
        values = features[name].to_numpy()
        points = _points(values, attributes)
        is_known = values != UNKNOWN
        score += points
        known += is_known
        if (attributes["driver"] == "conduct").any():
            conduct += points
        asked += is_known if attributes["is_optional"].eq(True).any() else 1
    steps = sorted(
        (row["score_from"], row["pd_bp"]) for row in tables["pd"] if row["scorecard"] == base["scorecard"]
    )
    step = np.searchsorted([score_from for score_from, _ in steps[1:]], score, side="right")
    share = np.where(asked > 0, up((asked - known) * WHOLE, np.maximum(asked, 1)), WHOLE)
    return pd.DataFrame(
        {
            "scorecard": pd.Categorical.from_codes(np.zeros(len(features), np.int8), [base["scorecard"]]),
            "score": score,
            "pd_bp": np.array([pd_bp for _, pd_bp in steps])[step],
            "unknown_share_bp": share,
            "conduct_points": conduct,
        },
        copy=False,
    )


def _points(values: Ints, attributes: pd.DataFrame) -> Ints:
    """Of each value. UNKNOWN lies below every bin, so that its attribute is the first."""
    unknown = attributes["is_unknown"]
    bins = attributes[~unknown].sort_values("value_from", na_position="first")
    edges = [UNKNOWN + 1, *bins["value_from"].iloc[1:].astype(np.int64)]
    points = np.array([*attributes.loc[unknown, "points"], *bins["points"]])
    return points[np.searchsorted(edges, values, side="right")]
