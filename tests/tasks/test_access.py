"""What a borrower is given: all of theirs, nothing of others', whatever happened to their lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from ledger import open_ledger
from ledger.schema import metadata
from linewatch.casework import Done
from linewatch.errors import NotFound
from linewatch.spreadsheet import safe
from linewatch.whereabouts import PLACES, RECORD, SHOWN_OF_OTHERS, SNAPSHOTS
from sql.contract import contract
from tasks.access import export_borrower
from tasks.access.words import EN, ZH
from tasks.commit import FILES, commit_night
from tests.tasks.record_fixture import RECORDED_AT, decided, small_folder
from tests.tasks.record_fixture import night as a_night

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home without a night, to lay files in."""
    open_ledger(tmp_path / "home")
    return tmp_path / "home"


def lay(home: Path, path: str, *rows: dict[str, Any]) -> None:
    file = home / path
    file.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pylist(list(rows))
    if file.suffix == ".csv":
        csv.write_csv(table, file)
    else:
        pq.write_table(table, file)


def exported(home: Path, borrower: str) -> dict[str, Any]:
    made = export_borrower(home, borrower, NOW)
    told = json.loads(made.json.read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def rows(told: dict[str, Any], name: str, *, of_others: bool = False) -> list[dict[str, Any]]:
    parts = [part for part in told["held"] if (part["name"], part["of_others"]) == (name, of_others)]
    return [each["row"] for part in parts for each in part["rows"]]


def test_every_table_of_the_contract_and_of_the_record_is_told_of() -> None:
    assert {place.name for place in SNAPSHOTS} == {*contract(), "manifest"}
    assert set(RECORD) == set(metadata.tables)
    assert set(FILES) <= {place.name for place in PLACES}


def test_a_table_is_sought_by_a_column_that_it_has() -> None:
    column = {"borrower": "borrower_id", "line": "facility_id"}
    for place in SNAPSHOTS:
        if place.by is not None:
            table = contract()[place.name]
            assert table.column(column[place.by])
            assert all(table.column(name) for name in (*place.naming, *SHOWN_OF_OTHERS.get(place.name, ())))
        elif place.name in contract():
            assert not {column.name for column in contract()[place.name].columns} & set(column.values())


def test_every_heading_has_words_in_both_languages() -> None:
    assert EN.keys() == ZH.keys()
    assert all({word.count("{") for word in (EN[name], ZH[name])} <= {EN[name].count("{")} for name in EN)


def test_a_line_that_was_another_borrowers_tells_nothing_of_then(home: Path) -> None:
    for day, owner in (("2026-11-20", "B1"), ("2026-11-21", "B2")):
        lay(home, f"snapshots/{day}-aaaa/facility.parquet", {"facility_id": "F1", "borrower_id": owner})
        lay(
            home,
            f"snapshots/{day}-aaaa/facility_month.parquet",
            {"facility_id": "F1", "balance_cents": int(day[-2:])},
        )
        lay(home, f"out/{day}/limit_changes.csv", {"facility_id": "F1", "old_limit_cents": int(day[-2:])})
    for borrower, day in (("B1", 20), ("B2", 21)):
        told = exported(home, borrower)
        assert told["lines"] == ["F1"]
        assert [row["balance_cents"] for row in rows(told, "facility_month")] == [day]
        assert [row["old_limit_cents"] for row in rows(told, "limit_changes")] == [str(day)]


def test_keys_that_hold_or_begin_others_are_not_taken_for_them(home: Path) -> None:
    lay(
        home,
        "snapshots/2026-11-21-aaaa/borrower.parquet",
        *({"borrower_id": each} for each in ("B1", "B10", "1", "b1")),
    )
    assert rows(exported(home, "B1"), "borrower") == [{"borrower_id": "B1"}]
    assert rows(exported(home, "b1"), "borrower") == [{"borrower_id": "b1"}]


@pytest.mark.parametrize("key", ["=1+1", "-B1", "O'Brien", "借款人", 'B "1"', "B,1", "B;=1", "'B"])
def test_any_key_is_found_also_where_a_csv_keeps_it_from_being_run(key: str, home: Path) -> None:
    lay(home, "snapshots/2026-11-21-aaaa/borrower.parquet", {"borrower_id": key})
    lay(
        home,
        "out/2026-11-21/queue.csv",
        {"facility_id": "F1", "borrower_id": f"'{key}"},
        {"facility_id": "F2", "borrower_id": key},
        {"facility_id": "F3", "borrower_id": safe(key)},
    )
    assert len(rows(exported(home, key), "queue")) == 3


def test_of_a_queue_nobody_is_told_who_took_a_case_or_decided_it(home: Path) -> None:
    lay(home, "snapshots/2026-11-21-aaaa/borrower.parquet", {"borrower_id": "B1"})
    lay(
        home,
        "out/2026-11-21/queue.csv",
        {"facility_id": "F1", "borrower_id": "B1", "holder": "wu", "reviewer": "li"},
        {"facility_id": "F2", "borrower_id": "B1", "holder": "", "reviewer": ""},
    )
    told = rows(exported(home, "B1"), "queue")
    assert {(row["holder"], row["reviewer"]) for row in told} == {
        ("a person at the lender", "a person at the lender"),
        (None, None),
    }


def test_a_row_that_lies_in_many_nights_stands_once_with_every_path(home: Path) -> None:
    for day in ("2026-11-19", "2026-11-20", "2026-11-21"):
        lay(home, f"snapshots/{day}-aaaa/borrower.parquet", {"borrower_id": "B1", "language": "en"})
    (part,) = exported(home, "B1")["held"]
    assert [each["row"] for each in part["rows"]] == [{"borrower_id": "B1", "language": "en"}]
    assert [path[10:20] for path in part["rows"][0]["in"]] == ["2026-11-19", "2026-11-20", "2026-11-21"]


def test_others_are_masked_by_number_and_only_what_they_say_of_the_borrower_is_shown(home: Path) -> None:
    snapshot = "snapshots/2026-11-21-aaaa"
    lay(
        home,
        f"{snapshot}/facility.parquet",
        {"facility_id": "F1", "borrower_id": "B1"},
        {"facility_id": "F2", "borrower_id": "B2"},
    )
    link = {"kind": "parent", "share_bp": 6000}
    lay(
        home,
        f"{snapshot}/control_link.parquet",
        {"borrower_id": "B1", "related_borrower_id": "B2", **link},
        {"borrower_id": "B3", "related_borrower_id": "B1", **link},
        {"borrower_id": "B3", "related_borrower_id": "B2", **link},
    )
    guarantee = {"guarantee_id": "G1", "value_cents": 5, "covered_share_bp": 4000}
    lay(
        home,
        f"{snapshot}/guarantee.parquet",
        {"facility_id": "F1", "provider_id": "B2", **guarantee},
        {"facility_id": "F2", "provider_id": "B1", **guarantee},
    )
    told = exported(home, "B1")
    assert rows(told, "control_link") == [
        {"borrower_id": "B1", "related_borrower_id": "another borrower 1", **link}
    ]
    assert rows(told, "control_link", of_others=True) == [
        {"related_borrower_id": "B1", **link, "valid_from": None, "valid_until": None}
    ]
    assert rows(told, "guarantee") == [
        {"facility_id": "F1", "provider_id": "another borrower 1", **guarantee}
    ]
    (given,) = rows(told, "guarantee", of_others=True)
    assert {name: each for name, each in given.items() if each is not None} == {
        "provider_id": "B1",
        "covered_share_bp": 4000,
    }
    assert told["other_people"] == 1
    page = next(home.glob("out/access/*/borrower.html")).read_text(encoding="utf-8")
    assert not {"B2", "B3", "F2"} & set(page.replace("<", " ").replace(">", " ").split())


def test_the_key_of_a_link_that_was_set_aside_names_nobody_else(home: Path) -> None:
    batch = f"batches/2026-11-21-night-0123456789ab/quarantine-{'0' * 16}.parquet"
    row = {
        "table_name": "control_link",
        "key": "B1|B2|parent|2020-01-01",
        "borrower_id": "B1",
        "expectation": "a",
    }
    lay(home, batch, row)
    assert rows(exported(home, "B1"), "quarantine")[0]["key"] == "B1|another borrower 1|parent|2020-01-01"


def test_a_damaged_file_is_told_and_the_rest_is_given(home: Path) -> None:
    lay(home, "snapshots/2026-11-21-aaaa/borrower.parquet", {"borrower_id": "B1"})
    (home / "snapshots/2026-11-21-aaaa/contact.parquet").write_bytes(b"PAR1 cut off")
    made = export_borrower(home, "B1", NOW)
    assert made.unreadable == ("snapshots/2026-11-21-aaaa/contact.parquet",)
    assert "contact.parquet" in made.page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "says"),
    [("zh", "我们持有的关于您的信息"), ("en", "What we hold about you"), (None, "What we")],
)
def test_the_page_is_in_the_borrowers_language(language: str | None, says: str, home: Path) -> None:
    lay(home, "snapshots/2026-11-21-aaaa/borrower.parquet", {"borrower_id": "<b>B1", "language": language})
    page = export_borrower(home, "<b>B1", NOW).page.read_text(encoding="utf-8")
    assert says in page
    assert "<b>B1" not in page
    assert "&lt;b&gt;B1" in page


def test_nobody_is_held_of_an_unknown_number(home: Path) -> None:
    lay(home, "snapshots/2026-11-21-aaaa/borrower.parquet", {"borrower_id": "B1"})
    with pytest.raises(NotFound) as caught:
        export_borrower(home, "B2", NOW)
    assert caught.value.exit_code == 2
    assert not (home / "out").exists()


@pytest.fixture
def committed(tmp_path: Path) -> Iterator[Path]:
    """A night with a case of B0, which people have written about."""
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    commit_night(made)
    yield made.home
    sql.close_engine(made.scratch)


def test_the_record_is_told_whole_and_without_the_names_of_those_who_work_there(committed: Path) -> None:
    ledger = open_ledger(committed)
    case = next(iter(ledger.cases.open()))
    ledger.cases.work([(case.case_id, Done("evidence_added", "Ann", "called them"))], RECORDED_AT)
    told = exported(committed, case.borrower_id)
    assert [row["case_id"] for row in rows(told, "review_case")] == [case.case_id]
    assert [(row["by"], row["because"]) for row in rows(told, "review_event")] == [
        ("linewatch", ""),
        ("a person at the lender", "called them"),
    ]
    assert told["nights"][0]["documents"][0]["id"] == "house"
    assert {row["borrower_id"] for row in rows(told, "decisions")} == {case.borrower_id}


def test_what_people_wrote_is_found_where_a_key_stands_by_itself(committed: Path) -> None:
    ledger = open_ledger(committed)
    case = next(iter(ledger.cases.open()))
    for because in ("as with B1", "as with B10", "see XB1"):
        ledger.cases.work([(case.case_id, Done("evidence_added", "Ann", because))], RECORDED_AT)
    assert case.borrower_id != "B1"
    found = [row["because"] for row in rows(exported(committed, "B1"), "review_event")]
    assert "as with B1" in found
    assert not {"as with B10", "see XB1"} & set(found)


def test_what_is_given_twice_is_given_the_same_and_does_not_tell_of_itself(committed: Path) -> None:
    first, second = (exported(committed, "B1") for _ in range(2))
    assert first["handed_out_before"] == []
    assert [path.rpartition("/")[2] for path in second["handed_out_before"]] == [
        "borrower.html",
        "borrower.json",
    ]
    assert first["held"] == second["held"]
