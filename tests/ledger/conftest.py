"""The record on each of its databases: a real SQLite, and a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import Ledger, open_ledger
from tests.postgres import fresh_database

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a home's record lives in this test."""
    if request.param == "postgresql":
        monkeypatch.setenv("LINEWATCH_LEDGER", fresh_database("ledger"))
    return str(request.param)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty shared ledger, which is asked for."""
    address = fresh_database("ledger")
    monkeypatch.setenv("LINEWATCH_LEDGER", address)
    return address


@pytest.fixture
def ledger(tmp_path: Path, database: str) -> Ledger:
    return open_ledger(tmp_path / "home")
