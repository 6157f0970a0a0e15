"""The lender that everyone in a run reads: two nights of generated Parquet, made once."""

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks import processes
from tasks.demo import REFERENCE_ON

FIRST_ON, STEADY_ON = REFERENCE_ON - timedelta(days=1), REFERENCE_ON
BYTES_A_BORROWER = 4_000
"""Free disk that a run needs for each borrower: two nights, a home, what one contestant leaves and spills."""


@dataclass(frozen=True)
class Lender:
    """A generated lender of `size` borrowers."""

    size: int
    folder: Path

    def source(self, as_of: date) -> Path:
        return self.folder / as_of.isoformat()

    @property
    def input_bytes(self) -> int:
        """What the steady night, the floor and each peer read."""
        return processes.folder_bytes(self.source(STEADY_ON))


def lender(work: Path, size: int, linewatch: Path) -> Lender:
    """The lender of this size under `work`, made if it is not there yet.

    Raises SystemExit if the disk has no room for a run of this size.
    """
    work.mkdir(parents=True, exist_ok=True)
    made = Lender(size, work / f"lender-{size}")
    free, wanted = shutil.disk_usage(work).free, size * BYTES_A_BORROWER
    if free < wanted:
        raise SystemExit(
            f"{size:,} borrowers need about {wanted / 1e9:.0f} GB in {work}, and {free / 1e9:.0f} GB are"
            " free. Name another folder with --work."
        )
    if not made.folder.exists():
        beside = work / f"lender-{size}.partial"
        shutil.rmtree(beside, ignore_errors=True)
        ended = processes.run(
            [linewatch, "demo", "--borrowers", str(size), "--seed", "1", "--nights", "2", "--every", "day",
             "--out", beside, "--json"],
        )  # fmt: skip
        if ended.exit_code:
            raise SystemExit(f"the lender could not be made: {ended.why}")
        beside.rename(made.folder)
    return made
