"""Review cases: a referred line is a row that waits for a person, and what happens to it is events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ledger.rows import Batch, OpenCase, as_json
from ledger.schema import CLOSING, review_case, review_event

COLUMNS = ("case_id", "facility_id", "borrower_id", "opened_on", "due_on")
ASKED_AT_ONCE = 1_000


def open_cases(
    connection: sa.Connection, batch_seq: int, cases: Iterable[Mapping[str, Any]], recorded_at: datetime
) -> int:
    """Make each case known and note it opened; one known already is noted as seen again. Return how many."""
    listed = list(cases)
    known = _known(connection, [case["case_id"] for case in listed])
    fresh = [_row(case, batch_seq) for case in listed if case["case_id"] not in known]
    events = [_event(case, batch_seq, case["case_id"] in known, recorded_at) for case in listed]
    if fresh:
        connection.execute(review_case.insert(), fresh)
    if events:
        connection.execute(review_event.insert(), events)
    return len(listed)


def add_event(
    connection: sa.Connection,
    case_id: str,
    *,
    kind: str,
    by: str,
    because: str,
    recorded_at: datetime,
    content: Mapping[str, Any] | None = None,
    batch_seq: int | None = None,
) -> None:
    """Append what a person, or a batch, did to a case."""
    connection.execute(
        review_event.insert().values(
            case_id=case_id,
            batch_seq=batch_seq,
            kind=kind,
            by=by,
            because=because,
            content=as_json(content or {}),
            recorded_at=recorded_at,
        )
    )


def still_open(connection: sa.Connection, as_known_to: Batch | None = None) -> list[OpenCase]:
    """Cases that no event has closed, the oldest first; with a batch, as they stood when it became known."""
    closing = [review_event.c.case_id == review_case.c.case_id, review_event.c.kind.in_(CLOSING)]
    opened = []
    if as_known_to is not None:
        closing.append(review_event.c.recorded_at < as_known_to.recorded_at)
        opened.append(review_case.c.batch_seq < as_known_to.seq)
    query = (
        sa.select(review_case)
        .where(~sa.exists().where(*closing), *opened)
        .order_by(review_case.c.opened_on, review_case.c.case_id)
    )
    return [
        OpenCase(
            case_id=row.case_id,
            facility_id=row.facility_id,
            borrower_id=row.borrower_id,
            opened_on=row.opened_on,
            due_on=row.due_on,
            content=json.loads(row.content),
        )
        for row in connection.execute(query)
    ]


def _row(case: Mapping[str, Any], batch_seq: int) -> dict[str, Any]:
    """The columns that are asked for by themselves, and the whole case as refer wrote it."""
    picked = {name: case.get(name) for name in COLUMNS}
    days = {name: _day(picked[name]) for name in ("opened_on", "due_on")}
    return {**picked, **days, "batch_seq": batch_seq, "content": as_json(case)}


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _known(connection: sa.Connection, case_ids: list[str]) -> set[str]:
    """Those of the cases that the record has, asked for in parts: a statement takes few parameters."""
    found: set[str] = set()
    for start in range(0, len(case_ids), ASKED_AT_ONCE):
        part = case_ids[start : start + ASKED_AT_ONCE]
        query = sa.select(review_case.c.case_id).where(review_case.c.case_id.in_(part))
        found.update(connection.execute(query).scalars())
    return found


def _event(case: Mapping[str, Any], batch_seq: int, known: bool, recorded_at: datetime) -> dict[str, Any]:
    return {
        "case_id": case["case_id"],
        "batch_seq": batch_seq,
        "kind": "seen_again" if known else "opened",
        "by": "linewatch",
        "because": "",
        "content": as_json(case) if known else "{}",
        "recorded_at": recorded_at,
    }
