"""One at a time: the second start is told who is first, and a dead holder holds nothing."""

import fcntl
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ledger.turn import holder_of
from linewatch.errors import Busy
from tasks.lock import check_free, one_at_a_time, turn
from tests.tasks.record_fixture import RECORDED_AT, night

HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ledger.turn import turn
with turn(Path(sys.argv[1]), "the night of 2026-11-21", datetime(2026, 11, 22, 1, 15, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_start_is_refused_at_once_and_told_who_is_first(tmp_path: Path) -> None:
    made = night(tmp_path / "home", tmp_path)
    with one_at_a_time(made), pytest.raises(Busy) as caught, one_at_a_time(made):
        pass
    assert caught.value.exit_code == 4
    assert "Busy: the night of 2026-11-21, process" in str(caught.value)
    assert "since 2026-11-22T01:15:00+00:00" in str(caught.value)


def test_the_turn_is_free_again_when_the_night_has_ended_however_it_ended(tmp_path: Path) -> None:
    made = night(tmp_path / "home", tmp_path)
    with pytest.raises(ValueError, match="broken"), one_at_a_time(made):
        raise ValueError("broken")
    check_free(made.home)
    assert holder_of(made.home) is None
    with one_at_a_time(made), pytest.raises(Busy):
        check_free(made.home)


def test_a_home_that_is_not_there_yet_is_free(tmp_path: Path) -> None:
    check_free(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_an_approval_takes_its_turn_too(tmp_path: Path) -> None:
    made = night(tmp_path / "home", tmp_path)
    with (
        turn(made.home, "the approval of 2026-11-20", RECORDED_AT),
        pytest.raises(Busy, match="the approval of 2026-11-20"),
        one_at_a_time(made),
    ):
        pass


def test_another_process_holds_the_turn_until_it_is_killed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-c", HOLD, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        holder = holder_of(home)
        assert holder is not None
        assert holder.pid == process.pid
        with pytest.raises(Busy, match=f"process {process.pid}"):
            check_free(home)
        process.send_signal(signal.SIGKILL)
    assert holder_of(home) is None
    with turn(home, "the next night", RECORDED_AT):
        pass


def test_who_only_asks_is_not_taken_for_a_holder_that_was_killed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-c", HOLD, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.send_signal(signal.SIGKILL)
    assert f'"pid": {process.pid}' in (home / "lock").read_text()
    with (home / "lock").open() as glance:
        fcntl.flock(glance, fcntl.LOCK_SH)
        ends = threading.Timer(0.2, fcntl.flock, (glance, fcntl.LOCK_UN))
        ends.start()
        with turn(home, "the next night", RECORDED_AT):
            pass
        ends.join()


def test_of_many_that_start_together_exactly_one_runs(tmp_path: Path) -> None:
    gate = threading.Barrier(8)
    ran: list[int] = []
    busy: list[int] = []
    done = threading.Event()

    def start(number: int) -> None:
        gate.wait()
        try:
            with turn(tmp_path / "home", f"run {number}", RECORDED_AT):
                ran.append(number)
                done.wait(timeout=30)
        except Busy:
            busy.append(number)
            if len(busy) == 7:
                done.set()

    threads = [threading.Thread(target=start, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ran), len(busy)) == (1, 7)
