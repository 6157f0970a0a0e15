"""Scenarios on made-up lenders, whose nights stand in the home already."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from expectations import checker
from flows import people
from linewatch.documents import load_documents
from linewatch.night import Night
from linewatch.room import disk_told
from tasks.checkpoint import sign
from tasks.demo import write_demo
from tasks.export import export_night
from tasks.reverse import ask, planned
from tests.torture.scenarios import MOMENT, Scenario, at_home, by_name
from tests.whole_night import run_night

checker.load()  # or every child imports it, which takes longer than the steps

FIRST, SECOND = date(2026, 11, 20), date(2026, 11, 21)
BORROWERS = 40


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


def _of_demo(home: Path, place: Path, as_of: date) -> Night:
    source = place / "lender" / as_of.isoformat()
    return Night(as_of, home, str(source), load_documents(as_of), MOMENT, threads=1)


def _one_night(place: Path) -> None:
    write_demo(place / "lender", borrowers=BORROWERS, seed=7, nights=2, every="day")
    run_night(place / "lender" / FIRST.isoformat(), FIRST, place / "template", threads=1)


def _held(place: Path) -> None:
    _one_night(place)
    source = place / "lender" / SECOND.isoformat()
    run_night(source, SECOND, place / "template", threads=1, held_because=("seen by nobody yet",))


def _two_nights(place: Path) -> None:
    _one_night(place)
    run_night(place / "lender" / SECOND.isoformat(), SECOND, place / "template", threads=1)


def _asked(place: Path) -> None:
    _two_nights(place)
    with planned(place / "template", FIRST) as plan:
        ask(plan, by="wu", because="The card was wrong.", second="", recorded_at=MOMENT)


SCENARIOS = by_name(
    Scenario("steps", "a night by all its real steps, upon another", _one_night, _night_by_steps),
    Scenario("approve", "approve of a held night, publish and export", _held, _approve),
    Scenario("reverse", "the reversal of a night, its letters and its publish", _asked, _reverse),
)
