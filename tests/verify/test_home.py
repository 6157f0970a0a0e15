"""A whole home is found whole; what differs in one is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.verify.a_home import Home
from tests.verify.altered import Rows, file_of, ledger, rows_in, told
from tests.verify.by_the_page import AT, SECOND, decision, kind_of
from tests.verify.plain_tree import plain_root
from verify.fields import FIELDS
from verify.home import check
from verify.report import PER_PLACE, Findings


def test_a_home_that_nobody_altered_is_whole(whole: Home) -> None:
    heard: list[str] = []
    kept = [row["note"] for row in whole.db.execute("select note from checkpoint")]
    report = check(whole.path, keys=[SECOND.key], against=kept, heard=heard.append)
    assert told(report) == ""
    assert report.whole
    assert (report.entries, report.unsigned, report.key) == (9, 0, SECOND.key)
    assert report.root == plain_root(whole.leaves).hex()
    assert report.counts == {
        "entries": 9, "rows": 8, "events": 3, "cases": 2, "checkpoints": 3, "kept_elsewhere": 3, "batches": 4,
        "files": 16, "leaves": 19, "erased": 0, "decisions": 18, "changes": 8, "snapshots": 4, "parts": 4,
        "strays": 0,
    }  # fmt: skip
    assert heard[-1] == f"batch {list(whole.trees)[3]}: 4 files, 3 leaves"
    assert not any("F000" in line for line in heard)


def test_rows_may_be_handed_in_by_whoever_keeps_the_ledger(whole: Home, rows: Rows) -> None:
    assert rows["batch"][0]["recorded_at"] == AT
    tables = {table: (lambda each=each: iter(each)) for table, each in rows.items()}
    assert told(check(whole.path, tables)) == ""


def rewrite(home: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Path:
    path = file_of(home, "batches/*22-night*/decisions-*")
    rows = change(pq.read_table(path).to_pylist())
    pq.write_table(
        pa.table({name: pa.array([row[name] for row in rows], kind_of(name)) for name in FIELDS}), path
    )
    return path


def test_the_first_row_that_differs_is_named_by_its_place_and_its_line_kept_apart(home: Path) -> None:
    path = rewrite(
        home, lambda rows: [{**row, "score": row["score"] + (at in (3, 5))} for at, row in enumerate(rows)]
    )
    report = check(home)
    first = next(fault for fault in report.faults if "row 4" in fault.what)
    assert first.where == f"batch {path.parent.name}: {path.relative_to(home).as_posix()}"
    assert (
        first.what
        == "row 4 of decisions is the first that is not as committed (leaf 3); 1 after it are not either"
    )
    assert first.whose == "F0003"
    assert "the rows of decisions do not make the root of the batch" in told(report)
    assert "F0003" not in told(report)


def test_rows_that_are_dropped_repeated_swapped_or_added_to_a_file_are_named(home: Path) -> None:
    original = file_of(home, "batches/*22-night*/decisions-*").read_bytes()

    def found(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> str:
        path = rewrite(home, change)
        report = check(home)
        path.write_bytes(original)
        return told(report)

    dropped = found(lambda rows: rows[:2] + rows[3:])
    assert "has 6 rows, and 7 were written" in dropped
    assert "row 3 of decisions is the first" in dropped
    assert "rows of decisions are gone: leaf 6 is the first without one" in dropped
    repeated = found(lambda rows: [*rows[:3], rows[2], *rows[3:]])
    assert "one stands twice" in repeated
    assert "row 4 of decisions is the first" in repeated
    swapped = found(lambda rows: [rows[1], rows[0], *rows[2:]])
    assert "out of order" in swapped
    assert "row 1 of decisions is the first that is not as committed (leaf 0); 1 after it" in swapped
    added = found(lambda rows: [*rows, decision(99)])
    assert "row 8 of decisions is the first that is not as committed (no leaf)" in added


def test_files_that_are_gone_cut_off_or_swapped_are_named(home: Path) -> None:
    first, second = (file_of(home, f"batches/*{day}-night*/changes-*") for day in (22, 23))
    a, b = first.read_bytes(), second.read_bytes()
    first.write_bytes(b)
    second.write_bytes(a)
    assert told(check(home)).count("were written") == 4
    first.write_bytes(a[:-1])
    second.write_bytes(b)
    assert f"{first.name}: has {len(a) - 1:,} bytes, and {len(a):,} were written" in told(check(home))
    first.unlink()
    assert told(check(home)).endswith(f"{first.name}: is gone")
    first.write_bytes(a)
    for name in ("leaves", "salts"):
        path = file_of(home, f"batches/*22-night*/{name}-*")
        kept = path.read_bytes()
        for spoilt in (kept[:-1], kept[: len(kept) // 2], b"", kept + kept):
            path.write_bytes(spoilt)
            assert f"{path.name}: has {len(spoilt):,} bytes" in told(check(home))
        path.write_bytes(kept)
    assert check(home).whole


def test_all_faults_are_told_and_very_many_of_one_place_are_counted(home: Path) -> None:
    file_of(home, "batches/*22-night*/changes-*").unlink()
    file_of(home, "batches/*23-night*/salts-*").unlink()
    ledger(home, "update approval set because = 'other'", "delete from reversal")
    told_of = told(check(home))
    assert "approval 1: `because` is not what the log tells" in told_of
    assert "reversal 1: the log tells of this row, and it is gone" in told_of
    assert told_of.count("is gone") == 3
    findings = Findings()
    for _ in range(PER_PLACE + 5):
        findings.fault("here", "something")
        findings.fault("review_event 1", "something")
    assert [(fault.where, fault.what) for fault in findings.faults()[-2:]] == [
        ("here", "5 more faults here"),
        ("review_event", "5 more faults here"),
    ]


def test_a_file_that_no_row_names_is_counted_and_no_fault(home: Path) -> None:
    (home / "batches" / "left").mkdir()
    (home / "batches" / "left" / "changes.parquet").write_bytes(b"x")
    report = check(home)
    assert (report.whole, report.counts["strays"]) == (True, 1)


def test_a_snapshot_is_checked_by_its_parts_and_missed_where_it_is_gone_whole(home: Path) -> None:
    folder = file_of(home, "snapshots/*22-abc")
    (folder / "facility.parquet").write_bytes(b"part of night 3")
    assert told(check(home)) == f"snapshots/{folder.name}/facility.parquet: has other bytes than were written"
    (folder / "facility.parquet").unlink()
    assert told(check(home)) == f"snapshots/{folder.name}/facility.parquet: is gone"
    (folder / "manifest.json").write_text("[]")
    assert "is gone or cannot be read" in told(check(home))
    shutil.rmtree(folder)
    (fault,) = told(check(home)).splitlines()
    assert fault.endswith(f": snapshots/{folder.name}/manifest.json: is gone")


def test_a_batch_older_than_the_manifests_may_have_lost_its_snapshot(home: Path) -> None:
    shutil.rmtree(file_of(home, "snapshots/*21-abc"))
    assert told(check(home)) == ""


def test_no_file_outside_the_home_is_read(home: Path) -> None:
    (path,) = (
        json.loads(next(iter(rows_in(home, "select files from batch where seq = 2"))))["changes"]["path"],
    )
    for other in ("/etc/hostname", "../x", "batches/../../x"):
        ledger(home, f"update batch set files = replace(files, '{path}', '{other}'), seq = 9 where seq = 2")
        assert "its path does not lie in the home" in told(check(home))
        ledger(home, f"update batch set files = replace(files, '{other}', '{path}'), seq = 2 where seq = 9")
    assert check(home).whole
