"""Publishing to a folder: what is due is handed over once, and again gives the same bytes."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

import sql.engine as sql
from ledger import open_ledger
from linewatch.night import Night
from tasks.approve import approve
from tasks.commit import commit_night
from tasks.publish import COLUMNS, Published, publish_due
from tests.cutting import cut_off_at
from tests.tasks.record_fixture import decided, small_folder
from tests.tasks.record_fixture import night as a_night


@pytest.fixture
def night(tmp_path: Path) -> Iterable[Night]:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    yield made
    sql.close_engine(made.scratch)


def out(night: Night) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(night.out.iterdir())}


def test_committed_changes_are_left_for_the_lender_once(night: Night) -> None:
    commit_night(night)
    assert publish_due(night) == Published(batches=1, changes=10)
    first = out(night)
    assert publish_due(night) == Published(batches=0, changes=0)
    assert out(night) == first
    assert set(first) == {"limit_changes.parquet", "limit_changes.csv"}
    frame = pd.read_csv(night.out / "limit_changes.csv", dtype={"facility_id": str})
    assert list(frame.columns) == COLUMNS
    assert list(frame.facility_id) == sorted(frame.facility_id)
    assert pd.read_parquet(night.out / "limit_changes.parquet").shape == (10, len(COLUMNS))


def test_a_held_night_is_published_only_when_it_is_approved(night: Night) -> None:
    commit_night(night, ("guard",))
    assert publish_due(night).batches == 0
    assert not night.out.exists()
    at = night.recorded_at + timedelta(hours=6)
    approve(night.home, night.as_of, by="wu", because="seen", recorded_at=at)
    assert publish_due(night) == Published(batches=1, changes=10)


def test_a_delivery_cut_off_before_it_was_noted_gives_the_same_bytes_again(night: Night) -> None:
    commit_night(night)
    with cut_off_at("publish.delivered:before"):
        publish_due(night)
    first = out(night)
    assert len(open_ledger(night.home).pending()) == 1
    assert publish_due(night).batches == 1
    assert out(night) == first
    assert open_ledger(night.home).pending() == []
