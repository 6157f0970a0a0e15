"""The peer in polars: what the benchmarks compare the night with must decide as the night does."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.equal import differences
from benchmarks.floor import floor
from tasks.demo import REFERENCE_ON, write_demo

pytest.importorskip("polars", reason="a library of the benchmarks: make bench installs it")


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lender of 1,500 borrowers; in `ours` what the floor leaves of its night."""
    home = tmp_path_factory.mktemp("lender")
    write_demo(home, borrowers=1_500, seed=11)
    floor(home / str(REFERENCE_ON), REFERENCE_ON, home / "ours")
    return home


def test_the_peer_in_polars_leaves_what_the_night_leaves(lender: Path) -> None:
    from benchmarks.peers.polars_peer import run

    run(lender / str(REFERENCE_ON), REFERENCE_ON, lender / "theirs")

    assert differences(lender / "ours", lender / "theirs") == {}


def test_a_peer_that_decides_otherwise_is_told_from_the_night(lender: Path) -> None:
    import polars as pl

    written = lender / "ours" / "decisions.parquet"
    other = lender / "otherwise"
    other.mkdir()
    pl.read_parquet(written).with_columns(pl.col("proposed_limit_cents") + 1).write_parquet(
        other / "decisions.parquet"
    )

    assert list(differences(lender / "ours", other, ["decisions"])) == ["decisions"]


def test_the_peer_in_polars_needs_neither_duckdb_nor_a_statement_of_ours() -> None:
    loads = "import sys, benchmarks.peers.polars_peer; print(sorted({'duckdb', 'sql'} & set(sys.modules)))"

    said = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"
