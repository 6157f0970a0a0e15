"""Publishing to a lender's PostgreSQL: each change once, whatever fails, and nothing of theirs altered."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from ledger import open_ledger
from linewatch import fault
from linewatch.night import Night
from sources import postgresql
from tasks.approve import approve
from tasks.commit import commit_night
from tasks.publish import Published, Undelivered, deliver_due
from tests.tasks.lender_database import address, as_user, rows, run
from tests.tasks.lost_reply import losing_reply
from tests.tasks.own_server import own_server
from tests.tasks.record_fixture import decided, documents, small_folder
from tests.tasks.record_fixture import night as a_night

PAGE = Path(__file__).parents[2] / "docs" / "postgresql.md"
ALL = Published(batches=1, changes=10)
NONE = Published(batches=0, changes=0)


def of_page(word: str) -> list[str]:
    """The statements of the page's block that has this word."""
    blocks = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (block,) = (each for each in blocks if word in each)
    return [statement for statement in block.split(";") if statement.strip()]


@pytest.fixture
def lender() -> str:
    """A database with the table and the role of the page, as its superuser."""
    where = address()
    run(where, "drop role if exists linewatch_writer", "create schema linewatch")
    run(where, *of_page("create table"), *of_page("create role linewatch_writer"))
    yield where
    run(where, "drop owned by linewatch_writer", "drop role linewatch_writer")


def writer(lender: str) -> str:
    return as_user(lender, "linewatch_writer") + "&schema=linewatch"


@pytest.fixture
def night(tmp_path: Path, lender: str) -> Iterable[Night]:
    """A night that is decided, with changes for the lender's table."""
    made = to(tmp_path, writer(lender))
    decided(made)
    yield made
    sql.close_engine(made.scratch)


def to(place: Path, destination: str) -> Night:
    source = place / "source"
    source = source if source.exists() else small_folder(source)
    return a_night(place / "home", source, documents=documents(publish_to=destination))


def publish(night: Night) -> Published:
    """As a night does it, without its pauses."""
    return deliver_due(night.home, night.recorded_at, pauses=(0.05,))


def kept_due(night: Night) -> Undelivered:
    """What cannot be delivered stays due, and the next time says the same."""
    found = publish(night)
    assert (found.batches, found.changes) == (0, 0)
    assert len(open_ledger(night.home).pending()) == 1
    (left,) = found.undelivered
    assert left.changes == 10
    return left


def there(lender: str) -> list[tuple[object, ...]]:
    columns = ", ".join(postgresql.COLUMNS)
    return rows(lender, f"select {columns} from linewatch.limit_change order by facility_id")


def committed(night: Night) -> list[tuple[object, ...]]:
    (batch,) = open_ledger(night.home).batches()
    path = batch.path(night.home, "changes")
    listed = pq.read_table(path, columns=list(postgresql.COLUMNS)).to_pylist()
    return [tuple(row.values()) for row in listed]


def cut_at(point: str, then: Callable[[], None]) -> Callable[[str], None]:
    def cut(name: str) -> None:
        if name == point:
            fault.arm(None)
            then()

    return cut


@pytest.fixture(autouse=True)
def _disarmed() -> Iterable[None]:
    yield
    fault.arm(None)


def test_changes_are_rows_of_the_lenders_table_once(night: Night, lender: str) -> None:
    commit_night(night)
    assert publish(night) == ALL
    assert there(lender) == committed(night)
    assert publish(night) == NONE
    assert there(lender) == committed(night)
    assert not night.out.exists()


def test_the_writer_of_the_page_may_add_rows_and_do_no_more(night: Night, lender: str) -> None:
    commit_night(night)
    assert publish(night) == ALL
    for forbidden in (
        "update linewatch.limit_change set blocked = true",
        "delete from linewatch.limit_change",
        "truncate linewatch.limit_change",
        "drop table linewatch.limit_change",
        "create table linewatch.mine (x int)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(writer(lender).partition("&schema")[0], forbidden)


def test_a_held_night_goes_where_its_own_profile_said_when_it_is_approved(night: Night, lender: str) -> None:
    text = (Path(__file__).parents[2] / "linewatch/profiles/2000-01-01-default.toml").read_text("utf-8")
    (source,) = night.documents.sources
    profile = replace(source, kind="profile", text=f'publish_to = "{writer(lender)}"\n{text}')
    night = replace(night, documents=replace(night.documents, sources=(profile,)))
    commit_night(night, ("guard",))
    assert publish(night) == NONE
    at = night.recorded_at + timedelta(hours=6)
    approve(night.home, night.as_of, by="wu", because="seen", recorded_at=at)
    assert publish(night) == ALL
    assert there(lender) == committed(night)


@pytest.mark.parametrize(
    "point",
    ["publish.insert:before", "publish.commit:before", "publish.commit:after", "publish.delivered:before"],
)
def test_cut_off_at_any_instant_each_change_is_there_once(night: Night, lender: str, point: str) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    commit_night(night)
    fault.arm(cut_at(point, die))
    with pytest.raises(KeyboardInterrupt):
        publish(night)
    assert len(there(lender)) == (0 if point in ("publish.insert:before", "publish.commit:before") else 10)
    assert publish(night) == ALL
    assert there(lender) == committed(night)
    assert publish(night) == NONE


@pytest.mark.parametrize("point", ["publish.insert:before", "publish.commit:before"])
def test_a_connection_that_is_lost_in_the_middle_is_made_again(night: Night, lender: str, point: str) -> None:
    commit_night(night)
    end = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'linewatch'"
    fault.arm(cut_at(point, lambda: run(lender, end)))
    assert publish(night) == ALL
    assert there(lender) == committed(night)


def test_a_commit_whose_answer_is_lost_is_asked_after_and_not_sent_again(tmp_path: Path, lender: str) -> None:
    with losing_reply(writer(lender)) as way:
        night = to(tmp_path, way)
        decided(night)
        commit_night(night)
        sent: list[str] = []
        fault.arm(sent.append)
        assert publish(night) == ALL
        assert [name for name in sent if name.startswith("publish.insert")] == ["publish.insert:before"]
        assert there(lender) == committed(night)
        sql.close_engine(night.scratch)


WHY = {
    "no such table": ("alter table linewatch.limit_change rename to gone", "a table is not there"),
    "a column is missing": (
        "alter table linewatch.limit_change drop column blocked",
        "a column is not there",
    ),
    "no grant": ("revoke insert on linewatch.limit_change from linewatch_writer", "not the rights"),
    # A disk of the server cannot be filled here; a trigger says what a full one says.
    "full": (
        "create function full_disk() returns trigger language plpgsql as"
        " $$ begin raise exception using errcode = '53100'; end $$;"
        " create trigger full_disk before insert on linewatch.limit_change execute function full_disk()",
        "its disk is full",
    ),
    "slow": (
        "create function slow() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(9); return new; end $$;"
        " create trigger slow before insert on linewatch.limit_change execute function slow();"
        " alter role linewatch_writer set statement_timeout = '200ms'",
        "did not answer in time",
    ),
    "a rule of the lender's": (
        "alter table linewatch.limit_change add check (new_limit_cents < 0)",
        "refuses a row by a rule of its own",
    ),
    "no primary key": (
        "alter table linewatch.limit_change drop constraint limit_change_pkey",
        "no primary key on change_id",
    ),
}


@pytest.mark.parametrize(("make", "said"), WHY.values(), ids=WHY)
def test_what_the_database_will_not_take_stays_due_and_is_told(
    night: Night, lender: str, make: str, said: str
) -> None:
    run(lender, *make.split(" ; "))
    commit_night(night)
    left = kept_due(night)
    assert said in left.why
    assert left.now
    assert not left.altered


def test_what_was_mended_is_delivered_the_next_time(night: Night, lender: str) -> None:
    run(lender, "revoke insert on linewatch.limit_change from linewatch_writer")
    commit_night(night)
    kept_due(night)
    run(lender, "grant insert on linewatch.limit_change to linewatch_writer")
    assert publish(night) == ALL
    assert there(lender) == committed(night)


def test_a_table_that_another_session_has_locked_is_not_waited_for_without_end(
    night: Night, lender: str
) -> None:
    run(lender, "alter role linewatch_writer set lock_timeout = '100ms'")
    commit_night(night)
    with psycopg.connect(lender) as other:
        other.execute("lock table linewatch.limit_change")
        assert "locked" in kept_due(night).why
    assert publish(night) == ALL


@pytest.mark.parametrize("kind", ["update", "delete", "insert"])
def test_a_change_that_stands_there_otherwise_is_told_and_not_overwritten(
    night: Night, lender: str, kind: str
) -> None:
    commit_night(night)
    fault.arm(cut_at("publish.delivered:before", pytest.fail))
    with pytest.raises(pytest.fail.Exception):
        publish(night)
    first = "(select min(change_id) from linewatch.limit_change)"
    run(
        lender,
        {
            "update": f"update linewatch.limit_change set new_limit_cents = 1 where change_id = {first}",
            "delete": f"delete from linewatch.limit_change where change_id = {first}",
            "insert": "insert into linewatch.limit_change select 'mine', batch, facility_id, as_of,"
            f" effective_on, 1, 2 from linewatch.limit_change where change_id = {first}",
        }[kind],
    )
    if kind == "delete":  # What is not there is added: it was never noted as delivered.
        assert publish(night) == ALL
        assert there(lender) == committed(night)
        return
    before = there(lender)
    left = kept_due(night)
    assert left.altered
    assert "1 rows of limit_change are not what this batch says" in left.why
    assert there(lender) == before


def test_a_trigger_that_makes_another_row_of_a_change_is_told(night: Night, lender: str) -> None:
    run(
        lender,
        "create function less() returns trigger language plpgsql as"
        " $$ begin new.new_limit_cents := 0; return new; end $$;"
        " create trigger less before insert on linewatch.limit_change for each row execute function less()",
    )
    commit_night(night)
    assert kept_due(night).altered
    assert there(lender) == []


def test_a_file_of_changes_that_was_altered_is_not_sent(night: Night, lender: str) -> None:
    commit_night(night)
    (batch,) = open_ledger(night.home).batches()
    path = night.home / batch.files["changes"].path
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"\0")
    left = kept_due(night)
    assert left.altered
    assert batch.files["changes"].path in left.now
    assert there(lender) == []


def test_two_that_publish_at_once_leave_each_change_once(night: Night, lender: str) -> None:
    """The turn of a home keeps them apart; a copy of it on another machine has another turn."""
    commit_night(night)
    (due,) = open_ledger(night.home).pending()

    def other() -> None:
        assert publish(night) == ALL

    fault.arm(cut_at("publish.insert:before", other))
    publish(night)
    assert there(lender) == committed(night)
    assert due.batch.batch


def shut_out(where: str) -> None:
    """Wait until the server has read its rules again."""
    for _ in range(100):
        try:
            psycopg.connect(where).close()
        except psycopg.OperationalError:
            return
        time.sleep(0.05)


def test_a_password_that_is_wrong_or_missing_is_told_and_the_right_one_delivers(
    night: Night, lender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(lender, "alter role linewatch_writer password 'right'")
    ((file,),) = rows(lender, "select current_setting('hba_file')")
    rules = Path(str(file))
    before = rules.read_text()
    commit_night(night)
    try:
        rules.write_text(f"local all linewatch_writer scram-sha-256\n{before}")
        run(lender, "select pg_reload_conf()")
        shut_out(as_user(lender, "linewatch_writer"))
        for password in (None, "wrong"):
            if password:
                monkeypatch.setenv("PGPASSWORD", password)
            left = kept_due(night)
            assert "the password is missing or wrong" in left.why
            assert "PGPASSFILE" in left.now
        monkeypatch.setenv("PGPASSWORD", "right")
        assert publish(night) == ALL
    finally:
        rules.write_text(before)
        run(lender, "select pg_reload_conf()")


def test_a_server_that_is_stopped_in_the_middle_gets_each_change_once_when_it_is_back(tmp_path: Path) -> None:
    with own_server() as server:
        run(server.address, "create schema linewatch")
        run(server.address, *of_page("create table"), *of_page("create role linewatch_writer"))
        night = to(tmp_path, writer(server.address))
        decided(night)
        commit_night(night)
        fault.arm(cut_at("publish.commit:before", server.stop))
        left = kept_due(night)
        assert "it does not answer" in left.why
        server.start()
        assert there(server.address) == []
        fault.arm(cut_at("publish.commit:after", server.stop))
        assert publish(night) == ALL
        server.start()
        assert there(server.address) == committed(night)
        sql.close_engine(night.scratch)
