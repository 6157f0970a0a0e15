"""What is computed on paper: by hand for one machine and ten, and the page as it stands."""

import json
from pathlib import Path

from benchmarks.results import FILE
from benchmarks.scale import BORROWERS, Measured, hours, page

ROOT = Path(__file__).parents[2]
MEASURED = Measured(
    size=1000,
    cores=2,
    cpu_s={"pull": 1e-5, "features": 2e-5, "rescore": 0.4e-5, "decide": 5.6e-5},
    wall_s={"pull": 1e-5, "features": 1e-5, "decide": 3e-5, "draft": 9e-5, "commit": 2e-5},
    input_bytes=500.0,
    kept_bytes=100.0,
)


def test_more_machines_shorten_what_is_spread_and_moved_and_nothing_else():
    one, ten = (hours(MEASURED, 90_000_000, machines) for machines in (1, 10))
    # 90 million borrowers at 8e-5 s are 7,200 s of processor: a quarter of an hour on eight cores.
    assert round(one["spread"], 6) == 0.25
    assert round(ten["spread"], 6) == 0.025
    # Written and read once each: 90 GB at 1 GB/s are 90 s.
    assert round(one["moved"] * 3600, 6) == 90
    # Pull and commit, 3e-5 s of wall time each borrower: 2,700 s; letters are told apart.
    assert round(one["alone"] * 3600, 6) == round(ten["alone"] * 3600, 6) == 2700


def test_the_page_is_what_was_measured():
    results = json.loads(FILE.read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "scale.md").read_text(encoding="utf-8") == page(results, BORROWERS)
