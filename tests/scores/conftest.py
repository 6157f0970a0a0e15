"""Borrowers with given characteristics, scored by given cards through the real statements."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from linewatch.characteristics import characteristics
from linewatch.scorecard import Scorecard
from sql.engine import Cursor, Engine
from sql.scores import build_scores, load_scorecards

Features = Mapping[str, Mapping[str, int | None]]
"""Borrower to characteristic to value; what is left out is unknown."""


def card_of(subject: str, characteristic: Iterable[Mapping[str, Any]], **other: Any) -> Scorecard:
    """A card with the given characteristics; PD 5000 bp below 0 points, 100 bp from there on."""
    return Scorecard.model_validate(
        {
            "id": f"a {subject} card",
            "version": "1",
            "effective_from": "2000-01-01",
            "subject": subject,
            "feature_version": characteristics().version,
            "base_points": 0,
            "reference_population": "none",
            "because": "a test",
            "characteristic": list(characteristic),
            "pd": [{"score_from": -1_000_000, "pd_bp": 5_000}, {"score_from": 0, "pd_bp": 100}],
            **other,
        }
    )


def item(name: str, *attribute: Mapping[str, Any], reference: int = 0) -> dict[str, Any]:
    return {
        "name": name,
        "family": "late_payments",
        "driver": "conduct",
        "reference_points": reference,
        "because": "a test",
        "attribute": list(attribute),
    }


def load(db: Cursor, cards: Iterable[Scorecard], features: Mapping[str, Features]) -> None:
    """Leave both feature tables and the cards."""
    for subject in ("consumer", "enterprise"):
        names = [definition.name for definition in characteristics().of(subject)]
        columns = ", ".join(f"{name} bigint" for name in names)
        db.raw.execute(f"create or replace table features_{subject} (borrower_id varchar, {columns})")
        rows = features.get(subject, {})
        db.append(f"features_{subject}", [{"borrower_id": borrower, **row} for borrower, row in rows.items()])
    listed = list(cards)
    load_scorecards(
        db,
        base=[row for card in listed for row in card.base_rows()],
        bins=[row for card in listed for row in card.bin_rows()],
        pd=[row for card in listed for row in card.pd_rows()],
    )


def scored(cards: Iterable[Scorecard], features: Mapping[str, Features]) -> dict[str, dict[str, Any]]:
    """The rows of `scores` by borrower."""
    with Engine(None, threads=2) as engine, engine.cursor() as db:
        load(db, cards, features)
        build_scores(db)
        rows = db.raw.sql("from scores order by borrower_id").to_arrow_table().to_pylist()
    assert len({row["borrower_id"] for row in rows}) == len(rows)
    return {row["borrower_id"]: row for row in rows}


def pointed(
    cards: Iterable[Scorecard], features: Mapping[str, Features], wanted: Iterable[str]
) -> list[dict]:
    """The rows of `points` for the wanted borrowers."""
    with Engine(None, threads=2) as engine, engine.cursor() as db:
        load(db, cards, features)
        db.raw.execute("create table wanted_borrower (borrower_id varchar)")
        db.append("wanted_borrower", [{"borrower_id": borrower} for borrower in wanted])
        db.build("scores/points")
        return db.raw.sql("from points").to_arrow_table().to_pylist()


@pytest.fixture(scope="session")
def score() -> Callable[..., dict[str, dict[str, Any]]]:
    return scored


@pytest.fixture(scope="session")
def points() -> Callable[..., list[dict]]:
    return pointed


@pytest.fixture(scope="session")
def make_card() -> Callable[..., Scorecard]:
    return card_of


@pytest.fixture(scope="session")
def make_item() -> Callable[..., dict[str, Any]]:
    return item
