"""One at a time over a shared ledger: two machines, holders that die, connections that are lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ledger import open_ledger
from ledger.fence import TurnLost
from ledger.turn import FILE, check_free, holder_of, turn
from linewatch.casework import Done
from linewatch.errors import Busy, LedgerUnusable
from tests.ledger.test_the_record import AT, CASE, a_batch, commit

NIGHT = "the night of 2026-11-21"
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ledger.turn import turn
from linewatch.casework import Done
with turn(Path(sys.argv[1]), "the night of 2026-11-21", datetime(2026, 11, 22, 1, 15, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path, shared: str) -> Path:
    open_ledger(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def elsewhere(tmp_path: Path, home: Path) -> Path:
    """The same home as another machine has it, whose file lock this one does not see."""
    return Path(shutil.copytree(home, tmp_path / "elsewhere"))


def test_two_machines_with_one_ledger_do_not_run_at_once(home: Path, elsewhere: Path) -> None:
    with turn(home, NIGHT, AT):
        for act in (check_free, lambda place: turn(place, "approve 2026-11-20", AT).__enter__()):
            with pytest.raises(Busy, match=f"{NIGHT}, process {os.getpid()} on ") as caught:
                act(elsewhere)
            assert "since 2026-11-22T01:15:00+00:00" in str(caught.value)
        assert str(holder_of(elsewhere)) == str(holder_of(home))
    assert holder_of(elsewhere) is None
    with turn(elsewhere, "the next night", AT), pytest.raises(Busy, match="the next night"):
        check_free(home)


def test_the_turn_of_a_holder_that_was_killed_is_free_at_once(home: Path, elsewhere: Path) -> None:
    with held_by_another_process(elsewhere) as process:
        with pytest.raises(Busy, match=f"process {process.pid}"), turn(home, "mine", AT):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
    with turn(home, "mine", AT):
        holder = holder_of(elsewhere)
        assert holder is not None
        assert holder.doing == "mine"


def test_of_many_machines_that_start_together_exactly_one_runs(tmp_path: Path, home: Path) -> None:
    places = [Path(shutil.copytree(home, tmp_path / f"machine-{number}")) for number in range(6)]
    gate, done = threading.Barrier(len(places)), threading.Event()
    ran: list[Path] = []
    busy: list[Path] = []

    def start(place: Path) -> None:
        gate.wait()
        try:
            with turn(place, place.name, AT):
                ran.append(place)
                done.wait(timeout=30)
        except Busy:
            busy.append(place)
            if len(busy) == len(places) - 1:
                done.set()

    threads = [threading.Thread(target=start, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ran), len(busy)) == (1, 5)


def test_who_has_lost_the_turn_commits_nothing_more(home: Path, shared: str) -> None:
    ledger = open_ledger(home)
    with turn(home, NIGHT, AT):
        commit(ledger, a_batch(), (CASE,))
        cut(shared)
        (due,) = ledger.pending()
        for act in (lambda: commit(ledger, a_batch(root="q" * 64)), lambda: ledger.delivered(due, {}, AT)):
            with pytest.raises(TurnLost, match="Nothing was committed after that") as caught:
                act()
            assert caught.value.exit_code == 1
    assert len(ledger.batches()) == len(ledger.pending()) == 1
    ledger.delivered(due, {}, AT)


def test_who_has_lost_the_turn_to_another_commits_nothing_more(
    home: Path, elsewhere: Path, shared: str
) -> None:
    ledger = open_ledger(home)
    with turn(home, NIGHT, AT):
        cut(shared)
        with held_by_another_process(elsewhere), pytest.raises(TurnLost):
            commit(ledger, a_batch())
        # It has ended; its night stands on what it read, so ours must not be slipped in after it either.
        with pytest.raises(TurnLost):
            commit(ledger, a_batch())
    assert ledger.batches() == []


def test_a_reviewer_elsewhere_writes_on_while_a_turn_is_lost(home: Path, shared: str) -> None:
    ledger = open_ledger(home)
    commit(ledger, a_batch(), (CASE,))
    with held_by_another_process(home):
        cut(shared)
        ledger.cases.work([("C1", Done("lapsed", "wu", "seen"))], AT)
    assert list(ledger.cases.open()) == []


def test_a_turn_that_fails_to_be_taken_leaves_the_home_free(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setenv("LINEWATCH_LEDGER", "postgresql://nobody@127.0.0.1:1/ledger")
        with pytest.raises(LedgerUnusable), turn(home, NIGHT, AT):
            pass
        with pytest.raises(LedgerUnusable):
            check_free(home)
    assert (home / FILE).read_bytes() == b""
    with turn(home, NIGHT, AT):
        pass


@contextmanager
def held_by_another_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def cut(address: str) -> None:
    """The connection that holds the turn is gone, as when a server is started again."""
    with psycopg.connect(address, autocommit=True) as db:
        (cut,) = db.execute(
            "select count(pg_terminate_backend(pid, 5000)) from pg_locks where locktype = 'advisory'"
            " and database = (select oid from pg_database where datname = current_database())"
        ).fetchone()
    assert cut == 1
