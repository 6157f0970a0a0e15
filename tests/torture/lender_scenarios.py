"""Scenarios on made-up lenders, whose nights stand in the home already."""

from __future__ import annotations

from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

from expectations import checker
from flows import people
from flows.takein import take_in_file
from linewatch.documents import load_documents
from linewatch.night import Night
from linewatch.room import disk_told
from tasks.checkpoint import sign
from tasks.demo import write_demo
from tasks.export import export_night
from tasks.reverse import ask, planned
from tests.flows.review_home import answer, says
from tests.torture.scenarios import MOMENT, Scenario, at_home, by_name
from tests.whole_night import run_night

checker.load()  # or every child imports it, which takes longer than the steps

ANSWERED = "answered.xlsx"
FIRST, SECOND = date(2026, 11, 20), date(2026, 11, 21)
BORROWERS = 40
WITH_CASES = 120
"""So many that some of the cases propose a cut."""


def _night_by_steps(home: Path, place: Path) -> None:
    made = _of_demo(home, place, SECOND)
    with at_home(made):
        run_night(made.source, made.as_of, home, threads=1)
        sign(home, made.documents.profile.log, made.recorded_at)
        export_night(home, made.as_of)


def _approve(home: Path, place: Path) -> None:
    with disk_told(home):
        people.approve(home, SECOND, "wu", "Seen.", MOMENT)


def _reverse(home: Path, place: Path) -> None:
    with disk_told(home):
        people.confirm_reversal(home, FIRST, "li", "Seen.", MOMENT)


def _settle(home: Path, place: Path) -> None:
    with disk_told(home):
        take_in_file(home, place / ANSWERED, None, MOMENT)


def _of_demo(home: Path, place: Path, as_of: date) -> Night:
    source = place / "lender" / as_of.isoformat()
    return Night(as_of, home, str(source), load_documents(as_of), MOMENT, threads=1)


def _one_night(place: Path, borrowers: int = BORROWERS) -> None:
    write_demo(place / "lender", borrowers=borrowers, seed=7, nights=2, every="day")
    run_night(place / "lender" / FIRST.isoformat(), FIRST, place / "template", threads=1)


def _held(place: Path) -> None:
    _one_night(place)
    source = place / "lender" / SECOND.isoformat()
    run_night(source, SECOND, place / "template", threads=1, held_because=("seen by nobody yet",))


def _two_nights(place: Path) -> None:
    _one_night(place)
    run_night(place / "lender" / SECOND.isoformat(), SECOND, place / "template", threads=1)


def _answered(place: Path) -> None:
    """A night whose cases are answered, in one of each way, and one by what is no answer."""
    _one_night(place, WITH_CASES)
    ways = cycle(("approve", "another_limit", "freeze", "keep", "ask_more", "maybe"))
    by_case: dict[str, str] = {}

    def of(cells: Any) -> Any:
        way = by_case.setdefault(cells["case_id"], next(ways))
        more = (
            {"new_limit": max(cells["owed"], round(cells["limit"] * 0.9))} if way == "another_limit" else {}
        )
        return says(way, **more)

    answer(place / "template", place / ANSWERED, of)


def _asked(place: Path) -> None:
    _two_nights(place)
    with planned(place / "template", FIRST) as plan:
        ask(plan, by="wu", because="The card was wrong.", second="", recorded_at=MOMENT)


SCENARIOS = by_name(
    Scenario("steps", "a night by all its real steps, upon another", _one_night, _night_by_steps),
    Scenario("approve", "approve of a held night, publish and export", _held, _approve),
    Scenario("settle", "answers taken in, their settlement, its letters and its publish", _answered, _settle),
    Scenario("reverse", "the reversal of a night, its letters and its publish", _asked, _reverse),
)
