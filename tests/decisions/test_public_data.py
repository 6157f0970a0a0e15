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
from tests.sources.public_data import FILES, public


@pytest.mark.parametrize(
    ("mapping", "rows", "policy"), [("uci_credit_default", 400, "strict"), ("cumcm2020c", None, "generous")]
)
def test_some_lines_of_public_data_are_decided_by_the_page(
    tmp_path: Path, mapping: str, rows: int | None, policy: str
) -> None:
    """The first lines of a large file, and all of a small one."""
    _compare(mapping, rows, tmp_path, policy)


@pytest.mark.slow
@pytest.mark.parametrize("policy", NAMES)
@pytest.mark.parametrize("mapping", FILES)
def test_every_line_of_public_data_is_decided_by_the_page(tmp_path: Path, mapping: str, policy: str) -> None:
    _compare(mapping, None, tmp_path, policy)


def _compare(mapping: str, rows: int | None, place: Path, policy: str) -> None:
    as_of = default_as_of(mapping)
    assert isinstance(as_of, date)
    file = _head(public(mapping), rows, place)
    night = decided(as_of, f"{mapping}:{file}", place / "home", policy)
    try:
        assert "hold" in assert_decided_by_the_page(night)
    finally:
        sql.close_engine(night.scratch)


def _head(file: Path, rows: int | None, place: Path) -> Path:
    """The file, or its first rows in a file of their own."""
    if rows is None:
        return file
    pq.write_table(pq.read_table(file).slice(0, rows), place / file.name)
    return place / file.name
