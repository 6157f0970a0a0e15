"""A commit whose answer was lost: no file of it is taken away while its server may still carry it out."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import sql.engine as sql
from ledger import Ledger, open_ledger
from linewatch import fault
from linewatch.errors import LedgerUnusable
from linewatch.night import Night
from tasks.commit import commit_night
from tasks.sweep import close, sweep
from tests.postgres import fresh_database
from tests.tasks.lost_reply import losing_reply
from tests.tasks.record_fixture import decided, small_folder
from tests.tasks.record_fixture import night as a_night

SLOW_SECONDS = 2
SLOW_COMMIT = f"""
    create function wait() returns trigger language plpgsql as
        $$ begin perform pg_sleep({SLOW_SECONDS}); return null; end $$;
    create constraint trigger slow after insert on batch deferrable initially deferred
        for each row execute function wait()
"""
ELSEWHERE = "LINEWATCH_LEDGER"


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> str:
    address = fresh_database("ledger")
    monkeypatch.setenv(ELSEWHERE, address)
    return address


@pytest.fixture
def night(tmp_path: Path, shared: str) -> Iterator[Night]:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    yield made
    fault.arm(None)
    sql.close_engine(made.scratch)


@pytest.fixture
def in_doubt(night: Night, shared: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """The record of a home whose server takes its time for a batch, on a way that fails meanwhile."""
    ledger = open_ledger(night.home)
    with psycopg.connect(shared) as db:
        db.execute(SLOW_COMMIT)
    with losing_reply(shared, after=b"INSERT INTO batch ", at_once=True) as way:
        monkeypatch.setenv(ELSEWHERE, way)
        yield ledger


def test_a_commit_that_its_server_still_carries_out_keeps_its_files_and_its_snapshot(
    night: Night, in_doubt: Ledger
) -> None:
    with pytest.raises(LedgerUnusable, match="was lost"):
        commit_night(night)
    close(night)
    (known,) = in_doubt.batches()
    assert missing(night, known.files.values()) == []
    assert (night.home / known.snapshot).is_dir()


def test_the_sweep_of_a_start_waits_for_a_commit_that_is_still_carried_out(
    night: Night, in_doubt: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the process had been killed: nothing was cleared away before."""
    monkeypatch.setattr("tasks.commit._take_away_unless_known", lambda *_: None)
    with pytest.raises(LedgerUnusable, match="was lost"):
        commit_night(night)
    assert in_doubt.batches() == []
    sql.close_engine(night.scratch)
    sweep(night)
    (known,) = in_doubt.batches()
    assert missing(night, known.files.values()) == []


def test_where_the_record_cannot_be_asked_nothing_is_taken_away_and_the_next_start_sweeps(
    night: Night, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(point: str) -> None:
        if point == "commit.transaction:inside":
            with psycopg.connect(shared.replace(name, "postgres"), autocommit=True) as db:
                db.execute(f"alter database {name} allow_connections false")
                db.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name]
                )

    name = shared.partition("?")[0].rpartition("/")[2]
    fault.arm(gone)
    with pytest.raises(LedgerUnusable):
        commit_night(night)
    close(night)
    left = [path for folder in ("batches", "snapshots") for path in (night.home / folder).glob("*/*")]
    assert len(left) > 5
    with psycopg.connect(shared.replace(name, "postgres"), autocommit=True) as db:
        db.execute(f"alter database {name} allow_connections true")
    sweep(night)
    assert list((night.home / "batches").iterdir()) == []


def missing(night: Night, files: object) -> list[str]:
    return [each.path for each in files if not (night.home / each.path).is_file()]  # type: ignore[attr-defined]
