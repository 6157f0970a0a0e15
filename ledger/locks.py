"""The two advisory locks of a shared ledger, by the keys that every Linewatch knows them by."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

OURS = 0x4C57
"""LW: other programs may lock things in the same database."""
WRITERS, TURN = (OURS, 1), (OURS, 2)
"""Taken for a transaction by who writes; taken for a session by who has the turn."""
_held = sa.text(
    "select pid from pg_locks where locktype = 'advisory' and granted and objsubid = 2"
    " and database = (select oid from pg_database where datname = current_database())"
    " and classid::bigint = :one and objid::bigint = :two"
)


def backend_with(connection: sa.Connection, key: tuple[int, int]) -> int | None:
    """The server's process whose session has a lock, None if nobody's has."""
    found: Any = connection.scalar(_held, {"one": key[0], "two": key[1]})
    return found if found is None else int(found)
