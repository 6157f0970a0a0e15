"""Promises that nights made to borrowers: a row each, when the night that made it takes effect.

How each stands after later nights is in their files `promises` (docs/home.md). A row names a borrower, so the
log tells its key and its day alone: the entry of the batch answers for the file that has the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from ledger.event import Event
from ledger.rows import as_json
from ledger.schema import promise

COLUMNS = ("facility_id", "borrower_id", "due_on")
AT_ONCE = 500


def make(event: Event, batch_seq: int, made: Iterable[Mapping[str, Any]]) -> None:
    """Put on record what a night promises: rows of its file `promises` that it made.

    A revision that promises the same again adds nothing.
    """
    listed = list(made)
    known = _known(event.connection, [each["promise_id"] for each in listed])
    for each in listed:
        if each["promise_id"] not in known:
            event.add(
                promise,
                promise_id=each["promise_id"],
                batch_seq=batch_seq,
                amount_cents=each["limit_cents"],
                content=as_json({name: each[name] for name in each if name != "promise_id"}),
                **{name: each[name] for name in COLUMNS},
            )


def _known(connection: sa.Connection, promise_ids: list[str]) -> set[str]:
    known: set[str] = set()
    for at in range(0, len(promise_ids), AT_ONCE):
        some = promise_ids[at : at + AT_ONCE]
        known.update(
            connection.scalars(sa.select(promise.c.promise_id).where(promise.c.promise_id.in_(some)))
        )
    return known


def made(connection: sa.Connection, borrower_id: str | None = None) -> list[dict[str, Any]]:
    """Every promise on record, or those to one borrower, in order of their ids."""
    query = sa.select(promise).order_by(promise.c.promise_id)
    if borrower_id is not None:
        query = query.where(promise.c.borrower_id == borrower_id)
    return [dict(row._mapping) for row in connection.execute(query)]


def blank(event: Event, promise_ids: Collection[str]) -> None:
    """Take out of promises whatever tells of a borrower."""
    listed = sorted(promise_ids)
    for at in range(0, len(listed), AT_ONCE):
        event.connection.execute(
            promise.update()
            .where(promise.c.promise_id.in_(listed[at : at + AT_ONCE]))
            .values(facility_id="", borrower_id="", amount_cents=0, content="")
        )
