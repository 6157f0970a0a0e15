"""A small lender that is scored for real: its own characteristics, and the cards that its documents name."""

from __future__ import annotations

from typing import Self

from linewatch.characteristics import characteristics, tables_of
from linewatch.documents import cards_in_use
from sql.engine import Cursor
from sql.features import build_features
from sql.scores import build_scores, load_scorecards
from tests.decisions.small_lender import SmallLender


class ScoredLender(SmallLender):
    """What a borrower does changes the score, and by it the limit; made-up scores are not read."""

    @classmethod
    def like(cls, lender: SmallLender) -> Self:
        """The rows, the past and the documents of another."""
        scored = cls(as_of=lender.as_of, previous_as_of=lender.previous_as_of, documents=lender.documents)
        scored.rows, scored.past, scored.changes = lender.rows, lender.past, lender.changes
        scored.quarantined, scored.open_cases = lender.quarantined, lender.open_cases
        return scored

    def fill(self, db: Cursor) -> None:
        super().fill(db)
        score(self, db)


def score(lender: SmallLender, db: Cursor) -> None:
    """Leave characteristics and scores of the accepted rows, by the cards that the documents name."""
    build_features(db, characteristics().scale_rows(), lender.documents.policy.tables()["pol_control_group"])
    load_scorecards(db, **tables_of(cards_in_use(lender.documents)))
    build_scores(db)
