"""Two people: who agreed first, who asked for a reversal and who confirmed it; the requests themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ACTIONS = ("approve", "agree", "discard", "protective", "request", "confirm")


def upgrade() -> None:
    _approval()
    _reversal()


def _approval() -> None:
    """SQLite changes no check in place: the table is made again with its rows."""
    listed = ", ".join(f"'{action}'" for action in ACTIONS)
    with op.batch_alter_table("approval", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f("ck_approval_action"), type_="check")
        table.create_check_constraint(op.f("ck_approval_action"), f"action in ({listed})")


def _reversal() -> None:
    op.create_table(
        "reversal",
        sa.Column("seq", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("batch_seq", sa.Integer, nullable=False),
        sa.Column("condition", sa.Text, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("registered", sa.Boolean, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("second", sa.String, nullable=False),
        sa.Column("root", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reversal")),
        sa.ForeignKeyConstraint(["batch_seq"], ["batch.seq"], name=op.f("fk_reversal_batch_seq")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reversal_batch_seq"), "reversal", ["batch_seq"])
