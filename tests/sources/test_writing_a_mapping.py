"""The page that walks through a mapping is run as it stands."""

import re
from datetime import date
from pathlib import Path

import pytest

from sources import mapping
from sources.table import SourceRefused
from sql.engine import Engine
from tests.whole_night import run_night

PAGE = (Path(__file__).parents[2] / "docs" / "writing-a-mapping.md").read_text(encoding="utf-8")
FILE = re.compile(r"Save as `(?P<name>[^`]+)`.*?```(?:csv|toml|sql)\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture
def place(tmp_path):
    """Every file of the page, where it says."""
    for found in FILE.finditer(PAGE):
        path = tmp_path / found["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"], encoding="utf-8")
    return tmp_path


def test_a_night_is_decided_on_the_mapping_of_the_page(place):
    folder = place / "contract"
    folder.mkdir()
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        mapped = mapping.read("cornershop", place / "cornershop.csv", db, room=place / "sources")
        for table in mapped.tables:
            db.raw.execute(f"copy mapped_{table} to '{folder / table}.parquet' (format parquet)")
        tab = db.raw.execute("from mapped_facility where facility_id = 'SHOP-19'").fetchall()

    receipt = run_night(folder, date(2026, 10, 31), place / "home")

    assert mapped.rows == {"borrower": 3, "contact": 3, "facility": 3, "protected_attribute": 3}
    assert tab[0][4:6] == (100_000, -2_000)
    assert receipt.decided == 3
    assert receipt.quarantined == {}


def test_the_outcome_and_what_the_law_protects_stay_where_the_page_says(place):
    statement = place / "sources" / "cornershop" / "borrower.sql"
    statement.write_text(statement.read_text().replace("'zh' as", "wentbust as"))

    with (
        Engine(None, threads=1) as engine,
        engine.cursor() as db,
        pytest.raises(SourceRefused, match="WentBust may not enter borrower"),
    ):
        mapping.read("cornershop", place / "cornershop.csv", db, room=place / "sources")


def test_a_cell_that_does_not_fit_is_named_as_the_page_promises(place):
    path = place / "cornershop.csv"
    path.write_text(path.read_text().replace("512.35", "512.355"))

    with (
        Engine(None, threads=1) as engine,
        engine.cursor() as db,
        pytest.raises(
            SourceRefused, match=r"column Owes, data row 1: '512\.355' is not a number of at most 2"
        ),
    ):
        mapping.read("cornershop", path, db, room=place / "sources")
