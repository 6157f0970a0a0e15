"""Pulling out of a lender's PostgreSQL: the same as a folder, one instant of it, and nothing rounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

import sql.engine as sql
from linewatch.errors import DatabaseAway, DataRefused, NightHeld
from linewatch.night import Night
from sources import postgresql
from tasks.commit import commit_night
from tasks.demo import write_demo
from tasks.pull import pull_source
from tests.tasks.lender_database import address, as_user, filled, run, small
from tests.tasks.record_fixture import AS_OF, decided
from tests.tasks.record_fixture import night as a_night


@pytest.fixture
def lender() -> str:
    return small(address())


@pytest.fixture
def night(tmp_path: Path, lender: str) -> Iterable[Night]:
    yield of(tmp_path, lender)
    for path in tmp_path.rglob("spill"):
        sql.close_engine(path)


def of(place: Path, source: str, **changes: Any) -> Night:
    return replace(a_night(place / "home", place), source=source, **changes)


def rows(night: Night, table: str) -> list[dict[str, Any]]:
    with sql.cursor(night.scratch) as db:
        return [dict(zip(db.columns(table), row, strict=True)) for row in db.raw.table(table).fetchall()]


def refused(night: Night) -> str:
    with pytest.raises(DataRefused) as caught:
        pull_source(night)
    assert not list(night.home.glob("snapshots/*"))
    return str(caught.value)


def test_tables_become_views_in_the_order_of_the_key(night: Night) -> None:
    pulled = pull_source(night)
    assert pulled.rows == {"borrower": 1, "facility": 2}
    assert [(row["facility_id"], row["drawn_cents"]) for row in rows(night, "raw_facility")] == [
        ("F1", 250_000),
        ("F2", -1_200),
    ]
    assert "facility: columns not of the contract, left out: colour" in pulled.notes


def test_a_database_gives_what_a_folder_of_the_same_tables_gives(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", borrowers=300, seed=1, nights=1, every="month", last_as_of=AS_OF)
    folder = tmp_path / "demo" / AS_OF.isoformat()
    other = a_night(tmp_path / "other", folder)
    night = of(tmp_path, filled(address(), folder))
    try:
        assert dict(pull_source(night).rows) == dict(pull_source(other).rows)
        for table in pull_source(other).rows:
            assert rows(night, f"raw_{table}") == rows(other, f"raw_{table}"), table
    finally:
        sql.close_engine(night.scratch)
        sql.close_engine(other.scratch)


def test_the_same_rows_have_the_same_identity_wherever_they_lie_in_the_table(
    night: Night, lender: str
) -> None:
    first = pull_source(night)
    run(lender, "update facility set colour = 'green' where facility_id = 'F1'")
    assert pull_source(night).identity == first.identity
    run(lender, "update facility set drawn_cents = 250001 where facility_id = 'F1'")
    assert pull_source(night).identity != first.identity
    assert len(list(night.home.glob("snapshots/*"))) == 1


def test_all_tables_are_read_as_of_one_instant(tmp_path: Path, lender: str) -> None:
    with sql.Engine(None) as engine, postgresql.reading(postgresql.address_of(lender)) as reading:
        run(lender, "delete from facility", "update borrower set jurisdiction = 'DE'")
        read = reading.read(engine.cursor(), tmp_path / "read")
        assert read.rows == {"borrower": 1, "facility": 2}
        found = engine.cursor().raw.read_parquet(str(tmp_path / "read" / "borrower.parquet"))
        assert found.project("jurisdiction").fetchall() == [("CN",)]


def test_views_in_a_schema_are_read_as_tables_are(night: Night, lender: str) -> None:
    run(
        lender,
        "create type state as enum ('active', 'closed')",
        "create domain cents as numeric(18, 2)",
        f'create schema "credit_{AS_OF}"',
        f'create view "credit_{AS_OF}"."Facility" as select facility_id::char(8), borrower_id,'
        " credit_limit_cents::cents, drawn_cents::numeric, status::state from facility",
        f'create view "credit_{AS_OF}".borrower as select * from borrower',
    )
    pulled = pull_source(replace(night, source=f"{lender}&schema=credit_{AS_OF}"))
    assert pulled.rows == {"borrower": 1, "facility": 2}
    first = rows(night, "raw_facility")[0]
    assert first == {
        "facility_id": "F1",
        "borrower_id": "B1",
        "credit_limit_cents": 1_000_000,
        "drawn_cents": 250_000,
        "status": "active",
    }


MISTYPED = {
    "a fraction of a cent": (
        "alter table facility alter drawn_cents type numeric, add id int",
        "update facility set drawn_cents = 0.5",
        "facility: column drawn_cents: numbers that are not whole, or have more than 18 digits (2 rows)",
    ),
    "no number at all": (
        "alter table facility alter drawn_cents type numeric",
        "update facility set drawn_cents = 'NaN' where facility_id = 'F1'",
        "(1 rows)",
    ),
    "text in a number": (
        "alter table facility alter drawn_cents type text",
        "update facility set drawn_cents = 'much'",
        "facility: column drawn_cents is text, which is no BIGINT without",
    ),
    "a float": (
        "alter table facility alter drawn_cents type float8",
        "",
        "facility: column drawn_cents is double precision",
    ),
    "a day without end": (
        "alter table facility add opened_on date",
        "update facility set opened_on = 'infinity'",
        "facility: column opened_on: days that no calendar has",
    ),
}


@pytest.mark.parametrize(("first", "then", "said"), MISTYPED.values(), ids=MISTYPED)
def test_what_no_column_of_the_contract_holds_is_refused_by_table_and_column(
    night: Night, lender: str, first: str, then: str, said: str
) -> None:
    run(lender, first, then or "select 1")
    assert said in refused(night)


def test_a_number_that_is_whole_is_taken_from_a_numeric(night: Night, lender: str) -> None:
    run(lender, "alter table facility alter drawn_cents type numeric(20, 4)")
    pull_source(night)
    assert [row["drawn_cents"] for row in rows(night, "raw_facility")] == [250_000, -1_200]


def test_a_database_without_the_tables_is_refused(night: Night, lender: str) -> None:
    run(lender, "drop table facility, borrower")
    assert "no table of the contract is to be seen there" in refused(night)


def test_a_reader_without_the_right_to_a_table_is_refused_and_told_the_grant(
    night: Night, lender: str
) -> None:
    run(
        lender,
        "drop role if exists shut_out",
        "create role shut_out login",
        "grant select on borrower to shut_out",
    )
    said = refused(replace(night, source=as_user(lender, "shut_out")))
    assert "facility: the reader may not read it; grant select on public.facility" in said


def test_rows_that_row_level_security_would_hide_are_an_error_and_no_smaller_night(
    night: Night, lender: str
) -> None:
    run(
        lender,
        "drop role if exists half_blind",
        "create role half_blind login",
        "grant select on borrower, facility to half_blind",
        "alter table facility enable row level security",
        "create policy one on facility using (facility_id = 'F1')",
    )
    assert "has not the rights" in refused(replace(night, source=as_user(lender, "half_blind")))


AWAY = {
    "no server": ("postgresql://wu@127.0.0.1:1/lender", DatabaseAway, "Connection refused"),
    "no such database": ("no_such", DataRefused, "there is no such database"),
    "nobody of that name": ("nobody", DataRefused, "it does not let this user in"),
}


@pytest.mark.parametrize(("where", "kind", "said"), AWAY.values(), ids=AWAY)
def test_what_keeps_the_database_from_answering_is_told(
    night: Night, lender: str, where: str, kind: type[Exception], said: str
) -> None:
    known = {"no_such": lender.replace("/lender_", "/nix_"), "nobody": as_user(lender, "nobody")}
    with pytest.raises(kind, match=said) as caught:
        pull_source(replace(night, source=known.get(where, where)))
    assert "linewatch night --as-of 2026-11-21 --source" in str(caught.value)


def test_a_session_that_is_ended_in_the_middle_leaves_nothing(tmp_path: Path, lender: str) -> None:
    with sql.Engine(None) as engine, postgresql.reading(postgresql.address_of(lender)) as reading:
        run(
            lender,
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'linewatch'",
        )
        with pytest.raises(postgresql.Trouble) as caught:
            reading.read(engine.cursor(), tmp_path / "read")
    assert caught.value.may_pass


def test_a_table_that_cannot_be_read_to_its_end_is_told_without_a_row_of_it(
    night: Night, lender: str
) -> None:
    run(
        lender,
        "alter table facility rename to kept",
        "create view facility as select facility_id, borrower_id, (100 / (drawn_cents - 250000))::bigint as"
        " credit_limit_cents from kept",
    )
    said = refused(night)
    assert "public.facility cannot be read to its end" in said
    assert "F1" not in said


def test_what_has_not_moved_is_shared_with_the_last_night(night: Night, lender: str) -> None:
    decided(night)
    commit_night(night)
    sql.close_engine(night.scratch)
    run(lender, "update facility set drawn_cents = 7 where facility_id = 'F2'")
    later = replace(night, as_of=AS_OF + timedelta(days=1))
    assert pull_source(later).shared_bytes > 0
    sql.close_engine(later.scratch)


def test_a_night_that_stands_is_finished_on_what_it_read_then(night: Night, lender: str) -> None:
    decided(night)
    commit_night(night)
    run(lender, "update facility set drawn_cents = 7 where facility_id = 'F2'")
    again = pull_source(night)
    assert again.unchanged is not None
    assert [row["drawn_cents"] for row in rows(night, "raw_facility")] == [250_000, -1_200]
    assert any("the database was not read again" in note for note in again.notes)


def test_a_night_that_may_not_run_is_told_before_the_database_is_read(night: Night) -> None:
    decided(night)
    commit_night(night, ("guard",))
    with pytest.raises(NightHeld):
        pull_source(replace(night, as_of=AS_OF + timedelta(days=1), source="postgresql://wu@127.0.0.1:1/x"))


def test_nothing_is_left_of_the_reading_but_the_snapshot(night: Night) -> None:
    pull_source(night)
    assert not (night.work / "source").exists()


def test_nothing_is_ever_written_to_the_source(lender: str) -> None:
    with (
        postgresql.reading(postgresql.address_of(lender)) as reading,
        reading.connection.cursor() as cursor,
        pytest.raises(Exception, match="read-only transaction"),
    ):
        cursor.execute("insert into borrower values ('B9')")
    with psycopg.connect(lender) as db:
        assert db.execute("select count(*) from borrower").fetchall() == [(1,)]
