"""What was made for people under out/: what is left of it without a borrower."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linewatch.room import whole
from sql.files import settle
from tasks.access.gather import Gathered

KEYS = ("borrower_id", "facility_id")


def take_out(home: Path, found: Gathered, borrower_id: str) -> int:
    """Write each file anew without the borrower's rows, or take it away where it cannot be; return how many.

    A workbook with their case, a proof of their change and what was handed to themselves go whole. Done
    twice, nothing more happens.
    """
    paths = sorted({path for path in (*found.paths, *found.handed_out) if path.startswith("out/")})
    for path in paths:
        anew = ANEW.get(Path(path).suffix)
        if anew is None or path in found.handed_out or path.startswith("out/proofs/"):
            (home / path).unlink(missing_ok=True)
            continue
        with whole(home / path) as half:
            anew(home / path, half, {borrower_id, *found.lines_on(path)})
            settle(half)
    return len(paths)


def _parquet(path: Path, half: Path, keys: set[str]) -> None:
    rows = pq.read_table(path)
    sought = pa.array(sorted(keys))
    for name in KEYS:
        if name in rows.column_names:
            rows = rows.filter(pc.invert(pc.is_in(rows[name], sought)))
    pq.write_table(rows, half, compression="zstd")


def _lines(path: Path, half: Path, keys: set[str]) -> None:
    with path.open(encoding="utf-8") as old, half.open("w", encoding="utf-8", newline="\n") as new:
        new.writelines(line for line in old if not _is_of(json.loads(line), keys))


def _is_of(row: dict[str, object], keys: set[str]) -> bool:
    return any(row.get(name) in keys for name in KEYS)


def _csv(path: Path, half: Path, keys: set[str]) -> None:
    with path.open(encoding="utf-8", newline="") as old, half.open("w", encoding="utf-8", newline="") as new:
        rows = csv.reader(old)
        head = next(rows, [])
        at = [place for place, name in enumerate(head) if name.lstrip("\ufeff") in KEYS]
        _write(new, head, (row for row in rows if not any(_plain(row[place]) in keys for place in at)))


def _write(file: IO[str], head: list[str], rows: Iterable[list[str]]) -> None:
    written = csv.writer(file, lineterminator="\n")
    written.writerows(_all(head, rows))


def _all(head: list[str], rows: Iterable[list[str]]) -> Iterator[list[str]]:
    yield head
    yield from rows


def _plain(key: str) -> str:
    """A key without the apostrophe that keeps it from being run as a formula."""
    return key.removeprefix("'")


ANEW: dict[str, Callable[[Path, Path, set[str]], None]] = {
    ".parquet": _parquet,
    ".jsonl": _lines,
    ".csv": _csv,
}
