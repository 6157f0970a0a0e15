"""A home is copied while nights run, whole or not at all, and a home is made of the copy that goes on."""

from __future__ import annotations

import hashlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sql.engine as sql
from ledger import Batch, open_ledger, standing_ledger
from linewatch import fault
from linewatch.backup import FILE, look, newest
from linewatch.errors import DataRefused, FileAltered, NotFound, PlaceUnusable
from linewatch.night import Night
from sources import snapshot
from tasks.backup import backup, restore
from tasks.commit import commit_night
from tasks.publish import publish_due
from tasks.status import status
from tests.flows.console import here, linewatch
from tests.tasks.record_fixture import AS_OF, decided, small_folder
from tests.tasks.record_fixture import night as a_night

MOMENT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    fault.arm(None)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home of one night."""
    small_folder(tmp_path / "source")
    run(tmp_path / "home", 0)
    yield tmp_path / "home"
    for path in tmp_path.glob("**/spill"):
        sql.close_engine(path)


def run(home: Path, days: int) -> Batch:
    """The night of so many days after the first."""
    night: Night = a_night(home, home.parent / "source", as_of=AS_OF + timedelta(days=days))
    decided(night)
    commit_night(night)
    publish_due(night)
    found = open_ledger(home).newest()
    assert found is not None
    return found


def kept(home: Path) -> dict[str, str]:
    """Every file that must come through, but the record itself, whose bytes differ by what is in its WAL."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in ("batches", "snapshots")
        for path in sorted((home / name).rglob("*"))
        if path.is_file()
    }


def record(home: Path) -> list[str]:
    """All that stands in the record."""
    with sqlite3.connect(home / "ledger.db") as ledger:
        lines = list(ledger.iterdump())
    ledger.close()
    return lines


def test_a_restored_home_is_the_home_at_the_moment_of_the_backup_and_goes_on(
    home: Path, tmp_path: Path
) -> None:
    (home / "log.key").write_text("the key that signs", encoding="utf-8")
    made = backup(home, tmp_path / "to", MOMENT)
    before, stood = kept(home), record(home)
    run(home, 1)
    restored = restore(tmp_path / "to", tmp_path / "new")
    new = restored.path
    assert (made.backup.newest, made.backup.missing) == (AS_OF.isoformat(), ())
    assert kept(new) == before
    assert record(new) == stood
    assert sorted(path.name for path in new.iterdir()) == ["batches", "ledger.db", "log.key", "snapshots"]
    assert (new / "log.key").stat().st_mode & 0o777 == 0o600
    assert new.stat().st_mode & 0o777 == 0o700
    assert status(new, AS_OF)["newest"]["night"] == AS_OF.isoformat()
    again = run(new, 1)
    assert again.root == open_ledger(home).standing(again.as_of).root


def test_a_backup_taken_while_nights_are_committed_is_always_one_committed_state(
    home: Path, tmp_path: Path
) -> None:
    ended = threading.Event()

    def nights() -> None:
        try:
            for day in range(1, 6):
                run(home, day)
        finally:
            ended.set()

    thread = threading.Thread(target=nights)
    thread.start()
    made = []
    while not ended.is_set() or len(made) < 2:
        made.append(backup(home, tmp_path / "to", MOMENT + timedelta(seconds=len(made))))
    thread.join()
    for each in made:
        new = restore(each.path, tmp_path / f"new-{each.path.name}").path
        known = standing_ledger(new).batches()
        assert known[-1].as_of.isoformat() == each.backup.newest
        for batch in known:
            assert snapshot.opened(new / batch.snapshot, batch.source_identity) is not None
            for stored in batch.files.values():
                assert hashlib.sha256((new / stored.path).read_bytes()).hexdigest() == stored.sha256
    assert made[-1].backup.newest is not None
    assert len({each.backup.newest for each in made}) > 1


def test_a_second_backup_shares_what_the_first_has_and_each_is_whole_by_itself(
    home: Path, tmp_path: Path
) -> None:
    first = backup(home, tmp_path / "to", MOMENT)
    run(home, 1)
    second = backup(home, tmp_path / "to", MOMENT + timedelta(days=1))
    (decisions,) = first.path.glob("batches/*-night-*/decisions-*.parquet")
    name = decisions.relative_to(first.path)
    assert (second.path / name).stat().st_ino == decisions.stat().st_ino
    assert second.shared_bytes > 0
    assert decisions.stat().st_ino != (home / name).stat().st_ino
    shutil.rmtree(first.path)
    assert kept(restore(tmp_path / "to", tmp_path / "new").path) == kept(home)


def test_a_file_that_rotted_in_an_earlier_backup_is_copied_afresh(home: Path, tmp_path: Path) -> None:
    first = backup(home, tmp_path / "to", MOMENT)
    (decisions,) = first.path.glob("batches/*-night-*/decisions-*.parquet")
    flip(decisions)
    second = backup(home, tmp_path / "to", MOMENT + timedelta(days=1))
    assert kept(restore(second.path, tmp_path / "new").path) == kept(home)
    with pytest.raises(DataRefused, match="is not what was copied"):
        restore(first.path, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_file_with_several_names_lies_once_in_the_backup_and_in_the_home_made_of_it(
    home: Path, tmp_path: Path
) -> None:
    run(home, 1)
    inodes = len({path.stat().st_ino for path in home.glob("snapshots/*/*.parquet")})
    files = len(list(home.glob("snapshots/*/*.parquet")))
    assert inodes < files
    made = backup(home, tmp_path / "to", MOMENT)
    new = restore(made.path, tmp_path / "new").path
    for place in (made.path, new):
        assert len({path.stat().st_ino for path in place.glob("snapshots/*/*.parquet")}) == inodes


def flip(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(held)


def test_no_backup_is_made_of_a_file_that_is_not_what_was_stored(home: Path, tmp_path: Path) -> None:
    (decisions,) = home.glob("batches/*-night-*/decisions-*.parquet")
    flip(decisions)
    with pytest.raises(FileAltered, match="decisions") as raised:
        backup(home, tmp_path / "to", MOMENT)
    assert raised.value.exit_code == 1
    assert list((tmp_path / "to").iterdir()) == []


def test_what_the_home_has_lost_is_told_and_not_brought_back_from_an_earlier_backup(
    home: Path, tmp_path: Path
) -> None:
    backup(home, tmp_path / "to", MOMENT)
    batch = run(home, 1)
    lost = open_ledger(home).standing(AS_OF).snapshot
    shutil.rmtree(home / lost)
    made = backup(home, tmp_path / "to", MOMENT + timedelta(days=1))
    assert {name.rpartition("/")[0] for name in made.backup.missing} == {lost}
    new = restore(made.path, tmp_path / "new").path
    assert not (new / lost).exists()
    assert snapshot.opened(new / batch.snapshot, batch.source_identity) is not None


def test_a_file_that_the_record_names_no_more_begins_the_copy_again(home: Path, tmp_path: Path) -> None:
    (old,) = home.glob("batches/*-night-*/drafts-*.parquet")
    renamed = old.with_name("drafts-0123456789abcdef.parquet")

    def meanwhile(where: str) -> None:
        if where == "backup.record:after" and old.exists():
            old.rename(renamed)
            with sqlite3.connect(home / "ledger.db") as ledger:
                ledger.execute("update batch set files = replace(files, ?, ?)", [old.name, renamed.name])
            ledger.close()

    fault.arm(meanwhile)
    made = backup(home, tmp_path / "to", MOMENT)
    assert made.backup.missing == ()
    assert (made.path / renamed.relative_to(home)).is_file()
    assert [path.name for path in (tmp_path / "to").iterdir()] == [made.path.name]


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from linewatch import fault
from tasks.backup import backup, restore
fault.kill_at(sys.argv[1])
if sys.argv[2] == "backup":
    backup(Path(sys.argv[3]), Path(sys.argv[4]), datetime(2026, 11, 22, 5, tzinfo=UTC))
else:
    restore(Path(sys.argv[3]), Path(sys.argv[4]))
"""


def killed(point: str, *words: object) -> None:
    """Run a copy that is killed at a boundary."""
    ended = subprocess.run([sys.executable, "-c", KILLED, point, *map(str, words)], check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("point", ["backup.record:after", "backup.file:after", "backup.rename:before"])
def test_a_backup_that_was_killed_looks_like_none_and_the_next_takes_it_away(
    home: Path, tmp_path: Path, point: str
) -> None:
    to = tmp_path / "to"
    killed(point, "backup", home, to)
    (half,) = to.iterdir()
    assert half.name.endswith(".partial")
    assert newest(to) is None
    with pytest.raises(NotFound, match="no backup"):
        restore(to, tmp_path / "new")
    made = backup(home, to, MOMENT)
    assert list(to.iterdir()) == [made.path]


def test_a_backup_takes_away_nothing_that_no_backup_of_this_machine_left(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    killed("backup.record:after", "backup", home, to)
    (half,) = to.iterdir()
    name, machine, process, ending = half.name.split(".")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        others = {
            "photos.partial",
            f"photos.{process}.partial",
            f"photos.{machine}.{process}.partial",
            f"{name}.another-{machine}.{process}.partial",
            f"{name}.{machine}.{running.pid}.partial",
        }
        for each in others:
            (to / each).mkdir()
        made = backup(home, to, MOMENT)
        running.kill()
    assert ending == "partial"
    assert {path.name for path in to.iterdir()} == {made.path.name, *others}


def test_a_restore_that_was_killed_leaves_no_home_and_the_next_takes_it_away(
    home: Path, tmp_path: Path
) -> None:
    backup(home, tmp_path / "to", MOMENT)
    place = tmp_path / "place"
    killed("backup.rename:before", "restore", tmp_path / "to", place / "new")
    assert [path.name.endswith(".partial") for path in place.iterdir()] == [True]
    restore(tmp_path / "to", place / "new")
    assert [path.name for path in place.iterdir()] == ["new"]


def test_a_home_is_restored_into_a_place_of_its_own(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "to", MOMENT)
    before = kept(home)
    with pytest.raises(DataRefused, match="is not empty"):
        restore(tmp_path / "to", home)
    assert kept(home) == before
    (tmp_path / "empty").mkdir()
    assert kept(restore(tmp_path / "to", tmp_path / "empty").path) == before


def test_a_backup_is_not_taken_at_its_own_word(home: Path, tmp_path: Path) -> None:
    made = backup(home, tmp_path / "to", MOMENT)
    path = made.path / FILE
    told = path.read_text(encoding="utf-8")
    (name,) = (name for name in made.backup.files if "/decisions-" in name)
    (made.path / name).write_bytes(b"other decisions")
    other = hashlib.sha256(b"other decisions").hexdigest()
    path.write_text(told.replace(made.backup.sha256(name), other), encoding="utf-8")
    with pytest.raises(DataRefused, match="is not what the record names"):
        restore(made.path, tmp_path / "new")
    path.write_text(told.replace(name, "../outside"), encoding="utf-8")
    with pytest.raises(DataRefused, match="outside"):
        restore(made.path, tmp_path / "new")
    (made.path / name).unlink()
    path.write_text(told, encoding="utf-8")
    with pytest.raises(DataRefused, match="is not there"):
        restore(made.path, tmp_path / "new")
    path.write_text(told.replace('"format": 1', '"format": 99'), encoding="utf-8")
    assert look(made.path) is None
    with pytest.raises(NotFound):
        restore(made.path, tmp_path / "new")


def test_a_home_is_not_backed_up_into_itself(home: Path) -> None:
    with pytest.raises(PlaceUnusable, match="in the home itself"):
        backup(home, home / "backups", MOMENT)


def test_backup_and_restore_are_typed(home: Path, tmp_path: Path) -> None:
    made = linewatch("backup", tmp_path / "to", "--home", home, "--json")
    assert made.exit_code == 0, made.err
    assert made.answer["newest"] == AS_OF.isoformat()
    new = tmp_path / "new"
    restored = here("restore", tmp_path / "to", "--home", new)
    assert restored.exit_code == 0, restored.err
    assert f"linewatch status --home {new}" in restored.out
    assert kept(new) == kept(home)
    refused = here("restore", tmp_path / "nothing", "--home", tmp_path / "other")
    assert refused.exit_code == 2
    assert not (tmp_path / "other").exists()
