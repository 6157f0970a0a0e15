"""The log: entries and events as leaves, signed checkpoints, files that stand in for earlier ones.

What stood before is told by one entry, `log.begun`; it has no salts, and its moments are those of then.
"""

import hashlib
import json
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TOLD = ("batch", "document", "approval", "publication", "reversal")
ACTIONS = ("approve", "agree", "discard", "protective", "request", "confirm", "erase", "prune")
MOMENTS = ("recorded_at",)


def upgrade() -> None:
    connection = op.get_bind()
    _log_entry(connection)
    _review_event(connection)
    _new_tables()
    _approval()
    _begin(connection)


def _log_entry(connection: sa.Connection) -> None:
    """Entries are numbered by whoever adds them, and `sha256` gives way to a leaf."""
    with op.batch_alter_table("log_entry") as table:
        table.add_column(sa.Column("salt", sa.String, nullable=False, server_default=""))
        table.add_column(sa.Column("leaf", sa.String, nullable=False, server_default=""))
        table.drop_column("sha256")
    for seq, content in connection.execute(sa.text("select seq, content from log_entry order by seq")).all():
        connection.execute(
            sa.text("update log_entry set leaf = :leaf where seq = :seq"),
            {"leaf": _leaf(content).hex(), "seq": seq},
        )


def _review_event(connection: sa.Connection) -> None:
    with op.batch_alter_table("review_event", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("salt", sa.String, nullable=False, server_default=""))
        table.add_column(sa.Column("leaf", sa.String, nullable=False, server_default=""))
        table.add_column(sa.Column("entry", sa.Integer, nullable=False, server_default="0"))
    op.create_index(op.f("ix_review_event_entry"), "review_event", ["entry"])
    begun = _begun(connection)
    for event in connection.execute(sa.text(EVENTS)).mappings().all():
        connection.execute(
            sa.text("update review_event set leaf = :leaf, entry = :entry where seq = :seq"),
            {"leaf": _leaf(_review_data(event)).hex(), "entry": begun, "seq": event["seq"]},
        )


EVENTS = """
    select
        review_event.*, review_case.facility_id, review_case.borrower_id, review_case.opened_on,
        review_case.due_on, review_case.content as case_content
    from review_event
    inner join review_case on review_event.case_id = review_case.case_id
    order by review_event.seq
"""


def _review_data(event: sa.RowMapping) -> str:
    named = [event[name] for name in ("case_id", "batch_seq", "kind", "by", "because", "content")]
    case = None
    if event["kind"] == "opened":
        case = [
            event["facility_id"],
            event["borrower_id"],
            _plain("opened_on", event["opened_on"]),
            _plain("due_on", event["due_on"]),
            event["case_content"],
        ]
    return _json([1, *named, _plain("recorded_at", event["recorded_at"]), case])


def _new_tables() -> None:
    seq = sa.Column("seq", sa.Integer, autoincrement=True, nullable=False)
    texts = [sa.Column(name, sa.String, nullable=False) for name in ("name", "old_sha256", "path", "sha256")]
    op.create_table(
        "checkpoint",
        seq,
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("root", sa.String, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_checkpoint")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "successor",
        sa.Column("seq", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("batch_seq", sa.Integer, nullable=False),
        *texts,
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_successor")),
        sa.ForeignKeyConstraint(["batch_seq"], ["batch.seq"], name=op.f("fk_successor_batch_seq")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_successor_batch_seq"), "successor", ["batch_seq"])


def _approval() -> None:
    listed = ", ".join(f"'{action}'" for action in ACTIONS)
    with op.batch_alter_table("approval", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f("ck_approval_action"), type_="check")
        table.create_check_constraint(op.f("ck_approval_action"), f"action in ({listed})")


def _begun(connection: sa.Connection) -> int:
    return 1 + (connection.scalar(sa.text("select max(seq) from log_entry")) or 0)


def _begin(connection: sa.Connection) -> None:
    """One entry that tells of all that stands, if anything does."""
    seq = _begun(connection)
    rows = {name: _rows(connection, name) for name in TOLD}
    earlier = connection.execute(
        sa.text("select seq, kind, batch_seq, recorded_at from log_entry order by seq")
    )
    rows["log_entry"] = [_told(row) for row in earlier.mappings()]
    moments = [str(row["recorded_at"]) for each in rows.values() for row in each]
    if not moments:
        return
    last = max(moments)
    content = {
        "v": 1,
        "index": seq - 1,
        "kind": "log.begun",
        "batch_seq": None,
        "recorded_at": last,
        "rows": {name: told for name, told in rows.items() if told},
    }
    leaves = connection.scalars(sa.text("select leaf from review_event order by seq")).all()
    if leaves:
        root = _root([bytes.fromhex(each) for each in leaves]).hex()
        content["events"] = {"size": len(leaves), "root": root}
    text = _json(content)
    connection.execute(
        sa.text(
            "insert into log_entry (seq, batch_seq, kind, content, salt, leaf, recorded_at)"
            " values (:seq, null, 'log.begun', :content, '', :leaf, :recorded_at)"
        ).bindparams(sa.bindparam("recorded_at", type_=sa.DateTime)),
        {
            "seq": seq,
            "content": text,
            "leaf": _leaf(text).hex(),
            "recorded_at": datetime.fromisoformat(last).replace(tzinfo=None),
        },
    )


def _rows(connection: sa.Connection, table: str) -> list[dict[str, object]]:
    order = "sha256, kind" if table == "document" else "seq"
    found = connection.execute(sa.text(f"select * from {table} order by {order}"))  # noqa: S608
    return [{name: value for name, value in _told(row).items() if name != "text"} for row in found.mappings()]


def _told(row: sa.RowMapping) -> dict[str, object]:
    return {name: _plain(name, value) for name, value in row.items()}


def _plain(name: str, value: object) -> object:
    """As docs/log.md has it; SQLite hands days and moments over as text, PostgreSQL as what they are."""
    if isinstance(value, bool):
        return int(value)
    if name in MOMENTS and isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _leaf(data: str) -> bytes:
    return hashlib.sha256(b"\x00" + data.encode()).digest()


def _root(level: list[bytes]) -> bytes:
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)
        ]
        level = [*pairs, *level[len(level) - len(level) % 2 :]]
    return level[0]
