"""Bringing a home's record to the tables that this version knows."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from ledger.address import place_of
from ledger.engine import home_of, reading, writing
from ledger.schema import metadata
from linewatch.errors import LinewatchError

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0004"
"""The revision of this version's tables; a test holds it to the newest file under migrations/."""


class RecordTooNew(LinewatchError):
    """Raised when a newer Linewatch has written this record."""


def bring_up(engine: sa.Engine) -> None:
    """Make or upgrade the tables in one transaction. Two that start at once do it once."""
    with reading(engine) as connection:
        if revision(connection) == NEWEST:
            return
    with writing(engine) as connection:
        found = revision(connection)
        if found == NEWEST:
            return
        config = _config()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise RecordTooNew(
                f"The ledger of this home is of revision {found}; this Linewatch knows up to {NEWEST}.",
                where=place_of(home_of(connection)),
                what_now="Use the version of Linewatch that wrote it, or a newer one.",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.dialect.name == "postgresql":
            _in_order_of_bytes(connection)


def revision(connection: sa.Connection) -> str | None:
    """The revision of the tables that stand there, None if there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("select version_num from alembic_version"))
    return found


def _in_order_of_bytes(connection: sa.Connection) -> None:
    """PostgreSQL orders text by the database's language, SQLite by its bytes: the record has one order."""
    name = connection.dialect.identifier_preparer.quote
    for table, column, kind in connection.execute(_other_orders, {"ours": list(metadata.tables)}).all():
        connection.exec_driver_sql(
            f'alter table {name(table)} alter column {name(column)} type {kind} collate "C"'
        )


_other_orders = sa.text(
    "select table_name, column_name, data_type from information_schema.columns"
    " where table_schema = current_schema() and data_type in ('character varying', 'text')"
    " and table_name = any(:ours) and collation_name is distinct from 'C'"
    " order by table_name, column_name"
)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
