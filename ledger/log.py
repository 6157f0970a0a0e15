"""The log of the record: one entry an event, hashed over the bytes that stand in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ledger.rows import as_json
from ledger.schema import log_entry


def note(
    connection: sa.Connection,
    kind: str,
    content: Mapping[str, Any],
    recorded_at: datetime,
    *,
    batch_seq: int | None = None,
) -> None:
    """Add an entry, in the transaction of the event that it tells of."""
    text = as_json(content)
    connection.execute(
        log_entry.insert().values(
            batch_seq=batch_seq,
            kind=kind,
            content=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            recorded_at=recorded_at,
        )
    )


def entries(connection: sa.Connection) -> list[sa.Row[Any]]:
    return list(connection.execute(sa.select(log_entry).order_by(log_entry.c.seq)))
