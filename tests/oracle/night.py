"""A real night as the oracle reads it: the accepted rows and scores that `decide` found in the scratch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sql.engine as sql
from linewatch.documents import Documents
from linewatch.night import Night
from sql.contract import contract
from tasks.decide import decide
from tasks.features import features
from tasks.pull import pull_source
from tasks.rescore import rescore
from tasks.validate import validate
from tests.oracle.book import Book
from tests.oracle.compare import disagreement
from tests.oracle.grade_fall import points
from tests.oracle.policies import documents_under
from tests.oracle.policy_oracle import decide as decide_by_the_page
from tests.whole_night import accept

Rows = list[dict[str, Any]]


def decided(as_of: date, source: str, home: Path, policy: str, *, promises: bool = True) -> Night:
    """A night up to its decisions, by the steps themselves; without `promises`, of the rows as they came."""
    night = Night(
        as_of=as_of,
        home=home,
        source=source,
        documents=documents_under(policy, as_of),
        recorded_at=datetime(2026, 12, 1, tzinfo=UTC),
        threads=1,
    )
    pull_source(night)
    if promises:
        validate.fn(night)
    else:
        accept(night)
    _decide(night)
    return night


def decided_again(night: Night, policy: str) -> Night:
    """The same accepted rows under another policy."""
    again = replace(night, documents=documents_under(policy, night.as_of))
    _decide(again)
    return again


def _decide(night: Night) -> None:
    for step in (features, rescore, decide):
        step.fn(night)


def assert_decided_by_the_page(night: Night) -> set[str]:
    """The actions; a disagreement is told with the first line on which statements and page part."""
    said, book = decisions_of(night), book_of_night(night)
    parted = disagreement(book, said, decide_by_the_page(book))
    assert not parted, parted
    return {row["action"] for row in said.values()}


def book_of_night(night: Night) -> Book:
    """After `decide`, before the scratch is swept."""
    with sql.cursor(night.scratch) as db:
        (reporting,) = rows_of(db, "reporting")
        tables = {name: rows_of(db, name) for name in contract()}
        (about,) = rows_of(db, "night")
        return Book(
            as_of=night.as_of,
            previous_as_of=about["previous_as_of"],
            reporting_currency=reporting["currency"],
            documents=night.documents,
            tables=tables,
            lines=rows_of(db, "stg_facility"),
            scores=rows_of(db, "scores"),
            past=rows_of(db, "past_decision"),
            changes=rows_of(db, "past_change"),
            quarantined=frozenset(row["borrower_id"] for row in rows_of(db, "quarantined_borrower")),
            open_cases=frozenset(row["borrower_id"] for row in rows_of(db, "open_case")),
            former={row["borrower_id"]: row for row in rows_of(db, "former_scores")},
            shortfalls=shortfalls_of(night.documents, db),
            characteristics=characteristics_of(db),
            pd_steps={
                name: [(step.score_from, step.pd_bp) for step in card.pd]
                for name, card in night.documents.scorecards.items()
            },
        )


def decisions_of(night: Night) -> dict[str, dict[str, Any]]:
    with sql.cursor(night.scratch) as db:
        return {row["facility_id"]: row for row in rows_of(db, "decisions")}


def rows_of(db: sql.Cursor, table: str) -> Rows:
    listed: Rows = db.raw.sql(f"from {table}").to_arrow_table().to_pylist()
    return listed


def characteristics_of(db: sql.Cursor) -> dict[str, dict[str, int | None]]:
    """Of a borrower, by name."""
    found: dict[str, dict[str, int | None]] = {}
    for table in ("features_consumer", "features_enterprise"):
        for row in rows_of(db, table):
            found[row["borrower_id"]] = {name: value for name, value in row.items() if name != "borrower_id"}
    return found


def shortfalls_of(documents: Documents, db: sql.Cursor) -> dict[str, dict[str, int]]:
    """Reference less own points by family, looked up in the card for every borrower's characteristics."""
    found = {}
    for subject, table in (("consumer", "features_consumer"), ("enterprise", "features_enterprise")):
        card = documents.scorecards[documents.policy.scorecards[subject]]  # type: ignore[index]
        for values in rows_of(db, table):
            short: dict[str, int] = {}
            for item in card.characteristic:
                own = points(item.attribute, values[item.name])
                short[item.family] = short.get(item.family, 0) + item.reference_points - own
            found[values["borrower_id"]] = short
    return found
