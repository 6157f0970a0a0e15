"""Makes the golden nights again: two nights of a small generated lender through the real steps.

`make golden` writes them over tests/golden/expected, and `git diff` then shows what a change did to
decisions, changes, cases and letters. A changed golden file is explained in the commit that changes it.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.advising import advise_night
from flows.attributing import attribute_night
from ledger import open_ledger
from linewatch import chance
from linewatch.documents import load_documents
from linewatch.night import Night
from linewatch.receipt import Receipt
from tasks.commit import commit
from tasks.decide import decide
from tasks.demo import write_demo
from tasks.draft import draft
from tasks.expire import expire
from tasks.export import export
from tasks.features import features
from tasks.guard import Guarded, guard
from tasks.publish import publish
from tasks.pull import pull
from tasks.refer import refer
from tasks.rescore import rescore
from tasks.sweep import close
from tasks.validate import Validated, validate

EXPECTED = Path(__file__).parent / "expected"
BORROWERS, SEED, NIGHTS = 90, 4, 2
QUARANTINED, VICTIM, DECEASED = "B000000033", "B000000028", "B000000019"
NOT_ASKED = ("B000000022", "B000000063")
RECORDED_AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)

Row = Mapping[str, Any]


def make(into: Path, work: Path) -> None:
    """Leave a folder a night under `into`; `work` takes the lender and its home."""
    home = work / "home"
    for number in range(NIGHTS):
        (written,) = write_demo(
            work / "lender", borrowers=BORROWERS, seed=SEED, nights=NIGHTS, every="month", feedback=home
        )
        touch(written.folder, first=number == 0)
        night = Night(
            written.as_of, home, str(written.folder), load_documents(written.as_of), RECORDED_AT, threads=2
        )
        _night(night, into / written.as_of.isoformat())


def touch(lender: Path, *, first: bool) -> None:
    """What ninety borrowers show too seldom: bad data, fraud that ends, a death, consent not known."""
    edit(lender / "bureau_report.parquet", QUARANTINED, inquiries_6m=-1)
    edit(lender / "borrower.parquet", VICTIM, fraud_flag="victim" if first else "none")
    edit(lender / "borrower.parquet", DECEASED, deceased_on=None if first else date(2026, 11, 2))
    for borrower in NOT_ASKED:
        edit(lender / "borrower.parquet", borrower, limit_increase=None)
        edit(lender / "consent.parquet", borrower, kind="profile_use")


def edit(path: Path, borrower: str, **values: Any) -> None:
    """Write `values` into the rows of one borrower."""
    table = pq.read_table(path)
    rows = [row | values if row["borrower_id"] == borrower else row for row in table.to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def _night(night: Night, into: Path) -> None:
    """The order of flows/nightly.py, without its Prefect server and without the report."""
    try:
        pull.fn(night)
        validated = validate.fn(night)
        features.fn(night)
        rescore.fn(night)
        decide.fn(night)
        guarded = guard.fn(night)
        attribute_night.fn(night)
        advise_night.fn(night)
        draft.fn(night)
        refer.fn(night)
        receipt = commit.fn(night, guarded.tripped)
        publish.fn(night)
        expire.fn(night)
        exported = export.fn(night)
    finally:
        close(night)
    into.mkdir(parents=True)
    _keep_batch(night, into)
    _keep_queue(exported.queue_csv, into / "queue.csv")
    _keep_counts(receipt, validated, guarded, into / "counts.json")


def _keep_batch(night: Night, into: Path) -> None:
    """The files of the committed batch: a CSV each, and the letters as text."""
    batch = open_ledger(night.home).night(night.as_of)
    if batch is None:
        raise RuntimeError(f"the night of {night.as_of} is not in the ledger")
    for name in ("decisions", "changes", "advice", "cases", "drafts"):
        path = batch.path(night.home, name)
        table = pq.read_table(path) if path else pa.table({})
        rows = sorted(table.to_pylist(), key=lambda row: (row.get("facility_id") or "", str(row)))
        if name == "drafts":
            (into / "letters.txt").write_text("\n".join(map(_letter, rows)), encoding="utf-8")
        else:
            _write_csv(into / f"{name}.csv", table.column_names, rows)


def _keep_queue(queue: Path, into: Path) -> None:
    into.write_text(queue.read_text(encoding="utf-8-sig"), encoding="utf-8")


def _keep_counts(receipt: Receipt, validated: Validated, guarded: Guarded, into: Path) -> None:
    told = {key: value for key, value in asdict(receipt).items() if key not in ("paths", "as_of")}
    told |= {
        "expectations": dict(validated.expectations),
        "expectations_broken": [
            {key: row[key] for key in ("table_name", "expectation", "severity", "unexpected_rows")}
            for row in validated.results
            if not row["success"]
        ],
        "guards": dict(guarded.measured),
    }
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    into.write_text(text + "\n", encoding="utf-8")


def _letter(row: Row) -> str:
    heads = [f"{key}: {_cell(value)}" for key, value in row.items() if key not in ("subject", "body")]
    return "\n".join(["=" * 100, *heads, "", row["subject"], "", row["body"]])


def _write_csv(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(row[column]) for column in columns] for row in rows)


def _cell(value: Any) -> str:
    """Nothing for null; what is listed or nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False, default=_text)
    return str(value)


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no text for {value!r}")


if __name__ == "__main__":
    chance.comes_from(os.urandom)
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / "golden"
        make(made, Path(work))
        shutil.rmtree(EXPECTED, ignore_errors=True)
        shutil.copytree(made, EXPECTED)
    files = sorted(path for path in EXPECTED.rglob("*") if path.is_file())
    sys.stdout.writelines(f"{path.stat().st_size:>9,}  {path.relative_to(EXPECTED)}\n" for path in files)
