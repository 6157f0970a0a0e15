"""Nights in this process: no server need run, and none is left behind."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flows import server, settings
from flows.request import Request
from flows.steps import Watcher, watched_by
from linewatch import fault


class Runner:
    """Starts Prefect once and runs any number of nights on it."""

    def __init__(self, home: Path, *, debug: bool = False) -> None:
        settings.prepare(home, debug=debug)
        # What borrowers owe lies in it: nobody else on the machine may look in.
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        fault.kill_at(os.environ.get("LINEWATCH_FAULT_AT", ""))
        self.child = server.address(home, home / "log" / "prefect-server.log")

    def night(self, request: Request, watcher: Watcher) -> dict[str, Any]:
        """The outcome of one night (docs/runbook.md); raises what the night raised."""
        from flows.nightly import load_expectations, nightly_review

        if self.child is not None:
            # Its import takes as long as the server's start: let them wait together.
            load_expectations()
            self.child.wait()
        with watched_by(watcher):
            outcome = nightly_review(**request.parameters())
        return dict(outcome)

    def nights(self, requests: Iterable[Request], watcher: Watcher) -> list[dict[str, Any]]:
        """Nights in the order given; the first that is not committed or unchanged is the last that runs."""
        outcomes = []
        for request in requests:
            outcomes.append(self.night(request, watcher))
            if outcomes[-1]["status"] == "held":
                break
        return outcomes
