"""The peer in pandas says of every borrower and line what the night's own statements say."""

from pathlib import Path

import pytest

from benchmarks.equal import differences
from benchmarks.floor import floor
from tasks.demo import write_demo

pytest.importorskip("pandas")

from benchmarks.peers.pandas_peer import run


def test_the_peer_equals_the_floor_on_every_row(tmp_path: Path) -> None:
    (night,) = write_demo(tmp_path / "lender", borrowers=1_500, seed=5)
    floor(night.folder, night.as_of, tmp_path / "ours")
    seconds = run(night.folder, night.as_of, tmp_path / "theirs")
    assert list(seconds) == ["read", "features", "rescore", "decide", "write"]
    assert differences(tmp_path / "ours", tmp_path / "theirs") == {}
