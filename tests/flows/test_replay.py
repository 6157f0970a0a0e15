"""A past night is decided again: its root comes again, or it is said which lines part, where, and by what."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from flows import replay
from flows.again import decided_again
from ledger import Batch, standing_ledger
from linewatch.errors import DataRefused, NotFound
from linewatch.proof import root_of
from sql.canonical import canonical_rows
from sql.engine import Engine
from tasks.again import Again
from tasks.backup import backup, restore
from tasks.demo import write_demo
from tasks.replay import Replayed, compare
from tests.flows.console import linewatch
from tests.whole_night import RECORDED_AT, run_night

Given = tuple[Path, list[date]]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """A home of two nights."""
    place = tmp_path_factory.mktemp("replay")
    nights = write_demo(place / "lender", borrowers=200, seed=4, nights=2, every="day")
    for night in nights:
        run_night(night.folder, night.as_of, place / "home", promises=False)
    return place / "home", [night.as_of for night in nights]


@pytest.fixture
def copied(standing: Given, tmp_path: Path) -> Given:
    home, nights = standing
    shutil.copytree(home, tmp_path / "home")
    return tmp_path / "home", nights


@pytest.fixture(scope="module")
def again(standing: Given) -> Iterator[Again]:
    """The first of them, decided again."""
    home, nights = standing
    with decided_again(home, nights[0], letters=True) as night:
        yield night


def compared(again: Again, home: Path) -> Replayed:
    return compare(again, batch_of(home, again.as_of), home, None)


def files(home: Path) -> dict[str, str]:
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.startswith("ledger.db-")
    }


def batch_of(home: Path, as_of: date) -> Batch:
    batch = standing_ledger(home).night(as_of)
    assert batch is not None
    return batch


def altered(home: Path, as_of: date, column: str, line: int, by: int) -> str:
    """Decide one line of a committed night otherwise, as another version would have; return the line."""
    batch = batch_of(home, as_of)
    path = batch.path(home, "decisions")
    assert path is not None
    table = pq.read_table(path)
    raised = pc.if_else(
        pa.array([at == line for at in range(len(table))]), pc.add(table[column], by), table[column]
    )
    at = table.column_names.index(column)
    pq.write_table(
        table.set_column(at, table.schema.field(at), raised.cast(table.schema.field(at).type)), path
    )
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        db.parquet("decisions", [path])
        root = root_of(canonical_rows(db))
    known = {name: stored.as_dict() for name, stored in batch.files.items()}
    known["decisions"] |= {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    change(home, batch, root=root, files=json.dumps(known), version="0.0.9")
    return str(table["facility_id"][line].as_py())


def change(home: Path, batch: Batch, **columns: Any) -> None:
    with sqlite3.connect(home / "ledger.db") as ledger:
        for name, value in columns.items():
            ledger.execute(f"update batch set {name} = ? where seq = ?", [value, batch.seq])
    ledger.close()


def test_every_night_comes_to_its_root_again_and_the_home_is_not_touched(standing: Given) -> None:
    home, nights = standing
    before = files(home)
    found = list(replay.all_of(home, None, None))
    assert [each.content["night"] for each in found] == [night.isoformat() for night in nights]
    assert [each.content["again"] for each in found] == [batch_of(home, night).root for night in nights]
    assert replay.exit_code(found) == 0
    assert files(home) == before


def test_a_line_that_another_version_decided_otherwise_is_named_with_its_step(
    copied: Given, again: Again
) -> None:
    home, nights = copied
    line = altered(home, nights[0], "after_stability_cents", 7, 12_300)
    found = compared(again, home)
    assert found.status == "differs"
    assert replay.exit_code([found]) == 1
    assert found.content["versions"]["committed"] == "0.0.9"
    differing = found.content["differing"]
    assert (differing["lines"], differing["steps"]) == (1, {"stability": 1})
    assert differing["columns"] == {"after_stability_cents": 1}
    assert differing["first"] == [
        {"facility_id": line, "step": "stability", "columns": ["after_stability_cents"]}
    ]
    (path,) = found.content["paths"].values()
    assert Path(path).parent == home / "out" / nights[0].isoformat() / "replay"
    with Path(path).open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["facility_id"] == line
    assert int(row["committed"]) - int(row["again"]) == 12_300
    assert "0.0.9" in found.text
    assert "stability 1" in found.text


def test_a_line_that_was_left_out_differs_in_its_key_alone(copied: Given, again: Again) -> None:
    home, nights = copied
    batch = batch_of(home, nights[0])
    path = batch.path(home, "decisions")
    assert path is not None
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)
    found = compared(again, home)
    assert (found.status, found.content["file"]) == ("altered", "not as stored")
    assert found.content["differing"]["columns"] == {"facility_id": 1}
    assert found.content["differing"]["first"][0]["facility_id"] == table["facility_id"][0].as_py()
    assert replay.exit_code([found]) == 1


def test_columns_that_one_version_alone_writes_are_named(copied: Given, again: Again) -> None:
    home, nights = copied
    path = batch_of(home, nights[0]).path(home, "decisions")
    assert path is not None
    table = pq.read_table(path).drop_columns(["conduct_points"])
    pq.write_table(table.append_column("mood", pa.array(["good"] * len(table))), path)
    found = compared(again, home)
    assert found.content["differing"]["lines"] == 0
    assert found.content["differing"]["only_committed"] == ["mood"]
    assert found.content["differing"]["only_again"] == ["conduct_points"]
    assert "mood" in found.text


@pytest.mark.parametrize("left", [b"", b"PAR1 nothing PAR1"])
def test_a_file_of_decisions_that_nobody_can_read_is_said(copied: Given, again: Again, left: bytes) -> None:
    home, nights = copied
    path = batch_of(home, nights[0]).path(home, "decisions")
    assert path is not None
    path.write_bytes(left)
    found = compared(again, home)
    assert (found.status, found.content["file"]) == ("altered", "unreadable")
    path.unlink()
    found = compared(again, home)
    assert (found.status, found.content["file"]) == ("altered", "gone")


def test_a_night_whose_snapshot_is_gone_is_told_and_is_no_pass(copied: Given) -> None:
    home, nights = copied
    shutil.rmtree(home / batch_of(home, nights[0]).snapshot)
    altered(home, nights[1], "score", 0, 1)
    found = list(replay.all_of(home, None, None))
    assert [each.status for each in found] == ["not_replayed", "differs"]
    assert "snapshot" in found[0].text
    assert (replay.exit_code(found[:1]), replay.exit_code(found)) == (2, 1)
    state = replay.replay_nights.fn(as_of=nights[0], home=str(home))
    assert state.is_failed()
    assert f"{nights[0]} not_replayed" in str(state.message)


def test_a_night_whose_documents_this_version_does_not_read_is_told(copied: Given) -> None:
    home, nights = copied
    with sqlite3.connect(home / "ledger.db") as ledger:
        ledger.execute("update document set text = 'from_another_age = 1' where kind = 'policy'")
    ledger.close()
    found = replay.one(home, nights[0], None, None)
    assert found.status == "not_replayed"
    assert "Linewatch" in found.text
    assert replay.exit_code([found]) == 2


def test_a_night_is_named_or_all_of_them(standing: Given) -> None:
    home, nights = standing
    for as_of, every in ((None, False), (nights[0], True)):
        with pytest.raises(DataRefused, match="Name one night"):
            replay.answer(home, as_of, every=every)
    with pytest.raises(NotFound):
        replay.answer(home, date(2001, 1, 1), every=False)


def test_the_nights_of_a_restored_home_are_replayed_by_a_command(standing: Given, tmp_path: Path) -> None:
    backup(standing[0], tmp_path / "to", RECORDED_AT)
    home = restore(tmp_path / "to", tmp_path / "new").path
    every = linewatch("replay", "--all", "--home", home, "--json", "--out", tmp_path / "out")
    assert every.exit_code == 0, every.err
    assert every.answer["same"] == 2
    assert every.err.count("the same root") == 2
    assert not (tmp_path / "out").exists()
