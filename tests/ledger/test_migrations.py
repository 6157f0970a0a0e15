"""From the tables of every earlier version to this one's, with rows in them, on each database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from ledger import migrate, open_ledger
from ledger.engine import open_engine, writing
from ledger.schema import ACTIONS, approval

EARLIER = [
    script.revision
    for script in ScriptDirectory(str(migrate.MIGRATIONS)).walk_revisions()
    if script.revision != migrate.NEWEST
]
AT = datetime(2026, 11, 22, 1, 15, 0, 250_000, tzinfo=UTC).replace(tzinfo=None)
VALUES: dict[str, Any] = {
    "seq": 1,
    "batch_seq": 1,
    "state": "committed",
    "kind": "night",
    "action": "discard",
    "event": "due",
    "case_id": "C1",
    "content": '{"额度":1}',
    "index": 0,
}
OF_TYPE: tuple[tuple[type, Any], ...] = (
    (sa.Boolean, True),
    (sa.DateTime, AT),
    (sa.Date, date(2026, 11, 21)),
    (sa.Integer, 1),
    (sa.BigInteger, 9_000_000_000),
)


@pytest.mark.parametrize("revision", EARLIER)
def test_what_an_earlier_version_wrote_is_there_after_an_upgrade(
    tmp_path: Path, database: str, revision: str
) -> None:
    before = written_by(tmp_path, revision)
    engine = brought_up(tmp_path)
    after = every_row(engine)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0] if name in row} for row in after[table]]
        assert all({name: row[name] for name in kept[0]} in kept for row in rows), table
    with engine.connect() as connection:
        assert migrate.revision(connection) == migrate.NEWEST


@pytest.mark.parametrize("revision", EARLIER)
def test_an_upgraded_record_numbers_on_and_holds_what_this_version_promises(
    tmp_path: Path, database: str, revision: str
) -> None:
    written_by(tmp_path, revision)
    engine = brought_up(tmp_path)
    signed = {"batch_seq": 1, "by": "wu", "registered": True, "because": "seen"}
    insert = approval.insert().values(**signed, recorded_at=AT.replace(tzinfo=UTC))
    with engine.begin() as connection:
        for action in ACTIONS:
            connection.execute(insert.values(action=action))
        numbers = connection.scalars(sa.select(approval.c.seq).order_by(approval.c.seq)).all()
        assert numbers == list(range(1, len(ACTIONS) + 2))
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(insert.values(action="shrug"))


def test_text_is_ordered_by_its_bytes_whatever_the_databases_language(tmp_path: Path, shared: str) -> None:
    ledger = open_ledger(tmp_path)
    question = (
        "select distinct collation_name from information_schema.columns where table_schema = 'public'"
        " and table_name <> 'alembic_version' and collation_name is not null"
    )
    with ledger.engine.connect() as connection:
        assert connection.scalars(sa.text(question)).all() == ["C"]


def written_by(home: Path, revision: str) -> dict[str, list[dict[str, Any]]]:
    """A record of that revision with a row in each table."""
    engine = open_engine(home)
    with writing(engine) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        tables = sa.MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                row = {column.name: value_of(column) for column in table.columns}
                if table.columns.get("seq") is not None and table.columns["seq"].autoincrement is not False:
                    row.pop("seq")
                connection.execute(table.insert().values(**row))
    return every_row(engine)


def value_of(column: sa.Column[Any]) -> Any:
    if column.name in VALUES:
        return VALUES[column.name]
    return next((value for kind, value in OF_TYPE if isinstance(column.type, kind)), "x")


def brought_up(home: Path) -> sa.Engine:
    engine = open_engine(home)
    migrate.bring_up(engine)
    return engine


def every_row(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    with engine.connect() as connection:
        return rows_of(connection)


def rows_of(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
    tables = sa.MetaData()
    tables.reflect(connection)
    return {
        table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
        for table in tables.sorted_tables
        if table.name != "alembic_version"
    }
