"""The outbox: which batches' changes a destination is due, and which it has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from ledger.engine import reading
from ledger.event import Event
from ledger.rows import Batch, Publication, as_json
from ledger.schema import batch, publication
from ledger.successors import in_force


def due(event: Event, known: Batch, destination: str) -> None:
    """Note that the destination is owed the changes of a batch, in the transaction that commits it."""
    stored = known.files.get("changes")
    event.add(
        publication,
        batch_seq=known.seq,
        destination=destination,
        event="due",
        changes=stored.rows if stored else 0,
        content="{}",
        recorded_at=event.recorded_at,
    )


def pending(connection: sa.Connection) -> list[Publication]:
    """What was due and is not delivered, in the order of commits."""
    told = publication.alias("told")
    delivered = sa.exists().where(
        told.c.batch_seq == publication.c.batch_seq,
        told.c.destination == publication.c.destination,
        told.c.event == "delivered",
    )
    query = (
        sa.select(batch, publication.c.destination, publication.c.changes)
        .join(batch, batch.c.seq == publication.c.batch_seq)
        .where(publication.c.event == "due", ~delivered)
        .order_by(publication.c.seq)
    )
    rows = connection.execute(query).all()
    known = in_force(connection, rows)
    return [Publication(each, row.destination, row.changes) for each, row in zip(known, rows, strict=True)]


def deliveries(engine: sa.Engine, since: date) -> list[Publication]:
    """What was delivered of batches of a day and later, in the order of delivery."""
    query = (
        sa.select(batch, publication.c.destination, publication.c.changes, publication.c.content)
        .join(batch, batch.c.seq == publication.c.batch_seq)
        .where(publication.c.event == "delivered", batch.c.as_of >= since)
        .order_by(publication.c.seq)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
        known = in_force(connection, rows)
    return [
        Publication(each, row.destination, row.changes, json.loads(row.content))
        for each, row in zip(known, rows, strict=True)
    ]


def destinations(connection: sa.Connection, known: Batch) -> list[str]:
    """Whom a batch was due to."""
    query = sa.select(publication.c.destination).where(
        publication.c.batch_seq == known.seq, publication.c.event == "due"
    )
    return list(connection.execute(query.order_by(publication.c.destination)).scalars())


def delivered(event: Event, told: Publication, content: Mapping[str, Any]) -> bool:
    """Note a delivery once; return whether this was the first time."""
    key = {"batch_seq": told.batch.seq, "destination": told.destination, "event": "delivered"}
    if event.connection.execute(sa.select(publication.c.seq).filter_by(**key)).first() is not None:
        return False
    event.add(
        publication,
        **key,
        changes=told.changes,
        content=as_json(content),
        recorded_at=event.recorded_at,
    )
    event.tell("publication.delivered", told.batch.seq)
    return True
