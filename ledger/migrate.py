"""Bringing a home's record to the tables that this version knows."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from ledger.engine import reading, writing
from linewatch.errors import LinewatchError

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0003"
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
                where=str(engine.url.database),
                what_now="Use the version of Linewatch that wrote it, or a newer one.",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revision(connection: sa.Connection) -> str | None:
    """The revision of the tables that stand there, None if there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("select version_num from alembic_version"))
    return found


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
