"""Erasing a borrower of a small home: what people wrote, what was handed out, who looks on meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ledger import open_ledger
from linewatch.errors import DataRefused, NotFound
from tasks.access import erase, export_borrower
from tasks.approve import discard
from tasks.publish import deliver_due
from tasks.verify_log import verify_home
from tests.cutting import cut_off_at
from tests.ledger.small_lender import Wish, a_night, papers, run, write_source

FIRST = date(2026, 11, 21)
LATER = datetime(2031, 1, 1, 9, tzinfo=UTC)
WHO = {"by": "li", "because": "They asked for it."}
LINES = {"F0": Wish(100, 90, "person"), "F1": Wish(100, 90, "rule"), "F2": Wish(100, 90, "person")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights and one that was thrown away, of B1, who names B0; B0 is in the first alone."""
    place = tmp_path_factory.mktemp("words")
    home, left = place / "home", {"F2": LINES["F2"]}
    for number, lines in enumerate((LINES, left, left)):
        source = write_source(place / f"source-{number}", lines)
        (source / "social_link.csv").write_text(
            "borrower_id,related_borrower_id,kind\nB1,B0,family\n", encoding="utf-8"
        )
        made = a_night(home, source, FIRST + timedelta(days=number), LATER, papers())
        run(made, ("guard",) if number == 2 else ())
        deliver_due(home, LATER)
    discard(home, FIRST + timedelta(days=2), by="li", because="B0 stands wrong.", recorded_at=LATER)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.mark.parametrize("words", ["B0 asked for it.", "The owner of F1, by letter", "letter of (b0)"])
def test_words_that_would_name_them_for_good_are_refused_before_anything(home: Path, words: str) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with pytest.raises(DataRefused, match="would name the borrower") as refused:
        erase(home, "B0", by="li", because=words, recorded_at=LATER)
    assert "B0" not in refused.value.shown
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert erase(home, "B0", by="li", because="B01 and F10 are others.", recorded_at=LATER).leaves > 0


def test_words_and_others_rows_that_name_them_still_make_no_second_erasure(home: Path) -> None:
    erase(home, "B0", **WHO, recorded_at=LATER)
    batches = open_ledger(home).batches()
    files = {path for path in home.rglob("*") if path.is_file()}
    for _ in range(2):
        said = r"2 rows of the record.*\(approval 1, log_entry 1\) and by 1 rows of other borrowers"
        with pytest.raises(NotFound, match=said):
            erase(home, "B0", **WHO, recorded_at=LATER)
    assert open_ledger(home).batches() == batches
    assert {path for path in home.rglob("*") if path.is_file()} == files


def test_cut_off_once_it_was_known_it_is_not_put_on_record_twice(home: Path) -> None:
    with cut_off_at("erase.transaction:after"):
        erase(home, "B0", **WHO, recorded_at=LATER)
    batches = open_ledger(home).batches()
    with pytest.raises(NotFound):
        erase(home, "B0", **WHO, recorded_at=LATER)
    assert open_ledger(home).batches() == batches
    assert verify_home(home, (), (), lambda line: None).faults == ()


def test_the_case_of_another_that_names_them_stays_the_others(home: Path) -> None:
    with sqlite3.connect(home / "ledger.db") as db:
        db.execute("""update review_case set content = '{"beside": "B0"}' where borrower_id = 'B1'""")
    assert erase(home, "B0", **WHO, recorded_at=LATER).cases == 1
    with sqlite3.connect(home / "ledger.db") as db:
        assert db.execute("select distinct borrower_id from review_case where content <> ''").fetchall() == [
            ("B1",)
        ]


def test_what_was_handed_to_them_leaves_no_folder(home: Path) -> None:
    folder = export_borrower(home, "B0", LATER).page.parent
    assert folder.is_relative_to(home / "out" / "access")
    erase(home, "B0", **WHO, recorded_at=LATER)
    assert not folder.exists()


def test_of_a_file_for_people_the_lines_of_others_stay_to_the_byte(home: Path) -> None:
    head, others = "facility_id,note\r\n", ['"F2","two\r\nlines, ""so"""\r\n', '"F3","plain"\r\n', "F4,\r\n"]
    path = home / "out" / FIRST.isoformat() / "limit_changes.csv"
    path.write_text(
        head + others[0] + '"F0","two\r\nlines"\r\n' + others[1] + "'F1,x\r\n" + others[2],
        encoding="utf-8",
        newline="",
    )
    erase(home, "B0", **WHO, recorded_at=LATER)
    assert path.read_bytes().decode() == head + "".join(others)


@pytest.mark.parametrize("folder", ["replay", "revision-0123456789ab/replay"])
def test_what_a_replay_said_of_their_lines_goes_too(home: Path, folder: str) -> None:
    path = home / "out" / FIRST.isoformat() / folder / "differences.csv"
    path.parent.mkdir(parents=True)
    head = "facility_id,step,column_name,committed,again\n"
    path.write_text(f"{head}F0,gate,limit_cents,1,2\nF2,gate,limit_cents,1,2\n", encoding="utf-8")
    assert export_borrower(home, "B0", LATER).counts["exports.differences"] == 1
    erase(home, "B0", **WHO, recorded_at=LATER)
    assert path.read_text(encoding="utf-8") == f"{head}F2,gate,limit_cents,1,2\n"


def test_a_verification_beside_an_erasure_looks_again_and_finds_no_fault(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.engine.BUSY_SECONDS", 1)  # the erasure waits for the reader, here in vain
    told: list[str] = []

    def heard(line: str) -> None:
        told.append(line)
        if len(told) == 1:
            erase(home, "B0", **WHO, recorded_at=LATER)

    report = verify_home(home, (), (), heard)
    assert report.faults == ()
    assert report.counts["erased"] > 0
    assert report.counts.get("snapshots_gone", 0) == 0
    assert sum("looked at once more" in line for line in told) == 1


def test_a_file_that_is_gone_is_a_fault_at_once(home: Path) -> None:
    next((home / "batches").rglob("decisions-*")).unlink()
    told: list[str] = []
    assert verify_home(home, (), (), told.append).faults
    assert not any("once more" in line for line in told)


def test_a_batch_upon_a_night_misses_no_snapshot_that_another_stands_in_for(home: Path) -> None:
    ledger = open_ledger(home)
    first = ledger.standing(FIRST)
    assert first is not None
    files = {name: first.files[name] for name in ("changes", "drafts")}
    upon = first.upon("reversal", "0" * 64, files, {}, "1")
    shutil.copytree(home / first.folder, home / upon.folder)
    upon = replace(
        upon,
        files={
            name: replace(each, path=each.path.replace(first.folder, upon.folder))
            for name, each in files.items()
        },
    )
    ledger.commit_batch(upon, documents=(), recorded_at=LATER)
    erase(home, "B0", **WHO, recorded_at=LATER)
    counts = verify_home(home, (), (), lambda line: None).counts
    assert counts.get("snapshots_gone", 0) == 0
    assert counts["snapshots"] == len(list((home / "snapshots").iterdir()))
