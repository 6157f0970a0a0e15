"""What a night came to, as one JSON object: for `--json`, for Prefect, for the hook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linewatch.errors import LinewatchError
from linewatch.night import Night

EXIT_CODES = {"committed": 0, "unchanged": 0, "failed": 1, "refused": 2, "held": 3, "busy": 4}
ACTIONS = ("increase", "offer", "hold", "decrease", "freeze", "unfreeze")
ROUTES = ("automatic", "referred")


def next_command(status: str, night: Night) -> str:
    """What the engineer types now; empty when there is nothing to do."""
    day, home = night.as_of.isoformat(), night.home
    if status == "held":
        return f"linewatch approve {day} --by WHO --because WHY --home {home}   (or: linewatch discard …)"
    if status in ("committed", "unchanged"):
        return ""
    return f"linewatch status --home {home}"


def of_error(night: Night, error: BaseException, log: Path) -> dict[str, Any]:
    """A night that ended with an error, in words that name no line and no person."""
    exit_code = error.exit_code if isinstance(error, LinewatchError) else 1
    status = next(
        name
        for name, code in EXIT_CODES.items()
        if code == exit_code and name not in ("unchanged", "committed")
    )
    return {
        "night": night.as_of.isoformat(),
        "status": status,
        "exit_code": exit_code,
        "error": type(error).__name__,
        "next": next_command(status, night),
        "log": str(log),
    }


def filled(counts: Mapping[str, int], names: tuple[str, ...]) -> dict[str, int]:
    """The counts under every one of the names, nought where nothing was counted."""
    return {name: int(counts.get(name, 0)) for name in names}
