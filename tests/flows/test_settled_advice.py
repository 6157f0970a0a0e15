"""A cut that people decided is told what would help, as one of the night is."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from flows.settling import settle_all
from ledger import open_ledger
from tests.flows.review_home import answer, committed, says, settlements, taken

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """The files of a settlement in which every proposal was approved."""
    place = tmp_path_factory.mktemp("settled")
    home = committed(place, borrowers=400, advice=True)
    taken(home, answer(home, place / "answers.xlsx", lambda _: says("approve")), AT)
    settle_all(home, AT)
    ledger = open_ledger(home)
    (batch,) = settlements(ledger)
    return {name: pd.read_parquet(ledger.file(batch, name)) for name in ("settled", "drafts", "advice")}


def test_every_cut_that_people_decided_is_told_what_would_help(settled: dict[str, pd.DataFrame]) -> None:
    lines, advice = settled["settled"], settled["advice"].set_index("facility_id")
    cut = lines[(lines.action == "decrease") & (lines.new_limit_cents < lines.standing_limit_cents)]
    assert len(cut) > 5
    assert set(advice.index) <= set(cut.facility_id)
    letters = settled["drafts"].set_index("facility_id")
    told = letters[letters.kind == "decrease"].loc[advice.index]
    for line, letter in told.iterrows():
        heading = "What would help" if letter.language == "en" else "哪些做法会有帮助"
        assert heading in letter.body, (line, letter.body)
