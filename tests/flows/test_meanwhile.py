"""Nights on which nobody draws while people are asked: it begins, stands and ends with its case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import people, replay
from ledger import Batch, open_ledger
from linewatch.casework import Done
from linewatch.expiry import expiry, proposed
from tasks.demo import write_demo
from tests.flows.review_home import AS_OF, AT, answer, documents, queue, says, taken
from tests.whole_night import run_night
from verify.home import check

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")
NEXT = AS_OF + timedelta(days=1)
THIRD, LAST = AS_OF + timedelta(days=2), AS_OF + timedelta(days=3)
PASSED = AS_OF + timedelta(days=8)
"""A day that a case is given when its own has passed."""
REASONS = {"affordability_unverified": "income", "expected_loss_exceeded": "own_credit_exposure"}
ANSWERS = ("keep", "freeze", "another_limit", "ask_more")
Row = dict[str, Any]


@dataclass(frozen=True)
class Nights:
    home: Path
    source: Path
    given: Any
    shown: dict[str, Row]
    """The first night's queue, by line."""
    case_of: dict[str, str]
    """What becomes of a case, to its key: an answer, `lapsed`, or nothing (`open`)."""

    def line(self, what: str) -> str:
        return next(name for name, row in self.shown.items() if row["case_id"] == self.case_of[what])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Three nights. Of six cases four are answered before the second, one lapses before the third."""
    place = tmp_path_factory.mktemp("meanwhile")
    (demo,) = write_demo(place / "lender", borrowers=600, seed=3, last_as_of=AS_OF)
    home = place / "home"

    def given(as_of: date) -> Any:
        return documents(as_of, place / "documents", review="", meanwhile=REASONS)

    night(demo.folder, AS_OF, home, given)
    shown = {row["facility_id"]: row for row in queue(home)}
    case_of = dict(zip((*ANSWERS, "lapsed", "open"), _cases_of_one_line(home, shown), strict=False))
    assert len(case_of) == 6
    outcomes = {case_of[outcome]: outcome for outcome in ANSWERS}
    taken(home, answer(home, place / "answers.xlsx", lambda cells: _says(cells, outcomes)))
    night(demo.folder, NEXT, home, given)
    open_ledger(home).cases.work([(case_of["lapsed"], Done("lapsed", "linewatch"))], AT + timedelta(days=1))
    night(demo.folder, THIRD, home, given)
    return Nights(home, demo.folder, given, shown, case_of)


def night(source: Path, as_of: date, home: Path, given: Any) -> None:
    moment = AT + (as_of - AS_OF) - timedelta(hours=7)
    if (
        run_night(source, as_of, home, documents=given(as_of), recorded_at=moment, promises=False).status
        == "held"
    ):
        people.approve(home, as_of, "wu", "Seen.", moment)
        if open_ledger(home).held() is not None:
            people.approve(home, as_of, "li", "Seen.", moment)


def _cases_of_one_line(home: Path, shown: dict[str, Row]) -> list[str]:
    """Cases of one line that is stopped, and would be cut."""
    stopped = rows(home, batch_of(home, AS_OF), "decisions")
    lines = Counter(row["case_id"] for row in shown.values())
    return sorted(
        row["case_id"]
        for name, row in shown.items()
        if stopped[name]["review_block"] and lines[row["case_id"]] == 1 and row["limit"] > row["owed"]
    )


def _says(cells: Row, outcomes: dict[str, str]) -> Row | None:
    outcome = outcomes.get(cells["case_id"])
    if outcome != "another_limit":
        return says(outcome) if outcome else None
    return says(outcome, new_limit=max(cells["owed"], round(cells["limit"] * 0.9)))


def batch_of(home: Path, as_of: date, kind: str = "night") -> Batch:
    return next(each for each in open_ledger(home).batches() if (each.as_of, each.kind) == (as_of, kind))


def rows(home: Path, batch: Batch, name: str) -> dict[str, Row]:
    path = batch.path(home, name)
    assert path is not None
    return {row["facility_id"]: row for row in pq.read_table(path).to_pylist()}


def told(home: Path, batch: Batch, line: str) -> tuple[str | None, list[str]]:
    """Which letter a batch drafts to the line, and the reasons in it."""
    found = rows(home, batch, "drafts").get(line)
    return (None, []) if found is None else (found["kind"], list(found["reason_codes"]))


def test_the_first_night_refers_and_freezes_with_a_letter_and_the_queue_says_what_is_proposed(
    made: Nights,
) -> None:
    first = batch_of(made.home, AS_OF)
    decided, changes = rows(made.home, first, "decisions"), rows(made.home, first, "changes")
    stopped = {name: row for name, row in decided.items() if row["review_block"]}
    assert len(stopped) > 6
    for name, row in stopped.items():
        assert (row["action"], row["route"]) == ("freeze", "referred")
        assert row["review_block"] == next(REASONS[code] for code in row["triggers"] if code in REASONS)
        assert told(made.home, first, name) == ("freeze", [row["review_block"]])
        change = changes[name]
        assert (change["old_limit_cents"], change["blocked"]) == (change["new_limit_cents"], True)
        assert made.shown[name]["proposed_limit"] * 100 == row["proposed_limit_cents"]
        assert made.shown[name]["action"] in ("decrease", "hold")
        assert "Nobody may draw until this case has ended" in made.shown[name]["why"]


@pytest.mark.parametrize(
    ("answered", "letter", "blocked"),
    [
        ("keep", ("unfreeze", []), False),
        ("freeze", ("freeze", ["conduct_confirmed"]), True),
        ("another_limit", ("decrease", ["conduct_confirmed"]), True),
    ],
)
def test_a_settlement_that_keeps_the_limit_lifts_the_block_and_one_that_moves_it_leaves_that_to_the_night(
    made: Nights, answered: str, letter: tuple[str, list[str]], blocked: bool
) -> None:
    settlement, line = batch_of(made.home, AS_OF, "settlement"), made.line(answered)
    assert told(made.home, settlement, line) == letter
    state = rows(made.home, settlement, "state")[line]
    assert (state["own_block"], state["review_block"]) == (blocked, None)
    assert state["person_block"] == (answered == "freeze")
    change = rows(made.home, settlement, "changes").get(line)
    assert (change is None) == (answered == "freeze")
    assert change is None or change["blocked"] == blocked


@pytest.mark.parametrize(
    ("answered", "action", "stands", "letter"),
    [
        ("keep", "hold", None, None),
        ("freeze", "hold", None, None),
        ("another_limit", "unfreeze", None, "unfreeze"),
        ("ask_more", "hold", "as before", None),
        ("lapsed", "hold", "as before", None),
        ("open", "hold", "as before", None),
    ],
)
def test_the_second_night_carries_the_block_of_an_open_case_and_tells_it_nobody_again(
    made: Nights, answered: str, action: str, stands: str | None, letter: str | None
) -> None:
    line, second = made.line(answered), batch_of(made.home, NEXT)
    before = rows(made.home, batch_of(made.home, AS_OF), "decisions")[line]["review_block"]
    row = rows(made.home, second, "decisions")[line]
    assert (row["action"], row["review_block"]) == (action, before if stands else None)
    assert row["own_block"] == row["drawdown_blocked"] == (bool(stands) or answered == "freeze")
    assert told(made.home, second, line)[0] == letter
    assert (line in rows(made.home, second, "changes")) == (letter is not None)


def test_the_third_night_lifts_it_where_the_case_has_lapsed_and_not_where_people_left_it(
    made: Nights,
) -> None:
    third = batch_of(made.home, THIRD)
    decided = rows(made.home, third, "decisions")
    assert decided[made.line("lapsed")]["action"] == "unfreeze"
    assert told(made.home, third, made.line("lapsed")) == ("unfreeze", [])
    frozen = decided[made.line("freeze")]
    assert (frozen["own_block"], frozen["person_block"], frozen["action"]) == (True, True, "hold")
    assert decided[made.line("open")]["review_block"]


def test_each_night_comes_to_its_root_again_and_the_record_checks(made: Nights) -> None:
    found = list(replay.all_of(made.home, None, None))
    assert [each.status for each in found] == ["same", "same", "same"], [each.text for each in found]
    assert check(made.home).faults == ()


def test_a_case_whose_day_passes_goes_up_and_its_block_stays(made: Nights) -> None:
    """Last of all: it changes the record. What was proposed with a block is no mere rise."""
    cases, case = open_ledger(made.home).cases, made.case_of["open"]
    seen = cases.seen([case])[case]
    actions = proposed((seen.first, seen.last))
    assert set(actions.values()) == {"freeze"}
    assert expiry(cases.standing([case])[case], actions.values()) == "escalated"
    escalated = Done("escalated", "linewatch", "", {"due_on": PASSED.isoformat()})
    assert cases.work([(case, escalated)], AT + timedelta(days=2)) == [""]
    night(made.source, LAST, made.home, made.given)
    row = rows(made.home, batch_of(made.home, LAST), "decisions")[made.line("open")]
    assert (row["action"], bool(row["review_block"]), row["drawdown_blocked"]) == ("hold", True, True)
