"""Whole nights from a lender's PostgreSQL and into it, with the roles and the table of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tasks.demo import write_demo
from tests.flows.console import Ended, here, linewatch, own_documents
from tests.tasks.lender_database import address, as_user, filled, rows, run
from tests.whole_night import run_night

pytestmark = pytest.mark.prefect
AS_OF = "2026-11-21"
PAGE = Path(__file__).parents[2] / "docs" / "postgresql.md"


def of_page(word: str) -> list[str]:
    """The statements of the page's block that has this word."""
    blocks = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (block,) = (each for each in blocks if word in each)
    return [statement for statement in block.split(";") if statement.strip()]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A lender's folder of 21 November, and documents of its own."""
    place = tmp_path_factory.mktemp("lender")
    write_demo(
        place / "demo", borrowers=150, seed=1, nights=1, every="month", last_as_of=date.fromisoformat(AS_OF)
    )
    own_documents(place / "documents")
    return place


@pytest.fixture(scope="module")
def lender(place) -> Iterator[str]:
    """The same in a database, as its superuser: views of the tables, and a reader and a writer."""
    where = filled(address(), place / "demo" / AS_OF)
    names = [
        name
        for (name,) in rows(where, "select relname from pg_class where relnamespace = 'public'::regnamespace")
    ]
    run(where, "drop role if exists linewatch_reader, linewatch_writer", "create schema linewatch")
    run(where, *(f"create view linewatch.{name} as select * from public.{name}" for name in names))
    run(where, *of_page("create role linewatch_reader"))
    yield where
    run(
        where,
        "drop owned by linewatch_reader, linewatch_writer",
        "drop role linewatch_reader, linewatch_writer",
    )


def night(source: object, place: Path, home: Path) -> Ended:
    words = ("night", "--source", source, "--as-of", AS_OF, "--home", home, "--json")
    profile = place / "documents" / "profile.toml"
    return linewatch(*words, "--profile", profile)


def test_a_night_from_a_database_comes_to_the_root_of_the_folder_and_stays_due_until_it_is_taken(
    place, lender, tmp_path
):
    folder = run_night(place / "demo" / AS_OF, date.fromisoformat(AS_OF), tmp_path / "folder", promises=False)
    profile = place / "documents" / "profile.toml"
    writer = as_user(lender, "linewatch_writer") + "&schema=linewatch"
    run(lender, *of_page("create role linewatch_writer")[:2])
    profile.write_text(f'publish_to = "{writer}"\n{profile.read_text("utf-8")}', "utf-8")
    home = tmp_path / "home"
    reader = as_user(lender, "linewatch_reader") + "&schema=linewatch"

    first = night(reader, place, home)
    assert first.exit_code == 0, first.err
    assert first.answer["status"] == "committed"
    assert first.answer["root"] == folder.root
    (due,) = first.answer["undelivered"]
    assert "a table is not there" in due["why"]
    assert first.answer["next"] == f"linewatch publish --home {home}"
    assert first.answer["next"] in here("status", "--home", home).out

    again = here("publish", "--home", home, "--json")
    assert (again.exit_code, again.answer["status"]) == (1, "due")

    run(lender, *of_page("create table"), *of_page("create role linewatch_writer")[2:])
    run(lender, "update public.facility set drawn_cents = drawn_cents + 1")
    last = night(reader, place, home)
    assert last.exit_code == 0, last.err
    assert last.answer["root"] == first.answer["root"]
    assert last.answer["undelivered"] == []
    changes = pq.read_table(last.answer["paths"]["changes"], columns=["change_id"]).column(0).to_pylist()
    found = rows(lender, "select change_id from linewatch.limit_change")
    assert sorted(found) == sorted((each,) for each in changes)
    assert here("publish", "--home", home, "--json").answer["status"] == "unchanged"
    kept = json.loads((home / "out" / AS_OF / "night.json").read_text("utf-8"))
    assert any("the database was not read again" in note for note in kept["notes"])
