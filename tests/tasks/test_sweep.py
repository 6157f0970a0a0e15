"""Sweeping: the next start takes away what nobody knows, says so, and touches nothing that is known."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

import sql.engine as sql
from linewatch.night import Night
from linewatch.progress import left_over, mark
from sql.passing import passing
from tasks.commit import commit_night
from tasks.pull import pull_source
from tasks.sweep import close, sweep
from tests.tasks.record_fixture import decided, small_folder
from tests.tasks.record_fixture import night as a_night


@pytest.fixture
def night(tmp_path: Path) -> Iterable[Night]:
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    yield made
    sql.close_engine(made.scratch)


def files(home: Path) -> dict[str, bytes]:
    """Everything under the home that is kept, by name."""
    folders = ("snapshots", "batches", "out")
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted((home / folder).rglob("*"))
        if path.is_file()
    }


def test_a_home_in_order_is_left_as_it_is(night: Night) -> None:
    decided(night)
    commit_night(night)
    close(night)
    before = files(night.home)
    assert sweep(replace(night, as_of=date(2026, 11, 22))).notes == ()
    assert files(night.home) == before
    assert len(before) == 11


def test_a_night_that_was_cut_off_is_noticed_with_the_step_it_was_in(night: Night) -> None:
    mark(night, "pull")
    pull_source(night)
    mark(night, "decide")
    assert [str(cut) for cut in left_over(night.home)] == [
        "the night of 2026-11-21 was cut off at step decide"
    ]
    notes = sweep(night).notes
    assert notes == ("the night of 2026-11-21 was cut off at step decide; it is begun again",)
    assert not night.work.exists()
    assert len(list((night.home / "snapshots").iterdir())) == 1


def test_another_night_that_was_cut_off_is_named_with_the_command_that_runs_it(night: Night) -> None:
    mark(night, "rescore")
    (note,) = sweep(replace(night, as_of=date(2026, 11, 22))).notes
    again = f"linewatch night --as-of 2026-11-21 --source {night.source} --home {night.home}"
    assert note.endswith(f"at step rescore; {again} runs it again")


def test_a_night_that_ended_leaves_no_trace_of_its_scratch(night: Night) -> None:
    mark(night, "pull")
    pull_source(night)
    close(night)
    assert left_over(night.home) == []


def test_a_night_that_was_refused_leaves_no_snapshot(night: Night) -> None:
    pull_source(night)
    close(night)
    assert files(night.home) == {}


def test_incomplete_and_unused_snapshots_go(night: Night) -> None:
    pull_source(night)
    (night.home / "snapshots" / ".writing-2026-11-21-abc").mkdir()
    later = replace(night, as_of=date(2026, 11, 22))
    sql.close_engine(night.scratch)
    notes = "\n".join(sweep(later).notes)
    assert "snapshot 2026-11-21-abc was incomplete" in notes
    assert "was used by no night" in notes
    assert list((night.home / "snapshots").iterdir()) == []


def test_files_that_no_commit_made_known_go_and_known_ones_stay(night: Night) -> None:
    decided(night)
    known = commit_night(night)
    before = files(night.home)
    stray = night.home / "batches" / "2026-11-22-night-ffffffffffff"
    stray.mkdir()
    (stray / "decisions-0123456789abcdef.parquet").write_bytes(b"half")
    (known.paths["decisions"].parent / "changes.partial").write_bytes(b"half")
    (night.home / "out" / "2026-11-21").mkdir(parents=True)
    (night.home / "out" / "2026-11-21" / "limit_changes.csv.partial").write_bytes(b"half")
    close(night)
    assert len(sweep(night).notes) == 3
    assert files(night.home) == before
    assert not stray.exists()


def test_the_files_of_a_held_and_of_a_discarded_night_stay(night: Night) -> None:
    decided(night)
    commit_night(night, ("guard",))
    close(night)
    before = files(night.home)
    assert sweep(night).notes == ()
    assert files(night.home) == before


def test_what_a_verb_left_when_it_was_killed_is_taken_away_and_what_is_held_is_not(night: Night) -> None:
    with passing(night.home) as engine:
        (working,) = (night.home / "work").iterdir()
        left = night.home / "work" / f"{working.name}-killed"
        left.mkdir()
        (left / "held").touch()
        assert sweep(night).notes == (f"work/{left.name} was left over",)
        assert not left.exists()
        assert working.is_dir()
        assert engine.connection.execute("select 1").fetchall() == [(1,)]
    assert not working.exists()


def test_a_folder_whose_verb_was_killed_before_it_had_a_lock_is_taken_away(night: Night) -> None:
    left = night.home / "work" / "passing-killed"
    left.mkdir(parents=True)
    assert sweep(night).notes == ("work/passing-killed was left over",)
    assert not left.exists()


def test_the_half_file_of_a_key_or_a_checkpoint_is_taken_away(night: Night) -> None:
    night.home.mkdir()
    for name in ("log.key.4194305.partial", "checkpoint.4194305.partial"):
        (night.home / name).write_text("half", encoding="utf-8")
    assert sweep(night).notes == (
        "checkpoint.4194305.partial was half written",
        "log.key.4194305.partial was half written",
    )
    assert not list(night.home.glob("*.partial"))


WRITES_HALF = """
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from linewatch.room import whole

with whole(Path(sys.argv[1])) as half:
    half.write_text("half")
    print(half, flush=True)
    sys.stdin.read()
"""


def test_what_a_verb_still_writes_stays_and_goes_once_the_verb_was_killed(night: Night) -> None:
    out = night.home / "out"
    out.mkdir(parents=True)
    command = [sys.executable, "-c", WRITES_HALF, str(out / "queue.csv")]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as verb:
        assert verb.stdout is not None
        half = Path(verb.stdout.readline().strip())
        assert sweep(night).notes == ()
        assert half.read_text() == "half"
        verb.kill()
    assert sweep(night).notes == (f"out/{half.name} was half written",)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(("night_mb", "passing_mb"), [(4_000, 1_000), (1_200, 500), (300, 150)])
def test_a_database_that_passes_leaves_a_night_its_memory(
    night: Night, monkeypatch: pytest.MonkeyPatch, night_mb: int, passing_mb: int
) -> None:
    monkeypatch.setattr("sql.passing.limit_mb", lambda: night_mb)
    with passing(night.home) as engine:
        assert engine.memory_mb == passing_mb


def test_a_night_lets_go_of_memory_meanwhile_and_takes_it_again(night: Night) -> None:
    decided(night)
    before = memory_limit(night)
    with sql.halved(night.scratch):
        assert memory_limit(night) == pytest.approx(before / 2, rel=0.05)
    assert memory_limit(night) == before
    with sql.halved(night.home / "no such engine"):
        pass


def memory_limit(night: Night) -> float:
    with sql.cursor(night.scratch) as db:
        ((found,),) = db.raw.execute("select current_setting('memory_limit')").fetchall()
    number, unit = found.split()
    return float(number) * {"MiB": 1, "GiB": 1024}[unit]
