"""What a person decided and was cut off from: the same command, typed again, hands out what is still owed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from flows import people
from ledger import open_ledger
from linewatch import fault
from linewatch.errors import NotFound
from tasks.commit import commit_night
from tasks.demo import write_demo
from tasks.sweep import close
from tests.letters.letters_fixture import outbox_in
from tests.tasks.record_fixture import decided, small_folder
from tests.tasks.record_fixture import night as a_night
from tests.whole_night import run_night

NIGHT = date(2026, 11, 21)
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class CutOff(Exception):
    """Raised in place of a kill."""


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a held night."""
    place = tmp_path_factory.mktemp("nights")
    (night,) = write_demo(place / "lender", borrowers=60, seed=3)
    run_night(night.folder, night.as_of, place / "home", held_because=("not looked at",), promises=False)
    return place / "home"


@pytest.fixture
def home(held: Path, tmp_path: Path) -> Iterator[Path]:
    yield Path(shutil.copytree(held, tmp_path / "home"))
    fault.arm(None)


def cut_at(point: str) -> None:
    def cut(name: str) -> None:
        if name == point:
            raise CutOff

    fault.arm(cut)


def approve(home: Path, by: str) -> dict[str, Any]:
    return people.approve(home, NIGHT, by, "Seen.", AT)


def protect(home: Path, by: str) -> dict[str, Any]:
    return people.protect(home, NIGHT, by, "Seen.", AT)


def undo(home: Path, by: str) -> dict[str, Any]:
    return people.confirm_reversal(home, NIGHT, by, "Seen.", AT)


def test_a_held_night_that_was_decided_on_and_not_handed_out_is_handed_out_by_the_same_again(
    home: Path, tmp_path: Path
) -> None:
    _cut_off_and_again(home, tmp_path, approve)


def test_blocks_of_a_held_night_that_were_not_handed_out_are_handed_out_by_the_same_again(
    tmp_path: Path,
) -> None:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    commit_night(made, ("nobody has looked yet",))
    close(made)
    _cut_off_and_again(made.home, tmp_path, protect)


def _cut_off_and_again(home: Path, tmp_path: Path, verb: Callable[[Path, str], dict[str, Any]]) -> None:
    whole = verb(Path(shutil.copytree(home, tmp_path / "whole")), "li")
    cut_at("publish.delivered:before")
    with pytest.raises(CutOff):
        verb(home, "li")
    known = open_ledger(home).batches()
    assert open_ledger(home).pending() != []
    fault.arm(None)
    with pytest.raises(NotFound, match="is not held"):
        verb(home, "zhao")
    again = verb(home, "li")
    assert (again["status"], again["root"]) == (whole["status"], whole["root"])
    assert {name for name, path in again["paths"].items() if path} == {
        name for name, path in whole["paths"].items() if path
    }
    ledger = open_ledger(home)
    assert ledger.pending() == []
    assert ledger.batches() == known
    assert [len(ledger.approvals(each)) for each in known] == [1] * len(known)


def test_an_undone_night_that_was_not_handed_out_is_handed_out_by_the_same_again(
    home: Path, tmp_path: Path
) -> None:
    approve(home, "wu")
    people.ask_reversal(home, NIGHT, "wu", "The card was wrong.", "", "", AT)
    whole = undo(Path(shutil.copytree(home, tmp_path / "whole")), "li")
    cut_at("publish.delivered:before")
    with pytest.raises(CutOff):
        undo(home, "li")
    fault.arm(None)
    with pytest.raises(NotFound, match="or it is done"):
        undo(home, "zhao")
    again = undo(home, "li")
    for name in ("status", "root", "undone", "left", "drafts", "where"):
        assert again[name] == whole[name]
    assert Path(again["paths"]["repairs"]).exists()
    corrections = outbox_in(Path(again["paths"]["outbox"]).parent)
    assert {entry["kind"] for entry in corrections} == {"correction"}
    assert len([each for each in open_ledger(home).batches() if each.kind == "reversal"]) == 1


def test_a_discarded_night_is_told_again_to_who_discarded_it_until_the_day_is_run_again(home: Path) -> None:
    first = people.discard(home, NIGHT, "li", "Wrong.", AT)
    assert people.discard(home, NIGHT, " Li", "Wrong.", AT) == first
    assert [len(open_ledger(home).approvals(each)) for each in open_ledger(home).batches()] == [1]
    with pytest.raises(NotFound, match="is not held"):
        approve(home, "li")
