"""Killed at any boundary and started again, a night ends as if nobody had killed it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linewatch.errors import NoRoom
from linewatch.night import Night
from linewatch.receipt import Receipt
from linewatch.room import full_disk_told
from tasks.commit import commit_night
from tasks.sweep import close, sweep
from tests.tasks.record_fixture import decided, documents, night, small_folder
from tests.torture.cut_off_nights import REACHED

TABLES = ("batch", "document", "review_case", "review_event", "publication", "approval", "log_entry")
MOST_TELLING = (
    "commit.decisions:inside",
    "commit.transaction:inside",
    "commit.transaction:after",
    "publish.delivered:before",
)


def run(place: Path, *points: str, held: bool = False) -> list[str]:
    """Run the nights; return the boundaries that a night has."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.torture.cut_off_nights", str(place), *points]
    environment = {**os.environ, "HELD": "1" if held else "0"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return (place / REACHED).read_text(encoding="utf-8").split()


def state(home: Path) -> dict[str, Any]:
    """All that a home holds, by name: files with their bytes, tables with their rows."""
    found: dict[str, Any] = {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.startswith("ledger.db")
    }
    with sqlite3.connect(home / "ledger.db") as db:
        for table in TABLES:
            found[table] = db.execute(f"select * from {table} order by 1, 2").fetchall()
    db.close()
    return found


def differences(place: Path, points: list[str]) -> dict[str, list[str]]:
    """For each point that ended otherwise than the whole night, what is otherwise."""
    whole = state(place / "whole")
    found = {}
    for point in points:
        other = state(place / point)
        odd = [name for name in sorted({*whole, *other}) if whole.get(name) != other.get(name)]
        if odd:
            found[point] = odd
    return found


def test_killed_where_it_matters_most_and_started_again_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    run(tmp_path, *MOST_TELLING)
    assert differences(tmp_path, list(MOST_TELLING)) == {}


@pytest.mark.torture
@pytest.mark.parametrize("held", [False, True])
def test_killed_at_every_boundary_and_started_again_nothing_is_lost_or_doubled(
    tmp_path: Path, held: bool
) -> None:
    points = run(tmp_path, held=held)
    assert {point.partition(".")[0] for point in points} >= {"pull", "commit", "publish"}
    assert len(points) >= 25
    assert differences(tmp_path, points) == {}
    print(f"{len(points)} boundaries, held={held}: each ended as the undisturbed night")


def _decide_and_commit(made: Night) -> Receipt:
    with full_disk_told(made.home):
        decided(made, lines=200_000)
        return commit_night(made)


@pytest.mark.torture
def test_on_a_disk_that_fills_up_a_night_ends_plainly_and_runs_once_there_is_room(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", str(home)], check=False).returncode:
        pytest.skip("may not mount a small disk here")
    try:
        source = small_folder(tmp_path / "source")
        made = night(home, source, documents=documents(minimum_free_mb=0))
        with pytest.raises(NoRoom, match="The disk of the home is full"):
            _decide_and_commit(made)
        close(made)
        subprocess.run(["mount", "-o", "remount,size=400m", str(home)], check=True)
        sweep(made)
        assert _decide_and_commit(made).decided == 200_000
        close(made)
    finally:
        subprocess.run(["umount", str(home)], check=True)
