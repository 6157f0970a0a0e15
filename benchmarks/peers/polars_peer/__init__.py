"""The same night in polars: features, scores and bare decisions of a first night, as a team would write them.

What only carries over from a past night, or no generated lender has, is left out: past decisions, quarantine,
documents of the past, borrowers with lines in several currencies, reports that count our own lines. Rows are
written in no order. Tables are read where they are needed: of the steps, reading is but opening the files.
"""

import time
from datetime import date
from pathlib import Path

from benchmarks.peers.polars_peer import night as steps
from benchmarks.peers.polars_peer.decide import decide
from linewatch.documents import load_documents


def run(source: Path, as_of: date, out: Path) -> dict[str, float]:
    """Decide a night of `source` barely; return the seconds of each step."""
    night = steps.Night(as_of, load_documents(as_of))
    seconds: dict[str, float] = {}
    for step, work in (
        ("read", lambda night: steps.read(night, source)),
        ("features", steps.build_features),
        ("rescore", steps.rescore),
        ("decide", decide),
        ("write", lambda night: steps.write(night, out)),
    ):
        begun = time.perf_counter()
        work(night)
        seconds[step] = time.perf_counter() - begun
    return seconds
