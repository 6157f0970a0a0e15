"""Every borrower scored, every night, by the scorecard that the policy names for their kind."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from linewatch.characteristics import tables_of
from linewatch.documents import Documents, grace_rows
from linewatch.errors import DocumentRefused
from linewatch.night import Night
from linewatch.scorecard import Scorecard
from sql.engine import cursor
from sql.scores import build_scores, keep_former, load_scorecards


@task(name="rescore", task_run_name="rescore {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def rescore(night: Night) -> int:
    """Leave `scores`, one row a borrower in the feature tables, and `former_scores` while a card is in grace.

    Raises DocumentRefused if a scorecard in use reads what is not a characteristic.
    """
    with cursor(night.scratch) as db:
        former = [card for _, card in sorted(night.documents.former_scorecards.items())]
        if former:
            load_scorecards(db, **tables_of(former))
            build_scores(db)
        keep_former(db, grace_rows(night.documents))
        load_scorecards(db, **tables_of(cards_in_use(night.documents)))
        return build_scores(db)


def cards_in_use(documents: Documents) -> list[Scorecard]:
    """The scorecards that the policy names, in the order of their subjects."""
    cards = [
        (subject, documents.scorecards[name]) for subject, name in sorted(documents.policy.scorecards.items())
    ]
    faults = [
        f"policy {documents.policy.id}: scorecards.{subject}:"
        f" {card.id} is a scorecard for {card.subject} borrowers"
        for subject, card in cards
        if card.subject != subject
    ]
    if faults:
        raise DocumentRefused(faults)
    return [card for _, card in cards]
