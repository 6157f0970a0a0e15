"""Where review cases stand, said once more in plain lines: who may do what to which, and what closes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Line = Mapping[str, Any]
"""What somebody answered of a line, as the event keeps it."""
CLOSED = ("lapsed", "superseded", "withdrawn", "settled")


@dataclass
class Work:
    """A case."""

    borrower: str
    names: set[str]
    """The lines that it was opened with."""
    stage: str = "waiting"
    """waiting, second_look, ready or closed."""
    holder: str = ""
    by: str = ""
    lines: list[Line] = field(default_factory=list)
    """Who decided it, and how; nobody: empty."""
    answered: bool = False
    """Whether anybody ever gave an outcome, or the borrower appealed: it lapses no more."""


def may(work: Work, kind: str, by: str, other_is_open: bool) -> bool:
    """Whether this may be done to the case; `other_is_open`: another one of the borrower."""
    if kind == "reopened":
        return work.stage == "closed" and not other_is_open
    if work.stage == "closed":
        return False
    mine = work.holder in ("", by)
    own_look = work.stage == "second_look" and work.by == by
    return {
        "claimed": not work.holder and work.stage != "ready" and not own_look,
        "released": bool(work.holder),
        "decided": work.stage == "waiting" and mine,
        "looked_at": work.stage == "waiting" and mine,
        "more_asked": work.stage == "waiting" and mine,
        "agreed": work.stage == "second_look" and not own_look and mine,
        "disagreed": work.stage == "second_look" and not own_look and mine,
        "escalated": work.stage != "ready",
        "lapsed": work.stage != "ready" and not work.answered,
    }[kind]


def do(work: Work, kind: str, by: str, lines: list[Line]) -> None:
    """Leave the case as this leaves it."""
    if kind == "claimed":
        work.holder = by
        return
    work.holder = ""
    if kind in ("decided", "looked_at"):
        work.stage = "ready" if kind == "decided" else "second_look"
        work.by, work.lines, work.answered = by, lines, True
    elif kind == "agreed":
        work.stage = "ready"
    elif kind in ("disagreed", "more_asked", "reopened", "sent_back"):
        work.stage, work.by, work.lines = "waiting", "", []
        work.answered = work.answered or kind == "reopened"
    elif kind in CLOSED:
        work.stage = "closed"
