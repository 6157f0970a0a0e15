"""What it takes to read a lender out of PostgreSQL at one instant, as a night's pull does.

    python -m benchmarks.from_postgresql [BORROWERS]      # a million if left out; prints a table

The server is a real one from the wheel, on this machine, with the made-up lender in it. Its share of the
processors is in the seconds.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from sources import postgresql
from sql.engine import Engine
from tasks.demo import write_demo
from tests.tasks.lender_database import address, filled

AS_OF = date(2026, 11, 21)
SEED = 1


def read(lender: str, folder: Path) -> tuple[int, float, int]:
    """How many rows, the seconds from the first statement to the last table on the disk, hashed, and the most
    memory that the process took, in MB.
    """
    begun = time.perf_counter()
    with (
        Engine(folder / "spill") as engine,
        engine.cursor() as db,
        postgresql.reading(postgresql.address_of(lender)) as reading,
    ):
        found = reading.read(db, folder / "tables")
    seconds = time.perf_counter() - begun
    return sum(found.rows.values()), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(borrowers: int) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        (night,) = write_demo(
            folder / "demo", borrowers=borrowers, seed=SEED, nights=1, every="month", last_as_of=AS_OF
        )
        lender = filled(address(), night.folder)
        (folder / "spill").mkdir()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
            rows, seconds, peak_mb = one.submit(read, lender, folder).result()
    print(f"{os.cpu_count()} cores with the server on them")
    print("| borrowers | rows | seconds | rows a second | peak of memory, MB |")
    print("|---|---|---|---|---|")
    print(f"| {borrowers:,} | {rows:,} | {seconds:.0f} | {rows / seconds:,.0f} | {peak_mb:,} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
