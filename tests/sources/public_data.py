"""The public data beside the checkout, and a night decided on each: for tests that have it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from linewatch.documents import load_documents
from linewatch.night import Night
from sources import mapping
from sql.engine import close_engine
from tasks.decide import decide
from tasks.features import features
from tasks.pull import pull_source
from tasks.rescore import rescore
from tasks.validate import validate

BESIDE = Path(__file__).parents[2].parent / "shared" / "data"
PLACE = Path(os.environ.get("LINEWATCH_PUBLIC_DATA", BESIDE))
FILES = {
    "cumcm2020c": "",
    "lendingclub": "lendingclub_loans_2007_2010.parquet",
    "sba": "sba_national_fy1972_2004.parquet",
    "smesd": "",
    "uci_credit_default": "uci_default_credit_card_clients.parquet",
}
"""What each mapping is given, in that folder."""


def public(name: str) -> Path:
    """The path that a mapping is given; the test is skipped where the data are not."""
    path = PLACE / FILES[name]
    for file in mapping.load(name).files:
        lies = path / f"{file.called}.parquet" if file.name else path
        if not lies.is_file():
            pytest.skip(f"{lies.name}: ../shared/data is not here")
    return path


@contextmanager
def decided_night(name: str, home: Path, as_of: date | None = None) -> Iterator[Night]:
    """A mapping's night on the shipped documents, its tables open and decided on."""
    path, day = public(name), as_of or mapping.load(name).as_of
    night = Night(
        as_of=day,
        home=home,
        source=f"{name}:{path}",
        documents=load_documents(day),
        recorded_at=datetime(2026, 12, 1, tzinfo=UTC),
        threads=2,
    )
    try:
        pull_source(night)
        for step in (validate, features, rescore, decide):
            step.fn(night)
        yield night
    finally:
        close_engine(night.scratch)
