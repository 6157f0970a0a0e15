"""What is cut off: functions of a home that may be called again after a fault, as a person types again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from ledger import open_ledger
from linewatch.night import Night
from linewatch.room import disk_told
from tasks.checkpoint import sign
from tasks.commit import commit_night
from tasks.lock import one_at_a_time
from tasks.publish import publish_due
from tasks.sweep import close, sweep
from tests.tasks.record_fixture import AS_OF, decided, documents, night, small_folder

NEXT = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HERE = "tests.torture.scenarios"
LENDERS = "tests.torture.lender_scenarios"
FORGOTTEN = "tests.torture.forgetting_scenarios"
CASES = "tests.torture.case_scenarios"
SERVERS = "tests.torture.server_scenarios"
WHERE = {
    **dict.fromkeys(("night", "publish"), HERE),
    **dict.fromkeys(("steps", "approve", "settle", "reverse"), LENDERS),
    **dict.fromkeys(("erase", "prune"), FORGOTTEN),
    "deliver": SERVERS,
    "evidence": CASES,
}
"""The module of each scenario: what a lender of its own needs takes long to import."""


@dataclass(frozen=True)
class Scenario:
    """A run to be disturbed, in a folder of its own that `prepare` has left things in."""

    name: str
    says: str
    """What it is, for a person."""
    prepare: Callable[[Path], None]
    """Leaves PLACE/template, the home as it stands before, if it is not to be empty; and sources."""
    act: Callable[[Path, Path], None]
    """Does it, to a home, with what lies in PLACE; again, after a fault, it finishes what is left to do."""
    begin: Callable[[Path, Path], None] = lambda home, place: None
    """Readies what lies outside the home for a run, such as a database of its own."""
    elsewhere: Callable[[Path, Path], Mapping[str, Any]] = lambda home, place: {}
    """What lies outside the home after a run, to be compared like the home."""


def named(name: str) -> Scenario:
    found: Scenario = import_module(WHERE[name]).SCENARIOS[name]
    return found


def by_name(*scenarios: Scenario) -> dict[str, Scenario]:
    return {each.name: each for each in scenarios}


@contextmanager
def at_home(made: Night) -> Iterator[None]:
    """What stands around the steps of a night, in the order of flows/nightly.py."""
    with disk_told(made.home), one_at_a_time(made):
        try:
            sweep(made)
            yield
        finally:
            close(made)


def swept(home: Path) -> None:
    """What the start of the next night takes away."""
    sweep(Night(NEXT, home, "", documents(), MOMENT))


def _night_by_formula(home: Path, place: Path) -> None:
    made = night(home, place / "source", threads=1)
    with at_home(made):
        decided(made)
        ledger = open_ledger(home)
        if ledger.night(AS_OF) is None:
            commit_night(made)
        publish_due(made)
        sign(home, made.documents.profile.log, made.recorded_at)


def _small_source(place: Path) -> None:
    small_folder(place / "source")


def _publish(home: Path, place: Path) -> None:
    made = night(home, place / "source", threads=1)
    with disk_told(home), one_at_a_time(made):
        publish_due(made)
        sign(home, made.documents.profile.log, made.recorded_at)


def _unpublished(place: Path) -> None:
    """Two nights that are committed and due."""
    _small_source(place)
    for as_of in (date(2026, 11, 20), AS_OF):
        made = night(place / "template", place / "source", threads=1, as_of=as_of)
        with at_home(made):
            decided(made)
            commit_night(made)


SCENARIOS = by_name(
    Scenario("night", "a night from pull to publish, decided by a formula", _small_source, _night_by_formula),
    Scenario("publish", "publish of two nights that are due", _unpublished, _publish),
)
