"""Which scorecards a night scores by."""

import dataclasses
from datetime import date

import pytest

from linewatch.documents import cards_in_use, load_documents
from linewatch.errors import DocumentRefused

DOCUMENTS = load_documents(date(2026, 11, 21))


def test_the_cards_are_those_that_the_policy_names():
    assert [(card.subject, card.id) for card in cards_in_use(DOCUMENTS)] == [
        ("consumer", "consumer"),
        ("enterprise", "enterprise"),
    ]


def test_a_card_that_the_policy_names_for_the_wrong_kind_of_borrower_is_refused():
    named = {"consumer": "enterprise", "enterprise": "enterprise"}
    policy = DOCUMENTS.policy.model_copy(update={"scorecards": named})

    with pytest.raises(DocumentRefused, match=r"1 fault") as refused:
        cards_in_use(dataclasses.replace(DOCUMENTS, policy=policy))

    assert "scorecards.consumer: enterprise is a scorecard for enterprise borrowers" in str(refused.value)
