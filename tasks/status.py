"""Status: where the home stands, what waits for whom, and what to type next."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ledger import Batch, Ledger, Reversal, WaitingCase, standing_ledger
from ledger.turn import holder_of
from linewatch.counting import counted
from linewatch.oversight import told as told_alarm
from linewatch.progress import CutOff, left_over
from linewatch.recorded import recorded
from sql.engine import Engine
from sql.past import leave_past

AGES = ((0, "today"), (2, "1-2 days"), (7, "3-7 days"), (30, "8-30 days"))
OLDER = "over 30 days"
MB = 1_000_000


def begun(home: Path) -> None:
    """Raise NotFound where no night was ever begun; asking makes no home."""
    standing_ledger(home)


def status(home: Path, today: date) -> dict[str, Any]:
    """The state of a home as one JSON-able object. Raises NotFound where no night was ever begun."""
    ledger = standing_ledger(home)
    holder = holder_of(home)
    newest, waiting = ledger.newest(), ledger.held()
    cut_off = [] if holder else left_over(home)
    return {
        "home": str(home),
        "newest": _night(newest),
        "held": _held(ledger, waiting, home) if waiting else None,
        "running": str(holder) if holder else None,
        "cut_off": [{"night": cut.as_of.isoformat(), "step": cut.step} for cut in cut_off],
        "reversals": [_reversal(night, request, home) for night, request in ledger.reversals_waiting()],
        "cases": {
            **_cases(ledger.cases.waiting(), today),
            "escalated": ledger.cases.escalated(),
            "next": f"linewatch queue show --home {home}",
        },
        "review": _review(home),
        "unpublished": _unpublished(ledger, home),
        **_of_lines(ledger, newest, home),
        "disk_mb": {
            "snapshots": _mb(home / "snapshots"),
            "batches": _mb(home / "batches"),
            "free": shutil.disk_usage(home).free // MB,
        },
        "next": _next(home, waiting, cut_off),
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


def _cases(waiting: Iterable[WaitingCase], today: date) -> dict[str, Any]:
    """Open cases by how long they have waited, and how many should have been decided before today."""
    ages: Counter[str] = Counter()
    overdue = 0
    for case in waiting:
        ages[_age(case, today)] += 1
        overdue += case.due_on is not None and case.due_on < today
    return {
        "open": ages.total(),
        "overdue": overdue,
        "by_age": {name: ages[name] for name in (*(name for _, name in AGES), OLDER)},
    }


def _age(case: WaitingCase, today: date) -> str:
    days = (today - case.opened_on).days
    return next((name for most, name in AGES if days <= most), OLDER)


def _held(ledger: Ledger, waiting: Batch, home: Path) -> dict[str, Any]:
    return {
        **_required(waiting),
        "held_because": list(waiting.held_because),
        "agreed": [approval.by for approval in ledger.approvals(waiting)],
        "next": _approve(waiting, home),
    }


def _reversal(night: Batch, request: Reversal, home: Path) -> dict[str, Any]:
    """A request to undo a night: nothing moves until somebody else confirms it."""
    second = request.second or "NAME"
    return {
        "night": night.as_of.isoformat(),
        "by": request.by,
        "because": request.because,
        "second": request.second,
        "where": request.condition,
        "next": f"linewatch reverse {night.as_of} --by {second} --because TEXT --confirm --home {home}",
    }


def _review(home: Path) -> dict[str, Any] | None:
    """What the newest report on the review is alarmed by; None: there is none. To count anew takes long."""
    newest = max((home / "out").glob("*/review.json"), default=None)
    if newest is None:
        return None
    try:
        told = json.loads(newest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    again = f"linewatch queue report --home {home}"
    return {"night": told["head"]["as_of"], "alarms": told["alarms"], "next": again}


def _unpublished(ledger: Ledger, home: Path) -> list[dict[str, Any]]:
    """What is due, of every batch; the next night hands it over, too."""
    again = f"linewatch publish --home {home}"
    return [
        {"batch": due.batch.batch, "destination": due.destination, "changes": due.changes, "next": again}
        for due in ledger.pending()
    ]


def _of_lines(ledger: Ledger, newest: Batch | None, home: Path) -> dict[str, Any]:
    """What the newest night's lines wait for: the system of record, and a pack of their country's law."""
    path = newest.path(home, "decisions") if newest else None
    if newest is None or path is None or not path.exists():
        return {"not_shown": None, "without_law": None}
    profile = recorded(ledger.document(sha256) for sha256 in newest.documents).profile
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        db.parquet("decisions", [path])
        leave_past(db, path, _left_since(ledger, newest, home))
        (late,) = db.rows("reports/not_shown")
        countries = {row["jurisdiction"]: row["lines"] for row in db.rows("reports/law_country")}
    known = profile.get("packs", {})
    lawless = {name: lines for name, lines in countries.items() if name not in known} if profile else {}
    return {
        "not_shown": late,
        "without_law": {"lines": lawless, "next": f"linewatch regulation show --home {home}"}
        if lawless
        else None,
    }


def _left_since(ledger: Ledger, newest: Batch, home: Path) -> list[Path]:
    """How a revision left lines, then each batch committed upon the night: settlements, reversals."""
    upon = (each for each in ledger.batches() if each.seq >= newest.seq and each.state == "committed")
    return [path for each in upon if (path := each.path(home, "state")) is not None and path.exists()]


def _mb(folder: Path) -> int:
    """Megabytes under a folder, rounded up; a file that several snapshots share counts once."""
    files = {(at.st_dev, at.st_ino): at.st_size for at in _files(folder)}
    return -(-sum(files.values()) // MB)


def _files(folder: Path) -> Iterator[os.stat_result]:
    return (path.stat() for path in folder.rglob("*") if path.is_file())


def _next(home: Path, waiting: Batch | None, cut_off: list[CutOff]) -> str:
    if waiting is not None:
        return _approve(waiting, home)
    if cut_off:
        return f"linewatch night --as-of {cut_off[0].as_of} {cut_off[0].options} --home {home}"
    return f"linewatch night --source SPEC --home {home}"


def _approve(waiting: Batch, home: Path) -> str:
    return f"linewatch approve {waiting.as_of} --by NAME --because TEXT --home {home}   (or discard)"


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
        f"  open cases   {cases['open']:,}{f' ({ages})' if ages else ''}, {cases['overdue']:,} overdue,"
        f" {cases['escalated']:,} escalated"
    )
    if cases["open"]:
        lines.append(_then(cases["next"]))
    review = found["review"] or {"alarms": []}
    for alarm in review["alarms"]:
        lines.append(f"  review       {told_alarm(alarm)} (report of {review['night']})")
    if review["alarms"]:
        lines.append(_then(review["next"]))
    for request in found["reversals"]:
        lines.append(
            f"  to undo      the night of {request['night']}, asked for by {request['by']}"
            f" ({request['because']}); waits for {request['second'] or 'a second person'}"
        )
        lines.append(_then(request["next"]))
    for due in found["unpublished"]:
        lines.append(
            f"  unpublished  {counted(due['changes'], 'change')} of {due['batch']} to {due['destination']}"
        )
        lines.append(_then(due["next"]))
    lines += _told_of_lines(found)
    disk = found["disk_mb"]
    lines.append(
        f"  disk         {disk['snapshots']:,} MB snapshots, {disk['batches']:,} MB batches, "
        f"{disk['free']:,} MB free"
    )
    lines.append(f"  now          {found['next']}")
    return "\n".join(lines)


def _then(command: str) -> str:
    return f"               {command}"


def _told_of_lines(found: dict[str, Any]) -> list[str]:
    lines = []
    late, lawless = found["not_shown"], found["without_law"]
    if late and late["lines"]:
        lines.append(
            f"  not shown    {counted(late['lines'], 'line')} by the system of record yet,"
            f" {late['overdue']:,} overdue"
        )
    if lawless:
        told = ", ".join(f"{name} {counted(count, 'line')}" for name, count in lawless["lines"].items())
        lines.append(f"  no law       the profile maps to no pack: {told}, decided by policy alone")
        lines.append(_then(lawless["next"]))
    return lines


def _told(name: str, night: dict[str, Any] | None) -> list[str]:
    if night is None:
        return [f"  {name:<12} none"]
    counts = (*night["actions"].items(), *night["routes"].items())
    lines = [
        f"  {name:<12} {night['night']}, {counted(night['decided'], 'line')} decided,"
        f" root {night['root'][:12]}",
        f"               {', '.join(f'{what} {count:,}' for what, count in counts)}",
    ]
    lines += [f"               because {why}" for why in night.get("held_because", [])]
    return lines + [f"               {by} has agreed; a second person must" for by in night.get("agreed", [])]
