"""A record moves from a home's file into a shared ledger, and goes on there."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import Ledger, moving, open_ledger
from ledger.moving import move
from ledger.turn import turn
from linewatch.casework import Done
from linewatch.errors import Busy, LedgerUnusable, LinewatchError, NotFound
from tests.ledger.test_the_record import AT, CASE, a_batch, approve, commit
from tests.postgres import fresh_database

ELSEWHERE = "LINEWATCH_LEDGER"


@pytest.fixture
def kept(tmp_path: Path) -> Ledger:
    """A home with two nights and a case on which somebody has worked."""
    ledger = open_ledger(tmp_path / "home")
    commit(ledger, a_batch(held=True))
    approve(ledger)
    commit(ledger, a_batch(date(2026, 11, 22)), (CASE, {**CASE, "case_id": "C2"}))
    ledger.delivered(ledger.pending()[0], {}, AT)
    ledger.cases.work([("C1", Done("lapsed", "wu", "见过"))], AT)
    (ledger.home / "batches" / "2026-11-22-night-rrrrrrrrrrrr").mkdir(parents=True)
    return ledger


def test_a_moved_record_says_what_it_said_and_goes_on(kept: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    before = said(kept)
    monkeypatch.setenv(ELSEWHERE, fresh_database("ledger"))
    rows = move(kept.home, AT)
    assert (rows["batch"], rows["review_case"]) == (2, 2)
    moved = open_ledger(kept.home)
    assert said(moved) == before
    known = commit(moved, a_batch(date(2026, 11, 23)))
    assert [each.seq for each in moved.batches()] == [1, 2, 3]
    assert known == moved.newest()
    assert not (kept.home / "ledger.db").exists()
    assert (kept.home / "ledger.db.moved").exists()


def test_a_record_is_moved_once_and_into_an_empty_ledger(
    kept: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LinewatchError, match="is not set"):
        move(kept.home, AT)
    monkeypatch.setenv(ELSEWHERE, fresh_database("ledger"))
    with pytest.raises(NotFound):
        move(tmp_path / "nothing", AT)
    open_ledger(tmp_path / "other")
    with pytest.raises(LinewatchError, match="is not empty"):
        move(kept.home, AT)
    monkeypatch.setenv(ELSEWHERE, fresh_database("ledger"))
    move(kept.home, AT)
    with pytest.raises(LinewatchError, match="already"):
        move(kept.home, AT)


def test_a_move_that_fails_leaves_the_record_where_it_is(
    kept: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(kept)
    monkeypatch.setenv(ELSEWHERE, "postgresql://nobody@127.0.0.1:1/ledger")
    with pytest.raises(LedgerUnusable):
        move(kept.home, AT)
    monkeypatch.setenv(ELSEWHERE, fresh_database("ledger"))
    monkeypatch.setattr("ledger.moving._number_on", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        move(kept.home, AT)
    monkeypatch.undo()
    assert said(open_ledger(kept.home)) == before
    with turn(kept.home, "the night of 2026-11-23", AT):
        monkeypatch.setenv(ELSEWHERE, fresh_database("ledger"))
        with pytest.raises(Busy, match="the night of 2026-11-23"):
            move(kept.home, AT)


def test_who_writes_while_the_record_moves_is_refused_and_nothing_of_theirs_is_lost(
    kept: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever does not take the home's turn: here an answer to a case, begun while the rows are copied."""

    def answer() -> None:
        try:
            kept.cases.work([("C2", Done("lapsed", "li", "seen"))], AT)
            told.append("written")
        except LinewatchError as error:
            told.append(str(error))

    def copy(source: sa.Connection, target: sa.Connection) -> dict[str, int]:
        rows = copied(source, target)
        other.start()
        other.join(timeout=0.5)  # it waits, or has written by now
        return rows

    told: list[str] = []
    copied, other = moving._copy, threading.Thread(target=answer)
    monkeypatch.setattr("ledger.moving._copy", copy)
    monkeypatch.setenv(ELSEWHERE, fresh_database("ledger"))
    move(kept.home, AT)
    other.join()
    assert len(told) == 1
    assert "moved into a shared ledger meanwhile" in told[0]
    assert [case.case_id for case in open_ledger(kept.home).cases.open()] == ["C2"]
    assert all(path.stat().st_size == 0 for path in kept.home.glob("ledger.db-wal"))


def said(ledger: Ledger) -> list[object]:
    return [
        ledger.batches(),
        ledger.log.entries(),
        list(ledger.cases.open()),
        ledger.pending(),
        ledger.history(),
        [ledger.approvals(each) for each in ledger.batches()],
        ledger.every_document(),
    ]
