"""`linewatch serve`: one command that serves, schedules and works, and outlives what is killed under it."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from ledger.turn import holder_of
from tests.flows.console import SCRIPT, here, linewatch, own_documents

pytestmark = pytest.mark.prefect
AS_OF = "2026-11-21"
Found = TypeVar("Found")


def until(ask: Callable[[], Found | None], seconds: float, what: str) -> Found:
    """The first answer that is not empty; fails when none came within `seconds`."""
    patience = time.perf_counter() + seconds
    while time.perf_counter() < patience:
        found = ask()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {seconds} s")


def answer_to(request: urllib.request.Request) -> bytes | None:
    """What the server answers; nothing where it says 503: two of its transactions met in SQLite and one was
    rolled back, and Prefect asks its clients to come again."""
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return bytes(reply.read())
    except urllib.error.HTTPError as refused:
        if refused.code != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None


@dataclass
class Served:
    """A running `linewatch serve`, asked over Prefect's API."""

    process: subprocess.Popen[str]
    url: str
    home: Path

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/api{path}", headers={"Content-Type": "application/json"}
        )
        if body is not None:
            request.data = json.dumps(body).encode()
        return json.loads(until(lambda: answer_to(request), 60, f"{path} stays unavailable"))

    def trigger(self) -> str:
        """Start the deployment now, for the demo's night; return the run's id."""
        deployment = self.ask("/deployments/name/nightly-review/nightly")["id"]
        created = self.ask(f"/deployments/{deployment}/create_flow_run", {"parameters": {"as_of": AS_OF}})
        return str(created["id"])

    def state(self, run: str) -> str:
        return str(self.ask(f"/flow_runs/{run}")["state_name"])

    def reaches(self, run: str, state: str, seconds: float) -> None:
        until(lambda: self.state(run) == state, seconds, f"run is {self.state(run)}, not {state}")

    def running_night(self) -> int:
        """The process that holds the home for a night, once there is one."""
        return until(lambda: getattr(holder_of(self.home), "pid", None), 120, "no night has begun")

    def worker(self) -> int:
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        own = str(self.process.pid)
        return next(int(row[0]) for row in rows if row[1] == own and "flows.worker_process" in row[2])


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("lender")
    assert here("demo", "--borrowers", 100, "--out", out).exit_code == 0
    own_documents(out / "documents")
    return out


@pytest.fixture
def served(source, tmp_path) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        "serve", "--source", source / "{as_of}", "--profile", source / "documents" / "profile.toml",
        "--home", tmp_path, "--port", port,
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_HOME"}
    with (tmp_path / "said.txt").open("w") as said:
        process = subprocess.Popen([SCRIPT, *map(str, words)], stderr=said, env=environment, text=True)
    try:
        until(lambda: "Ctrl-C stops" in (tmp_path / "said.txt").read_text(), 180, "serve did not come up")
        yield Served(process, f"http://127.0.0.1:{port}", tmp_path)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def test_a_home_is_served_once_a_killed_night_shows_as_crashed_the_next_runs_and_ctrl_c_ends_it_all(served):
    second = linewatch("serve", "--home", served.home, "--port", 0, PREFECT_HOME=str(served.home / "prefect"))
    assert second.exit_code == 4
    assert served.url in second.err
    deployed = {each["name"]: each["parameters"]["home"] for each in served.ask("/deployments/filter", {})}
    assert deployed == dict.fromkeys(
        ("nightly", "approve", "discard", "reverse", "decide", "import", "replay"), str(served.home)
    )

    scheduled = until(
        lambda: served.ask("/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}),
        90,
        "nothing was scheduled",
    )
    starts = [datetime.fromisoformat(run["expected_start_time"]) for run in scheduled]
    assert {f"{start.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}" for start in starts} == {"01:15"}

    killed = served.trigger()
    os.kill(served.running_night(), signal.SIGKILL)
    served.reaches(killed, "Crashed", 120)

    following = served.trigger()
    served.reaches(following, "Completed", 240)
    status = linewatch("status", "--home", served.home, "--json").answer
    assert status["newest"]["night"] == AS_OF
    assert status["cut_off"] == []

    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(60) == 0
    with pytest.raises(OSError, match="refused"):
        served.ask("/health")


@pytest.mark.slow
def test_a_night_killed_together_with_its_worker_shows_as_crashed_within_two_minutes(served):
    killed = served.trigger()
    night, worker = served.running_night(), served.worker()
    os.kill(worker, signal.SIGKILL)
    os.kill(night, signal.SIGKILL)
    served.reaches(killed, "Crashed", 120)

    following = served.trigger()
    served.reaches(following, "Completed", 240)
