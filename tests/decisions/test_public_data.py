"""Public data by their mappings: what the steps decide of real lines is what the page says of the rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from sources.mapping import default_as_of
from tests.oracle.night import assert_decided_by_the_page, decided
from tests.oracle.policies import NAMES

ROOT = Path(__file__).parents[2]
PLACES = [place / "shared" / "data" for place in (ROOT.parent, ROOT.parents[1])]
FILES = {"uci_credit_default": "uci_default_credit_card_clients.parquet"}


@pytest.mark.parametrize("policy", NAMES)
@pytest.mark.parametrize("mapping", FILES)
@pytest.mark.parametrize("rows", [400, pytest.param(None, marks=pytest.mark.slow)])
def test_lines_of_public_data_are_decided_by_the_page(
    tmp_path: Path, mapping: str, rows: int | None, policy: str
) -> None:
    file = next((place / FILES[mapping] for place in PLACES if (place / FILES[mapping]).is_file()), None)
    if file is None:
        pytest.skip("../shared/data is not here")
    as_of = default_as_of(mapping)
    assert isinstance(as_of, date)
    night = decided(as_of, f"{mapping}:{_head(file, rows, tmp_path)}", tmp_path / "home", policy)
    try:
        assert {"hold", "decrease"} <= assert_decided_by_the_page(night)
    finally:
        sql.close_engine(night.scratch)


def _head(file: Path, rows: int | None, place: Path) -> Path:
    """The file, or its first rows in a file of their own."""
    if rows is None:
        return file
    pq.write_table(pq.read_table(file).slice(0, rows), place / file.name)
    return place / file.name
