"""Requests to undo a night: one person asks, another confirms, and the batch names its request."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from ledger import batches
from ledger.event import Event
from ledger.rows import Approval, Batch, Reversal, as_json
from ledger.schema import COMMITTED, batch, reversal
from ledger.successors import in_force

KIND = "reversal"


def ask(event: Event, wanted: Reversal) -> Reversal:
    """Put a request on record; it takes the place of an earlier one of the night that nobody confirmed."""
    batches.refuse_while_held(event.connection)
    row = event.add(
        reversal,
        batch_seq=wanted.night_seq,
        condition=wanted.condition,
        by=wanted.by,
        registered=wanted.registered,
        because=wanted.because,
        second=wanted.second,
        root=wanted.root,
        content=as_json(wanted.content),
        recorded_at=event.recorded_at,
    )
    event.tell("reversal.asked", wanted.night_seq)
    return _of_row(row)


def waiting(connection: sa.Connection, night_seq: int) -> Reversal | None:
    """The newest request to undo a night, unless it was carried out."""
    query = sa.select(reversal).where(reversal.c.batch_seq == night_seq).order_by(reversal.c.seq.desc())
    row = connection.execute(query.limit(1)).first()
    done = {known.counts.get("request") for known in carried_out(connection, night_seq)}
    return _of_row(row) if row is not None and row.seq not in done else None


def all_waiting(connection: sa.Connection) -> list[Reversal]:
    """The newest request of every night that somebody wants undone, unless it was carried out."""
    nights = connection.scalars(sa.select(reversal.c.batch_seq).distinct().order_by(reversal.c.batch_seq))
    found = [waiting(connection, seq) for seq in nights.all()]
    return [request for request in found if request is not None]


def carried_out(connection: sa.Connection, night_seq: int) -> list[Batch]:
    """What has undone a night, or a part of it, in the order of commits."""
    query = sa.select(batch).where(batch.c.kind == KIND, batch.c.state == COMMITTED).order_by(batch.c.seq)
    known = in_force(connection, connection.execute(query))
    return [each for each in known if each.counts.get("reverses") == night_seq]


def confirm(event: Event, known: Batch, request: Reversal, who: Approval) -> None:
    """Sign the batch with the names of both."""
    asked = Approval("request", request.by, request.registered, request.because, request.recorded_at)
    for each in (asked, who):
        batches.sign(event, known, each)


def _of_row(row: sa.Row[Any]) -> Reversal:
    return Reversal(
        seq=row.seq,
        night_seq=row.batch_seq,
        condition=row.condition,
        by=row.by,
        registered=row.registered,
        because=row.because,
        second=row.second,
        root=row.root,
        content=json.loads(row.content),
        recorded_at=row.recorded_at,
    )
