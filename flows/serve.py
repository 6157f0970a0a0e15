"""`linewatch serve`: Prefect's server, its pages, the nightly schedule and a worker, on one machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import flows
from flows import server, settings
from flows.request import Request
from flows.terminal import Reply
from linewatch.errors import Busy, LinewatchError

POOL = "linewatch"
DEPLOYMENT = "nightly-review/nightly"
FORMS = (
    "approve-night/approve",
    "discard-night/discard",
    "reverse-night/reverse",
    "decide-case/decide",
    "settle-reviews/import",
    "replay-nights/replay",
)
"""What people start on the pages, by a form."""
FILE = Path(flows.__file__).parent.parent / "prefect.yaml"
POLL_SECONDS = 2.0


class NotDeployed(LinewatchError):
    """Raised when Prefect did not take the deployment of prefect.yaml."""


def run(request: Request, port: int, *, debug: bool) -> Reply:
    """Serve until Ctrl-C or a TERM signal; then end the worker, the server, and say so."""
    home = request.folder
    settings.prepare(home, debug=debug)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    prefect_home = Path(os.environ.get("PREFECT_HOME", home / "prefect"))
    standing = server.running(prefect_home)
    if standing:
        raise Busy(
            f"Prefect is served from this home already, at {standing.removesuffix('/api')}.",
            what_now="Stop that one first, or give another --home.",
        )
    os.environ.pop("PREFECT_API_URL", None)
    child = server.start(home / "log" / "prefect-server.log", port=port, pages=True)
    with _stopped_by_signals(), suppress(KeyboardInterrupt):
        _serve(child.wait(), request, prefect_home)
    return Reply({"status": "stopped", "url": child.url}, "Stopped.")


def _serve(url: str, request: Request, prefect_home: Path) -> None:
    os.environ["PREFECT_API_URL"] = url
    note = prefect_home / server.NOTE
    note.write_text(json.dumps({"url": url, "pid": os.getpid()}), encoding="utf-8")
    try:
        deploy(request)
        from flows.zombies import watch_for_silence

        watch_for_silence()
        _say(
            f"Prefect's pages: {url.removesuffix('/api')}",
            f"Scheduled: {DEPLOYMENT}, as in {FILE}",
            f"By a form:  {', '.join(FORMS)}",
            f"Nights of this home run at once with: linewatch night --home {request.folder} …",
            "Ctrl-C stops everything.",
        )
        with _worker(request.folder / "log" / "prefect-worker.log") as start:
            _keep_alive(start)
    finally:
        note.unlink(missing_ok=True)


def deploy(request: Request) -> None:
    """Leave the deployments of prefect.yaml on the server that PREFECT_API_URL names, for this home."""
    parameters = {key: value for key, value in request.parameters().items() if key != "as_of"}
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    deploy = [*prefect, "deploy", "--prefect-file", str(FILE)]
    # What the file takes from the environment of whoever deploys.
    given = {**os.environ, "LINEWATCH_HOME": str(request.folder)}
    for words in (
        [*prefect, "work-pool", "create", POOL, "--type", "process", "--overwrite"],
        [*deploy, "--name", _short(DEPLOYMENT), "--params", json.dumps(parameters)],
        [*deploy, *(word for name in FORMS for word in ("--name", _short(name)))],
    ):
        done = subprocess.run(words, capture_output=True, text=True, cwd=FILE.parent, env=given, check=False)
        if done.returncode:
            raise NotDeployed(
                "Prefect did not take the deployment.",
                where=(done.stdout + done.stderr).strip(),
                what_now=f"See {FILE}.",
            )


def _short(name: str) -> str:
    """As the file names a deployment: with the flow's name before it Prefect finds none of several."""
    return name.partition("/")[2]


def _keep_alive(start: Any) -> None:
    """Start the worker again whenever it ends: a killed worker must not cost the next night."""
    worker = start()
    while True:
        time.sleep(POLL_SECONDS)
        if worker.poll() is not None:
            _say(f"The worker ended with {worker.returncode}; starting another.")
            worker = start()


@contextmanager
def _worker(log: Path) -> Iterator[Any]:
    """A way to start a worker; the last one started is ended at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as words:
            started[:] = [
                subprocess.Popen(
                    [sys.executable, "-m", "flows.worker_process", POOL, POOL],
                    stdin=subprocess.PIPE,
                    stdout=words,
                    stderr=words,
                    start_new_session=True,
                )
            ]
        return started[0]

    try:
        yield start
    finally:
        for worker in started:
            _end(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    if worker.stdin is not None:
        worker.stdin.close()
    try:
        worker.wait(server.STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """TERM, as a service manager sends it, ends us as Ctrl-C does, even where a shell had Ctrl-C ignored."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr, flush=True)
