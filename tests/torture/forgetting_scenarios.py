"""Scenarios that take things away: a borrower who is erased, and what is kept no longer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from flows import people
from linewatch.errors import NotFound
from linewatch.room import disk_told
from tasks.checkpoint import sign_standing
from tasks.demo import write_demo
from tasks.export import export_night
from tasks.letters.outbox import write_outbox
from tests.planted_home import without
from tests.tasks.kept_nights import TODAY, WHO, kept_nights
from tests.torture.scenarios import Scenario, by_name
from tests.whole_night import run_night

FIRST, SECOND = date(2026, 11, 20), date(2026, 11, 21)
LATER = datetime(2031, 1, 1, 9, tzinfo=UTC)
"""When no record of law keeps what was decided then."""
BORROWERS = 40


def _letters_to_somebody(place: Path) -> None:
    """Two nights; the second one's source has left out a borrower to whom the first wrote."""
    write_demo(place / "lender", borrowers=BORROWERS, seed=7, nights=1, every="day", last_as_of=FIRST)
    source, home = place / "lender" / FIRST.isoformat(), place / "template"
    first = run_night(source, FIRST, home, threads=1)
    borrower = pq.read_table(first.paths["drafts"])["borrower_id"][0].as_py()
    decided = pq.read_table(first.paths["decisions"]).to_pylist()
    lines = {row["facility_id"] for row in decided if row["borrower_id"] == borrower}
    export_night(home, FIRST, write_outbox)
    run_night(without(source, borrower, lines, place / "left"), SECOND, home, threads=1)
    sign_standing(home, LATER)
    (place / "borrower").write_text(borrower, encoding="utf-8")


def _erase(home: Path, place: Path) -> None:
    """Of whom nothing is held any more was erased."""
    borrower = (place / "borrower").read_text(encoding="utf-8")
    with disk_told(home):
        try:
            people.erase(home, borrower, "li", "They asked for it.", LATER)
        except NotFound:
            return


def _kept_for_years(place: Path) -> None:
    kept_nights(place)
    (place / "home").rename(place / "template")


def _prune(home: Path, place: Path) -> None:
    with disk_told(home):
        people.prune(home, WHO["by"], WHO["because"], TODAY)


SCENARIOS = by_name(
    Scenario("erase", "the erasure of a borrower from two nights", _letters_to_somebody, _erase),
    Scenario(
        "prune", "a prune of six nights' snapshots, decisions, letters and lists", _kept_for_years, _prune
    ),
)
