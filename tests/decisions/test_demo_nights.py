"""The generated lender under three policies: what the steps decide is what the page says of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import sql.engine as sql
from linewatch.night import Night
from tasks.commit import commit_night
from tasks.demo import write_demo
from tasks.draft import write_drafts
from tasks.publish import publish_due
from tasks.refer import open_cases
from tests.oracle.night import assert_decided_by_the_page, decided, decided_again
from tests.oracle.policies import NAMES, SHIPPED


def nights_of(place: Path, policy: str, *, borrowers: int, nights: int) -> Iterator[Night]:
    """Each night decided, and committed once the caller has looked; the next one's source shows it."""
    home = place / "home"
    for number in range(nights):
        feedback = {"feedback": home} if number else {"feedback": place / "none yet"}
        (demo,) = write_demo(place / "lender", borrowers=borrowers, seed=7, nights=nights, **feedback)
        night = decided(demo.as_of, str(demo.folder), home, policy, promises=False)
        try:
            yield night
            if number < nights - 1:
                write_drafts(night)
                open_cases(night)
                commit_night(night)
                publish_due(night)
        finally:
            sql.close_engine(night.scratch)


def test_two_nights_are_decided_by_the_page_the_second_under_every_policy(tmp_path: Path) -> None:
    for number, night in enumerate(nights_of(tmp_path, SHIPPED, borrowers=200, nights=2)):
        assert {"hold", "decrease"} <= assert_decided_by_the_page(night)
        for policy in (*NAMES[1:], "staged") if number else ():
            assert {"hold", "decrease"} <= assert_decided_by_the_page(decided_again(night, policy))


@pytest.mark.slow
@pytest.mark.parametrize("policy", NAMES)
@pytest.mark.parametrize(("borrowers", "nights"), [(2_000, 4), (50_000, 2)])
def test_nights_of_the_generated_lender_are_decided_by_the_page(
    tmp_path: Path, policy: str, borrowers: int, nights: int
) -> None:
    actions = set()
    for night in nights_of(tmp_path, policy, borrowers=borrowers, nights=nights):
        actions |= assert_decided_by_the_page(night)
    assert {"hold", "decrease"} <= actions
