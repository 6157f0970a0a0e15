"""A ledger that several machines share: whose home it is, and who had the turn."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "home",
        sa.Column("seq", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_home")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "turn",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("backend", sa.Integer, nullable=False),
        sa.Column("doing", sa.String, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("since", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_turn")),
        sqlite_autoincrement=True,
    )
