"""Review cases: a referred line is a row that waits for a person, and what happens to it is events."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa

from ledger.event import Event
from ledger.rows import Batch, OpenCase, WaitingCase, as_json
from ledger.schema import CLOSING, review_case, review_event

COLUMNS = ("case_id", "facility_id", "borrower_id", "opened_on", "due_on")
AT_ONCE = 1_000
"""Cases held at once: a statement takes few parameters, and a night may open half a million."""


def open_cases(event: Event, batch_seq: int, cases: Iterable[Mapping[str, Any]]) -> None:
    """Make each case known and note it opened; one known already is noted as seen again."""
    coming = iter(cases)
    while listed := list(islice(coming, AT_ONCE)):
        known = _known(event.connection, [case["case_id"] for case in listed])
        fresh = {case["case_id"]: _row(case, batch_seq) for case in listed if case["case_id"] not in known}
        event.review([_seen(case, batch_seq, case["case_id"] in known) for case in listed], fresh)


def supersede(event: Event, known: Batch, revised: Sequence[int]) -> None:
    """Close the cases that earlier versions of a revised night opened and the revision does not ask for."""
    seen = sa.exists().where(
        review_event.c.case_id == review_case.c.case_id, review_event.c.batch_seq == known.seq
    )
    query = sa.select(review_case.c.case_id).where(_not_closed(), review_case.c.batch_seq.in_(revised), ~seen)
    closed = list(event.connection.scalars(query.order_by(review_case.c.case_id)))
    for start in range(0, len(closed), AT_ONCE):
        event.review([_superseded(case_id, known) for case_id in closed[start : start + AT_ONCE]], {})


def add_event(
    event: Event,
    case_id: str,
    *,
    kind: str,
    by: str,
    because: str,
    content: Mapping[str, Any] | None = None,
    batch_seq: int | None = None,
) -> None:
    """Append what a person, or a batch, did to a case."""
    done = {"case_id": case_id, "batch_seq": batch_seq, "kind": kind, "by": by, "because": because}
    event.review([{**done, "content": as_json(content or {})}], {})


def withdraw(event: Event, case_ids: Collection[str], batch_seq: int) -> None:
    """Close those of the cases that are open: there is nobody left to decide on."""
    wanted = set(case_ids)
    done = {"batch_seq": batch_seq, "kind": "withdrawn", "by": "linewatch", "because": "", "content": "{}"}
    still = [each.case_id for each in waiting(event.connection) if each.case_id in wanted]
    event.review([{"case_id": case_id, **done} for case_id in still], {})


def still_open(connection: sa.Connection) -> Iterator[OpenCase]:
    """Cases that no event has closed, the oldest first."""
    for row in _each(connection, sa.select(review_case).where(_not_closed())):
        yield OpenCase(
            case_id=row.case_id,
            facility_id=row.facility_id,
            borrower_id=row.borrower_id,
            opened_on=row.opened_on,
            due_on=row.due_on,
            content=json.loads(row.content),
        )


def waiting(connection: sa.Connection, as_known_to: Batch | None = None) -> Iterator[WaitingCase]:
    """As `still_open`, by their days alone; with a batch, as they stood when it became known."""
    query = sa.select(*(review_case.c[name] for name in WaitingCase._fields))
    if as_known_to is None:
        query = query.where(_not_closed())
    else:
        query = query.where(
            _not_closed(review_event.c.recorded_at < as_known_to.recorded_at),
            review_case.c.batch_seq < as_known_to.seq,
        )
    for row in _each(connection, query):
        yield WaitingCase(*row)


def closed(connection: sa.Connection, case_ids: Iterable[str]) -> set[str]:
    """Those of the cases that some event has closed."""
    found: set[str] = set()
    coming = iter(case_ids)
    while some := list(islice(coming, AT_ONCE)):
        query = sa.select(review_case.c.case_id).where(review_case.c.case_id.in_(some), ~_not_closed())
        found.update(connection.scalars(query))
    return found


def _not_closed(*also: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    own = review_event.c.case_id == review_case.c.case_id
    return ~sa.exists().where(own, review_event.c.kind.in_(CLOSING), *also)


def _each(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    """The rows of a query on cases, the oldest first, without holding them all."""
    ordered = query.order_by(review_case.c.opened_on, review_case.c.case_id)
    yield from connection.execute(ordered, execution_options={"yield_per": AT_ONCE})


def _row(case: Mapping[str, Any], batch_seq: int) -> dict[str, Any]:
    """The columns that are asked for by themselves, and the whole case as refer wrote it."""
    picked = {name: case.get(name) for name in COLUMNS}
    days = {name: _day(picked[name]) for name in ("opened_on", "due_on")}
    return {**picked, **days, "batch_seq": batch_seq, "content": as_json(case)}


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _known(connection: sa.Connection, case_ids: Sequence[str]) -> set[str]:
    """Those of the cases that the record has."""
    query = sa.select(review_case.c.case_id).where(review_case.c.case_id.in_(case_ids))
    return set(connection.execute(query).scalars())


def _seen(case: Mapping[str, Any], batch_seq: int, known: bool) -> dict[str, Any]:
    return {
        "case_id": case["case_id"],
        "batch_seq": batch_seq,
        "kind": "seen_again" if known else "opened",
        "by": "linewatch",
        "because": "",
        "content": as_json(case) if known else "{}",
    }


def _superseded(case_id: str, known: Batch) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "batch_seq": known.seq,
        "kind": "superseded",
        "by": "linewatch",
        "because": f"The night was revised by {known.batch}.",
        "content": "{}",
    }
