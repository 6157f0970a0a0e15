"""A whole home: found whole when it is, and every way to alter one found and named."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.verify.a_home import AT, FIRST, SECOND, Home, Signer, compact, decision, kind_of, small_home
from tests.verify.plain_tree import plain_root
from verify.batches import check_batch, read_batches
from verify.fields import FIELDS
from verify.files import Hasher
from verify.home import check, check_ledger
from verify.report import PER_PLACE, Findings, Report
from verify.tables import of_home

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = small_home(tmp_path_factory.mktemp("whole") / "home")
    home.db.commit()
    return home


@pytest.fixture
def home(whole: Home, tmp_path: Path) -> Path:
    """A copy to alter."""
    return Path(shutil.copytree(whole.path, tmp_path / "home"))


@pytest.fixture(scope="module")
def rows(whole: Home) -> Rows:
    with of_home(whole.path) as tables:
        return {table: [dict(row) for row in read()] for table, read in tables.items()}


def told(report: Report) -> str:
    return "\n".join(f"{fault.where}: {fault.what}" for fault in report.faults)


def file_of(home: Path, pattern: str) -> Path:
    (path,) = home.glob(pattern)
    return path


def ledger(home: Path, *statements: str) -> None:
    with sqlite3.connect(home / "ledger.db") as db:
        for statement in statements:
            db.execute(statement)
    db.close()


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


# Every byte


def ledger_faults(rows: Rows, kept: str | None = None) -> tuple[Any, ...]:
    findings = Findings()
    check_ledger({table: (lambda each=each: iter(each)) for table, each in rows.items()}, findings, kept=kept)
    return findings.faults()


def altered(rows: Rows, table: str, at: int, column: str, value: Any) -> Rows:
    changed = [dict(row) for row in rows[table]]
    changed[at][column] = value
    return {**rows, table: changed}


@pytest.mark.parametrize("table", ["log_entry", "checkpoint", "review_event", "review_case", "batch"])
def test_no_letter_of_the_ledger_can_be_altered(rows: Rows, table: str) -> None:
    if table != "checkpoint":
        # No signature has to look: what the entries tell is enough, and that takes less time.
        rows = {**rows, "checkpoint": []}
    assert ledger_faults(rows) == ()
    for at, row in enumerate(rows[table]):
        for column, value in row.items():
            if not isinstance(value, str):
                continue
            for place in range(len(value)):
                other = value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
                if (table, column) != ("checkpoint", "recorded_at"):
                    assert ledger_faults(altered(rows, table, at, column, other)), (at, column, place)


@pytest.mark.parametrize("value", [None, 1, 2, -1, 10**30, 1.5, True, "", "[]", "{}", "x", "\udcff", "é" * 3])
def test_any_value_in_any_column_gets_an_answer_and_is_found(rows: Rows, value: Any) -> None:
    unsigned = {("checkpoint", "recorded_at"), ("checkpoint", "seq")}
    # In the tree of an entry's events an event has its place, and `seq` only says which.
    loose = {("review_event", "seq")}
    for table, known in rows.items():
        for at, row in enumerate(known):
            for column in row:
                if (type(row[column]), row[column]) == (type(value), value):
                    continue
                found = ledger_faults(altered(rows, table, at, column, value))
                assert found or (table, column) in unsigned | loose, (table, at, column)


def test_rows_that_are_dropped_repeated_or_swapped_are_found(rows: Rows) -> None:
    for table, known in rows.items():
        if table == "checkpoint":
            continue  # Each stands for itself; that one is gone is seen by the copies kept elsewhere.
        for at in range(len(known)):
            assert ledger_faults({**rows, table: known[:at] + known[at + 1 :]}), (table, at)
            assert ledger_faults({**rows, table: [*known[: at + 1], *known[at:]]}), (table, at)
        if len(known) > 1 and table in ("log_entry", "review_event"):
            first, second, *rest = known
            assert ledger_faults({**rows, table: [second, first, *rest]})
            swapped = [{**second, "seq": first["seq"]}, {**first, "seq": second["seq"]}, *rest]
            assert ledger_faults({**rows, table: swapped})


def test_rows_that_were_added_are_found(rows: Rows) -> None:
    for table, known in rows.items():
        key = {"document": "kind", "review_case": "case_id", "promise": "promise_id"}.get(table, "seq")
        for row in known[-1:]:
            more = {**row, key: row[key] + 1 if key == "seq" else "more"}
            assert ledger_faults({**rows, table: [*known, more]}) or table == "checkpoint", table
    promise = {"promise_id": "P1", "facility_id": "F1"}
    (fault,) = ledger_faults({**rows, "promise": [promise]})
    assert (fault.where, fault.what) == ("promise", "no entry of the log tells of this row")


def batch_faults(home: Path, rows: Rows, seq: int) -> Callable[[], Any]:
    """Checks one batch; that without decisions, which have many columns, in little time."""
    findings = Findings()
    tables = {table: (lambda each=each: iter(each)) for table, each in rows.items()}
    log, _ = check_ledger(tables, findings)
    batch = read_batches(log, rows["batch"], findings)[seq - 1]
    assert findings.faults() == ()

    def run() -> Any:
        findings = Findings()
        check_batch(home, batch, log, Hasher(), findings)
        return findings.faults()

    return run


def flip_all(path: Path, faults: Callable[[], Any], step: int = 1) -> None:
    content = path.read_bytes()
    assert faults() == ()
    for at in range(0, len(content), step):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        found = faults()
        assert any(fault.what == "has other bytes than were written" for fault in found), at
        assert all(path.name in fault.where or "batches" in fault.where for fault in found), found
    path.write_bytes(content)
    assert faults() == ()


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("leaves", 1),
        ("salts", 1),
        ("manifest", 1),
        # What Parquet reads takes longer: here and there in a quick run, everywhere in a long one.
        ("changes", 11),
        pytest.param("changes", 1, marks=pytest.mark.torture),
    ],
)
def test_no_byte_of_a_file_can_be_flipped(home: Path, rows: Rows, name: str, step: int) -> None:
    pattern = "snapshots/*24-abc/manifest.json" if name == "manifest" else f"batches/*24-reversal*/{name}-*"
    flip_all(file_of(home, pattern), batch_faults(home, rows, 4), step)


def test_a_flipped_byte_of_the_decisions_is_found_here_and_there(home: Path, rows: Rows) -> None:
    flip_all(file_of(home, "batches/*22-night*/decisions-*"), batch_faults(home, rows, 2), step=1_009)


@pytest.mark.torture
def test_no_byte_of_the_decisions_can_be_flipped(home: Path, rows: Rows) -> None:
    flip_all(file_of(home, "batches/*22-night*/decisions-*"), batch_faults(home, rows, 2))


def test_no_byte_of_the_checkpoint_file_can_be_flipped(whole: Home, rows: Rows) -> None:
    note = (whole.path / "checkpoint").read_bytes()
    assert ledger_faults(rows, note.decode()) == ()
    for at in range(len(note)):
        spoilt = note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :]
        assert ledger_faults(rows, spoilt.decode("utf-8", "surrogateescape")), at


def test_a_flipped_byte_of_the_ledger_itself_gets_an_answer(home: Path) -> None:
    path = home / "ledger.db"
    content = path.read_bytes()
    for at in range(0, len(content), 5_003):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        check(home)
    path.write_bytes(b"no ledger at all" * 1000)
    assert "ledger.db: the ledger cannot be" in told(check(home))


# What differs is named


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


def rows_in(home: Path, statement: str) -> list[Any]:
    with sqlite3.connect(home / "ledger.db") as db:
        return [row[0] for row in db.execute(statement)]


# The log


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


# Erasure


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


# While others work


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
