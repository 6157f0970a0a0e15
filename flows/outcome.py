"""What a night came to, as one JSON object: for `--json`, for Prefect, for the hook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.usage import Usage
from linewatch.errors import LinewatchError
from linewatch.night import Night
from linewatch.receipt import Receipt
from linewatch.room import home_option, whole

EXIT_CODES = {"committed": 0, "unchanged": 0, "failed": 1, "refused": 2, "held": 3, "busy": 4}
ENDED_BADLY = {code: status for status, code in EXIT_CODES.items() if code}
FILE = "night.json"
ACTIONS = ("increase", "offer", "hold", "decrease", "freeze", "unfreeze")
ROUTES = ("automatic", "referred")
FOR_PEOPLE = {
    "queue_xlsx": "queue.xlsx",
    "queue_csv": "queue.csv",
    "drafts": "drafts.jsonl",
    "outbox": "outbox.jsonl",
    "report": "report.html",
}
MADE = ("decisions", "changes", "queue_xlsx", "queue_csv", "drafts", "outbox", "report", "ledger")
"""Every path that a night names; null where the night made no such file."""


def outcome(
    night: Night,
    receipt: Receipt,
    *,
    usage: Mapping[str, Usage],
    made: Mapping[str, Path] | None = None,
    unchanged: bool = False,
    notes: Iterable[str] = (),
    undelivered: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """A committed, held or unchanged night. `made` are the files for people, by their names in `paths`; left
    out, they are where an earlier run of this night put them. `undelivered` are changes that stay due.
    """
    due = list(undelivered)
    status = "unchanged" if unchanged else receipt.status
    paths = {**receipt.paths, **(_left_before(night, receipt) if made is None else made)}
    return {
        "night": night.as_of.isoformat(),
        "status": status,
        "exit_code": max(EXIT_CODES[status], int(any(each["altered"] for each in due))),
        "root": receipt.root,
        "batch": receipt.batch,
        "decided": receipt.decided,
        "actions": filled(receipt.actions, ACTIONS),
        "routes": filled(receipt.routes, ROUTES),
        "changes": receipt.changes,
        "cases": receipt.cases,
        "quarantined": {table: int(rows) for table, rows in sorted(receipt.quarantined.items())},
        "drafts": receipt.drafts,
        "held_because": list(receipt.held_because),
        "undelivered": due,
        "notes": list(notes),
        "seconds": {step: used.wall_s for step, used in usage.items()},
        "usage": {step: asdict(used) for step, used in usage.items()},
        "paths": {name: str(paths[name]) if paths.get(name) else None for name in MADE},
        "next": publish_command(night.home) if due else next_command(status, night),
    }


def keep(night: Night, found: Mapping[str, Any]) -> None:
    """Leave the outcome in out/<as_of>/night.json, whole or not at all: the night's last act."""
    path = night.out / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as half:
        half.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def handed_out(night: Night, receipt: Receipt) -> bool:
    """Whether all that a committed night owes lies there; if not, it was cut off after its commit, or its
    changes could not be delivered then.
    """
    kept = _kept(night)
    if kept.get("undelivered"):
        return False
    same = kept.get("batch") == receipt.batch and kept.get("status") == receipt.status
    return same and len(for_people(night)) == len(FOR_PEOPLE)


def for_people(night: Night) -> dict[str, Path]:
    """The files that an earlier run of this night left for people, by their names in `paths`."""
    found = {name: night.out / file for name, file in FOR_PEOPLE.items()}
    return {name: path for name, path in found.items() if path.exists()}


def _left_before(night: Night, receipt: Receipt) -> dict[str, Path]:
    """As `for_people`; the letters of a revision lie in a folder of its own."""
    folder = night.out / receipt.batch.removeprefix(f"{night.as_of}-")
    own = {name: folder / FOR_PEOPLE[name] for name in ("drafts", "outbox")}
    return for_people(night) | {name: path for name, path in own.items() if path.exists()}


def _kept(night: Night) -> dict[str, Any]:
    try:
        kept = json.loads((night.out / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def of_error(night: Night, error: BaseException, log: Path) -> dict[str, Any]:
    """A night that ended with an error, in words that name no line and no person."""
    exit_code = error.exit_code if isinstance(error, LinewatchError) else 1
    status = ENDED_BADLY[exit_code]
    return {
        "night": night.as_of.isoformat(),
        "status": status,
        "exit_code": exit_code,
        "error": type(error).__name__,
        "next": next_command(status, night),
        "log": str(log),
    }


def next_command(status: str, night: Night) -> str:
    """What the engineer types now; empty when there is nothing to do."""
    if status in ("committed", "unchanged"):
        return ""
    if status == "held":
        return f"linewatch approve {night.as_of} --by WHO --because WHY{home_option(night.home)}"
    return f"linewatch status{home_option(night.home)}"


def publish_command(home: Path) -> str:
    """What hands over the changes that stay due."""
    return f"linewatch publish{home_option(home)}"


def filled(counts: Mapping[str, int], names: tuple[str, ...]) -> dict[str, int]:
    """The counts under every one of the names, nought where nothing was counted."""
    return {name: int(counts.get(name, 0)) for name in names}
