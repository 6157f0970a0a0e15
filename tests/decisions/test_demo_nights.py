"""The generated lender under three policies: what the steps decide is what the page says of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sql.engine as sql
from linewatch.night import Night
from tasks.commit import commit_night
from tasks.decide import decide
from tasks.demo import DemoNight, write_demo
from tasks.draft import write_drafts
from tasks.features import features
from tasks.publish import publish_due
from tasks.pull import pull_source
from tasks.refer import open_cases
from tasks.rescore import rescore
from tasks.validate import validate
from tests.oracle.compare import disagreement
from tests.oracle.night import book_of_night, decisions_of
from tests.oracle.policies import NAMES, documents_under
from tests.oracle.policy_oracle import decide as decide_by_the_page


def nights_of(place: Path, policy: str, *, borrowers: int, nights: int) -> Iterator[Night]:
    """Each night decided, and committed once the caller has looked; the next one's source shows it."""
    home = place / "home"
    for number in range(nights):
        feedback = {"feedback": home} if number else {"feedback": place / "none yet"}
        (demo,) = write_demo(place / "lender", borrowers=borrowers, seed=7, nights=nights, **feedback)
        night = decided(demo, home, policy)
        try:
            yield night
            write_drafts(night)
            open_cases(night)
            commit_night(night)
            publish_due(night)
        finally:
            sql.close_engine(night.scratch)


def decided(demo: DemoNight, home: Path, policy: str) -> Night:
    night = Night(
        as_of=demo.as_of,
        home=home,
        source=str(demo.folder),
        documents=documents_under(policy, demo.as_of),
        recorded_at=datetime(2026, 12, 1, tzinfo=UTC),
        threads=2,
    )
    pull_source(night)
    for step in (validate, features, rescore, decide):
        step.fn(night)
    return night


@pytest.mark.parametrize("policy", NAMES)
@pytest.mark.parametrize(
    ("borrowers", "nights"),
    [
        (500, 2),
        pytest.param(2_000, 4, marks=pytest.mark.slow),
        pytest.param(50_000, 2, marks=pytest.mark.slow),
    ],
)
def test_nights_of_the_generated_lender_are_decided_by_the_page(
    tmp_path: Path, policy: str, borrowers: int, nights: int
) -> None:
    actions = set()
    for night in nights_of(tmp_path, policy, borrowers=borrowers, nights=nights):
        said = decisions_of(night)
        actions |= {row["action"] for row in said.values()}
        book = book_of_night(night, "CNY")
        parted = disagreement(book, said, decide_by_the_page(book))
        assert not parted, parted
    assert {"hold", "decrease"} <= actions
