"""Status: what stands, what waits and what to type, for a person and as JSON."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

import sql.engine as sql
from linewatch.errors import NotFound
from linewatch.night import Night
from linewatch.progress import mark
from tasks.commit import commit_night
from tasks.lock import one_at_a_time
from tasks.publish import publish_due
from tasks.status import status, words
from tasks.sweep import close
from tests.tasks.record_fixture import decided, small_folder
from tests.tasks.record_fixture import night as a_night

TODAY = date(2026, 11, 29)


@pytest.fixture
def night(tmp_path: Path) -> Iterable[Night]:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    yield made
    sql.close_engine(made.scratch)


def test_a_committed_night_is_shown_with_its_counts_and_cases(night: Night) -> None:
    receipt = commit_night(night)
    close(night)
    found = status(night.home, TODAY)
    assert json.loads(json.dumps(found)) == found
    newest = found["newest"]
    assert (newest["night"], newest["decided"], newest["root"]) == ("2026-11-21", 40, receipt.root)
    assert newest["actions"] == {"decrease": 4, "freeze": 4, "hold": 28, "offer": 4}
    assert found["cases"]["open"] == 2
    assert found["cases"]["overdue"] == 2
    assert found["cases"]["by_age"] == {
        "today": 0, "1-2 days": 0, "3-7 days": 0, "8-30 days": 2, "over 30 days": 0,
    }  # fmt: skip
    assert found["unpublished"][0]["changes"] == 10
    assert (found["held"], found["running"], found["cut_off"]) == (None, None, [])
    assert found["next"].startswith("linewatch night --source")
    publish_due(night)
    assert status(night.home, TODAY)["unpublished"] == []


def test_a_held_night_is_shown_with_why_and_with_what_to_type(night: Night) -> None:
    commit_night(night, ("too many decreases",))
    close(night)
    found = status(night.home, TODAY)
    assert found["held"]["held_because"] == ["too many decreases"]
    assert found["next"].startswith("linewatch approve 2026-11-21")
    text = words(found)
    assert "newest       none" in text
    assert "because too many decreases" in text


def test_a_night_that_was_cut_off_is_shown_with_the_step_it_was_in(night: Night) -> None:
    mark(night, "decide")
    found = status(night.home, TODAY)
    assert found["cut_off"] == [{"night": "2026-11-21", "step": "decide"}]
    assert "linewatch night --as-of 2026-11-21" in found["next"]
    assert "cut off      the night of 2026-11-21, at decide" in words(found)


def test_a_night_that_runs_is_not_one_that_was_cut_off(night: Night) -> None:
    mark(night, "decide")
    with one_at_a_time(night):
        found = status(night.home, TODAY)
    assert found["cut_off"] == []
    assert found["running"].startswith("the night of 2026-11-21, process")


def test_a_folder_that_is_no_home_is_said_to_be_none_and_stays_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No night was ever run"):
        status(tmp_path / "empty", TODAY)
    assert not (tmp_path / "empty").exists()
