"""Names that were planted in a source are looked for in all that a night and the verbs leave."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ledger import standing_ledger
from linewatch.whereabouts import PLACES, RECORD, place_of
from tasks.access.gather import gather
from tests.planted_home import AS_OF, MARK, linewatch, planted_lender, rows_of, texts, typed

pytestmark = pytest.mark.prefect

PEOPLE = ("INS004", "B000000001", "B000000058", "B000000068", "B000000193")
"""An insurer, one with a row set aside, one who is controlled, one who heads a group, one with a case."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night that was committed, its queue in every form, the night undone, cases answered well and badly,
    a photograph laid beside another, and a borrower who asked.
    """
    folder = tmp_path_factory.mktemp("planted")
    home = folder / "home"
    source = planted_lender(folder / "lender", 300)
    assert linewatch("night", "--source", source, "--as-of", AS_OF, home=home)["status"] == "committed"
    assert typed("queue", "export", "--format", "parquet", home=home) == 0
    assert typed("queue", "report", home=home) == 0
    words = ("reverse", AS_OF, "--because", "a wrong table of rates")
    assert typed(*words, "--by", "Ann", home=home) == 3
    assert typed(*words, "--by", "Bob", "--confirm", home=home) == 0
    assert typed("log", "prove", change_of(home)["change_id"], home=home) == 0
    assert typed("queue", "import", answered(home, folder / "answered.csv"), home=home) == 2
    photograph = folder / f"{MARK}name of somebody.jpg"
    photograph.write_text(f"The house of {MARK}B000000193.", encoding="utf-8")
    case = case_of(home, f"{MARK}B000000193")
    assert typed("queue", "evidence", case, photograph, "--by", "Ann", home=home) == 0
    assert typed("borrower", "export", f"{MARK}B000000193", home=home) == 0
    return home


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A night that was refused, and what the person who typed it was told."""
    folder = tmp_path_factory.mktemp("refused")
    source = planted_lender(folder / "lender", 30, negative=True)
    return folder / "home", linewatch("night", "--source", source, "--as-of", AS_OF, home=folder / "home")


def answered(home: Path, to: Path) -> Path:
    """Every case of the queue to be kept as it is, but one left alone and one whose answer is none."""
    (path,) = home.glob("out/*/queue.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["borrower_id"] != f"{MARK}B000000193"]
    for row in rows:
        row |= {"outcome": "keep", "outcome_reason": "conduct_explained", "reviewer": "Ann", "note": MARK}
        row["outcome"] = "keep" if row["case_id"] != rows[0]["case_id"] else "maybe"
    with to.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return to


def change_of(home: Path) -> dict[str, Any]:
    """The first change of the night."""
    (path,) = home.glob("batches/*-night-*/changes-*.parquet")
    first: dict[str, Any] = pq.read_table(path).slice(0, 1).to_pylist()[0]
    return first


def case_of(home: Path, borrower: str) -> str:
    (case,) = [case.case_id for case in standing_ledger(home).cases.open() if case.borrower_id == borrower]
    return case


def owner_of(home: Path, facility_id: str) -> str:
    (path,) = home.glob("batches/*-night-*/decisions-*.parquet")
    rows = pq.read_table(path, columns=["facility_id", "borrower_id"]).to_pylist()
    return next(str(row["borrower_id"]) for row in rows if row["facility_id"] == facility_id)


def files(home: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(home.rglob("*")):
        if path.is_file():
            yield path.relative_to(home).as_posix(), path


def test_every_file_of_a_home_is_told_of_and_none_has_a_person_where_none_should_be(home: Path) -> None:
    unknown = [name for name, _ in files(home) if place_of(name) is None]
    assert unknown == []
    wrong = [
        name
        for name, path in files(home)
        if place_of(name).by is None  # type: ignore[union-attr]
        and not name.startswith("ledger.db")
        and any(MARK in text for text in texts(path))
    ]
    assert wrong == []


def test_most_kinds_of_file_are_tried_here(home: Path) -> None:
    seen = {place_of(name) for name, _ in files(home)}
    missing = {place.name for place in PLACES if place not in seen}
    assert missing == {"consistency", "differences", "promises", "shared ledger", "warnings"}


def test_the_record_holds_people_where_it_is_told_to_and_nowhere_else(home: Path) -> None:
    for table, row in rows_of(home / "ledger.db"):
        if table in ("alembic_version", "sqlite_sequence"):
            continue
        told = RECORD[table]
        keys = ("borrower_id", "facility_id") if told.by == "borrower" else ()
        others = {name: value for name, value in row.items() if name not in (*told.texts, *keys)}
        assert MARK not in json.dumps(others, default=str), table


def test_prefect_and_the_logs_hold_nobody(home: Path, refused: tuple[Path, dict[str, Any]]) -> None:
    for place in (home, refused[0]):
        held = [
            name
            for name, path in files(place)
            if name.startswith(("log/", "prefect/")) and MARK in path.read_bytes().decode("utf-8", "replace")
        ]
        assert held == []
        told = [table for table, row in rows_of(place / "prefect" / "prefect.db") if MARK in str(row)]
        assert told == []


def test_whoever_typed_a_night_that_was_refused_is_told_the_keys(
    refused: tuple[Path, dict[str, Any]],
) -> None:
    _, answer = refused
    assert answer["status"] == "refused"
    assert re.search(
        rf"credit_limit_is_not_negative: 1 of \d+ rows \(first: {MARK}F\d+", answer["error"]["where"]
    )
    assert answer["error"]["where"].strip() in answer["said"]


def test_nothing_that_a_night_or_a_verb_leaves_can_be_read_by_others(
    home: Path, refused: tuple[Path, dict[str, Any]]
) -> None:
    for place in (home, refused[0]):
        open_to_others = {
            str(path.relative_to(place)): oct(path.stat().st_mode & 0o777)
            for path in (place, *place.rglob("*"))
            if path.stat().st_mode & 0o077
        }
        assert open_to_others == {}


@pytest.mark.parametrize("number", [*PEOPLE, "who has a proof"])
def test_all_that_is_held_of_a_borrower_is_found(number: str, home: Path) -> None:
    borrower = f"{MARK}{number}"
    if number not in PEOPLE:
        borrower = owner_of(home, change_of(home)["facility_id"])
    found = gather(standing_ledger(home), borrower)
    assert found.unreadable == ()
    keys = "|".join(re.escape(key) for key in (borrower, *found.lines))
    by_itself = re.compile(rf"(?<![\w-])({keys})(?![\w-])")
    held = {
        name
        for name, path in files(home)
        if not name.startswith(("out/access/", "ledger.db")) and any(map(by_itself.search, texts(path)))
    }
    held |= {
        name.replace(".json", ".html") for name in held if "/proof-" in name
    }  # it names the change alone
    if any(by_itself.search(str(row)) for _, row in rows_of(home / "ledger.db")):
        held.add("the ledger")
    assert held
    assert found.paths == held


def test_the_lines_are_those_of_the_source(home: Path) -> None:
    (source,) = home.glob("snapshots/*/facility-*.parquet")
    rows = pq.read_table(source, columns=["facility_id", "borrower_id"]).to_pylist()
    own = sorted(row["facility_id"] for row in rows if row["borrower_id"] == f"{MARK}B000000193")
    assert list(gather(standing_ledger(home), f"{MARK}B000000193").lines) == own != []


def test_what_a_borrower_is_given_names_nobody_else(home: Path) -> None:
    (path,) = home.glob("out/access/*/borrower.json")
    own = {f"{MARK}B000000193", *json.loads(path.read_text(encoding="utf-8"))["lines"]}
    for file in (path, path.with_suffix(".html")):
        named = set(re.findall(rf"{MARK}[\w-]+", file.read_text(encoding="utf-8")))
        assert named - own <= {f"{MARK}name", f"{MARK}street"}


def test_an_export_answers_with_paths_and_counts_alone(home: Path) -> None:
    answer = linewatch("borrower", "export", f"{MARK}B000000068", home=home)
    assert set(answer) == {"paths", "rows", "other_people", "unreadable", "said"}
    assert MARK not in json.dumps(answer)
    assert answer["rows"]["of_others"] > 0
    again = linewatch("borrower", "export", f"{MARK}nobody", home=home)
    assert again["exit_code"] == 2
    assert MARK not in json.dumps(again)
