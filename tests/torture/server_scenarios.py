"""Scenarios with a real PostgreSQL beside: a schema of it is what a home publishes to."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

from linewatch.room import disk_told
from sources.postgresql import COLUMNS
from tasks.checkpoint import sign_standing
from tasks.commit import commit_night
from tasks.lock import turn
from tasks.publish import deliver_due
from tests.postgres import fresh_database
from tests.tasks.record_fixture import AS_OF, decided, documents, night, small_folder
from tests.torture.scenarios import MOMENT, Scenario, at_home, by_name

PAGE = Path(__file__).parents[2] / "docs" / "postgresql.md"
DESTINATION = "postgresql:///"
"""Which server, database and schema are meant is said by the environment: each home has a schema."""
PAUSES_SECONDS = (0.05,)


@cache
def _server() -> str:
    return fresh_database("tortured")


def _schema(home: Path) -> str:
    return re.sub(r"\W", "_", home.parent.name)


def _table_of_ones_own(home: Path, place: Path) -> None:
    blocks = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (made,) = (each for each in blocks if "create table" in each)
    schema = _schema(home)
    with psycopg.connect(_server()) as db:
        db.execute(f"drop schema if exists {schema} cascade")
        db.execute(f"create schema {schema}")
        db.execute(made.replace("linewatch.", f"{schema}."))


def _what_arrived(home: Path, place: Path) -> Mapping[str, Any]:
    columns = ", ".join(COLUMNS)
    with psycopg.connect(_server()) as db:
        query = f"select {columns} from {_schema(home)}.limit_change order by change_id"
        return {"the lender's table": [list(map(str, row)) for row in db.execute(query)]}


def _due(place: Path) -> None:
    """Two nights whose changes are due to the lender's database."""
    source = small_folder(place / "source")
    given = documents(publish_to=DESTINATION)
    for as_of in (date(2026, 11, 20), AS_OF):
        made = night(place / "template", source, threads=1, as_of=as_of, documents=given)
        with at_home(made):
            decided(made)
            commit_night(made)


def _deliver(home: Path, place: Path) -> None:
    """As `linewatch publish` does it, without its pauses."""
    parts = urlsplit(_server())
    os.environ |= {
        "PGHOST": parse_qs(parts.query)["host"][0],
        "PGUSER": "postgres",
        "PGDATABASE": parts.path.removeprefix("/"),
        "PGOPTIONS": f"-csearch_path={_schema(home)}",
    }
    with disk_told(home), turn(home, "publish", MOMENT):
        deliver_due(home, MOMENT, PAUSES_SECONDS)
        sign_standing(home, MOMENT)


SCENARIOS = by_name(
    Scenario(
        "deliver",
        "publish of two nights that are due to PostgreSQL",
        _due,
        _deliver,
        begin=_table_of_ones_own,
        elsewhere=_what_arrived,
    ),
)
