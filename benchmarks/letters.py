"""What it takes to draft letters and to read each of them back.

    python -m benchmarks.letters [LETTERS]      # 100,000 if left out

The decisions are made up, a decrease each with its own amounts, reasons, figures, causes and advice, half of
them in either language; the drafting is the night's own step, which keeps what reads back to its decision.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import sql.engine as sql
from linewatch.documents import Documents, load_documents
from linewatch.night import Night
from tasks.draft import write_drafts

LETTERS = 100_000
AS_OF = date(2026, 11, 20)
LAID_OUT = "bench/letters"
TABLES = ("decisions", "borrower", "contact", "features_consumer", "cause_of_line", "advice")


def measure(letters: int, place: Path) -> tuple[int, int, float]:
    """Letters kept, lines whose letter failed, seconds."""
    night = Night(AS_OF, place, "made up", documents(), datetime(2026, 11, 21, tzinfo=UTC), threads=2)
    sql.open_engine(night.scratch, threads=2)
    try:
        with sql.cursor(night.scratch) as db:
            for table in TABLES:
                db.build(f"{LAID_OUT}/{table}", lines=letters)
        start = time.perf_counter()
        drafted = write_drafts(night)
        return drafted.drafts, drafted.failed, time.perf_counter() - start
    finally:
        sql.close_engine(night.scratch)


def documents() -> Documents:
    """The shipped ones, of which no trigger invites: nobody of what is made up is referred."""
    shipped = load_documents(AS_OF)
    triggers = tuple(each.model_copy(update={"invites": None}) for each in shipped.policy.trigger)
    return replace(shipped, policy=shipped.policy.model_copy(update={"trigger": triggers}))


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS
    with tempfile.TemporaryDirectory() as folder:
        kept, failed, seconds = measure(wanted, Path(folder))
    print(f"{kept:,} letters drafted and read back in {seconds:.1f} s, {failed:,} failed")
