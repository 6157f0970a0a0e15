"""Cases in the record, on each of its databases: one person gets a case, however many reach for it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ledger import Ledger, open_ledger
from linewatch.casework import UNTOUCHED, Done, Stage
from tests.ledger.test_the_record import CASE, a_batch, commit

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CASES = 40
REVIEWERS = 20


@pytest.fixture
def many(ledger: Ledger) -> Ledger:
    """A record with a night that opened so many cases, each of a borrower of its own."""
    commit(
        ledger,
        a_batch(),
        tuple({**CASE, "case_id": f"C{at}", "borrower_id": f"B{at}"} for at in range(CASES)),
    )
    return ledger


def test_what_is_not_let_in_is_told_and_the_rest_is_done(many: Ledger) -> None:
    told = many.cases.work(
        [
            ("C1", Done("claimed", "wu")),
            ("C1", Done("claimed", "li")),
            ("C99", Done("claimed", "li")),
            ("C2", Done("decided", "li", "seen", {"outcome": "keep", "second_look": True})),
            ("C2", Done("agreed", "li")),
            ("C2", Done("agreed", "wu", "seen too")),
        ],
        AT,
    )
    assert told == ["", "wu has claimed it", "there is no such case", "", told[4], ""]
    assert "somebody else has to look" in told[4]
    stand = many.cases.standing(["C1", "C2", "C99"])
    assert sorted(stand) == ["C1", "C2"]
    assert (stand["C1"].holder, stand["C2"].stage) == ("wu", Stage.READY)
    assert [(done.kind, done.by) for done in many.cases.events("C2")] == [
        ("opened", "linewatch"),
        ("decided", "li"),
        ("agreed", "wu"),
    ]
    assert many.log.entries()[-1].kind == "cases"


def test_what_is_not_let_in_at_all_leaves_no_trace(many: Ledger) -> None:
    before = len(many.log.entries())
    assert many.cases.work([("C1", Done("released", "wu"))], AT) == ["nobody has claimed it"]
    assert len(many.log.entries()) == before
    with pytest.raises(ValueError, match="settled is not for people to do"):
        many.cases.work([("C1", Done("settled", "wu"))], AT)


def test_an_appeal_reopens_a_case_unless_the_borrower_has_another(many: Ledger) -> None:
    many.cases.work([("C1", Done("lapsed", "linewatch"))], AT)
    assert many.cases.closed(["C1", "C2"]) == {"C1"}
    assert many.cases.work([("C1", Done("reopened", "li", "They wrote."))], AT) == [""]
    assert many.cases.closed(["C1"]) == set()
    assert "C1" in {case.case_id for case in many.cases.open()}
    many.cases.work([("C2", Done("lapsed", "linewatch"))], AT)
    again = {**CASE, "case_id": "C100", "borrower_id": "B2"}
    commit(many, a_batch(date(2026, 11, 23)), (again,))
    (why,) = many.cases.work([("C2", Done("reopened", "li", "They wrote."))], AT)
    assert why == "the borrower has an open case, C100: what they say joins it"


def test_in_line_are_the_open_cases_each_with_where_it_stands(many: Ledger) -> None:
    """A queue is ordered by what each case said as it was opened; one that was closed is in no line."""
    others = (
        {**CASE, "case_id": "N1", "borrower_id": "N1", "kind": "site_visit", "harm_cents": 2**40},
        {**CASE, "case_id": "N2", "borrower_id": "N2", "opened_on": date(2026, 12, 1)},
    )
    commit(many, a_batch(date(2026, 11, 23)), others)
    many.cases.work([("C1", Done("claimed", "wu")), ("C2", Done("lapsed", "linewatch"))], AT)
    found = {case.case_id: case for case in many.cases.lined_up(date(2026, 11, 30))}
    assert sorted(found) == sorted({f"C{at}" for at in range(CASES)} - {"C2"} | {"N1"})
    assert (found["C1"].work.holder, found["C3"].work) == ("wu", UNTOUCHED)
    assert (found["N1"].kind, found["N1"].harm_cents, found["N1"].borrower_id) == ("site_visit", 2**40, "N1")
    assert (found["C3"].kind, found["C3"].harm_cents) == ("desk_review", None)
    assert (found["C3"].opened_on, found["C3"].due_on) == (CASE["opened_on"], CASE["due_on"])
    many.cases.work([("C2", Done("reopened", "li"))], AT)
    assert "C2" in {case.case_id for case in many.cases.lined_up(date(2026, 11, 30))}


def test_many_who_reach_for_the_same_cases_while_nights_are_committed_get_each_once(
    many: Ledger, tmp_path: Path
) -> None:
    got: list[list[str]] = [[] for _ in range(REVIEWERS)]
    failed: list[BaseException] = []
    ready = threading.Barrier(REVIEWERS + 1)

    def reviewer(number: int) -> None:
        try:
            mine = open_ledger(tmp_path / "home")
            ready.wait()
            for at in range(CASES):
                case = f"C{(at + number) % CASES}"
                acts = [(case, Done("claimed", f"R{number}")), (case, Done("decided", f"R{number}", "seen"))]
                if mine.cases.work(acts, AT) == ["", ""]:
                    got[number].append(case)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=reviewer, args=(number,)) for number in range(REVIEWERS)]
    for thread in threads:
        thread.start()
    ready.wait()
    for day in (22, 23, 24):
        commit(many, a_batch(date(2026, 11, day)), (CASE | {"case_id": f"N{day}", "borrower_id": f"N{day}"},))
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(case for mine in got for case in mine) == sorted(f"C{at}" for at in range(CASES))
    for case, work in many.cases.standing([f"C{at}" for at in range(CASES)]).items():
        assert work.stage is Stage.READY, case
        assert [done.kind for done in many.cases.events(case)] == ["opened", "claimed", "decided"]
