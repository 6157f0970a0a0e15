"""Whom a line is decided again from: its control group, two hands behind their covers, and social ties."""

import pytest

from sql.engine import Engine

LINES = {"F1": "anna", "F2": "ben", "F3": "carl", "F4": "dora", "F5": "emil", "F9": "zoe"}
COVERS = {"F1": "carl", "F3": "emil", "F5": "fred"}
"""Carl stands behind Anna's line, Emil behind Carl's, Fred behind Emil's."""
CONTROLS = [("anna", "ben"), ("carl", "dora"), ("emil", "gina")]
SOCIAL = [("anna", "hugo"), ("ida", "ben"), ("carl", "kurt")]


@pytest.fixture
def db():
    with Engine(None, threads=1) as engine, engine.cursor() as cursor:
        for table, columns, rows in (
            ("stg_facility", "facility_id, borrower_id", LINES.items()),
            ("stg_guarantee", "facility_id, provider_id", COVERS.items()),
            ("stg_control_link", "borrower_id, related_borrower_id", CONTROLS),
            ("stg_social_link", "borrower_id, related_borrower_id", SOCIAL),
        ):
            names = [f"{name} varchar" for name in columns.split(", ")]
            cursor.raw.execute(f"create table {table} ({', '.join(names)})")
            cursor.raw.executemany(f"insert into {table} values (?, ?)", [list(row) for row in rows])
        yield cursor


def wanted(db, facility):
    db.view("again/tie")
    return [row["borrower_id"] for row in db.rows("again/wanted", facility_ids=[facility])]


def test_two_hands_behind_a_cover_with_those_tied_to_each_and_no_third(db):
    assert wanted(db, "F1") == ["anna", "ben", "carl", "dora", "emil", "gina", "hugo", "ida"]


def test_from_the_provider_himself_it_is_two_hands_again(db):
    assert wanted(db, "F3") == ["carl", "dora", "emil", "fred", "gina", "kurt"]


def test_a_cover_without_a_named_provider_wants_nobody(db):
    db.raw.execute("insert into stg_guarantee values ('F9', null)")
    assert wanted(db, "F9") == ["zoe"]
