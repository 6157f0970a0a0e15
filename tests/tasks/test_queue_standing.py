"""A queue shows what waits for somebody, where it stands and whose it is; for one person what they may do."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from ledger import open_ledger
from linewatch.casework import Done
from linewatch.errors import DataRefused
from tasks.casework import claim_next, look, next_cases
from tasks.export import Queue, export_night, export_queue, queue_rows
from tasks.export.shown import told
from tests.tasks.decisions_fixture import AS_OF, committed_home, line
from tests.tasks.test_workbook import asked

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SAID = "she shewed us the deeds"
FIRST = {
    "second_look": "amount",
    "lines": [{"facility_id": "F2", "outcome": "another_limit", "limit_cents": 777_777, "note": SAID}],
}
CALLED = date(2026, 10, 20)
"""A night a month before."""


def keys(home: Path) -> dict[str, str]:
    """The open cases by their first line."""
    return {case.facility_id: case.case_id for case in open_ledger(home).cases.open()}


def do(home: Path, *acts: tuple[str, str, str, dict[str, Any]]) -> None:
    cases = keys(home)
    done = [(cases[facility], Done(kind, by, SAID, content)) for facility, kind, by, content in acts]
    assert open_ledger(home).cases.work(done, AT) == [""] * len(acts)


def lenders(place: Path) -> Path:
    """Six cases: of the contact team F6, of the desk F1 to F5, the gravest first."""
    lines = [asked(f"F{at}", limit_cents=2_000_000 - at * 100_000) for at in range(1, 6)]
    return committed_home(place, [*lines, asked("F6", "complaint_open", limit_cents=3_000_000)])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """wu has F1; F2 was decided by wu and needs another; F3 is decided; nobody touched the others."""
    home = lenders(tmp_path)
    do(
        home,
        ("F1", "claimed", "wu", {}),
        ("F2", "decided", "wu", FIRST),
        ("F3", "decided", "li", {"second_look": "", "lines": []}),
    )
    return home


def csv_rows(queue: Queue) -> list[dict[str, str]]:
    with queue.path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines(rows: Any) -> list[str]:
    return [row["facility_id"] for row in rows]


def test_a_queue_says_where_a_case_stands_and_who_has_it(home: Path) -> None:
    queue = export_queue(home, AS_OF, "csv")
    assert [(row["facility_id"], row["stage"], row["holder"]) for row in csv_rows(queue)] == [
        ("F6", "waiting", ""),
        ("F1", "waiting", "wu"),
        ("F2", "second_look", ""),
        ("F4", "waiting", ""),
        ("F5", "waiting", ""),
    ]
    rows = pq.read_table(export_queue(home, AS_OF, "parquet").path).to_pylist()
    assert [(row["stage"], row["holder"]) for row in rows[1:3]] == [("waiting", "wu"), ("second_look", "")]
    text = told(queue_rows(home).rows, "HOME")
    assert "2. desk review, due 2026-11-25: borrower B-F1, wu has it\n" in text
    assert "3. desk review, due 2026-11-25: borrower B-F2, a second look\n" in text


def test_a_decided_case_is_left_out_and_counted(home: Path) -> None:
    queue = export_queue(home, AS_OF, "csv")
    assert (queue.open_cases, queue.cases, queue.ready, queue.for_others) == (5, 5, 1, 0)
    assert [row["priority"] for row in csv_rows(queue)] == ["1", "2", "3", "4", "5"]
    assert queue_rows(home).ready == 1
    assert export_queue(home, AS_OF, "csv", team="contact").ready == 0
    assert export_night(home, AS_OF).notes == (
        "1 decided cases are in no queue: the next settlement takes them in",
    )


def test_a_case_that_was_closed_is_in_no_queue_until_it_is_reopened(home: Path) -> None:
    cases = keys(home)
    open_ledger(home).cases.work([(cases["F4"], Done("lapsed", "linewatch"))], AT)
    assert lines(queue_rows(home).rows) == ["F6", "F1", "F2", "F5"]
    assert cases["F4"] not in next_cases(home, None, "li")
    open_ledger(home).cases.work([(cases["F4"], Done("reopened", "li"))], AT)
    assert lines(queue_rows(home).rows) == ["F6", "F1", "F2", "F4", "F5"]


def test_what_the_first_decided_is_shown_nowhere_to_whoever_looks_a_second_time(home: Path) -> None:
    queues = {name: export_queue(home, AS_OF, name, by="li").path for name in ("xlsx", "csv", "parquet")}
    book = openpyxl.load_workbook(queues["xlsx"])
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    case = look(home, keys(home)["F2"])
    assert [(event.kind, event.by) for event in case.events] == [("opened", "linewatch"), ("decided", "wu")]
    shown = queue_rows(home, by="li").rows
    assert "F2" in lines(shown)
    everything = [
        " ".join(map(str, cells)),
        queues["csv"].read_text(encoding="utf-8-sig"),
        str(pq.read_table(queues["parquet"]).to_pylist()),
        json.dumps(shown, default=str) + told(shown, "HOME"),
        str(case.events),
    ]
    for text in everything:
        assert SAID not in text
        assert "777" not in text
        assert "another_limit" not in text.replace("another_limit 采用其他额度", "") or text is everything[0]
    (row,) = (row for row in shown if row["facility_id"] == "F2")
    assert {row[name] for name in ("outcome", "new_limit", "outcome_reason", "note", "reviewer")} == {None}


def test_once_two_have_looked_what_they_said_can_be_read(home: Path) -> None:
    do(home, ("F2", "disagreed", "li", {"lines": []}))
    assert [event.because for event in look(home, keys(home)["F2"]).events] == ["", SAID, SAID]


@pytest.mark.parametrize(
    ("by", "seen", "for_others"),
    [
        ("wu", ["F6", "F1", "F4", "F5"], 1),
        (" WU", ["F6", "F1", "F4", "F5"], 1),
        ("li", ["F6", "F2", "F4", "F5"], 1),
    ],
)
def test_a_person_gets_what_they_may_decide(home: Path, by: str, seen: list[str], for_others: int) -> None:
    queue = export_queue(home, AS_OF, "csv", by=by)
    assert lines(csv_rows(queue)) == seen == lines(queue_rows(home, by=by).rows)
    assert (queue.open_cases, queue.ready, queue.for_others) == (4, 1, for_others)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ({"by": "wu"}, "queue-for-wu.csv"),
        ({"by": "wu", "team": "desk", "limit": 3}, "queue-desk-for-wu-3.csv"),
        ({"by": " 吴丽 "}, "queue-for-吴丽.csv"),
        ({"by": "../../wu"}, r"queue-for-[0-9a-f]{12}\.csv"),
        ({"by": "a" * 41}, r"queue-for-[0-9a-f]{12}\.csv"),
    ],
)
def test_a_persons_queue_is_a_file_of_its_own(home: Path, words: dict[str, Any], name: str) -> None:
    path = export_queue(home, AS_OF, "csv", **words).path
    assert path.parent == home / "out" / str(AS_OF)
    assert re.fullmatch(name, path.name)


def test_a_queue_is_for_somebody(home: Path) -> None:
    with pytest.raises(DataRefused, match="--for must say something"):
        queue_rows(home, by=" ")


def test_the_next_cases_come_in_the_order_of_the_queue_and_are_those_one_may_take(home: Path) -> None:
    cases = keys(home)

    def named(queue: Any) -> list[str]:
        return [next(line for line, case in cases.items() if case == key) for key in queue]

    assert named(next_cases(home, None, "wu")) == ["F6", "F4", "F5"]
    assert named(next_cases(home, None, "li")) == ["F6", "F2", "F4", "F5"]
    assert named(next_cases(home, "desk", "li")) == ["F2", "F4", "F5"]
    taken = claim_next(home, next_cases(home, "desk", "li"), 2, by="li", recorded_at=AT)
    assert named(taken.done) == ["F2", "F4"]
    assert lines(queue_rows(home, by="wu").rows) == ["F6", "F1", "F5"]


def test_the_next_cases_go_on_where_others_took_the_first_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lenders(tmp_path)
    monkeypatch.setattr("tasks.casework.KEYS_AT_ONCE", 2)
    cases = keys(home)
    coming = next_cases(home, None, "li")
    assert next(coming) == cases["F6"]
    do(home, *((name, "claimed", "wu", {}) for name in ("F1", "F2", "F3")))
    assert list(coming) == [cases["F1"], cases["F4"], cases["F5"]]
    assert claim_next(home, next_cases(home, None, "li"), 9, by="li", recorded_at=AT).done == (
        cases["F6"], cases["F4"], cases["F5"],
    )  # fmt: skip


def test_the_queue_and_the_next_cases_have_one_order_over_nights(tmp_path: Path) -> None:
    """Cases carried from a night before, one that a line of tonight joins, and tonight's own."""
    home = committed_home(
        tmp_path,
        [asked("F1", borrower_id="B1"), asked("F2", borrower_id="B2", limit_cents=5_000_000)],
        as_of=CALLED,
    )
    joined = next(case for case in open_ledger(home).cases.open() if case.borrower_id == "B1")
    standing = {name: getattr(joined, name) for name in ("borrower_id", "case_id", "opened_on", "due_on")}
    grave = asked("F3", borrower_id="B1", limit_cents=9_000_000)
    committed_home(home, [line("F1"), grave, asked("F4", borrower_id="B4")], open_case=[standing])
    shown = queue_rows(home).rows
    assert lines(shown) == ["F1", "F3", "F2", "F4"]
    assert list(next_cases(home, None, "li")) == list(dict.fromkeys(row["case_id"] for row in shown))


def test_at_a_glance_a_team_is_a_row_of_counts_and_keys_of_cases(home: Path) -> None:
    do(home, ("F4", "claimed", "li", {}))
    cases = keys(home)
    assert export_night(home, AS_OF).queue == (
        {
            "team": "contact",
            "kind": "interview",
            "open": 1,
            "claimed": 0,
            "second_look": 0,
            "overdue": 0,
            "oldest_working_days": 0,
            "median_working_days": 0,
            "decided": 0,
            "first": cases["F6"],
        },
        {
            "team": "desk",
            "kind": "desk_review",
            "open": 4,
            "claimed": 2,
            "second_look": 1,
            "overdue": 0,
            "oldest_working_days": 0,
            "median_working_days": 0,
            "decided": 1,
            "first": ", ".join(cases[name] for name in ("F1", "F2", "F4", "F5")),
        },
    )


def test_at_a_glance_ages_are_working_days_and_the_first_five_are_named(tmp_path: Path) -> None:
    before = [asked(f"F{at}", borrower_id=f"B{at}", limit_cents=2_000_000 - at) for at in range(4)]
    home = committed_home(tmp_path, before, as_of=CALLED)
    tonight = [asked(f"G{at}", borrower_id=f"C{at}", limit_cents=1_000_000 - at) for at in range(3)]
    committed_home(home, tonight, as_of=AS_OF)
    (row,) = export_night(home, AS_OF).queue
    # From Tuesday, October 20 to Friday, November 20: four weeks and three days, without a holiday.
    assert (row["oldest_working_days"], row["median_working_days"]) == (23, 23)
    assert (row["open"], row["overdue"]) == (7, 4)
    cases = keys(home)
    assert row["first"].split(", ") == [cases[name] for name in ("F0", "F1", "F2", "F3", "G0")]
