"""Whatever call of the system a run is killed at or fails at, a plain restart ends as if nothing had been."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.torture import page, strace

pytestmark = pytest.mark.skipif(bool(strace.why_not()), reason=strace.why_not() or "strace may trace here")
MOST = {"kill": 200, "full": 50, "broken": 50}
FEWER = {"kill": 130, "full": 35, "broken": 35}
POINTS = {
    "night": MOST,
    "publish": MOST,
    "approve": MOST,
    "prune": MOST,
    "deliver": MOST,
    "evidence": MOST,
    "settle": FEWER,
    "reverse": FEWER,
    "erase": FEWER,
    "steps": FEWER,
}
"""How many of each fault `make torture` lets each scenario of tests/torture/scenarios.py meet."""


def disturbed(place: Path, scenario: str, **points: int) -> dict[str, Any]:
    """What so many faults in a scenario came to."""
    counts = [word for fault, count in points.items() for word in (f"--{fault}", str(count))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.disturbed", str(place / scenario), scenario, *counts],
        cwd=Path(__file__).parents[2],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_a_publish_killed_at_a_call_or_on_a_failing_disk_ends_as_undisturbed_once_started_again(
    tmp_path: Path,
) -> None:
    found = disturbed(tmp_path, "publish", kill=8, full=2, broken=2)
    assert found["odd"] == []
    met = {fault: each["points"] - each["not_met"] for fault, each in found["faults"].items()}
    assert met["kill"] >= 6
    assert found["faults"]["kill"]["first"] == {"killed": met["kill"]}


def test_two_homes_that_differ_in_a_byte_or_a_row_are_told_apart(tmp_path: Path) -> None:
    import shutil
    import sqlite3
    from contextlib import closing

    from tests.torture.state import differences, state

    home = tmp_path / "home"
    home.mkdir()
    (home / "changes.parquet").write_bytes(b"one")
    with closing(sqlite3.connect(home / "ledger.db")) as db:
        db.execute("create table log_entry (seq integer primary key, content text)")
        db.execute("insert into log_entry values (1, 'a root')")
        db.commit()
    other = Path(shutil.copytree(home, tmp_path / "other"))
    with closing(sqlite3.connect(other / "ledger.db")) as db:
        assert differences(state(home), state(other)) == []
        db.execute("update log_entry set content = 'another root'")
        db.commit()
    (other / "changes.parquet").write_bytes(b"two")
    (other / "left.partial").touch()
    told = [each.partition(":")[0] for each in differences(state(home), state(other))]
    assert told == ["changes.parquet", "left.partial", "table log_entry"]


def test_points_are_spread_over_a_run_and_none_of_a_rare_kind_is_left_out() -> None:
    from tests.torture.disturbed import spread

    calls = [strace.Call("pwrite64", number) for number in range(1, 401)]
    calls += [strace.Call("fsync", number) for number in range(1, 11)]
    chosen = spread(calls, 50)
    assert [call.number for call in chosen if call.name == "fsync"] == list(range(1, 11))
    assert [call.number for call in chosen if call.name == "pwrite64"] == list(range(1, 401, 10))


def test_a_run_is_killed_as_it_speaks_to_a_server_and_what_it_said_before_has_arrived(tmp_path: Path) -> None:
    from socket import socketpair

    server, client = socketpair()

    def act() -> None:
        for word in (b"begin", b"insert", b"commit"):
            client.send(word)

    with server, client:
        calls = strace.watched(act, tmp_path, tmp_path / "watched.log")
        assert [(call.kind, call.on) for call in calls] == [("send", "server")] * 3
        assert server.recv(100) == b"begininsertcommit"
        assert strace.killed(act, calls[2], tmp_path, tmp_path / "killed.log").killed
        assert strace.reached(calls[2], tmp_path, tmp_path / "killed.log")
        assert server.recv(100) == b"begininsert"


@pytest.mark.torture
@pytest.mark.parametrize("scenario", POINTS)
def test_at_calls_spread_over_the_whole_run_every_fault_is_survived(tmp_path: Path, scenario: str) -> None:
    found = disturbed(tmp_path, scenario, **POINTS[scenario])
    odd = found.pop("odd")
    page.keep(datetime.now(UTC).date().isoformat(), scenarios={scenario: found})
    print(f"{found['says']}: {json.dumps(found['faults'])}")
    assert odd == []
    for fault, counted in found["faults"].items():
        assert counted["not_met"] <= counted["points"] // 10, f"{fault}: too few points were met"


def test_the_page_is_what_the_last_run_of_all_faults_left() -> None:
    text = (Path(__file__).parents[2] / "docs" / "torture.md").read_text(encoding="utf-8")
    assert text == page.page(json.loads(page.RESULTS.read_text(encoding="utf-8")))
