"""A ledger in PostgreSQL: its address, its home, its rights, and what is said when it cannot be used."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger import Ledger, open_ledger, receipt, standing_ledger
from ledger.turn import turn
from linewatch import chance
from linewatch.casework import Done
from linewatch.errors import LedgerUnusable, LinewatchError, NotFound
from tests.ledger.test_the_record import AT, CASE, a_batch, approve, commit
from tests.postgres import fresh_database

WORD = "open-sesame"
DAILY = """
    create role {role} login password '{word}';
    grant usage on schema public to {role};
    grant select, insert on all tables in schema public to {role};
    grant update (state) on batch to {role};
    grant usage on all sequences in schema public to {role}
"""


def test_the_files_of_a_shared_ledger_lie_in_its_home(tmp_path: Path, shared: str) -> None:
    home = tmp_path / "home"
    ledger = open_ledger(home)
    known = ledger.commit_batch(a_batch(), documents=[], recorded_at=AT)
    paths = receipt(home, known).paths
    assert paths["decisions"] == home / "batches/2026-11-21-night-rrrrrrrrrrrr/decisions-1.parquet"
    assert paths["ledger"] == shared
    assert not (home / "ledger.db").exists()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://wu:open-sesame@db/ledger", "with a password in it"),
        ("postgresql://wu@db/ledger?password=open-sesame", "with a password in it"),
        ("mysql://db/ledger", "names no PostgreSQL"),
        ("postgresql://db/ledger?nonsense=1", "cannot be read"),
        ("postgresql://db:port/ledger?sslmode", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, says: str
) -> None:
    monkeypatch.setenv("LINEWATCH_LEDGER", address)
    for act in (lambda: open_ledger(tmp_path / "home"), lambda: hold(tmp_path / "home")):
        with pytest.raises(LinewatchError, match=says) as caught:
            act()
        assert caught.value.exit_code == 2
        assert WORD not in str(caught.value)
    assert not (tmp_path / "home").exists()


def test_a_home_without_a_night_is_no_record_on_any_database(tmp_path: Path, database: str) -> None:
    with pytest.raises(NotFound, match="No night was ever run in"):
        standing_ledger(tmp_path / "home")
    open_ledger(tmp_path / "home")
    assert standing_ledger(tmp_path / "home").batches() == []


def test_a_ledger_is_one_homes_alone(tmp_path: Path, shared: str) -> None:
    commit(open_ledger(tmp_path / "home"), a_batch())
    for act in (open_ledger, hold):
        with pytest.raises(LinewatchError, match="is not this home's") as caught:
            act(tmp_path / "other")
        assert caught.value.exit_code == 2
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    assert len(open_ledger(tmp_path / "copy").batches()) == 1


def test_a_home_is_not_given_an_empty_ledger_under_the_nights_that_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    commit(open_ledger(home), a_batch())
    kept = home / "batches" / "2026-11-21-night-rrrrrrrrrrrr"
    kept.mkdir(parents=True)
    monkeypatch.setenv("LINEWATCH_LEDGER", fresh_database("ledger"))
    with pytest.raises(LinewatchError, match=r"is not this home's[\s\S]*unset LINEWATCH_LEDGER"):
        open_ledger(home)


def test_a_shared_record_is_not_passed_over_when_nobody_names_it(
    tmp_path: Path, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    commit(open_ledger(home), a_batch())
    monkeypatch.delenv("LINEWATCH_LEDGER")
    for act in (open_ledger, standing_ledger, hold):
        with pytest.raises(LinewatchError, match="LINEWATCH_LEDGER is not set") as caught:
            act(home)
        assert shared in str(caught.value)
    assert not (home / "ledger.db").exists()


def test_two_homes_that_begin_at_once_do_not_both_get_the_ledger(tmp_path: Path, shared: str) -> None:
    open_ledger(tmp_path / "one")
    open_ledger(tmp_path / "two")  # while it has no night, the last that asks for it has it
    commit(open_ledger(tmp_path / "two"), a_batch())
    with pytest.raises(LinewatchError, match="is not this home's"):
        open_ledger(tmp_path / "one")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"host": "127.0.0.1", "port": "1"}, "Connection refused"),
        ({"host": "/nowhere"}, "cannot be opened"),
        ({"dbname": "nothing"}, "database .nothing. does not exist"),
        ({"user": "nobody_at_all"}, "role .nobody_at_all. does not exist"),
    ],
)
def test_what_is_wrong_with_the_server_is_said_with_what_to_do(
    tmp_path: Path, shared: str, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], says: str
) -> None:
    monkeypatch.setenv("PGPASSWORD", WORD)
    monkeypatch.setenv("LINEWATCH_LEDGER", uri(shared, **changed))
    for act in (open_ledger, hold):
        with pytest.raises(LedgerUnusable, match=says) as caught:
            act(tmp_path / "home")
        assert (caught.value.exit_code, WORD in str(caught.value)) == (1, False)
        assert caught.value.where
        assert caught.value.what_now


def test_a_role_that_may_only_add_keeps_the_record_and_no_more(
    tmp_path: Path, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ledger(tmp_path / "home")
    role = conninfo_to_dict(shared)["dbname"]
    with psycopg.connect(shared) as owner:
        owner.execute(DAILY.format(role=role, word=WORD))
    monkeypatch.setenv("LINEWATCH_LEDGER", uri(shared, user=str(role)))
    monkeypatch.setenv("PGPASSWORD", WORD)
    ledger = open_ledger(tmp_path / "home")
    with turn(ledger.home, "the night of 2026-11-21", AT):
        commit(ledger, a_batch(), (CASE,))
        (told,) = ledger.pending()
        ledger.delivered(told, {}, AT)
    ledger.cases.work([("C1", Done("lapsed", "wu", "seen"))], AT)
    with (
        pytest.raises(LedgerUnusable, match="may not do this") as caught,
        ledger.engine.begin() as connection,
    ):
        connection.exec_driver_sql("update log_entry set content = ''")
    assert "permission denied for table log_entry" in str(caught.value)


def test_a_role_that_may_make_no_tables_says_who_makes_them(
    tmp_path: Path, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = conninfo_to_dict(shared)["dbname"]
    with psycopg.connect(shared) as owner:
        owner.execute(f"create role {role} login; revoke create on schema public from public")
    monkeypatch.setenv("LINEWATCH_LEDGER", uri(shared, user=str(role)))
    with pytest.raises(LedgerUnusable, match=r"permission denied[\s\S]*owns the tables"):
        open_ledger(tmp_path / "home")


def test_an_error_about_a_row_does_not_quote_it(ledger: Ledger) -> None:
    with pytest.raises(Exception, match="facility_id") as caught:
        commit(ledger, a_batch(), ({**CASE, "facility_id": None, "borrower_id": "Zhang San"},))
    error: BaseException | None = caught.value
    while error is not None:
        assert "Zhang San" not in str(error)
        error = error.__cause__ or error.__context__


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing(tmp_path: Path, shared: str) -> None:
    ledger = open_ledger(tmp_path / "home")

    def cases() -> object:
        yield CASE
        with psycopg.connect(shared, autocommit=True) as db:
            db.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )

    with pytest.raises(LedgerUnusable, match=r"was lost[\s\S]*whole or not at all"):
        ledger.commit_batch(a_batch(), documents=[], cases_opened=cases(), recorded_at=AT)
    assert (ledger.batches(), ledger.log.entries()) == ([], [])


def test_the_same_events_are_the_same_log_on_either_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chance, "some", bytes)  # salts of zeros
    entries = []
    for name, address in (("file", ""), ("shared", fresh_database("ledger"))):
        monkeypatch.setenv("LINEWATCH_LEDGER", address)
        ledger = open_ledger(tmp_path / name)
        commit(ledger, a_batch(held=True), (CASE,))
        approve(ledger)
        commit(ledger, a_batch(date(2026, 11, 22)), (CASE, {**CASE, "case_id": "C2", "due_on": None}))
        ledger.delivered(ledger.pending()[0], {"path": "out/额度.csv"}, AT)
        ledger.cases.work([("C1", Done("lapsed", "wu", "见过"))], AT)
        entries.append(ledger.log.entries())
    assert entries[0] == entries[1]
    assert len(entries[0]) >= 4


def hold(home: Path) -> None:
    with turn(home, "the night of 2026-11-21", AT):
        pass


def uri(address: str, **changes: str) -> str:
    """The address, changed."""
    said = {**conninfo_to_dict(address), **changes}
    assert make_conninfo(**said)
    host, port = said.pop("host"), said.pop("port", "")
    more = f"host={host}" + (f"&port={port}" if port else "")
    return f"postgresql://{said['user']}@/{said['dbname']}?{more}"
