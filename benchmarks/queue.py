"""What it takes to write the review queue for people, and to take it in again with their answers.

    python -m benchmarks.queue [CASES]      # 10,000 if left out; prints a table

The cases are those that a night of the made-up lender leaves to people. Each figure is a process of its own:
what importing takes is not in the seconds. Answers are filled in between, and not counted; each import has a
home of its own, and ends with the settlement of what was decided.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import load_workbook

from benchmarks.small import night_of
from flows.takein import take_in_file
from flows.usage import Usage, metered
from linewatch.queue_columns import COLUMN_OF
from tasks.answers import rows_of
from tasks.casework import next_cases
from tasks.demo import write_demo
from tasks.export import export_queue
from tasks.export.workbook import SHEETS
from tasks.validate import load_expectations

CASES = 10_000
BORROWERS_A_CASE = 20
"""A first night leaves more than one case to people for so many borrowers."""
ANSWER = {"outcome": "keep", "outcome_reason": "conduct_explained", "reviewer": "wu"}
MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)


Measured = tuple[Any, Usage]


def took(act: Callable[..., Any], *given: Any) -> Measured:
    return metered(partial(act, *given))


def apart(act: Callable[..., Any], *given: Any) -> Measured:
    """What an act hands back, and what it took by itself in a process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(took, act, *given).result()


def export(home: Path, format: str, cases: int) -> tuple[Path, int]:
    queue = export_queue(home, None, format, limit=cases)
    if queue.cases < cases:
        raise SystemExit(f"the night left {queue.cases:,} cases to people, not {cases:,}")
    return queue.path, queue.lines


def read(path: Path) -> int:
    return len(rows_of(path))


def import_back(home: Path, path: Path) -> dict[str, Any]:
    return take_in_file(home, path, None, MOMENT)


def next_key(home: Path) -> str:
    return next(next_cases(home, None, "wu"))


def answered(path: Path, to: Path) -> Path:
    """The queue with the same answer in every row."""
    if path.suffix == ".csv":
        with (
            path.open(encoding="utf-8-sig", newline="") as file,
            to.open("w", encoding="utf-8-sig", newline="") as new,
        ):
            rows = csv.DictReader(file)
            out = csv.DictWriter(new, rows.fieldnames or ())
            out.writeheader()
            out.writerows({**row, **ANSWER} for row in rows)
        return to
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it leaves out the small charts
        book = load_workbook(path)
    for title in SHEETS.values():
        if title in book.sheetnames:
            for row in range(2, book[title].max_row + 1):
                for name, value in ANSWER.items():
                    book[title].cell(row, COLUMN_OF[name] + 1).value = value
    book.save(to)
    return to


def main(cases: int) -> None:
    with TemporaryDirectory(prefix="linewatch-queue-") as place:
        work = Path(place)
        home = opened(work, cases)
        print(f"{len(os.sched_getaffinity(0))} cores; a queue of {cases:,} cases; one run\n")
        print("| what | lines | seconds | processor s | peak of memory, MB | MB of file |")
        print("|---|---|---|---|---|---|")
        written = {}
        for format in ("xlsx", "csv", "parquet"):
            (written[format], lines), usage = apart(export, home, format, cases)
            row(f"export {format}", lines, usage, written[format])
        _, usage = apart(next_key, home)
        print(
            f"| find the next case to take | | {usage.wall_s:.1f} | {usage.cpu_s:.1f} | {usage.peak_mb:,} | |"
        )
        for format in ("xlsx", "csv"):
            path = answered(written[format], work / f"answered.{format}")
            lines, usage = apart(read, path)
            row(f"read {format}", lines, usage, path)
            other = work / f"home-{format}"
            shutil.copytree(home, other)
            found, usage = apart(import_back, other, path)
            row(f"import {format}, settled", found["rows"], usage, path)
            told = {name: count for name, count in found.items() if isinstance(count, int) and count}
            print(f"{path.name}: {told}", file=sys.stderr)


def opened(work: Path, cases: int) -> Path:
    """A home with one night, which left so many cases to people."""
    load_expectations().join()
    write_demo(work / "lender", borrowers=cases * BORROWERS_A_CASE, seed=1, nights=1, every="day")
    (source,) = (work / "lender").glob("20*")
    night_of(source, work / "home")
    return work / "home"


def row(what: str, lines: int, usage: Usage, path: Path) -> None:
    size = path.stat().st_size / 1_000_000
    print(
        f"| {what} | {lines:,} | {usage.wall_s:.1f} | {usage.cpu_s:.1f} | {usage.peak_mb:,} | {size:.1f} |",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else CASES)
