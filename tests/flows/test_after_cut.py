"""What a cut does to its borrower: as a night finds that is told of the smaller limit by its source."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tasks.demo import REFERENCE_ON, write_demo
from tasks.export.queue import open_queue
from tests.flows.later_source import generous, of
from tests.whole_night import run_night


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame, pd.DataFrame]:
    """A night, what it found of its cuts, and a night of another home whose source has these limits."""
    place = tmp_path_factory.mktemp("cut")
    documents = generous(REFERENCE_ON)
    (night,) = write_demo(place / "lender", borrowers=500, seed=7)
    receipt = run_night(
        night.folder, night.as_of, place / "home", documents=documents, advice=True, promises=False
    )
    batch = place / "home" / "batches" / receipt.batch
    found = of(batch, "after_cut").set_index("facility_id")
    decided = of(batch, "decisions").set_index("facility_id")
    facility = pd.read_parquet(night.folder / "facility.parquet")
    left = facility.facility_id.map(decided.proposed_limit_cents[found.index])
    facility["credit_limit_cents"] = left.fillna(facility.credit_limit_cents).astype("int64")
    facility.to_parquet(night.folder / "facility.parquet", index=False)
    other = run_night(
        night.folder, night.as_of, place / "other", documents=documents, advice=False, promises=False
    )
    rescored = of(place / "other" / "batches" / other.batch, "decisions").set_index("facility_id")
    return place / "home", found.join(decided, rsuffix="_decided"), rescored


def test_a_night_that_has_the_smaller_limits_gives_the_same_scores(
    nights: tuple[Path, pd.DataFrame, pd.DataFrame],
) -> None:
    _, found, rescored = nights
    assert len(found) > 50
    of_people = found[found.slot.isna()]
    again = rescored.loc[of_people.index]
    assert (of_people.score_after_cut == again.score).all()
    assert (of_people.pd_after_cut_bp == again.pd_bp).all()
    assert (of_people.score_after_cut < of_people.score).sum() > 5


def test_what_is_owed_of_the_new_limit_is_rounded_up(nights: tuple[Path, pd.DataFrame, pd.DataFrame]) -> None:
    for row in nights[1].itertuples():
        if row.proposed_limit_cents:
            assert row.utilisation_after_cut_bp == -(
                -max(row.owed_cents, 0) * 10000 // row.proposed_limit_cents
            )


def test_who_decides_on_a_cut_sees_it_in_the_queue(nights: tuple[Path, pd.DataFrame, pd.DataFrame]) -> None:
    home, found, _ = nights
    with open_queue(home) as queue:
        queue.take()
        rows = [row for row in queue.rows() if row["facility_id"] in found.index]
    assert rows
    for row in rows:
        line = found.loc[row["facility_id"]]
        assert row["grade_after_cut"] == (None if pd.isna(line.grade_after_cut) else line.grade_after_cut)
        assert int(row["utilisation_after_cut"] * 10000) == line.utilisation_after_cut_bp
