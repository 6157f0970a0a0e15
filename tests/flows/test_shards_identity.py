"""Whether a source knows anybody's identity is asked of the whole book, however few lines are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import sql.engine as sql
from flows.shards import ORDER, decide_here, decide_in_shards
from linewatch.night import Night
from linewatch.proof import root_of
from sql.canonical import canonical_rows
from tasks.demo import write_demo
from tasks.pull import pull
from tests.decisions.law_cases import documents_under, record
from tests.whole_night import RECORDED_AT, accept


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A night on which one borrower's identity is known, under a law that blocks whose is not."""
    (made,) = write_demo(tmp_path / "lender", borrowers=60, seed=5)
    path = made.folder / "borrower.parquet"
    borrowers = pd.read_parquet(path)
    borrowers.loc[1:, "identity_verified_on"] = None
    borrowers.to_parquet(path, index=False)
    documents = documents_under(record("block", "identity_verified"), as_of=made.as_of)
    night = Night(made.as_of, tmp_path / "home", str(made.folder), documents, RECORDED_AT)
    pull.fn(night)
    accept(night)
    yield night
    sql.close_engine(night.scratch)


def decided(night: Night) -> tuple[str, int]:
    with sql.cursor(night.scratch) as db:
        ((blocked,),) = db.raw.sql("select count(*) from decisions where action = 'freeze'").fetchall()
        return root_of(canonical_rows(db)), blocked


@pytest.mark.prefect
def test_a_shard_in_which_nobody_is_identified_blocks_as_the_whole_night_does(night: Night) -> None:
    for step in ORDER:
        step.fn(night)
    as_one = decided(night)
    assert as_one[1] > 40
    decide_in_shards(night, 3, lambda _, shards: [decide_here(shard) for shard in shards])
    assert decided(night) == as_one
