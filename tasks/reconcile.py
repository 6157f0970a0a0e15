"""Reconcile: what was published against what the system of record shows. It reports, and sets nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from ledger import Publication, deliveries, history, open_ledger
from linewatch.night import Night
from linewatch.spec import is_database
from sources import postgresql
from sources.postgresql import Trouble
from sources.table import SourceRefused
from sql.past import leave_past

LOOKED_BACK_DAYS = 31
"""Rows that were handed over longer ago are the lender's to move."""
STATES = {
    "acknowledged": "{} of ours are shown by the source since the last night",
    "in_flight": "{} of ours are not shown by the source yet",
    "outside": "{} were changed by somebody else: the source's count",
}
WORDS = {"limit": ("limit", "limits"), "rate": ("rate", "rates"), "block": ("block", "blocks")}


@dataclass(frozen=True)
class Altered:
    """A batch whose rows in the lender's database are not what was handed over."""

    batch: str
    destination: str
    missing: int
    differ: int


@dataclass(frozen=True)
class Reconciled:
    """How many limits, rates and blocks the source shows, does not show yet, or shows otherwise."""

    shown: Mapping[str, int] = field(default_factory=dict)
    """By thing and state: `limit in_flight`."""
    altered: tuple[Altered, ...] = ()
    notes: tuple[str, ...] = ()


@task(name="reconcile", task_run_name="reconcile {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def reconcile(night: Night) -> Reconciled:
    """Leave `reconciled`, how the source shows what was published, and `altered`, what became of our rows."""
    return reconcile_lines(night)


def reconcile_lines(night: Night) -> Reconciled:
    """A database that does not answer is said, and holds no night up."""
    past = history(night.home, before=night.as_of)
    altered, unseen = _altered(night)
    with sql.cursor(night.scratch) as db:
        leave_past(db, past.decisions, past.states, "reconciled_past")
        db.build("reconcile/reconciled")
        rows = db.rows("reports/reconciled")
        db.replace("altered", [vars(each) for each in altered])
    shown = {f"{row['what']} {row['state']}": row["lines"] for row in rows}
    return Reconciled(shown, altered, (*_told(rows), *map(_told_of, altered), *unseen))


def _altered(night: Night) -> tuple[tuple[Altered, ...], list[str]]:
    """What became of the rows of the last month, and the databases that could not be asked."""
    since = night.as_of - timedelta(days=LOOKED_BACK_DAYS)
    by_place: dict[str, list[Publication]] = {}
    for each in deliveries(open_ledger(night.home).engine, since):
        if is_database(each.destination) and "hashes" in each.content:
            by_place.setdefault(each.destination, []).append(each)
    found: list[Altered] = []
    unseen: list[str] = []
    for place, handed_over in by_place.items():
        try:
            found += _compared(night, place, handed_over)
        except (Trouble, SourceRefused) as trouble:
            unseen.append(f"{place} could not be asked for the changes that it has: {trouble}")
    return tuple(found), unseen


def _compared(night: Night, place: str, handed_over: Iterable[Publication]) -> Iterable[Altered]:
    address = postgresql.address_of(place)
    known = {each.batch.batch: each for each in handed_over}
    there = postgresql.sums(address, known)
    for name, each in known.items():
        stands = there.get(name, postgresql.Sum(0, "0"))
        if (stands.rows, stands.hashes) == (each.content["rows"], each.content["hashes"]):
            continue
        path = each.batch.path(night.home, "changes")
        if path is None or not path.exists():
            yield Altered(name, place, max(each.changes - stands.rows, 0), max(stands.rows - each.changes, 1))
            continue
        how = postgresql.look(address, name, postgresql.rows_of(path))
        if how.missing or how.differ:  # neither, where an erased borrower's rows were taken from both
            yield Altered(name, place, how.missing, how.differ)


def _told(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for row in rows:
        one, several = WORDS[row["what"]]
        yield STATES[row["state"]].format(f"{row['lines']:,} {one if row['lines'] == 1 else several}")


def _told_of(altered: Altered) -> str:
    return (
        f"rows of {altered.batch} were changed behind our back in {altered.destination}: "
        f"{altered.missing:,} are gone, {altered.differ:,} are others (docs/postgresql.md)"
    )
