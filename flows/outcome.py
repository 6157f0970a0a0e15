"""What a night came to, as one JSON object: for `--json`, for Prefect, for the hook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linewatch.errors import LinewatchError
from linewatch.night import Night
from linewatch.receipt import Receipt

EXIT_CODES = {"committed": 0, "unchanged": 0, "failed": 1, "refused": 2, "held": 3, "busy": 4}
ENDED_BADLY = {code: status for status, code in EXIT_CODES.items() if code}
ACTIONS = ("increase", "offer", "hold", "decrease", "freeze", "unfreeze")
ROUTES = ("automatic", "referred")
MADE = ("decisions", "changes", "queue_xlsx", "queue_csv", "drafts", "report", "ledger")
"""Every path that a night names; null where the night made no such file."""


def outcome(
    night: Night,
    receipt: Receipt,
    *,
    unchanged: bool = False,
    seconds: Mapping[str, float],
    made: Mapping[str, Path],
    notes: tuple[str, ...] = (),
) -> dict[str, Any]:
    """A committed, held or unchanged night. `made` are the files for people, by their names in `paths`."""
    status = "unchanged" if unchanged else receipt.status
    paths = {**receipt.paths, **made}
    return {
        "night": night.as_of.isoformat(),
        "status": status,
        "exit_code": EXIT_CODES[status],
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
        "notes": list(notes),
        "seconds": dict(seconds),
        "paths": {name: str(paths[name]) if name in paths else None for name in MADE},
        "next": next_command(status, night),
    }


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
        return f"linewatch approve {night.as_of} --by WHO --because WHY --home {night.home}"
    return f"linewatch status --home {night.home}"


def filled(counts: Mapping[str, int], names: tuple[str, ...]) -> dict[str, int]:
    """The counts under every one of the names, nought where nothing was counted."""
    return {name: int(counts.get(name, 0)) for name in names}
