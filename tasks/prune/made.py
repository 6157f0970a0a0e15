"""Files of a home that no batch names: what was made for people under out/, and the logs, by day."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from linewatch.whereabouts import place_of

DAY = re.compile(r"\d{4}-\d\d-\d\d")
PRUNED = ("exports", "evidence", "drafts")
"""Kinds under out/ that a rule may name; what was handed to a borrower who asked is taken away by hand."""


@dataclass(frozen=True)
class Made:
    """A file, of what kind, and of which night or day."""

    path: str
    kind: str
    day: date


def made_for_people(home: Path) -> Iterator[Made]:
    """In the order of their paths. A file whose day nobody can tell is left out: it stays."""
    for path in sorted((home / "out").rglob("*")):
        name = path.relative_to(home).as_posix()
        place = place_of(name) if path.is_file() else None
        if place is not None and place.kind in PRUNED:
            day = _of_proof(path) if name.startswith("out/proofs/") else _day(name.split("/")[1])
            if day is not None:
                yield Made(name, place.kind, day)
    for path in sorted((home / "log").glob("*")):
        if path.is_file():
            day = _day(path.name) or datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
            yield Made(path.relative_to(home).as_posix(), "logs", day)


def _of_proof(path: Path) -> date | None:
    """The night of the change that is proven; of the page, that of the proof beside it."""
    try:
        told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return _day(str(told.get("batch", ""))) if isinstance(told, dict) else None


def _day(text: str) -> date | None:
    found = DAY.match(text)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
