"""Status: where the home stands, what waits for whom, and what to type next."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from ledger import Batch, Ledger, OpenCase, standing_ledger
from ledger.turn import holder_of
from linewatch.progress import CutOff, left_over

AGES = ((0, "today"), (2, "1-2 days"), (7, "3-7 days"), (30, "8-30 days"))
OLDER = "over 30 days"
MB = 1_000_000


def status(home: Path, today: date) -> dict[str, Any]:
    """The state of a home as one JSON-able object. Raises NotFound where no night was ever begun."""
    ledger = standing_ledger(home)
    holder = holder_of(home)
    newest, waiting = ledger.newest(), ledger.held()
    cut_off = [] if holder else left_over(home)
    return {
        "home": str(home),
        "newest": _night(newest),
        "held": {**_required(waiting), "held_because": list(waiting.held_because)} if waiting else None,
        "running": str(holder) if holder else None,
        "cut_off": [{"night": cut.as_of.isoformat(), "step": cut.step} for cut in cut_off],
        "cases": _cases(ledger.open_cases(), today),
        "unpublished": _unpublished(ledger),
        "disk_mb": {
            "snapshots": _mb(home / "snapshots"),
            "batches": _mb(home / "batches"),
            "free": shutil.disk_usage(home).free // MB,
        },
        "next": _next(home, waiting, cut_off, newest),
    }


def _night(batch: Batch | None) -> dict[str, Any] | None:
    return _required(batch) if batch is not None else None


def _required(batch: Batch) -> dict[str, Any]:
    counts = batch.counts
    return {
        "night": batch.as_of.isoformat(),
        "batch": batch.batch,
        "root": batch.root,
        "decided": counts.get("decided", 0),
        "actions": counts.get("actions", {}),
        "routes": counts.get("routes", {}),
        "quarantined": counts.get("quarantined", {}),
        "recorded_at": batch.recorded_at.isoformat(timespec="seconds") if batch.recorded_at else None,
    }


def _cases(waiting: Iterable[OpenCase], today: date) -> dict[str, Any]:
    """Open cases by how long they have waited, and how many should have been decided before today."""
    listed = list(waiting)
    ages = Counter(_age(case, today) for case in listed)
    return {
        "open": len(listed),
        "overdue": sum(case.due_on is not None and case.due_on < today for case in listed),
        "by_age": {name: ages[name] for name in (*(name for _, name in AGES), OLDER)},
    }


def _age(case: OpenCase, today: date) -> str:
    days = (today - case.opened_on).days
    return next((name for most, name in AGES if days <= most), OLDER)


def _unpublished(ledger: Ledger) -> list[dict[str, Any]]:
    return [
        {"batch": due.batch.batch, "destination": due.destination, "changes": due.changes}
        for due in ledger.pending()
    ]


def _mb(folder: Path) -> int:
    """Megabytes under a folder, rounded up."""
    return -(-sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // MB)


def _next(home: Path, waiting: Batch | None, cut_off: list[CutOff], newest: Batch | None) -> str:
    if waiting is not None:
        return f"linewatch approve {waiting.as_of} --by NAME --because TEXT --home {home}   (or discard)"
    if cut_off:
        source = f" --source {newest.source}" if newest is not None else " --source SPEC"
        return f"linewatch night --as-of {cut_off[0].as_of}{source} --home {home}"
    return f"linewatch night --source SPEC --home {home}"


def words(found: dict[str, Any]) -> str:
    """The same for a person, in a dozen lines."""
    lines = [found["home"]]
    for name in ("newest", "held"):
        lines += _told(name, found[name])
    if found["running"]:
        lines.append(f"  running      {found['running']}")
    for cut in found["cut_off"]:
        lines.append(f"  cut off      the night of {cut['night']}, at {cut['step'] or 'its start'}")
    cases = found["cases"]
    ages = ", ".join(f"{name} {count:,}" for name, count in cases["by_age"].items() if count)
    lines.append(
        f"  open cases   {cases['open']:,}{f' ({ages})' if ages else ''}, {cases['overdue']:,} overdue"
    )
    for due in found["unpublished"]:
        lines.append(f"  unpublished  {due['changes']:,} changes of {due['batch']} to {due['destination']}")
    disk = found["disk_mb"]
    lines.append(
        f"  disk         {disk['snapshots']:,} MB snapshots, {disk['batches']:,} MB batches, "
        f"{disk['free']:,} MB free"
    )
    lines.append(f"  now          {found['next']}")
    return "\n".join(lines)


def _told(name: str, night: dict[str, Any] | None) -> list[str]:
    if night is None:
        return [f"  {name:<12} none"]
    counts = (*night["actions"].items(), *night["routes"].items())
    lines = [
        f"  {name:<12} {night['night']}, {night['decided']:,} lines decided, root {night['root'][:12]}",
        f"               {', '.join(f'{what} {count:,}' for what, count in counts)}",
    ]
    return lines + [f"               because {why}" for why in night.get("held_because", [])]
