"""A small whole home, a copy of it to alter, and the rows of its ledger."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.verify.a_home import Home, small_home
from verify.tables import of_home

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = small_home(tmp_path_factory.mktemp("whole") / "home")
    home.db.commit()
    return home


@pytest.fixture
def home(whole: Home, tmp_path: Path) -> Path:
    """A copy to alter."""
    return Path(shutil.copytree(whole.path, tmp_path / "home"))


@pytest.fixture(scope="module")
def rows(whole: Home) -> Rows:
    with of_home(whole.path) as tables:
        return {table: [dict(row) for row in read()] for table, read in tables.items()}
