"""What people answered to a case, when, and how long they had: read off its events.

opened -> claimed -> decided -> disagreed -> decided -> settled
          '---- a reading ----' '-second-'   '------'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from linewatch.casework import ANSWERS, GIVES_A_DAY, Casework, Done, Stage, step

Line = Mapping[str, Any]

SECOND = frozenset({"agreed", "disagreed"})
"""Answers of whoever looked a second time."""
OVERTURNS = frozenset({"disagreed", "sent_back"})
"""After these a decision stands no longer, and the case is decided anew."""
MOVES_ON = ANSWERS | {"opened", "reopened", "sent_back"}
"""After these a case begins to wait for whoever is next."""
SAYS = ANSWERS.union(GIVES_A_DAY)
"""The events whose content is read here."""


@dataclass(frozen=True, kw_only=True)
class Dated(Done):
    """What was done to a case, and when."""

    at: datetime
    batch_seq: int | None = None
    """The batch that it came with."""


@dataclass(frozen=True)
class CaseHistory:
    """A case with all that was done to it, the oldest first."""

    case_id: str
    borrower_id: str
    kind: str
    """Of linewatch.case.KINDS, as it was opened."""
    opened_on: date
    due_on: date | None
    events: tuple[Dated, ...]


@dataclass(frozen=True)
class Answer:
    """An answer of a person to a case."""

    event: str
    """One of linewatch.casework.ANSWERS."""
    by: str
    at: datetime
    began_at: datetime
    """When they took the case; of one that nobody had taken, when it began to wait for them."""
    taken: bool
    kind: str
    """Of the case, as it was then."""
    lines: Sequence[Line]
    first: Mapping[str, str] = field(default_factory=dict)
    """Of a second reading: what the first said, line to outcome."""
    stands: bool = True
    """Of a decision: that nobody who looked after it, and no settlement, sent it back."""
    settled_by: int | None = None
    """Of a decision: the batch that took it in."""


@dataclass(frozen=True)
class Standing:
    """Where a case is, for whoever plans the work."""

    stage: Stage
    kind: str
    due_on: date | None


def answers_of(case: CaseHistory) -> tuple[list[Answer], Standing]:
    """Every answer to the case, the oldest first, and where that leaves it."""
    work, kind, due_on = Casework(), case.kind, case.due_on
    found: list[Answer] = []
    decided: int | None = None  # the place of the last decision in `found`
    waits_since = taken_at = case.events[0].at
    for event in case.events:
        if event.kind == "claimed":
            taken_at = event.at
        if event.kind in ANSWERS:
            found.append(_answer(work, event, kind, taken_at if work.holder else None, waits_since))
        if decided is not None and event.kind in OVERTURNS:
            found[decided] = replace(found[decided], stands=False)
        if decided is not None and event.kind == "settled":
            found[decided] = replace(found[decided], settled_by=event.batch_seq)
        if event.kind == "decided":
            decided = len(found) - 1
        if event.kind in MOVES_ON:
            waits_since = event.at
        if event.kind in GIVES_A_DAY:
            due_on = _day(event) or due_on
        if event.kind == "sent_on":
            kind = event.content.get("kind", kind)
        work = step(work, event)
    return found, Standing(work.stage, kind, due_on)


def _answer(
    work: Casework, event: Dated, kind: str, taken_at: datetime | None, waits_since: datetime
) -> Answer:
    first = work.decided.content.get("lines", ()) if work.decided and event.kind in SECOND else ()
    return Answer(
        event=event.kind,
        by=event.by,
        at=event.at,
        began_at=taken_at or waits_since,
        taken=taken_at is not None,
        kind=kind,
        lines=event.content.get("lines", ()),
        first={line["facility_id"]: line["outcome"] for line in first},
    )


def _day(event: Dated) -> date | None:
    said = event.content.get("due_on")
    return date.fromisoformat(said) if said else None
