"""Scores of every borrower: which statements, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sql.engine import Cursor, Rows

Document = Iterable[Mapping[str, Any]]


def load_scorecards(db: Cursor, *, base: Document, bins: Document, pd: Document) -> None:
    """Leave `scorecard_base`, `scorecard_bin` and `scorecard_pd`: one scorecard a subject."""
    db.replace("scorecard_base", base)
    db.replace("scorecard_bin", bins)
    db.replace("scorecard_pd", pd)


def build_scores(db: Cursor) -> int:
    """Leave `scores`, one row a borrower of the feature tables; return how many.

    Reads the tables of `load_scorecards` and of `sql.features.build_features`.
    """
    return db.build("scores/scores")


def keep_former(db: Cursor, first_days: Sequence[Mapping[str, Any]]) -> None:
    """Leave `former_scores`: what `scores` are, being by the cards before those in force; empty without any.

    `first_days` gives a row a card: its subject, and the first day of the card in force.
    """
    if not first_days:
        db.create("schema/former_scores")
        return
    db.replace("grace", first_days)
    db.build("scores/former_scores")


def reference_points(db: Cursor) -> Rows:
    """Mean points of each characteristic over the borrowers in whom it is known."""
    return db.rows("scores/reference")


def rank_sums(db: Cursor) -> dict[str, int]:
    """The sums of the rank correlation of `scores` and `check_rating`."""
    return db.rows("scores/check_rank")[0]


def build_check(db: Cursor) -> tuple[dict[str, int], Rows]:
    """The sums that AUC, KS and Brier are fractions of, and a calibration row a tenth of the borrowers.

    Reads `scores` and `check_outcome`; leaves `check_scores`.
    """
    db.build("scores/check_scores")
    totals = db.rows("scores/check_totals")
    empty = dict.fromkeys(("good", "bad", "auc_halves", "ks_most", "brier_bp2", "pd_bp_sum"), 0)
    return (totals[0] if totals else empty), db.rows("scores/check_calibration")
