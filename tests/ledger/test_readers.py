"""Readers beside a writer, on each database: they do not wait for it, and see all of a commit or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from ledger import Ledger, open_ledger
from ledger.batches import every, newest_committed
from ledger.cases import waiting
from ledger.engine import reading, writing
from ledger.turn import turn
from linewatch.casework import Done
from linewatch.errors import Busy
from tests.ledger.test_the_record import AT, CASE, a_batch, commit

FIRST = date(2026, 11, 1)
CASES = 700


def test_readers_go_on_while_nights_are_committed_and_never_see_half_of_one(ledger: Ledger) -> None:
    seen: set[tuple[int, int, int, int]] = set()

    def look() -> None:
        """As `explain`, `status` and the queue do, each with a ledger of its own."""
        mine = open_ledger(ledger.home)
        known = len(mine.batches())
        cases = sum(1 for _ in mine.cases.open())
        due, newest = len(mine.pending()), mine.newest()
        files = mine.history().changes
        # Each of these is a view of its own, later than the one before it: none may be behind it.
        nights = (newest.as_of - FIRST).days + 1 if newest else 0
        assert known <= cases / CASES <= due <= nights <= len(files)
        assert cases % CASES == 0
        seen.add((known, cases, due, nights))

    with over_and_over(look):
        for night in range(4):
            opened = tuple({**CASE, "case_id": f"C{night}-{number}"} for number in range(CASES))
            commit(ledger, a_batch(FIRST + timedelta(days=night)), opened)
    assert len(seen) > 1


def test_a_list_that_is_read_slowly_stays_as_it_was_when_it_was_begun(ledger: Ledger) -> None:
    opened = [{**CASE, "case_id": f"C{number:04}"} for number in range(1_500)]
    commit(ledger, a_batch(), tuple(opened))
    slowly = ledger.cases.open()
    first = next(slowly)
    ledger.cases.work([("C1400", Done("lapsed", "wu", "seen"))], AT)
    commit(ledger, a_batch(date(2026, 11, 22)), ({**CASE, "case_id": "C9999"},))
    assert [case.case_id for case in (first, *slowly)] == [case["case_id"] for case in opened]
    assert sum(1 for _ in ledger.cases.open()) == 1_500


def test_a_reader_that_looks_twice_sees_the_same_record(ledger: Ledger) -> None:
    commit(ledger, a_batch(), (CASE,))
    with reading(ledger.engine) as connection:
        before = [newest_committed(connection), *every(connection), *waiting(connection)]
        commit(ledger, a_batch(date(2026, 11, 22)), ({**CASE, "case_id": "C2"},))
        assert [newest_committed(connection), *every(connection), *waiting(connection)] == before
    assert len(ledger.batches()) == 2


def test_reviewers_work_while_a_night_has_the_turn(ledger: Ledger) -> None:
    commit(ledger, a_batch(), (CASE,))
    with turn(ledger.home, "the night of 2026-11-22", AT):
        reviewer = open_ledger(ledger.home)
        assert [case.case_id for case in reviewer.cases.open()] == ["C1"]
        reviewer.cases.work([("C1", Done("claimed", "wu", ""))], AT)
        reviewer.cases.work([("C1", Done("lapsed", "wu", "seen"))], AT)
        assert list(reviewer.cases.open()) == []


def test_a_reader_waits_for_no_writer_and_a_writer_for_no_reader(ledger: Ledger) -> None:
    commit(ledger, a_batch(), (CASE,))
    slowly = ledger.cases.open()
    next(slowly)
    with writing(ledger.engine):
        assert len(open_ledger(ledger.home).batches()) == 1
    commit(ledger, a_batch(date(2026, 11, 22)))
    assert list(slowly) == []


def test_a_writer_that_waits_too_long_for_another_is_told_so(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.engine.BUSY_SECONDS", 1)
    ledger = open_ledger(tmp_path / "home")
    with writing(ledger.engine), pytest.raises(Busy, match="somebody else has been writing") as caught:
        commit(ledger, a_batch())
    assert caught.value.exit_code == 4
    commit(ledger, a_batch())


@contextmanager
def over_and_over(act: Callable[[], None]) -> Iterator[None]:
    """Do it in another thread as often as time allows; raises here what it raised there."""
    done = threading.Event()
    faults: list[BaseException] = []

    def again() -> None:
        while not done.is_set() and not faults:
            try:
                act()
            except BaseException as fault:
                faults.append(fault)

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    if faults:
        raise faults[0]
