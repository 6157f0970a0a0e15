"""A home whose source has names that occur nowhere else, to see where they get to; and a reader of it all."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.cli import run
from tasks.demo import write_demo

SCRIPT = Path(sys.executable).parent / "linewatch"
AS_OF = date(2026, 11, 21)
MARK = "zqx"
"""Begins every key and name of a person in the source, and stands nowhere else."""
PLANTED = {
    **dict.fromkeys(("borrower_id", "related_borrower_id", "provider_id", "facility_id"), ""),
    "name": "name of ",
    "address": "street of ",
}


def planted_lender(out: Path, borrowers: int, *, negative: bool = False) -> Path:
    """A folder in the contract for AS_OF with a row that is set aside, or that is refused: `negative`."""
    (night,) = write_demo(out, borrowers=borrowers, seed=3, nights=1, every="month", last_as_of=AS_OF)
    for path in sorted(night.folder.glob("*.parquet")):
        table = pq.read_table(path)
        for at, name in enumerate(table.column_names):
            if name in PLANTED and path.stem not in ("fx_rate", "reference_rate"):
                given = table["borrower_id" if name in ("name", "address") else name].to_pylist()
                values = [None if each is None else f"{MARK}{PLANTED[name]}{each}" for each in given]
                table = table.set_column(at, name, pa.array(values, pa.string()))
        if path.stem == "facility":
            name, first = ("credit_limit_cents", -1) if negative else ("status", "open")
            at = table.column_names.index(name)
            table = table.set_column(at, name, pa.array([first, *table[name].to_pylist()[1:]]))
        pq.write_table(table, path)
    return night.folder


def without(source: Path, borrower: str, lines: set[str], to: Path) -> Path:
    """The source as it would be had the lender left the borrower out."""
    to.mkdir()
    for path in sorted(source.glob("*.parquet")):
        table = pq.read_table(path)
        for name, gone in (
            ("borrower_id", [borrower]),
            ("related_borrower_id", [borrower]),
            ("provider_id", [borrower]),
            ("facility_id", sorted(lines)),
        ):
            if name in table.column_names and table.num_rows:
                found = pc.is_in(table[name], pa.array(gone, pa.string()))
                table = table.filter(pc.invert(pc.fill_null(found, False)))
        pq.write_table(table, to / path.name)
    return to


def linewatch(*words: object, home: Path) -> dict[str, Any]:
    """Type `linewatch WORDS --home HOME --json` under a umask that forbids nothing; what it answered."""
    done = subprocess.run(
        [SCRIPT, *map(str, words), "--home", home, "--json"],
        env={name: each for name, each in os.environ.items() if not name.startswith("PREFECT_HOME")},
        umask=0,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return {**answer, "said": done.stderr}


def typed(*words: object, home: Path) -> int:
    """The same in this process, for commands that start no night; the exit code."""
    before = os.umask(0)
    try:
        return run([*map(str, words), "--home", str(home), "--json"])
    finally:
        os.umask(before)


def texts(path: Path) -> Iterator[str]:
    """Every text that can be read in a file: of what is packed, unpacked."""
    if path.suffix == ".parquet":
        for batch in pq.ParquetFile(path).iter_batches():
            yield json.dumps(batch.to_pylist(), default=str, ensure_ascii=False)
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                yield book.read(name).decode("utf-8", "replace")
    yield path.read_bytes().decode("utf-8", "replace")


def rows_of(database: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table of a SQLite database, with the table's name."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        db.row_factory = sqlite3.Row
        for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in db.execute(f'select * from "{table}"'):
                yield table, dict(row)
