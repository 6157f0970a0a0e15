"""The files that lie beside cases: which events name them, and which of them may go."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ledger.event import Event
from ledger.rows import as_json
from ledger.schema import review_event
from linewatch.casework import CLOSES
from linewatch.errors import DataRefused
from linewatch.evidence import ADDED, PRUNED, Evidence, of_event

AT_ONCE = 500
"""A statement takes few parameters."""


@dataclass(frozen=True)
class Laid:
    """A file that lies beside a case."""

    case_id: str
    evidence: Evidence
    by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Past:
    """A case, as far as keeping what lies beside it goes."""

    closed_on: date | None
    """The day, in UTC, of the event that closed it; None: it is open."""
    batches: frozenset[int] = field(default_factory=frozenset)
    """The `seq` of every batch that did something to it."""


def laid(connection: sa.Connection, case_ids: Collection[str] | None = None) -> list[Laid]:
    """What lies beside these cases, or beside any, in the order in which it came; nothing that was erased
    or let go.
    """
    found: dict[tuple[str, str, str], Laid] = {}
    for row in _events(connection, case_ids, review_event.c.kind.in_((ADDED, PRUNED))):
        evidence = of_event(json.loads(row.content or "{}"))
        if evidence is None:
            continue
        key = (row.case_id, evidence.sha256, evidence.item)
        if row.kind == ADDED:
            found[key] = Laid(row.case_id, evidence, row.by, row.recorded_at)
        else:
            found.pop(key, None)
    return list(found.values())


def named(connection: sa.Connection) -> set[str]:
    """The path of every file that lies beside any case."""
    return {each.evidence.path for each in laid(connection)}


def pasts(connection: sa.Connection, case_ids: Collection[str]) -> dict[str, Past]:
    """Of each of the cases that the record has, when it was closed and by which batches it came about."""
    found: dict[str, Past] = {}
    for row in _events(connection, case_ids):
        past = found.get(row.case_id, Past(None))
        closed_on = row.recorded_at.date() if row.kind in CLOSES else past.closed_on
        batches = past.batches | ({row.batch_seq} if row.batch_seq is not None else set())
        found[row.case_id] = Past(None if row.kind == "reopened" else closed_on, frozenset(batches))
    return found


def let_go(event: Event, gone: Collection[Laid], batch_seq: int) -> None:
    """Let files beside closed cases go. Raises DataRefused where a case was opened again meanwhile."""
    standing = pasts(event.connection, {each.case_id for each in gone})
    again = sorted({each.case_id for each in gone if standing[each.case_id].closed_on is None})
    if again:
        raise DataRefused(
            f"A case whose evidence was to go was opened again meanwhile: {again[0]}.",
            what_now="Nothing was changed. Run the same command again: it leaves that evidence.",
        )
    listed = [_gone(each, batch_seq) for each in gone]
    for at in range(0, len(listed), AT_ONCE):
        event.review(listed[at : at + AT_ONCE], {})


def _gone(each: Laid, batch_seq: int) -> Mapping[str, object]:
    return {
        "case_id": each.case_id,
        "batch_seq": batch_seq,
        "kind": PRUNED,
        "by": "linewatch",
        "because": "",
        "content": as_json(each.evidence.told()),
    }


def _events(
    connection: sa.Connection, case_ids: Collection[str] | None, *wanted: sa.ColumnElement[bool]
) -> Iterator[sa.Row[Any]]:
    """The events of these cases, or of all, those of each case in their order."""
    query = sa.select(review_event).where(*wanted).order_by(review_event.c.seq)
    if case_ids is None:
        yield from connection.execute(query)
        return
    listed = sorted(case_ids)
    for at in range(0, len(listed), AT_ONCE):
        yield from connection.execute(query.where(review_event.c.case_id.in_(listed[at : at + AT_ONCE])))
