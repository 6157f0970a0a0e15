"""No byte of a home, no letter of its ledger and no row can be altered unseen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verify.a_home import Home
from tests.verify.altered import Rows, file_of, told
from verify.batches import check_batch, read_batches
from verify.files import Hasher
from verify.home import check, check_ledger
from verify.report import Findings


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
