"""The peer in PySpark: what the benchmarks compare the night with must decide as the night does."""

from pathlib import Path

import pytest

from benchmarks.equal import differences
from benchmarks.floor import floor
from tasks.demo import write_demo

pytest.importorskip("pyspark", reason="a library of the benchmarks: make bench installs it")


# Half a minute on two idle cores, most of it Spark's: Java starts cold and compiles what it was given.
@pytest.mark.slow
def test_the_peer_in_pyspark_leaves_what_the_night_leaves(tmp_path: Path) -> None:
    from benchmarks.peers.pyspark_peer import run

    (night,) = write_demo(tmp_path / "lender", borrowers=1_500, seed=7)
    floor(night.folder, night.as_of, tmp_path / "ours")

    seconds = run(night.folder, night.as_of, tmp_path / "theirs")

    assert list(seconds) == ["start", "read", "features", "rescore", "decide", "write"]
    assert differences(tmp_path / "ours", tmp_path / "theirs") == {}
    assert not (tmp_path / "theirs" / "spark").exists()
