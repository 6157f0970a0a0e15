"""The console script as a person starts it, in a process of its own.

A night that finds no Prefect server starts one, which takes longer than a small night. Those of a worker's
tests share one, as nights share that of `linewatch serve`; `alone` starts a night that finds none.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from unittest.mock import patch

from flows import server
from flows.cli import run
from tasks.init import init
from tests.flows.review_home import without

SCRIPT = Path(sys.executable).parent / "linewatch"


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    exit_code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """Standard output as the one JSON object that it must be."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def linewatch(*words: object, **environment: str) -> Ended:
    """Type `linewatch WORDS`, with more in the environment if need be, and wait."""
    if words[0] == "night":
        _serve(environment.get("PREFECT_HOME", os.environ["PREFECT_HOME"]))
    return alone(*words, **environment)


def alone(*words: object, **environment: str) -> Ended:
    """The same, on a Prefect server of its own if none runs in its Prefect home."""
    done = subprocess.run(
        [SCRIPT, *map(str, words)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def here(*words: object, **environment: str) -> Ended:
    """The same in this process, for what a command says and does: a new one imports for a second first."""
    mask = os.umask(0o022)
    os.umask(mask)
    kept = os.dup(1), os.dup(2)
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        try:
            with patch.dict(os.environ, environment), redirect_stderr(err):
                code = run([*map(str, words)])
        finally:
            for number, own in enumerate(kept, start=1):
                os.dup2(own, number)
                os.close(own)
            os.umask(mask)
        err.flush()
        said = [os.pread(file.fileno(), 1 << 24, 0).decode() for file in (out, err)]
    return Ended(code, *said)


def own_documents(folder: Path) -> Path:
    """The shipped documents as a lender's own, by their profile, but for [advice]: where advice is not the
    point, looking ahead would take as long as the rest of a night.
    """
    profile = init(folder).profile
    for policy in (folder / "policies").glob("*.toml"):
        policy.write_text(without(policy.read_text(encoding="utf-8"), "advice"), encoding="utf-8")
    return profile


@cache
def _serve(prefect_home: str) -> None:
    """See that a server runs in a Prefect home, and is known there, until this process ends."""
    place = Path(prefect_home)
    if server.running(place) is not None:
        return
    with patch.dict(os.environ, PREFECT_HOME=prefect_home):
        url = server.start(place / "server.log").wait()
    note = place / server.NOTE
    note.write_text(json.dumps({"url": url}), encoding="utf-8")
    atexit.register(note.unlink, missing_ok=True)
