"""The log of a home: entries, checkpoints and keys, and a check while others work."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verify.a_home import Home, small_home
from tests.verify.altered import file_of, ledger, rows_in, told
from tests.verify.by_the_page import FIRST, SECOND, Signer, compact
from verify.home import check
from verify.tables import of_home


def test_entries_that_were_cut_off_are_found_by_a_checkpoint(home: Path) -> None:
    ledger(
        home, "delete from log_entry where seq = 9", "delete from reversal", "delete from batch where seq = 4"
    )
    shutil.rmtree(file_of(home, "batches/*reversal*"))
    found = told(check(home))
    assert "checkpoint 3: is of a log of 9 entries, and there are 8: entries were cut off" in found
    assert "checkpoint: is of a log of 9 entries" in found
    kept = (home / "checkpoint").read_text()
    ledger(home, "delete from checkpoint where seq = 3")
    (home / "checkpoint").write_text(rows_in(home, "select note from checkpoint where seq = 2")[0])
    assert check(home).whole
    found = told(check(home, against=[kept]))
    assert found.startswith("the checkpoint kept elsewhere, number 1: is of a log of 9 entries")


def test_a_log_that_was_rewritten_from_end_to_end_is_found_by_what_was_kept_elsewhere(
    whole: Home, tmp_path: Path
) -> None:
    kept = (whole.path / "checkpoint").read_text()
    rewritten = small_home(tmp_path / "home", lines=8)
    assert check(rewritten.path, keys=[SECOND.key]).whole
    found = told(check(rewritten.path, keys=[SECOND.key], against=[kept]))
    assert (
        found == "the checkpoint kept elsewhere, number 1: the first 9 entries are not those that it tells of"
    )


def test_keys_are_those_that_the_log_tells_and_the_caller_knows(home: Path) -> None:
    other = Signer(SECOND.name, b"x" * 32)
    assert "the newest one is not signed by the key given" in told(check(home, keys=[FIRST.key]))
    assert check(home, keys=[FIRST.key, SECOND.key]).whole
    assert "the key given: the key is not of the form" in told(check(home, keys=["nothing"]))
    size, root = 9, bytes.fromhex(check(home).root)
    for signer in (FIRST, other):
        note = signer.note(size, root)
        with sqlite3.connect(home / "ledger.db") as db:
            db.execute("update checkpoint set note = ? where seq = 3", [note])
        db.close()
        (home / "checkpoint").write_text(note)
        assert "checkpoint 3: is not signed by the newest key among its own entries" in told(check(home))


def test_a_record_whose_log_has_not_begun_is_told_so_in_one_sentence(home: Path) -> None:
    ledger(
        home,
        "delete from log_entry where seq > 2",
        "delete from checkpoint",
        *(
            f"delete from {table} where batch_seq > 1"
            for table in ("review_event", "review_case", "reversal")
        ),
        *(f"delete from {table}" for table in ("approval", "publication", "document")),
        "delete from batch where seq > 1",
    )
    (home / "checkpoint").unlink()
    assert told(check(home)) == "log_entry: the record is older than the log, and the log has not begun"


def test_what_came_after_the_newest_checkpoint_is_counted(home: Path) -> None:
    ledger(home, "delete from checkpoint where seq = 3")
    (home / "checkpoint").write_text(rows_in(home, "select note from checkpoint where seq = 2")[0])
    assert check(home).unsigned == 1


def test_the_checkpoint_of_the_home_is_one_of_the_ledger(home: Path) -> None:
    (home / "checkpoint").unlink()
    assert told(check(home)) == "checkpoint: the file is gone, and the ledger has checkpoints"
    (home / "checkpoint").write_text(
        SECOND.note(9, bytes.fromhex(check(home).root)).replace("\n\n", "\n\n", 1)
    )
    ledger(home, "delete from checkpoint where seq = 3")
    assert told(check(home)) == "checkpoint: the ledger does not have this checkpoint"


def test_a_home_without_a_ledger_or_of_before_the_log_is_told_so(home: Path) -> None:
    with sqlite3.connect(home / "ledger.db") as db:
        db.execute("alter table log_entry drop column salt")
    db.close()
    assert "older than the log's format" in told(check(home))
    ledger(home, "drop table checkpoint")
    assert "no such table: checkpoint" in told(check(home))
    (home / "ledger.db").unlink()
    assert told(check(home)) == "ledger.db: there is no ledger here"


def test_a_ledger_is_read_as_it_stood_at_one_instant(home: Path) -> None:
    ledger(home, "pragma journal_mode = wal")
    with of_home(home) as tables:
        before = len(list(tables["log_entry"]()))
        ledger(home, "delete from log_entry where seq = 9")
        assert len(list(tables["log_entry"]())) == before
    assert len(rows_in(home, "select seq from log_entry")) == before - 1


@pytest.fixture
def busy(home: Path) -> Iterator[Path]:
    """A home whose ledger another hand keeps writing to."""
    ledger(home, "pragma journal_mode = wal", "create table other (x integer)")
    stop = threading.Event()

    def write() -> None:
        with sqlite3.connect(home / "ledger.db", timeout=10) as db:
            while not stop.is_set():
                db.execute("insert into other values (1)")
                db.commit()
        db.close()

    writer = threading.Thread(target=write)
    writer.start()
    yield home
    stop.set()
    writer.join()


def test_a_check_neither_waits_for_a_writer_nor_sees_half_of_what_it_does(busy: Path) -> None:
    for _ in range(5):
        assert check(busy).whole


def test_the_command_checks_a_home(home: Path) -> None:
    run = [sys.executable, "-m", "verify", "--home", str(home), "--key", SECOND.key]
    good = subprocess.run(run, capture_output=True, text=True)
    assert (good.returncode, good.stdout.splitlines()[-1][:37]) == (
        0,
        "All is as recorded: 9 entries, 0 unsi",
    )
    ledger(home, "update approval set because = 'other'")
    bad = subprocess.run(run, capture_output=True, text=True)
    assert (bad.returncode, bad.stdout.splitlines()[0]) == (
        2,
        "approval 1: `because` is not what the log tells",
    )


def test_a_package_that_is_missing_is_named_and_no_traceback_shown(home: Path) -> None:
    lacking = f"""import sys; sys.modules["pyarrow"] = None
from verify.__main__ import main; sys.exit(main(["--home", {str(home)!r}]))"""
    ended = subprocess.run([sys.executable, "-c", lacking], capture_output=True, text=True)
    assert ended.returncode == 2
    said = ended.stderr.splitlines()[-1]
    assert said == "pyarrow is not installed, and this needs it: pip install pyarrow"


def test_an_entry_of_another_form_is_told_in_words(home: Path) -> None:
    contents = {
        "[]": "no JSON object",
        "{": "no JSON",
        compact({"v": 2}): "of another format",
        compact({"v": 1, "index": 8, "rows": {"strange": []}}): "does not know",
        compact(
            {"v": 1, "index": 8, "state": {"batch": 2, "to": "committed"}}
        ): "moves a batch that was not held",
        compact(
            {"v": 1, "index": 8, "state": {"batch": 99, "to": "committed"}}
        ): "no entry before it tells of",
        compact({"v": 1, "index": 8, "tree": {}}): "lacks",
        compact({"v": 1, "index": 8, "events": {"size": -1, "root": ""}}): "no size",
        compact({"v": 1, "index": 8, "erased": []}): "`erased`",
        compact({"v": 1, "index": 8, "erased": {"events": [1], "leaves": {"x": [1]}}}): "no number",
        compact({"v": 1, "index": 8, "erased": {"events": ["1"], "leaves": {}}}): "does not list numbers",
        compact({"v": 1, "index": 8, "rows": {"batch": [{}]}}): "has no key",
    }
    for content, what in contents.items():
        with sqlite3.connect(home / "ledger.db") as db:
            db.execute("update log_entry set content = ? where seq = 9", [content])
        db.close()
        assert what in told(check(home)), content
