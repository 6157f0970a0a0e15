"""The tables of the record, in types that SQLite and PostgreSQL both keep without loss.

Rows are added and never changed, with one exception: the `state` of a batch goes from held to
committed or discarded, and the approval that moved it is a row of its own. What is listed or
nested stands as JSON text with sorted keys, so that its bytes can be hashed as they lie.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

HELD, COMMITTED, DISCARDED = "held", "committed", "discarded"
ACTIONS = ("approve", "agree", "discard", "protective", "request", "confirm", "erase", "prune")
"""What people do to a batch: let a held night through, or be the first of two to; throw it away, or all of
it but its blocks; ask for a reversal, confirm one; erase a borrower, end the keeping of what is old."""

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Utc(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so none is stored: a moment without one is refused."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} names no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True)


def _batch_seq(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("batch_seq", sa.Integer, sa.ForeignKey("batch.seq"), nullable=nullable, index=True)


batch = sa.Table(
    "batch",
    metadata,
    _seq(),
    sa.Column("batch", sa.String, nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False, index=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("root", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("source_identity", sa.String, nullable=False),
    sa.Column("documents_identity", sa.String, nullable=False),
    sa.Column("documents", sa.Text, nullable=False),
    sa.Column("snapshot", sa.String, nullable=False),
    sa.Column("folder", sa.String, nullable=False),
    sa.Column("files", sa.Text, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
    sa.Column("held_because", sa.Text, nullable=False),
    sa.Column("version", sa.String, nullable=False),
    sa.Column("recorded_at", Utc, nullable=False),
    sa.CheckConstraint("state in ('held', 'committed', 'discarded')", name="state"),
    sqlite_autoincrement=True,
)
_live_night = sa.text("kind = 'night' and state <> 'discarded'")
sa.Index(
    "uq_batch_live_night",
    batch.c.as_of,
    unique=True,
    sqlite_where=_live_night,
    postgresql_where=_live_night,
)
_held = sa.text("state = 'held'")
sa.Index("uq_batch_held", batch.c.state, unique=True, sqlite_where=_held, postgresql_where=_held)

document = sa.Table(
    "document",
    metadata,
    sa.Column("sha256", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("id", sa.String, nullable=False),
    sa.Column("version", sa.String, nullable=False),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("recorded_at", Utc, nullable=False),
)

home = sa.Table(
    "home",
    metadata,
    _seq(),
    sa.Column("id", sa.String, nullable=False),
    sqlite_autoincrement=True,
)
"""Of a shared ledger: the home that its paths are relative to, which has the newest id in a file."""

turn = sa.Table(
    "turn",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("backend", sa.Integer, nullable=False),
    sa.Column("doing", sa.String, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("since", sa.String, nullable=False),
    sqlite_autoincrement=True,
)
"""Of a shared ledger: who had the turn, by whose connection (`backend`); not of the record."""

review_case = sa.Table(
    "review_case",
    metadata,
    sa.Column("case_id", sa.String, primary_key=True),
    _batch_seq(),
    sa.Column("facility_id", sa.String, nullable=False, index=True),
    sa.Column("borrower_id", sa.String, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("content", sa.Text, nullable=False),
)

review_event = sa.Table(
    "review_event",
    metadata,
    _seq(),
    sa.Column("case_id", sa.String, sa.ForeignKey("review_case.case_id"), nullable=False, index=True),
    _batch_seq(nullable=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("because", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("recorded_at", Utc, nullable=False),
    sa.Column("salt", sa.String, nullable=False),
    sa.Column("leaf", sa.String, nullable=False),
    sa.Column("entry", sa.Integer, nullable=False, index=True),
    sqlite_autoincrement=True,
)

promise = sa.Table(
    "promise",
    metadata,
    sa.Column("promise_id", sa.String, primary_key=True),
    _batch_seq(),
    sa.Column("facility_id", sa.String, nullable=False, index=True),
    sa.Column("borrower_id", sa.String, nullable=False),
    sa.Column("amount_cents", sa.BigInteger, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

publication = sa.Table(
    "publication",
    metadata,
    _seq(),
    _batch_seq(),
    sa.Column("destination", sa.String, nullable=False),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("changes", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("recorded_at", Utc, nullable=False),
    sa.UniqueConstraint("batch_seq", "destination", "event"),
    sa.CheckConstraint("event in ('due', 'delivered')", name="event"),
    sqlite_autoincrement=True,
)

approval = sa.Table(
    "approval",
    metadata,
    _seq(),
    _batch_seq(),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("registered", sa.Boolean, nullable=False),
    sa.Column("because", sa.Text, nullable=False),
    sa.Column("recorded_at", Utc, nullable=False),
    sa.CheckConstraint(f"action in ({', '.join(repr(action) for action in ACTIONS)})", name="action"),
    sqlite_autoincrement=True,
)

reversal = sa.Table(
    "reversal",
    metadata,
    _seq(),
    _batch_seq(),
    sa.Column("condition", sa.Text, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("registered", sa.Boolean, nullable=False),
    sa.Column("because", sa.Text, nullable=False),
    sa.Column("second", sa.String, nullable=False),
    sa.Column("root", sa.String, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("recorded_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

log_entry = sa.Table(
    "log_entry",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    _batch_seq(nullable=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("salt", sa.String, nullable=False),
    sa.Column("leaf", sa.String, nullable=False),
    sa.Column("recorded_at", Utc, nullable=False),
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    _seq(),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("root", sa.String, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("recorded_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

successor = sa.Table(
    "successor",
    metadata,
    _seq(),
    _batch_seq(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("old_sha256", sa.String, nullable=False),
    sa.Column("path", sa.String, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
"""A file of a batch that stands in for an earlier one, from which a borrower was erased."""
