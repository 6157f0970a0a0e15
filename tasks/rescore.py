"""Every borrower scored, every night, by the scorecard that the policy names for their kind."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from linewatch.characteristics import tables_of
from linewatch.documents import Documents, cards_in_use, grace_rows
from linewatch.night import Night
from sql.engine import Cursor, cursor
from sql.scores import build_scores, keep_former, load_scorecards


@task(name="rescore", task_run_name="rescore {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def rescore(night: Night) -> int:
    """Leave `scores`, one row a borrower in the feature tables, and `former_scores` while a card is in grace.

    Raises DocumentRefused if a scorecard in use reads what is not a characteristic.
    """
    with cursor(night.scratch) as db:
        return score(db, night.documents)


def score(db: Cursor, documents: Documents) -> int:
    """The same, of the feature tables that a cursor sees, by the cards of any documents."""
    former = [card for _, card in sorted(documents.former_scorecards.items())]
    if former:
        load_scorecards(db, **tables_of(former))
        build_scores(db)
    keep_former(db, grace_rows(documents))
    load_scorecards(db, **tables_of(cards_in_use(documents)))
    return build_scores(db)
