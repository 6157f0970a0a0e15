"""Prefect's server as a child of ours that ends when we end, however we end.

Prefect can start a temporary server by itself. Ours is the same application, started the
same way but for three things: it starts before Prefect is imported here, so that the two
share the wait (measured: 3.0 s to the first health check instead of 6.2 s); it binds its
port itself, so that two nights never race for one; and it lives as long as the pipe to us
is open, so that a killed night leaves no server behind.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from linewatch.errors import LinewatchError

START_SECONDS = 180
STOP_SECONDS = 15
NOTE = "serve.json"
"""What a running `linewatch serve` leaves in Prefect's home, so that a night shows up in its pages."""


class ServerDidNotStart(LinewatchError):
    """Raised when Prefect's server ended, or stayed silent, before it answered once."""


@dataclass
class Server:
    """A started child; it may not answer yet."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    answered: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def wait(self) -> str:
        """The address, once the server answers. Raises ServerDidNotStart."""
        patience = time.perf_counter() + START_SECONDS
        while time.perf_counter() < patience and self.process.poll() is None:
            if answers(self.url):
                self.answered = True
                return self.url
            time.sleep(0.05)
        raise ServerDidNotStart(
            "Prefect's server did not start.",
            where=f"Its last words are in {self.log}.",
            what_now="Run the same command again; with --debug it says more.",
        )

    def stop(self) -> None:
        """End the child; what it was given before has been stored. One that never answered has been given
        nothing, and ends by itself when it is up.
        """
        if self.process.stdin is not None:
            self.process.stdin.close()
        if not self.answered:
            return
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(log: Path, *, port: int = 0, pages: bool = False) -> Server:
    """Start a server; with `pages` it has the UI and every service, else what one night needs.

    It is stopped when this process exits. Call it before Prefect is imported: exit handlers
    run last in, first out, and Prefect sends its last log lines from one of its own.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.server_process", str(port), "pages" if pages else "api"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            # Ctrl-C goes to the whole group; the server must outlive us to take the last lines.
            start_new_session=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait()
        raise ServerDidNotStart(
            f"Prefect's server could not use port {port}." if port else "Prefect's server did not start.",
            where=f"Its last words are in {log}.",
            what_now="Name a free port with --port." if port else "",
        )
    server = Server(process, int(line), log)
    atexit.register(server.stop)
    return server


def running(prefect_home: Path) -> str | None:
    """The address of the `linewatch serve` that uses this Prefect home, None where none answers."""
    try:
        url = str(json.loads((prefect_home / NOTE).read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url if answers(url) else None


def answers(url: str) -> bool:
    """Whether Prefect's server is up at this address."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as reply:
            return bool(reply.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def address(home: Path, log: Path) -> Server | None:
    """See that PREFECT_API_URL names a server for a night in this process: the one named there, the one of a
    running `linewatch serve`, or a child of ours, which is returned and must be waited for.
    """
    if "PREFECT_API_URL" in os.environ:
        return None
    served = running(Path(os.environ.get("PREFECT_HOME", home / "prefect")))
    if served:
        os.environ["PREFECT_API_URL"] = served
        return None
    server = start(log)
    os.environ["PREFECT_API_URL"] = server.url
    return server
