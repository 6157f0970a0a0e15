"""The record as it is first laid: batches, documents, cases, promises, publications, approvals, the log.

A migration spells its tables out: what ledger/schema.py says later must not change what was done here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _batch()
    _document()
    _review()
    _promise()
    _publication()
    _approval()
    _log_entry()


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, autoincrement=True, nullable=False)


def _batch() -> None:
    op.create_table(
        "batch",
        _seq(),
        *_texts("batch", "kind"),
        sa.Column("as_of", sa.Date, nullable=False),
        *_texts("state", "root", "source", "source_identity", "documents_identity"),
        sa.Column("documents", sa.Text, nullable=False),
        *_texts("snapshot", "folder"),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("held_because", sa.Text, nullable=False),
        *_texts("version"),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_batch")),
        sa.CheckConstraint("state in ('held', 'committed', 'discarded')", name=op.f("ck_batch_state")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_batch_batch"), "batch", ["batch"])
    op.create_index(op.f("ix_batch_as_of"), "batch", ["as_of"])
    live_night = sa.text("kind = 'night' and state <> 'discarded'")
    op.create_index(
        "uq_batch_live_night",
        "batch",
        ["as_of"],
        unique=True,
        sqlite_where=live_night,
        postgresql_where=live_night,
    )
    held = sa.text("state = 'held'")
    op.create_index(
        "uq_batch_held", "batch", ["state"], unique=True, sqlite_where=held, postgresql_where=held
    )


def _document() -> None:
    op.create_table(
        "document",
        *_texts("sha256", "kind", "id", "version"),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("sha256", "kind", name=op.f("pk_document")),
    )


def _review() -> None:
    op.create_table(
        "review_case",
        *_texts("case_id"),
        sa.Column("batch_seq", sa.Integer, nullable=False),
        *_texts("facility_id", "borrower_id"),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_review_case")),
        _of_batch("review_case"),
    )
    op.create_index(op.f("ix_review_case_batch_seq"), "review_case", ["batch_seq"])
    op.create_index(op.f("ix_review_case_facility_id"), "review_case", ["facility_id"])
    op.create_table(
        "review_event",
        _seq(),
        *_texts("case_id"),
        sa.Column("batch_seq", sa.Integer),
        *_texts("kind", "by"),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_review_event")),
        _of_batch("review_event"),
        sa.ForeignKeyConstraint(["case_id"], ["review_case.case_id"], name=op.f("fk_review_event_case_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_review_event_case_id"), "review_event", ["case_id"])
    op.create_index(op.f("ix_review_event_batch_seq"), "review_event", ["batch_seq"])


def _promise() -> None:
    op.create_table(
        "promise",
        *_texts("promise_id"),
        sa.Column("batch_seq", sa.Integer, nullable=False),
        *_texts("facility_id", "borrower_id"),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("promise_id", name=op.f("pk_promise")),
        _of_batch("promise"),
    )
    op.create_index(op.f("ix_promise_batch_seq"), "promise", ["batch_seq"])
    op.create_index(op.f("ix_promise_facility_id"), "promise", ["facility_id"])


def _publication() -> None:
    op.create_table(
        "publication",
        _seq(),
        sa.Column("batch_seq", sa.Integer, nullable=False),
        *_texts("destination", "event"),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_publication")),
        _of_batch("publication"),
        sa.UniqueConstraint(
            "batch_seq", "destination", "event", name=op.f("uq_publication_batch_seq_destination_event")
        ),
        sa.CheckConstraint("event in ('due', 'delivered')", name=op.f("ck_publication_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_publication_batch_seq"), "publication", ["batch_seq"])


def _approval() -> None:
    op.create_table(
        "approval",
        _seq(),
        sa.Column("batch_seq", sa.Integer, nullable=False),
        *_texts("action", "by"),
        sa.Column("registered", sa.Boolean, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_approval")),
        _of_batch("approval"),
        sa.CheckConstraint("action in ('approve', 'discard')", name=op.f("ck_approval_action")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_approval_batch_seq"), "approval", ["batch_seq"])


def _log_entry() -> None:
    op.create_table(
        "log_entry",
        _seq(),
        sa.Column("batch_seq", sa.Integer),
        *_texts("kind"),
        sa.Column("content", sa.Text, nullable=False),
        *_texts("sha256"),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log_entry")),
        _of_batch("log_entry"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_log_entry_batch_seq"), "log_entry", ["batch_seq"])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def _of_batch(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["batch_seq"], ["batch.seq"], name=op.f(f"fk_{table}_batch_seq"))
