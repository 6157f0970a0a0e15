"""`linewatch scorecard`: how good a card is, and what its lines look like."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cyclopts import App

from flows import verbs
from flows.options import COMMON, Common
from flows.terminal import Reply

scorecard = App(name="scorecard", help="Scorecards.")


@scorecard.command
def check(
    *,
    scorecard: Path | None = None,
    source: str | None = None,
    outcome: Path | None = None,
    as_of: date | None = None,
    common: Common = COMMON,
) -> Reply:
    """Measure a scorecard against what came of the borrowers: AUC, KS, Brier and a calibration table.

    Parameters
    ----------
    scorecard
        The card; left out, the shipped consumer card.
    source
        NAME:PATH of a data set with outcomes, or a folder; left out, the public card data.
    outcome
        A file of borrower_id and defaulted; left out, the one of the data set or folder.
    as_of
        The day the features are taken at; left out, the data set's own.
    """
    return verbs.scorecard_check(scorecard, source, outcome, as_of)


@scorecard.command
def reference(*, as_of: date | None = None, common: Common = COMMON) -> Reply:
    """Print how a committed night's lines spread over scores and grades, as a scorecard's reference.

    Parameters
    ----------
    as_of
        The night; left out, the newest one.
    """
    return verbs.scorecard_reference(common.home.absolute(), as_of)
