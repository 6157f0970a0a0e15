"""`linewatch run-demo`, what `make run` runs: a small lender, its nights, and where everything is."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from flows import nights
from flows.request import Request
from flows.terminal import Reply, progress
from linewatch.counting import counted
from linewatch.errors import DocumentRefused

MARK = ".made-by-run-demo"
"""In a folder that this command made itself, and may therefore take away."""


def run(borrowers: int, count: int, out: Path, *, debug: bool) -> Reply:
    """Write each night from what the one before published, run it, and tell what came of it."""
    # A made-up lender's nights have no place in a ledger that a lender shares.
    os.environ.pop("LINEWATCH_LEDGER", None)
    demo, home = (_fresh(out.absolute() / name) for name in ("demo", "home"))
    from flows.running import Runner
    from tasks.demo import write_demo

    outcomes: list[dict[str, Any]] = []
    with progress() as watcher:
        runner = Runner(home, debug=debug)
        for _ in range(count):
            written = write_demo(
                demo, borrowers=borrowers, seed=1, nights=count, every="month", feedback=home
            )
            night = written[-1]
            rows = counted(sum(night.rows.values()), "row")
            print(f"night of {night.as_of}: {rows} written", file=sys.stderr)
            request = Request(source=str(night.folder), as_of=night.as_of, home=str(home))
            outcomes.append(runner.night(request, watcher))
            if outcomes[-1]["status"] == "held":
                break
    last = outcomes[-1]
    return Reply({"nights": outcomes}, words(outcomes), int(last["exit_code"]))


def words(outcomes: list[dict[str, Any]]) -> str:
    """Counts side by side, then the newest night's files and what to type next."""
    paths = {name: path for name, path in outcomes[-1]["paths"].items() if path}
    home = Path(paths["ledger"]).parent
    lines = [nights.table(outcomes), ""]
    lines += [f"{name:<11} {path}" for name, path in paths.items()]
    lines += [
        "",
        f"linewatch status --home {home}",
        f"linewatch explain {_first_of_queue(paths)} --home {home}",
        f"linewatch serve --home {home}      shows these nights on Prefect's pages",
    ]
    return "\n".join(lines)


def _first_of_queue(paths: dict[str, str]) -> str:
    """The most urgent line, to be pasted; a held night has no queue yet."""
    if "queue_csv" not in paths:
        return "FACILITY"
    with Path(paths["queue_csv"]).open(encoding="utf-8-sig", newline="") as queue:
        return str(next(csv.DictReader(queue), {}).get("facility_id") or "FACILITY")


def _fresh(folder: Path) -> Path:
    """The folder, empty but for our mark. Raises DocumentRefused for one that somebody else made."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise DocumentRefused(
                [f"{folder}: was not made by run-demo, and is not empty"],
                what_now="Nothing was touched. Name another folder: linewatch run-demo --out DIR",
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    return folder
