"""What was made for people under out/: what is left of it without a borrower."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linewatch.room import whole
from linewatch.spreadsheet import ways_written
from sql.files import settle
from tasks.access.gather import Gathered, folder_of

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
            keys = {borrower_id, *found.lines_on(path)}
            anew(home / path, half, {way for key in keys for way in ways_written(key)})
            settle(half)
    handed = home / folder_of(borrower_id)
    folders = (path for path in sorted(handed.rglob("*"), reverse=True) if path.is_dir())
    for folder in (*folders, handed) if handed.is_dir() else ():
        if not any(folder.iterdir()):
            folder.rmdir()
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
    """Records are read to see whose they are, and written as they stood, to the byte."""
    with path.open(encoding="utf-8", newline="") as old, half.open("w", encoding="utf-8", newline="") as new:
        read: list[str] = []
        rows = csv.reader(_noted(old, read))
        names = [name.lstrip("\ufeff").strip('"') for name in next(rows, [])]
        at = [place for place, name in enumerate(names) if name in KEYS]
        new.writelines(read)
        read.clear()
        for row in rows:
            if not any(row[place] in keys for place in at if place < len(row)):
                new.writelines(read)
            read.clear()


def _noted(lines: Iterable[str], read: list[str]) -> Iterator[str]:
    """The lines, each noted as it is taken: a record may have several."""
    for line in lines:
        read.append(line)
        yield line


ANEW: dict[str, Callable[[Path, Path, set[str]], None]] = {
    ".parquet": _parquet,
    ".jsonl": _lines,
    ".csv": _csv,
}
