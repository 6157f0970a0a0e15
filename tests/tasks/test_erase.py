"""Erasing a borrower: nothing tells of them any more, the log stays whole, others' nights stand."""

from __future__ import annotations

import contextlib
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows import people, replay
from ledger import open_ledger
from linewatch.errors import DataRefused, NightHeld, NotFound
from tasks.access import erase, export_borrower
from tasks.approve import discard
from tasks.checkpoint import sign_standing
from tasks.export import export_night
from tasks.letters.outbox import write_outbox
from tasks.publish import deliver_due
from tests.cutting import cut_off_at
from tests.ledger.small_lender import Wish, a_night, papers, run, write_source
from tests.planted_home import MARK, planted_lender, rows_of, texts, without
from tests.whole_night import run_night
from verify.home import check

FIRST, SECOND = date(2026, 11, 21), date(2026, 11, 22)
LATER = datetime(2031, 1, 1, 9, tzinfo=UTC)
WHO = {"by": "li", "because": "They asked for it."}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, set[str]]:
    """A home of two nights; the second one's source has left out a borrower with a letter and a case."""
    place = tmp_path_factory.mktemp("erase")
    source = planted_lender(place / "demo", 300)
    home = place / "home"
    first = run_night(source, FIRST, home, promises=False)
    drafts = pq.read_table(first.paths["drafts"]).to_pylist()
    cases = {row["borrower_id"] for row in pq.read_table(first.paths["cases"]).to_pylist()}
    decisions = pq.read_table(first.paths["decisions"]).to_pylist()
    borrower = next(row["borrower_id"] for row in drafts if row["borrower_id"] not in cases)
    of_case = sorted(cases)[0]
    export_night(home, FIRST, write_outbox)
    gone = {borrower, of_case}
    lines = {row["facility_id"] for row in decisions if row["borrower_id"] in gone}
    second = source
    for each in sorted(gone):
        own = {row["facility_id"] for row in decisions if row["borrower_id"] == each}
        second = without(second, each, own, place / f"second-{each.removeprefix(MARK)}")
    run_night(second, SECOND, home, promises=False)
    sign_standing(home, LATER)
    return home, borrower, {of_case, *lines}


def test_while_the_law_keeps_them_nothing_is_erased_and_the_record_is_named(
    made: tuple[Path, str, set[str]],
) -> None:
    home, borrower, _ = made
    before = {path: path.read_bytes() for path in home.rglob("*.parquet")}
    with pytest.raises(DataRefused, match=r"keeps what was decided of this borrower until 20\d\d-"):
        erase(home, borrower, **WHO, recorded_at=datetime(2026, 11, 28, tzinfo=UTC))
    assert before == {path: path.read_bytes() for path in home.rglob("*.parquet")}


def test_who_is_still_delivered_is_not_erased(made: tuple[Path, str, set[str]]) -> None:
    home, _, _ = made
    rows = pq.read_table(open_ledger(home).standing(SECOND).path(home, "decisions")).to_pylist()
    with pytest.raises(DataRefused, match="The source still delivered this borrower on 2026-11-22"):
        erase(home, rows[0]["borrower_id"], **WHO, recorded_at=LATER)


def test_cut_off_before_it_was_known_and_asked_for_again_it_is_done(made: tuple[Path, str, set[str]]) -> None:
    """Also: nothing is left of them, the checker finds the log whole, and others stand as they stood."""
    home, borrower, gone = made
    of_case = next(each for each in gone if each.startswith(MARK) and not each.endswith("-1"))
    others = _others(home, borrower, gone)

    with cut_off_at("erase.transaction:inside"):
        erase(home, borrower, **WHO, recorded_at=LATER)
    assert check(home).faults == ()
    done = erase(home, borrower, **WHO, recorded_at=LATER)
    assert done.leaves > 0
    assert done.files > 5
    second = erase(home, of_case, **WHO, recorded_at=LATER)
    assert second.cases == 1
    sign_standing(home, LATER)
    report = check(home)
    assert report.faults == ()
    assert report.counts["erased"] == done.leaves + second.leaves
    assert _others(home, borrower, gone) == others
    again = replay.one(home, FIRST, None, None)
    assert again.status == "same", again.text
    assert again.content["erased"] > 0
    assert again.content["not_compared"] == done.not_replayed + second.not_replayed
    assert replay.one(home, SECOND, None, None).status == "same"
    for each in (borrower, of_case):
        assert _left_of(home, each) == []
        with pytest.raises(NotFound):
            erase(home, each, **WHO, recorded_at=LATER)
        with pytest.raises(NotFound):
            export_borrower(home, each, LATER)


def test_while_a_night_is_held_no_file_is_touched(tmp_path: Path) -> None:
    home, left = tmp_path / "home", {"F2": Wish(100, 90, "rule")}
    nights = ({"F0": Wish(100, 90, "rule"), **left}, left, left)
    for number, lines in enumerate(nights):
        source = write_source(tmp_path / f"source-{number}", lines)
        made = a_night(home, source, FIRST + timedelta(days=number), LATER, papers())
        run(made, ("guard",) if number == 2 else ())
        deliver_due(home, LATER)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with pytest.raises(NightHeld):
        erase(home, "B0", **WHO, recorded_at=LATER)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    discard(home, FIRST + timedelta(days=2), **WHO, recorded_at=LATER)
    assert erase(home, "B0", **WHO, recorded_at=LATER).handed_out > 0


@pytest.mark.parametrize(
    "point", ["erase.snapshot:after", "erase.decisions:after", "erase.transaction:after"]
)
def test_cut_off_and_asked_for_again_it_leaves_what_one_erasure_would(
    again: tuple[Path, str, Path], tmp_path: Path, point: str
) -> None:
    before, borrower, whole = again
    home = Path(shutil.copytree(before, tmp_path / "home"))

    with cut_off_at(point):
        erase(home, borrower, **WHO, recorded_at=LATER)
    with contextlib.suppress(NotFound):  # it was known already
        people.erase(home, borrower, **WHO, moment=LATER)
    assert kept(home) == kept(whole)
    standing = open_ledger(home).log.standing()
    assert standing.checkpoint is not None
    assert standing.checkpoint.size == standing.size


def kept(home: Path) -> tuple[set[str], list[tuple[str, dict[str, object]]]]:
    """The files and folders of a home, and its batches with what they count."""
    names = {path.relative_to(home).as_posix() for path in home.rglob("*")}
    batches = [(each.batch, dict(each.counts)) for each in open_ledger(home).batches()]
    return {name for name in names if not name.startswith(("ledger.db", "work"))}, batches


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Path]:
    """A home, a borrower whom its newest night does not read, and what one erasure leaves of it."""
    place = tmp_path_factory.mktemp("again")
    source = planted_lender(place / "demo", 40)
    before = place / "home"
    decisions = pq.read_table(run_night(source, FIRST, before, promises=False).paths["decisions"]).to_pylist()
    borrower = decisions[0]["borrower_id"]
    own = {row["facility_id"] for row in decisions if row["borrower_id"] == borrower}
    export_night(before, FIRST, write_outbox)
    run_night(without(source, borrower, own, place / "left"), SECOND, before, promises=False)
    whole = Path(shutil.copytree(before, place / "whole"))
    people.erase(whole, borrower, **WHO, moment=LATER)
    return before, borrower, whole


def _others(home: Path, borrower: str, gone: set[str]) -> list[str]:
    """Every decision on another's line, as text."""
    found = []
    for batch in open_ledger(home).batches():
        path = batch.path(home, "decisions")
        rows = pq.read_table(path).to_pylist() if path else []
        found += [
            json.dumps(row, default=str)
            for row in rows
            if row["borrower_id"] != borrower and row["borrower_id"] not in gone
        ]
    return found


def _left_of(home: Path, borrower: str) -> list[str]:
    """Where a name, an address or a key of the borrower still stands, other than in rows of other people."""
    key = borrower.removeprefix(MARK)
    words = [borrower, f"{MARK}name of {key}", f"{MARK}street of {key}"]
    found = []
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix != ".db":
            held = [word for text in texts(path) for word in words if f'"{word}"' in text]
            found += [f"{path.relative_to(home)}: {word}" for word in held]
    for table, row in rows_of(home / "ledger.db"):
        found += [f"{table}: {word}" for word in words if word in str(row)]
    return found
