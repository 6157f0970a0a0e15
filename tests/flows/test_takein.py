"""Answers come in: every broken row is given back by the name of its fault, mended rows are taken, once."""

from __future__ import annotations

import csv
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from flows import people
from flows.takein import take_in_file
from ledger import open_ledger
from linewatch import answer as of_row
from linewatch import intake
from linewatch.casework import Done, Stage
from linewatch.intake import FAULTS, Fault
from linewatch.queue_columns import COLUMNS
from tasks.answers import rows_of
from tasks.export import export_queue
from tasks.rejects import write_rejects
from tests.flows.review_home import AT, answer, committed, queue, says, taken
from tests.tasks.decisions_fixture import committed_home
from tests.tasks.hostile_texts import FORMULAS
from tests.tasks.test_export import asked

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")
GOOD = {"outcome": "keep", "outcome_reason": "conduct_explained", "reviewer": "wu", "note": ""}
Row = dict[str, Any]
BROKEN: dict[str, Callable[[Row], Row]] = {
    "case_missing": lambda row: {**row, "case_id": ""},
    "line_missing": lambda row: {**row, "facility_id": " "},
    "mark_missing": lambda row: {**row, "fingerprint": ""},
    "outcome_missing": lambda row: {**row, "outcome": ""},
    "outcome_unknown": lambda row: {**row, "outcome": "maybe"},
    "reason_missing": lambda row: {**row, "outcome_reason": ""},
    "reason_unknown": lambda row: {**row, "outcome_reason": "because"},
    "note_missing": lambda row: {**row, "outcome_reason": "other"},
    "note_too_long": lambda row: {**row, "note": "x" * 4_001},
    "limit_missing": lambda row: {**row, "outcome": "another_limit"},
    "limit_not_asked_for": lambda row: {**row, "new_limit": "100"},
    "limit_no_amount": lambda row: {**row, "outcome": "another_limit", "new_limit": "1,5"},
    "limit_negative": lambda row: {**row, "outcome": "another_limit", "new_limit": "-1"},
    "limit_too_fine": lambda row: {**row, "outcome": "another_limit", "new_limit": "1.005"},
    "limit_too_large": lambda row: {**row, "outcome": "another_limit", "new_limit": "9" * 20},
    "reviewer_missing": lambda row: {**row, "reviewer": ""},
    "case_unknown": lambda row: {**row, "case_id": "0" * 32},
    "line_not_of_case": lambda row: {**row, "facility_id": "another"},
    "row_changed": lambda row: {**row, "limit": "1.00"},
    "claimed_by_other": lambda row: row,
    "case_closed": lambda row: row,
    "decided_already": lambda row: row,
    "own_second_look": lambda row: row,
    "answered_twice": lambda row: row,
    "line_unanswered": lambda row: row,
    "people_differ": lambda row: row,
    "outcomes_mixed": lambda row: row,
}
"""A row of each kind of fault, of one that is good. Of the last the case, or another row, is at fault."""
EACH = 19
TWO_LINES = ("line_unanswered", "people_differ", "outcomes_mixed")
BEFORE = {
    "claimed_by_other": Done("claimed", "li"),
    "case_closed": Done("lapsed", "linewatch"),
    "decided_already": Done("decided", "li", "", {"lines": []}),
    "own_second_look": Done("decided", "wu", "", {"lines": [], "second_look": "amount"}),
}
"""What was done to the case before the file comes."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a case for each broken row, and what its fault needs to have happened before."""
    lines = [
        asked(f"{kind}.{number}.{each}", borrower_id=f"{kind}.{number}")
        for kind in BROKEN
        for number in range(EACH)
        for each in ("a", "b")[: 2 if kind in TWO_LINES else 1]
    ]
    home = committed_home(tmp_path_factory.mktemp("many"), lines)
    cases = open_ledger(home).cases
    acts = [
        (case.case_id, BEFORE[kind])
        for case in cases.open()
        if (kind := case.borrower_id.partition(".")[0]) in BEFORE
    ]
    assert set(cases.work(acts, AT)) == {""}
    return home


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return path


def broken(home: Path) -> list[Row]:
    """The queue, each row broken as its borrower is named; those that the queue leaves out are put back."""
    rows = []
    for row in read(export_queue(home, format="csv").path):
        kind, _, line = row["facility_id"].partition(".")
        good = {**row, **GOOD}
        if kind == "line_unanswered" and line.endswith("b"):
            continue
        if kind == "people_differ" and line.endswith("b"):
            good["reviewer"] = "li"
        if kind == "outcomes_mixed" and line.endswith("b"):
            good["outcome"] = "ask_more"
        rows += [BROKEN[kind](good)] * (2 if kind == "answered_twice" else 1)
    return rows


def test_five_hundred_broken_rows_of_more_than_twenty_kinds_give_as_many_named_rejects(
    many: Path, tmp_path: Path
) -> None:
    queued = {row["facility_id"] for row in read(export_queue(many, format="csv").path)}
    rows = broken(many)
    random.Random(7).shuffle(rows)
    events = sum(len(open_ledger(many).cases.events(each)) for each in {row["case_id"] for row in rows})
    with people.acting(many, "a night", AT):  # what was decided before the file waits
        told = take_in_file(many, written(tmp_path / "broken.csv", rows), tmp_path / "rejects.csv", AT)
    rejects = read(tmp_path / "rejects.csv")
    assert (told["refused"], told["exit_code"]) == (len(rows), 2)
    assert len(rejects) == len(rows) >= 500
    assert told["decided"] == told["asked"] == told["unchanged"] == 0
    kinds = Counter()
    for row, reject in zip(rows, rejects, strict=True):
        kind = row["facility_id"].partition(".")[0] if row["facility_id"].strip() else "line_missing"
        kind = "line_not_of_case" if kind == "another" else kind
        assert kind in reject["fault"].split(", "), reject
        assert FAULTS[kind][1] in reject["what_is_wrong"]
        assert FAULTS[kind][0] in reject["有何问题"]
        kinds[kind] += 1
    absent = {kind for kind in BROKEN if not any(name.startswith(f"{kind}.") for name in queued)}
    assert set(kinds) == set(BROKEN) - absent
    assert len(kinds) >= 20
    assert events == sum(len(open_ledger(many).cases.events(each)) for each in {r["case_id"] for r in rows})


def test_every_fault_of_a_row_has_a_broken_row_here_or_a_case_of_its_own() -> None:
    elsewhere = {
        "line_gone", "row_stale", "reviewer_unknown", "over_amount_limit", "reason_not_told", "bound",
        "changed_meanwhile", "other_row",
    }  # fmt: skip
    assert set(BROKEN) | elsewhere == set(FAULTS)
    assert set(of_row.FAULTS) <= set(BROKEN)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committed(tmp_path_factory.mktemp("reviewed"))


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_good_cases_are_taken_bad_ones_come_back_are_mended_and_taken(
    home: Path, tmp_path: Path, suffix: str
) -> None:
    bad = {row["case_id"] for row in queue(home)[::3]}
    path = answer(
        home,
        tmp_path / "answered.xlsx",
        lambda cells: says("maybe" if cells["case_id"] in bad else "keep"),
    )
    if suffix == ".csv":
        rows = [{**row.cells} for row in rows_of(path)]
        path = written(tmp_path / "answered.csv", rows)
    first = taken(home, path)
    rejects = Path(first["rejects"])
    assert rejects.suffix == suffix
    assert first["refused"] == sum(row["case_id"] in bad for row in queue(home)) > 3
    mended = mend(rejects, tmp_path / f"mended{suffix}")
    second = taken(home, mended)
    assert (second["refused"], second["exit_code"]) == (0, 0)
    assert second["decided"] == len(bad)
    assert open_ledger(home).cases.standing() == {}
    for again in (path, mended):
        told = taken(home, again)
        assert (told["decided"], told["settlement"]["status"]) == (0, "unchanged")


def mend(rejects: Path, to: Path) -> Path:
    if rejects.suffix == ".csv":
        return written(to, [{**row, "outcome": "keep"} for row in read(rejects)])
    book = load_workbook(rejects)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for number in range(2, sheet.max_row + 1):
        sheet.cell(number, heads.index("outcome") + 1).value = "keep"
    book.save(to)
    return to


def test_more_asked_and_visits_leave_a_case_open_and_the_same_file_again_changes_nothing(
    home: Path, tmp_path: Path
) -> None:
    wanted = {row["case_id"]: ("ask_more", "site_visit")[n % 2] for n, row in enumerate(queue(home))}
    path = answer(home, tmp_path / "a.xlsx", lambda cells: says(wanted[cells["case_id"]]))
    first = taken(home, path)
    ledger = open_ledger(home)
    stands = ledger.cases.standing()
    assert first["asked"] == len(stands) == len(wanted)
    assert {work.stage for work in stands.values()} == {Stage.WAITING}
    kinds = {case_id: ledger.cases.events(case_id)[-1] for case_id in wanted}
    for case_id, outcome in wanted.items():
        event = kinds[case_id]
        assert event.kind == {"ask_more": "more_asked", "site_visit": "sent_on"}[outcome]
        assert ("due_on" in event.content) == (outcome == "site_visit")
    assert taken(home, path)["unchanged"] == len(wanted)
    assert {each: ledger.cases.events(each)[-1] for each in wanted} == kinds


def test_two_people_look_without_seeing_each_other_and_both_answers_are_kept(
    tmp_path: Path,
) -> None:
    review = '\n[review]\nsecond_look_cents = 0\nbecause = "All of it, twice."\n'
    home = committed(tmp_path / "twice", borrowers=300, review=review)
    ledger = open_ledger(home)
    cases = sorted(ledger.cases.standing())
    other = cases[: len(cases) // 2]
    first = taken(home, answer(home, tmp_path / "first.xlsx", lambda cells: says("keep")))
    assert first["second_look"] == len(cases) > 3
    assert first["settlement"]["status"] == "unchanged"
    for row in queue(home):
        assert not row["outcome"]
        assert not row["reviewer"]
    again = taken(
        home, answer(home, tmp_path / "own.xlsx", lambda cells: says("keep", reason="other", note="n"))
    )
    assert again["faults"] == {"own_second_look": first["rows"]}
    second = taken(
        home,
        answer(
            home,
            tmp_path / "second.xlsx",
            lambda cells: says("freeze" if cells["case_id"] in other else "keep", by="li"),
        ),
    )
    assert (second["agreed"], second["disagreed"]) == (len(cases) - len(other), len(other))
    assert second["settlement"]["cases"] == second["agreed"]
    for case_id, work in ledger.cases.standing(other).items():
        assert work.stage is Stage.WAITING, case_id
        assert [done.by for done in work.read] == ["wu", "li"]


def test_a_row_of_an_older_queue_is_good_while_the_line_is_as_it_shows_it(home: Path, tmp_path: Path) -> None:
    """The marks name the night that sent the row out; a night later the figures are what counts."""
    from datetime import timedelta

    from tasks.demo import write_demo
    from tests.flows.review_home import AS_OF, documents
    from tests.whole_night import run_night

    path = answer(home, tmp_path / "old.xlsx", lambda cells: says("keep"))
    day = AS_OF + timedelta(days=1)
    (source,) = write_demo(tmp_path / "lender", borrowers=600, seed=3, last_as_of=day)
    run_night(
        source.folder, day, home, documents=documents(day, tmp_path / "documents", review=""), promises=False
    )
    shown = {row["facility_id"]: (row["limit"], row["proposed_limit"]) for row in queue(home)}
    same = [
        row.cells["case_id"]
        for row in rows_of(path)
        if shown.get(row.cells["facility_id"]) == (row.cells["limit"], row.cells["proposed_limit"])
    ]
    told = taken(home, path)
    assert told["faults"].get("row_changed", 0) == 0
    assert told["refused"] < told["rows"]
    assert told["decided"] + told["refused"] >= len(set(same)) > 0


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_a_spreadsheet_would_run_is_given_back_as_text(tmp_path: Path, suffix: str) -> None:
    cells = dict.fromkeys((column.name for column in COLUMNS), "1")
    rows = [
        intake.read(f"row {number}", {**cells, "facility_id": text, "note": text}, 2)
        for number, text in enumerate(FORMULAS, start=2)
    ]
    path = tmp_path / f"rejects{suffix}"
    write_rejects(
        path, [(row, [Fault("case_unknown", text)]) for row, text in zip(rows, FORMULAS, strict=True)]
    )
    assert [row.cells["note"] for row in rows_of(path)] == FORMULAS
    if suffix == ".xlsx":
        sheet = load_workbook(path).worksheets[0]
        assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "inlineStr"}
        assert len(sheet.data_validations.dataValidation) == 2
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            starts = {cell[:1] for line in csv.reader(file) for cell in line}
        assert not starts & set("=+-@＝＋－＠\t\r\n")


def test_a_file_that_is_no_queue_is_refused_and_changes_nothing(home: Path, tmp_path: Path) -> None:
    from linewatch.errors import DataRefused

    (tmp_path / "letter.csv").write_text("Dear Sir,\n", encoding="utf-8")
    for name in ("letter.csv", "nothing.xlsx", "queue.pdf"):
        with pytest.raises(DataRefused, match=name):
            taken(home, tmp_path / name)
