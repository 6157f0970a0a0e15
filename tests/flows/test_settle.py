"""What people decide becomes limit changes: decided again by the night's own statements, whole or not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import people
from flows.settling import settle_all, settle_ready
from flows.takein import take_in_file
from ledger import open_ledger, standing_ledger
from linewatch import fault
from linewatch.casework import Done, Stage
from linewatch.errors import NightHeld
from sql.engine import Engine
from sql.past import leave_past
from tasks.demo import write_demo
from tasks.explain import explain
from tests.flows.review_home import (
    AS_OF,
    AT,
    CREW,
    SMALL_CENTS,
    answer,
    committed,
    documents,
    queue,
    says,
    settlements,
    taken,
)
from tests.letters.letters_fixture import outbox_in
from tests.whole_night import run_night

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")
OUTCOMES = ("approve", "keep", "another_limit", "freeze")
POINTS = (
    "settle.file:inside",
    "settle.transaction:inside",
    "publish.delivered:before",
    *(
        pytest.param(point, marks=pytest.mark.slow)
        for point in ("settle.file:before", "settle.file:after", "settle.transaction:after")
    ),
)


@dataclass(frozen=True)
class Approved:
    """The queue with every case approved, a home that has settled it, and the root of the settlement."""

    answered: Path
    home: Path
    root: str


class CutOff(Exception):
    """Raised in place of a kill."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committed(tmp_path_factory.mktemp("reviewed"))


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Iterator[Path]:
    yield Path(shutil.copytree(made, tmp_path / "home"))
    fault.arm(None)


@pytest.fixture(scope="module")
def approved(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Approved:
    place = tmp_path_factory.mktemp("approved")
    home = Path(shutil.copytree(made, place / "home"))
    answered = answer(home, place / "answered.xlsx", lambda cells: says("approve"))
    return Approved(answered, home, taken(home, answered)["settlement"]["root"])


def rows(home: Path, name: str, which: int = -1) -> dict[str, dict[str, Any]]:
    """A file of a batch by line."""
    path = open_ledger(home).batches()[which].path(home, name)
    assert path is not None
    return {row["facility_id"]: row for row in pq.read_table(path).to_pylist()}


def in_force(home: Path) -> dict[str, dict[str, Any]]:
    """How each line stands, as the next night would carry it on."""
    now = open_ledger(home).history()
    with Engine(None) as engine, engine.cursor() as db:
        leave_past(db, now.decisions, now.states)
        return {
            row["facility_id"]: row for row in db.raw.sql("from past_decision").to_arrow_table().to_pylist()
        }


def test_every_outcome_ends_as_asked_and_nothing_else_moves(home: Path, tmp_path: Path) -> None:
    before, sent = in_force(home), queue(home)
    wanted = dict(zip((row["case_id"] for row in sent), cycle(OUTCOMES), strict=False))

    def of(cells: Any) -> Any:
        outcome = wanted[cells["case_id"]]
        if outcome != "another_limit":
            return says(outcome)
        return says(outcome, new_limit=min(max(cells["owed"], round(cells["limit"] * 0.7)), cells["limit"]))

    told = taken(home, answer(home, tmp_path / "answered.xlsx", of))
    changes, settled, now = rows(home, "changes"), rows(home, "settled"), in_force(home)
    decided = rows(home, "decisions", 0)
    assert told["decided"] == told["settlement"]["cases"] > 12
    assert {row["outcome"] for row in settled.values()} == set(OUTCOMES)
    for name, row in settled.items():
        asked = {
            "approve": decided[name]["proposed_limit_cents"],
            "another_limit": row["asked_limit_cents"],
        }.get(row["outcome"], before[name]["committed_limit_cents"])
        assert now[name]["committed_limit_cents"] == row["new_limit_cents"] == asked
        stopped = row["outcome"] == "approve" and decided[name]["recommendation"] == "draw_stop"
        assert now[name]["person_block"] == (row["outcome"] == "freeze" or stopped)
        if name in changes:
            assert changes[name]["case_id"] == row["case_id"]
            assert changes[name]["old_limit_cents"] == before[name]["committed_limit_cents"]
        else:
            assert row["action"] in ("hold", "offer")
        called = row["adverse_action"], row["adverse_because"]
        if row["outcome"] == "approve" and row["action"] == "decrease":
            assert called == (decided[name]["adverse_action"], decided[name]["adverse_because"])
        elif row["action"] in ("decrease", "freeze"):
            assert called == ("adverse", "own_ground")
        elif row["requested_limit_cents"] is None:
            assert called == ("not_adverse", "nothing_worse")
    for name in set(before) - set(settled):
        assert now[name] == before[name]
    assert set(changes) <= set(settled)
    still = {each.case_id for each in open_ledger(home).cases.open()}
    assert not still & {row["case_id"] for row in settled.values()}


def test_a_settled_limit_is_never_under_what_is_owed_nor_over_what_the_caps_leave(
    home: Path, tmp_path: Path
) -> None:
    """Asking for nothing at all, and for a thousandfold, comes back with what bound it."""
    low = taken(home, answer(home, tmp_path / "low.xlsx", lambda cells: says("another_limit", new_limit=0)))
    owing = [row for row in queue(home) if row["owed"] > 0 and row["limit"] > 0]
    assert low["faults"]["bound"] >= len(owing) > 0
    high = taken(
        home,
        answer(
            home, tmp_path / "high.xlsx", lambda cells: says("another_limit", new_limit=cells["limit"] * 1000)
        ),
    )
    assert high["decided"] == 0
    assert high["faults"]["bound"] > 0
    for row in rows(home, "settled").values():
        assert row["new_limit_cents"] == row["after_floor_cents"] == 0


def test_a_cut_with_a_reason_that_no_letter_can_give_is_refused_and_its_letter_says_the_others(
    home: Path, tmp_path: Path
) -> None:
    def of(reason: str) -> Any:
        return lambda cells: says(
            "another_limit", reason=reason, new_limit=max(cells["owed"], cells["limit"] * 0.9)
        )

    vague = taken(home, answer(home, tmp_path / "vague.xlsx", of("newer_information")))
    assert vague["faults"]["reason_not_told"] > 0
    told = taken(home, answer(home, tmp_path / "told.xlsx", of("income_lower")))
    letters = rows(home, "drafts")
    cuts = [name for name, row in rows(home, "settled").items() if row["action"] == "decrease"]
    assert told["settlement"]["drafts"] == len(letters)
    assert set(cuts) <= set(letters)
    for name in cuts:
        assert letters[name]["reason_codes"] == ["income_lower"]
        assert "收入" in letters[name]["body"] or "income" in letters[name]["body"]


def test_a_reviewer_decides_no_more_than_their_amount(home: Path, tmp_path: Path) -> None:
    small = CREW[-1]
    told = taken(home, answer(home, tmp_path / "small.xlsx", lambda cells: says("approve", by=small)))
    settled = rows(home, "settled")
    moved: dict[str, int] = {}
    for row in settled.values():
        moved[row["case_id"]] = moved.get(row["case_id"], 0) + abs(
            row["new_limit_cents"] - row["standing_limit_cents"]
        )
    assert told["faults"]["over_amount_limit"] > 0
    assert max(moved.values()) <= SMALL_CENTS


def test_what_was_settled_is_carried_on_published_and_told(approved: Approved, tmp_path: Path) -> None:
    home = Path(shutil.copytree(approved.home, tmp_path / "home"))
    ledger = open_ledger(home)
    (settled,) = settlements(ledger)
    assert ledger.pending() == []
    out = settled.out(home)
    assert len(outbox_in(out)) == settled.counts["drafts"]
    checked = subprocess.run(
        [sys.executable, "-m", "verify", "--home", str(home)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    (source,) = write_demo(
        tmp_path / "lender", borrowers=600, seed=3, nights=2, every="day", feedback=home,
        last_as_of=AS_OF + timedelta(days=1),
    )  # fmt: skip
    day = AS_OF + timedelta(days=1)
    stands = in_force(home)
    run_night(
        source.folder, day, home, documents=documents(day, tmp_path / "documents", review=""), promises=False
    )
    decided = rows(home, "decisions")
    changes = rows(home, "changes", ledger.batches().index(settled))
    assert len(changes) > 3
    for name in changes:
        assert decided[name]["limit_cents"] == stands[name]["committed_limit_cents"]
        if changes[name]["old_limit_cents"] != changes[name]["new_limit_cents"]:
            shown = changes[name]["effective_on"] <= day
            assert decided[name]["limit_origin"] == ("source" if shown else "in_flight")
    assert (
        explain(home, next(iter(changes))).content["limit_cents"]
        == stands[next(iter(changes))]["committed_limit_cents"]
    )


def test_a_block_by_people_stands_until_its_case_is_decided_otherwise(home: Path, tmp_path: Path) -> None:
    taken(home, answer(home, tmp_path / "frozen.xlsx", lambda cells: says("freeze")))
    case = next(iter(rows(home, "settled").values()))["case_id"]
    name = next(iter(rows(home, "settled")))
    ledger = open_ledger(home)
    ledger.cases.work([(case, Done("reopened", "li", "They call."))], AT)
    only = lambda cells: says("keep", by="li") if cells["case_id"] == case else None  # noqa: E731
    told = taken(home, answer(home, tmp_path / "lifted.xlsx", only))
    assert told["settlement"]["cases"] == 1
    assert rows(home, "changes")[name]["blocked"] is False
    assert not in_force(home)[name]["own_block"]
    assert len(settlements(ledger)) == 2


def test_a_decided_case_that_cannot_end_so_any_more_is_sent_back_with_what_bound_it(home: Path) -> None:
    ledger = open_ledger(home)
    case = next(
        each for each in ledger.cases.open() if rows(home, "decisions", 0)[each.facility_id]["owed_cents"]
    )
    lines = [
        {
            "facility_id": name,
            "outcome": "another_limit",
            "limit_cents": 0,
            "reason": "income_lower",
            "note": "",
        }
        for name in case.content["facility_ids"]
    ]
    ledger.cases.work([(case.case_id, Done("decided", "wu", "", {"lines": lines}))], AT)
    done = settle_ready(home, AT)
    assert done.receipt is None
    assert list(done.sent_back) == [case.case_id]
    assert "owed" in done.sent_back[case.case_id]
    stands = ledger.cases.standing([case.case_id])[case.case_id]
    assert (stands.stage, stands.decided) == (Stage.WAITING, None)
    assert settlements(ledger) == []


@pytest.mark.parametrize("point", POINTS)
def test_cut_off_at_any_point_the_same_command_settles_once(
    home: Path, approved: Approved, point: str
) -> None:
    answered = approved.answered

    def cut(name: str) -> None:
        if name == point:
            raise CutOff

    fault.arm(cut)
    with pytest.raises(CutOff):
        take_in_file(home, answered, None, AT)
    fault.arm(None)
    again = take_in_file(home, answered, None, AT)
    ledger = open_ledger(home)
    (settled,) = settlements(ledger)
    assert (settled.root, ledger.pending()) == (approved.root, [])
    assert again["unchanged"] == settled.counts["cases"]
    assert {entry["batch"] for entry in outbox_in(settled.out(home))} == {settled.batch}
    assert ledger.cases.ready() == {}


def test_while_a_night_is_held_or_runs_outcomes_come_in_and_their_settlement_waits(
    home: Path, approved: Approved, tmp_path: Path
) -> None:
    answered = approved.answered
    with people.acting(home, "a night", AT):
        told = taken(home, answered)
    assert told["settlement"]["status"] == "waits"
    day = AS_OF + timedelta(days=1)
    (source,) = write_demo(tmp_path / "lender", borrowers=600, seed=3, last_as_of=day)
    given = documents(day, tmp_path / "documents", review="")
    run_night(source.folder, day, home, documents=given, held_because=("nobody has looked",), promises=False)
    with pytest.raises(NightHeld):
        settle_all(home, AT)
    assert len(open_ledger(home).cases.ready()) == told["decided"] > 0
    people.discard(home, day, "li", "Not this one.", AT)
    assert settle_all(home, AT)["cases"] == told["decided"]
    assert standing_ledger(home).cases.ready() == {}


def test_a_night_that_people_have_settled_upon_is_not_revised(approved: Approved) -> None:
    from linewatch.errors import NightRefused

    with pytest.raises(NightRefused, match="was committed upon it"):
        open_ledger(approved.home).check_may_run(AS_OF, "other", "other", revise=True)


def test_the_first_day_of_what_is_settled_is_the_lenders_own_and_a_cut_waits_for_its_notice(
    home: Path, approved: Approved
) -> None:
    late = AT + timedelta(days=9)
    taken(home, approved.answered, late)
    decided = rows(home, "decisions", 0)
    for name, row in rows(home, "settled").items():
        if row["action"] == "decrease":
            asked = (decided[name]["effective_on"] - AS_OF).days - 1
            assert row["effective_on"] == date(2026, 12, 1) + timedelta(days=asked)
