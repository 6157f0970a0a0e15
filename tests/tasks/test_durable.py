"""What the record is told of has come through to the disk by then, with the names of its folders."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

import sql.engine as sql
from ledger.log import Log
from ledger.turn import turn
from linewatch import fault
from linewatch.night import Night
from tasks.checkpoint import KEY_FILE, sign
from tasks.commit import commit_night
from tasks.publish import publish_due
from tests.tasks.record_fixture import RECORDED_AT, decided, small_folder
from tests.tasks.record_fixture import night as a_night


@pytest.fixture
def night(tmp_path: Path) -> Iterable[Night]:
    made = a_night(tmp_path / "lender" / "home", small_folder(tmp_path / "source"))
    yield made
    fault.arm(None)
    sql.close_engine(made.scratch)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files and folders that were brought to the disk, in order; they really are."""
    found: list[Path] = []
    fsync = os.fsync

    def note(handle: int) -> None:
        fsync(handle)
        found.append(Path(os.readlink(f"/proc/self/fd/{handle}")))

    monkeypatch.setattr("os.fsync", note)
    return found


def seen_at(point: str, settled: list[Path]) -> Callable[[], set[Path]]:
    """What had been brought to the disk when a point was reached last."""
    seen: list[set[Path]] = []

    def look(name: str) -> None:
        if name == point:
            seen.append(set(settled))
            settled.clear()

    fault.arm(look)
    return lambda: seen[-1]


def test_a_new_home_has_its_name_before_a_night_begins_in_it(night: Night, settled: list[Path]) -> None:
    with turn(night.home, "the night of 2026-11-21", RECORDED_AT):
        assert {night.home.parent, night.home.parent.parent} <= set(settled)


def test_the_folders_of_a_first_night_have_their_names_before_it_is_known(
    night: Night, settled: list[Path]
) -> None:
    decided(night)
    seen = seen_at("commit.transaction:before", settled)
    commit_night(night)
    assert {night.home, night.home / "batches", night.home / "snapshots"} <= seen()


def test_what_was_handed_over_has_its_name_before_it_is_noted_delivered(
    night: Night, settled: list[Path]
) -> None:
    decided(night)
    commit_night(night)
    settled.clear()
    seen = seen_at("publish.delivered:before", settled)
    publish_due(night)
    assert {night.home, night.home / "out", night.out} <= seen()


def test_a_key_has_its_name_before_the_record_tells_of_it(
    night: Night, settled: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(night)
    commit_night(night)
    settled.clear()
    told: list[Path] = []
    put_on_record = Log.sign

    def note(*given: Any, **named: Any) -> Any:
        told.extend(settled)
        return put_on_record(*given, **named)

    monkeypatch.setattr("ledger.log.Log.sign", note)
    sign(night.home, night.documents.profile.log, night.recorded_at)
    half, *after = told
    assert half.name.startswith(f"{KEY_FILE}.made.")
    assert after == [night.home, night.home]
    assert settled[-1] == night.home
