"""The definitions, the statements and the page say the same, and nothing barred comes in."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from linewatch.characteristics import SUBJECTS, characteristics, faults_of, page, tables_of
from linewatch.errors import DocumentRefused
from linewatch.scorecard import Scorecard

ROOT = Path(__file__).parents[2]
CARDS = sorted((ROOT / "linewatch" / "scorecards").glob("*.toml"))


def shipped(subject: str) -> dict:
    (path,) = [path for path in CARDS if path.stem.endswith(subject)]
    return tomllib.loads(path.read_text())


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_column_of_the_feature_table_is_defined_and_the_other_way_round(empty, subject):
    empty.add("borrower", borrower_type=subject).features(subject)

    columns = empty.db.columns(f"features_{subject}")

    assert list(columns) == ["borrower_id", *(item.name for item in characteristics().of(subject))]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_characteristic_is_a_whole_number(empty, subject):
    empty.add("borrower", borrower_type=subject).features(subject)

    kinds = set(list(empty.db.columns(f"features_{subject}").values())[1:])

    assert kinds <= {"BIGINT", "INTEGER"}


def test_there_are_enough_of_them():
    assert len(characteristics().of("consumer")) >= 28
    assert len(characteristics().of("enterprise")) >= 18


def test_the_page_is_made_from_the_definitions():
    assert (ROOT / "docs" / "characteristics.md").read_text() == page()


def test_the_page_can_be_written_by_the_command_it_names():
    written = subprocess.run(
        [sys.executable, "-m", "linewatch.characteristics"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert written.stdout == page()


def test_every_driver_in_use_is_explained():
    assert {item.driver for item in characteristics().characteristic} == set(characteristics().driver)


def test_no_statement_reads_social_ties_or_protected_attributes():
    barred = re.compile(
        r"social_link|protected_attribute|control_link|\bcontact\b|birth_year|\bsex\b|under_21|student"
    )

    read = {path.name: barred.findall(path.read_text()) for path in (ROOT / "sql" / "features").glob("*.sql")}

    assert {name: words for name, words in read.items() if words} == {}


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_the_shipped_cards_fit_the_definitions(path):
    card = Scorecard.model_validate(tomllib.loads(path.read_text()))

    assert faults_of(card) == []
    assert 12 <= len([item for item in card.characteristic if not item.optional]) <= 18


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_an_unknown_value_is_neither_for_nor_against_a_borrower(path):
    card = Scorecard.model_validate(tomllib.loads(path.read_text()))

    for item in card.characteristic:
        (unknown,) = [bin_ for bin_ in item.attribute if bin_.unknown]
        assert unknown.points == item.reference_points, item.name


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_points_of_a_shipped_card_run_one_way(path):
    card = Scorecard.model_validate(tomllib.loads(path.read_text()))

    for item in card.characteristic:
        points = [bin_.points for bin_ in item.attribute if not bin_.unknown]
        assert points in (sorted(points), sorted(points, reverse=True)), item.name


def test_every_fault_of_a_card_is_named_at_once():
    told = shipped("consumer")
    told["feature_version"] = 99
    told["characteristic"][0]["name"] = "star_sign"
    told["characteristic"][1]["driver"] = "market"

    faults = faults_of(Scorecard.model_validate(told))

    assert len(faults) == 3
    assert "version 99" in faults[0]
    assert "star_sign" in faults[1]
    assert "driver" in faults[2]


def test_two_cards_for_one_subject_are_refused():
    card = Scorecard.model_validate(shipped("consumer"))

    with pytest.raises(DocumentRefused, match="1 fault"):
        tables_of([card, card])
