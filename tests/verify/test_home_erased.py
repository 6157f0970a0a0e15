"""What was erased is missed nowhere, and an erasure that no entry tells of is an alteration."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.verify.a_home import Home
from tests.verify.altered import file_of, ledger, rows_in, told
from tests.verify.by_the_page import SECOND, kind_of
from verify.fields import FIELDS
from verify.home import check


def regrown(home: Path) -> Home:
    """A home on disk, ready to grow on."""
    grown = Home.__new__(Home)
    grown.path, grown.signer = home, SECOND
    grown.db = sqlite3.connect(home / "ledger.db")
    grown.leaves = [bytes.fromhex(each) for each in rows_in(home, "select leaf from log_entry order by seq")]
    grown.contents, grown.salts = [""] * len(grown.leaves), [b""] * len(grown.leaves)
    return grown


def erase(home: Path, line: int) -> None:
    """Take a line out of a batch as docs/log.md has it: successors, zeros for its salts, and an entry."""
    folder = file_of(home, "batches/*22-night*")
    files = json.loads(rows_in(home, "select files from batch where seq = 2")[0])
    grown = regrown(home)
    salts = bytearray((home / files["salts"]["path"]).read_bytes())
    salts[16 * line : 16 * line + 16] = bytes(16)
    rows = [
        row
        for at, row in enumerate(pq.read_table(home / files["decisions"]["path"]).to_pylist())
        if at != line
    ]
    within = folder.relative_to(home).as_posix()
    after = {
        "salts": grown.file(within, "salts", bytes(salts), len(salts) // 16, "bin"),
        "decisions": grown.parquet(within, "decisions", rows, FIELDS),
    }
    told_rows = [
        grown.add(
            "successor", seq=seq, batch_seq=2, name=name, old_sha256=files[name]["sha256"], **new, entry=10
        )
        for seq, (name, new) in enumerate(after.items(), 1)
    ]
    for name in after:
        (home / files[name]["path"]).unlink()
    grown.db.execute("update review_event set salt = '', because = '', content = '' where seq = 3")
    grown.entry("erasure", rows={"successor": told_rows}, erased={"events": [3], "leaves": {"2": [line]}})
    grown.checkpoint()
    grown.db.close()


def test_what_was_erased_is_missed_nowhere(home: Path) -> None:
    erase(home, 2)
    report = check(home)
    assert told(report) == ""
    assert (report.counts["erased"], report.counts["erased_events"]) == (1, 1)


def test_what_was_erased_is_not_filled_with_something_else(home: Path) -> None:
    erase(home, 2)
    ledger(home, "update review_event set because = 'other' where seq = 3")
    assert told(check(home)) == "review_event 3: was erased, and something of it is here"


def test_a_file_that_is_no_longer_kept_is_missed_nowhere(home: Path) -> None:
    files = json.loads(rows_in(home, "select files from batch where seq = 2")[0])
    grown = regrown(home)
    gone = [
        grown.add(
            "successor", seq=seq, batch_seq=2, name=name, old_sha256=files[name]["sha256"], path="",
            sha256="", bytes=0, rows=0, entry=10,
        )
        for seq, name in enumerate(("decisions", "changes", "salts", "manifest"), 1)
    ]  # fmt: skip
    for row in gone:
        (home / files[row["name"]]["path"]).unlink()
    shutil.rmtree(file_of(home, "snapshots/*22-abc"))
    grown.entry("pruned", rows={"successor": gone})
    grown.checkpoint()
    grown.db.close()
    assert told(check(home)) == ""
    ledger(home, "update successor set path = 'batches/x' where seq = 1")
    assert "successor 1: `path` is not what the log tells" in told(check(home))


def test_rows_beside_the_erased_are_still_checked(home: Path) -> None:
    erase(home, 2)
    path = file_of(home, "batches/*22-night*/decisions-*")
    rows = pq.read_table(path).to_pylist()
    rows[2]["score"] += 1
    pq.write_table(
        pa.table({name: pa.array([row[name] for row in rows], kind_of(name)) for name in FIELDS}), path
    )
    assert "row 3 of decisions is the first that is not as committed (leaf 3)" in told(check(home))


def test_an_erasure_that_no_entry_tells_of_is_an_alteration(home: Path) -> None:
    ledger(home, "update review_event set salt = '', because = '', content = '' where seq = 3")
    assert "review_event 3: has no salt, and is not older than the log" in told(check(home))
    path = file_of(home, "batches/*22-night*/salts-*")
    path.write_bytes(bytes(16) + path.read_bytes()[16:])
    assert "marks other leaves as erased than the log tells of" in told(check(home))
