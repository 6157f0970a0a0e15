"""Twenty people claim, answer and settle at once beside a night that runs: each answer once, all legal."""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import people
from flows.settling import settle_all, settle_before
from flows.takein import take_in
from ledger import Ledger, open_ledger
from linewatch.errors import Busy
from linewatch.night import Night
from tasks.casework import claim
from tasks.demo import write_demo
from tasks.export import queue_rows
from tasks.move_ledger import move_ledger
from tasks.verify_log import verify_home
from tests.flows.review_home import AS_OF, AT, committed, documents, says, settlements
from tests.ledger.plain_cases import Work, do, may
from tests.postgres import fresh_database
from tests.whole_night import run_night

NEXT = AS_OF + timedelta(days=1)
BEGUN = AT + timedelta(days=1)
REVIEW = '\n[review]\nsecond_look_cents = 100\nbecause = "Whatever moves a limit is looked at twice."\n'
PLAIN = {"sent_on": "more_asked"}
BY_NIGHTS = ("opened", "seen_again")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committed(tmp_path_factory.mktemp("many"), borrowers=300, review=REVIEW, register=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (night,) = write_demo(tmp_path_factory.mktemp("next"), borrowers=300, seed=3, last_as_of=NEXT)
    return night.folder


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = Path(shutil.copytree(made, tmp_path / "home"))
    if request.param == "postgresql":
        monkeypatch.setenv("LINEWATCH_LEDGER", fresh_database("ledger"))
        move_ledger(home, AT)
    return home


@dataclass
class Crowd:
    """People who all work on the same cases, and what each was told that came of it."""

    home: Path
    rounds: int
    night_runs: Event = field(default_factory=Event)
    taken: list[tuple[str, str, str]] = field(default_factory=list)
    """Case, who, and the note of each answer that was said to be taken in."""
    claimed: list[tuple[str, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    settled: list[str] = field(default_factory=list)
    hours: Iterator[int] = field(default_factory=itertools.count)

    def moment(self) -> Any:
        return AT + timedelta(seconds=next(self.hours))

    def reviewer(self, number: int, *, waits: bool) -> None:
        me, random = f"reviewer {number:02}", Random(number)
        if waits:
            assert self.night_runs.wait(100)
        cases: dict[str, list[Row]] = {}
        for row in queue_rows(self.home).rows:
            cases.setdefault(row["case_id"], []).append(row)
        for turn in range(self.rounds):
            some = random.sample(sorted(cases), min(4, len(cases)))
            done = claim(self.home, some[:1], by=me, recorded_at=self.moment())
            self.claimed += [(case, me) for case in done.done]
            note = f"{me}, file {turn}"
            outcome = random.choice(["keep", "another_limit", "freeze"]) if number % 3 == 0 else "ask_more"
            rows = [
                (f"row {at}", {**row, **self.says(row, outcome, me, note)})
                for at, row in enumerate(row for case in some for row in cases[case])
            ]
            found, taken = take_in(self.home, rows, self.moment())
            for kind in ("decided", "second_look", "agreed", "disagreed", "asked"):
                self.taken += [(case, me, note) for case in getattr(taken, kind)]
            self.refused.update(fault.code for _, faults in found.refused for fault in faults)
            if number % 3 == 0:
                self.settle()

    def last(self, me: str) -> None:
        """Keeps what nobody has: something is settled upon the night however the threads take turns."""
        rows = queue_rows(self.home).rows
        done = claim(
            self.home, sorted({row["case_id"] for row in rows}), by=me, recorded_at=self.moment()
        ).done
        self.claimed += [(case, me) for case in done]
        kept = [
            (f"row {at}", {**row, **self.says(row, "keep", me, "the last file")})
            for at, row in enumerate(row for row in rows if row["case_id"] in done)
        ]
        _, taken = take_in(self.home, kept, self.moment())
        for kind in ("decided", "second_look", "agreed", "disagreed", "asked"):
            self.taken += [(case, me, "the last file") for case in getattr(taken, kind)]

    def says(self, row: Row, outcome: str, me: str, note: str) -> Row:
        limit = max(row["owed"], round(float(row["limit"]) * 0.9))
        return says(outcome, by=me, note=note, **({"new_limit": limit} if outcome == "another_limit" else {}))

    def settle(self) -> None:
        with suppress(Busy):
            self.settled.append(settle_all(self.home, self.moment())["status"])

    def night(self, source: Path, place: Path) -> None:
        given = documents(NEXT, place, review=REVIEW, register=False)
        night = Night(NEXT, self.home, "", given, BEGUN)
        while not self.night_runs.is_set():
            with suppress(Busy), people.acting(self.home, "a night", BEGUN):
                self.night_runs.set()
                settle_before(night)
                run_night(source, NEXT, self.home, documents=given, recorded_at=BEGUN, promises=False)


def work(home: Path, source: Path, place: Path, people_at_work: int, rounds: int) -> Crowd:
    """Half of the crowd begins before the night and goes on beside it, half begins once it runs."""
    crowd = Crowd(home, rounds)
    with ThreadPoolExecutor(people_at_work + 1) as pool:
        first = [pool.submit(crowd.reviewer, n, waits=False) for n in range(0, people_at_work, 2)]
        later = [pool.submit(crowd.reviewer, n, waits=True) for n in range(1, people_at_work, 2)]
        next(each for each in first if each.exception() is None)
        night = pool.submit(crowd.night, source, place)
        for each in (*first, *later, night):
            each.result()
    crowd.last("reviewer last")
    crowd.settle()
    return crowd


def assert_nothing_lost_and_all_legal(crowd: Crowd) -> None:
    ledger = open_ledger(crowd.home)
    told: list[tuple[str, str, str]] = []
    claims: list[tuple[str, str]] = []
    for case in every_case(ledger):
        stands = Work("", set())
        for event in ledger.cases.events(case):
            notes = {line.get("note") for line in event.content.get("lines", ()) if line.get("note")}
            if event.kind in ("decided", "agreed", "disagreed", "more_asked", "sent_on"):
                (note,) = notes
                told.append((case, event.by, note))
            if event.kind == "claimed":
                claims.append((case, event.by))
            step(stands, event)
    assert sorted(told) == sorted(crowd.taken)
    assert sorted(claims) == sorted(crowd.claimed)


def step(stands: Work, event: Any) -> None:
    """Add an event, which must have been legal where the case stood."""
    if event.kind in BY_NIGHTS:
        return
    kind = PLAIN.get(event.kind, event.kind)
    if kind == "decided" and event.content["second_look"]:
        kind = "looked_at"
    if kind in ("settled", "sent_back"):
        assert stands.stage == "ready", event
    else:
        assert may(stands, kind, event.by, other_is_open=False), event
    do(stands, kind, event.by, list(event.content.get("lines", ())))


def every_case(ledger: Ledger) -> set[str]:
    found = set()
    for each in ledger.batches(state="committed"):
        path = each.path(ledger.home, "cases")
        found |= {row["case_id"] for row in pq.read_table(path).to_pylist()} if path else set()
    return found


def assert_changes_are_a_chain(ledger: Ledger) -> None:
    """Each change of a line begins where the last one ended, and a night finds it there."""
    limits: dict[str, int] = {}
    closed: Counter[str] = Counter()
    for each in ledger.batches(state="committed"):
        if path := each.path(ledger.home, "decisions"):
            for row in pq.read_table(path).to_pylist():
                assert limits.setdefault(row["facility_id"], row["limit_cents"]) == row["limit_cents"]
        for row in pq.read_table(each.path(ledger.home, "changes")).to_pylist():
            assert limits[row["facility_id"]] == row["old_limit_cents"]
            limits[row["facility_id"]] = row["new_limit_cents"]
        if path := each.path(ledger.home, "settled"):
            closed.update({row["case_id"] for row in pq.read_table(path).to_pylist()})
    assert set(closed.values()) == {1}


def assert_sound(crowd: Crowd) -> None:
    ledger = open_ledger(crowd.home)
    assert_nothing_lost_and_all_legal(crowd)
    assert_changes_are_a_chain(ledger)
    open_now = [case.borrower_id for case in ledger.cases.open()]
    assert len(open_now) == len(set(open_now))
    assert ledger.cases.ready() == {}
    assert ledger.pending() == []
    assert verify_home(crowd.home, (), (), lambda line: None).faults == ()
    assert {each.as_of for each in settlements(ledger)} == {AS_OF, NEXT}


def test_twenty_reviewers_at_once_beside_a_night_lose_nothing_and_break_no_rule(
    home: Path, source: Path, tmp_path: Path
) -> None:
    crowd = work(home, source, tmp_path / "documents", 20, rounds=1)
    print(len(crowd.taken), crowd.refused, crowd.settled)
    assert_sound(crowd)
