"""Same inputs, same bytes: whatever the threads, the home, and the number of rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.demo import DemoNight, write_demo
from tests.whole_night import batch_bytes, run_night


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> DemoNight:
    return write_demo(tmp_path_factory.mktemp("demo"), borrowers=300, seed=11)[0]


def test_a_night_gives_the_same_bytes_with_one_and_four_threads_in_two_homes(
    lender: DemoNight, tmp_path: Path
) -> None:
    homes = {threads: tmp_path / f"threads-{threads}" for threads in (1, 4)}
    receipts = {
        threads: run_night(lender.folder, lender.as_of, home, threads=threads, promises=False)
        for threads, home in homes.items()
    }
    assert len({receipt.root for receipt in receipts.values()}) == 1
    kept = [batch_bytes(homes[threads], receipt) for threads, receipt in receipts.items()]
    assert kept[0] == kept[1]
    assert {name.split("-")[0] for name in kept[0]} >= {"decisions", "changes", "drafts", "cases"}


@pytest.mark.slow
def test_a_million_borrowers_give_the_same_bytes_with_one_two_and_four_threads(tmp_path: Path) -> None:
    (night,) = write_demo(tmp_path / "demo", borrowers=1_000_000, seed=12)
    kept = []
    for threads in (1, 2, 4):
        home = tmp_path / f"threads-{threads}"
        kept.append(batch_bytes(home, run_night(night.folder, night.as_of, home, threads=threads)))
    assert kept[0] == kept[1] == kept[2]
