"""Three nights and a crew of five: they take cases, answer them in a workbook, and every case ends."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import people
from ledger import CaseEvent, Ledger, open_ledger
from linewatch.casework import CLOSES, Casework, Stage
from linewatch.people import other_than
from linewatch.second_look import DecidedLine, moved_cents
from tasks.casework import claim_next
from tasks.demo import write_demo
from tasks.expire import expire_due
from tests.flows.review_home import AS_OF, CREW, answer, documents, queue, says, taken
from tests.whole_night import run_night

pytestmark = [pytest.mark.filterwarnings("ignore:Sparkline Group extension"), pytest.mark.xdist_group("crew")]
NIGHTS = [AS_OF + timedelta(days=n) for n in range(3)]
CAPACITY = dict.fromkeys(CREW, 5)
SECOND_LOOK_CENTS = 1_000_000
GRADES = ("F", "G")
REVIEW = f"""
[review]
second_look_cents = {SECOND_LOOK_CENTS}
second_look_grades = ["F", "G"]
blind_share_bp = 2000
because = "A demo: much is read twice."
"""
BORROWERS = 400


@dataclass
class Worked:
    """A home after all of it, and what each of the crew took on each day."""

    home: Path
    claims: dict[tuple[date, str], list[str]] = field(default_factory=dict)
    told: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        return open_ledger(self.home)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """Three nights, a working day of the crew after each; then days until nothing is open."""
    place = tmp_path_factory.mktemp("crew")
    worked = Worked(place / "home")
    for day in NIGHTS:
        _night(place, worked.home, day)
        _work(place, worked, day)
    for day in (NIGHTS[-1] + timedelta(days=n) for n in range(1, 30)):
        if not worked.ledger.cases.standing():
            break
        _work(place, worked, day)
    return worked


def _night(place: Path, home: Path, day: date) -> None:
    """The day's data with what was published so far, a night upon it, and what becomes of late cases."""
    (source,) = write_demo(
        place / "lender",
        borrowers=BORROWERS,
        seed=3,
        nights=len(NIGHTS),
        every="day",
        last_as_of=NIGHTS[-1],
        feedback=home if home.exists() else _nothing(place),
    )
    assert source.as_of == day
    given = documents(day, place / f"documents-{day}", review=REVIEW)
    if run_night(source.folder, day, home, documents=given, promises=False).status == "held":
        for name in CREW[:2]:
            if open_ledger(home).held() is not None:
                people.approve(home, day, name, "Read the report.", _at(day, 8))
    expire_due(home, day, _at(day, 8))


def _nothing(place: Path) -> Path:
    (place / "nothing").mkdir(exist_ok=True)
    return place / "nothing"


def _work(place: Path, worked: Worked, day: date) -> None:
    """Each of the crew takes what they can of the queue, answers it in a workbook, and sends it in."""
    for hour, name in enumerate(CREW, start=9):
        order = list(dict.fromkeys(row["case_id"] for row in queue(worked.home)))
        own = claim_next(worked.home, order, CAPACITY[name], by=name, recorded_at=_at(day, hour)).done
        worked.claims[day, name] = list(own)
        if not own:
            continue
        path = place / "answers" / f"{day}-{name}.xlsx"
        answer(worked.home, path, lambda cells: _answer(cells, name) if cells["case_id"] in own else None)  # noqa: B023
        worked.told.append(taken(worked.home, path, _at(day, hour, 30)))
        left = [each for each, work in worked.ledger.cases.standing().items() if work.holder == name]
        for case_id in left:
            _give_back(worked, case_id, name, _at(day, hour, 45))


def _give_back(worked: Worked, case_id: str, name: str, at: datetime) -> None:
    from tasks.casework import release

    release(worked.home, [case_id], by=name, because="Too large for me.", recorded_at=at)


def _answer(cells: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What the crew think of a case: mostly the same, whoever looks; now and then one differs."""
    lot = int(hashlib.sha256(cells["case_id"].encode()).hexdigest(), 16)
    if name == "chen" and lot % 5 == 0:
        return says("keep", by=name)
    outcome = ("approve", "approve", "keep", "another_limit")[lot % 4]
    if outcome == "another_limit":
        midway = (cells["limit"] + (cells["proposed_limit"] or 0)) / 2
        return says(outcome, by=name, new_limit=round(max(cells["owed"], midway)))
    if outcome == "approve" and not cells["reasons"]:
        return says("keep", by=name)
    return says(outcome, by=name)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(hour, minute), UTC)


def _cases(worked: Worked) -> dict[str, list[CaseEvent]]:
    named = {case_id for some in worked.claims.values() for case_id in some}
    opened = {
        row["case_id"]
        for batch in worked.ledger.batches()
        if batch.kind == "night" and (path := batch.path(worked.home, "cases")) is not None
        for row in pq.read_table(path, columns=["case_id"]).to_pylist()
    }
    return {case_id: worked.ledger.cases.events(case_id) for case_id in named | opened}


def _settled(worked: Worked) -> list[dict[str, Any]]:
    return [
        {**row, "batch": batch.batch}
        for batch in worked.ledger.batches()
        if batch.kind == "settlement" and (path := batch.path(worked.home, "settled")) is not None
        for row in pq.read_table(path).to_pylist()
    ]


def _changes(worked: Worked, kind: str) -> list[dict[str, Any]]:
    return [
        row
        for batch in worked.ledger.batches()
        if batch.kind == kind and (path := batch.path(worked.home, "changes")) is not None
        for row in pq.read_table(path).to_pylist()
    ]


def test_every_case_comes_to_an_end(worked: Worked) -> None:
    cases = _cases(worked)
    assert len(cases) > 15
    stands: dict[str, Casework] = worked.ledger.cases.standing(cases)
    assert {work.stage for work in stands.values()} == {Stage.CLOSED}
    ends = Counter(next(e.kind for e in reversed(events) if e.kind in CLOSES) for events in cases.values())
    assert set(ends) <= {"settled", "lapsed"}
    assert ends["settled"] > 10
    assert worked.ledger.cases.ready() == {}


def test_nobody_took_more_than_they_can_and_no_case_had_two_at_once(worked: Worked) -> None:
    for (_, name), taken_on in worked.claims.items():
        assert len(taken_on) <= CAPACITY[name]
    for events in _cases(worked).values():
        holder = ""
        for event in events:
            if event.kind == "claimed":
                assert holder == ""
                holder = event.by
            elif event.kind in ("released", "decided", "agreed", "disagreed", "escalated", *CLOSES):
                holder = ""


def test_each_limit_that_people_moved_is_explained_by_its_case(worked: Worked) -> None:
    settled = {(row["batch"], row["facility_id"]): row for row in _settled(worked)}
    changes = _changes(worked, "settlement")
    assert len([row for row in changes if row["old_limit_cents"] != row["new_limit_cents"]]) >= 3
    for change in changes:
        row = settled[change["batch"], change["facility_id"]]
        assert (change["case_id"], change["new_limit_cents"]) == (row["case_id"], row["new_limit_cents"])
        events = worked.ledger.cases.events(change["case_id"])
        decided = [event for event in events if event.kind == "decided"][-1]
        assert row["decided_by"] == decided.by
        (line,) = [each for each in decided.content["lines"] if each["facility_id"] == change["facility_id"]]
        assert line["outcome"] == row["outcome"]
    for change in _changes(worked, "night"):
        assert change["case_id"] is None


def test_four_eyes_were_on_every_line_over_the_threshold(worked: Worked) -> None:
    rates = _rates(worked)
    grades = _grades(worked)
    by_case = defaultdict(list)
    for row in _settled(worked):
        by_case[row["case_id"], row["batch"]].append(row)
    over = 0
    for rows in by_case.values():
        moved = moved_cents(
            DecidedLine("another_limit", row["standing_limit_cents"], None, row["asked_limit_cents"], None,
                        rates[row["facility_id"]])
            for row in rows
        )  # fmt: skip
        bad = any(
            grades[row["facility_id"]] in GRADES and row["asked_limit_cents"] != row["standing_limit_cents"]
            for row in rows
        )
        if moved is None or moved >= SECOND_LOOK_CENTS or bad:
            over += 1
            assert all(row["agreed_by"] and other_than(row["agreed_by"], row["decided_by"]) for row in rows)
    assert over >= 2
    kinds = Counter(event.kind for events in _cases(worked).values() for event in events)
    assert kinds["agreed"] >= over
    for events in _cases(worked).values():
        for first, second in pairwise(events):
            if second.kind in ("agreed", "disagreed") and first.kind == "decided":
                assert other_than(first.by, second.by)


def _grades(worked: Worked) -> dict[str, str]:
    return {row["facility_id"]: row["grade"] for row in _decided(worked)}


def _rates(worked: Worked) -> dict[str, int]:
    """By line the reporting units for one of its own, in millionths, on the last night."""
    day = worked.home.parent / "lender" / NIGHTS[-1].isoformat()
    rates = {row["currency"]: row["rate_ppm"] for row in pq.read_table(day / "fx_rate.parquet").to_pylist()}
    return {row["facility_id"]: rates.get(row["currency"], 1_000_000) for row in _decided(worked)}


def _decided(worked: Worked) -> list[dict[str, Any]]:
    return [
        row
        for batch in worked.ledger.batches()
        if batch.kind == "night" and (path := batch.path(worked.home, "decisions")) is not None
        for row in pq.read_table(path, columns=["facility_id", "grade", "currency"]).to_pylist()
    ]


def test_no_case_that_expired_was_cut_by_it(worked: Worked) -> None:
    """What lapsed moved nothing; what went up moved only when people decided it."""
    moved = {row["case_id"] for row in _changes(worked, "settlement")}
    for case_id, events in _cases(worked).items():
        kinds = [event.kind for event in events]
        if "lapsed" in kinds:
            assert case_id not in moved
        if "escalated" in kinds and case_id in moved:
            assert kinds.index("escalated") < len(kinds) - 1
            assert "decided" in kinds


def test_the_record_of_it_all_can_be_proven(worked: Worked) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "verify", "--home", str(worked.home)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
