"""Expire: a case whose day has passed lapses where only rises are lost by it, and goes up otherwise."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from ledger import Ledger, open_ledger
from linewatch import fault
from linewatch.case import KINDS, due_on
from linewatch.casework import Done
from linewatch.expiry import BY, expiry, proposed
from linewatch.night import Night

AT_ONCE = 5_000
"""Cases put on record together: nobody who answers one waits long for them."""


@dataclass(frozen=True)
class Expired:
    """How many cases were closed because only a rise was lost, and how many went up with another day."""

    lapsed: int
    escalated: int

    @property
    def notes(self) -> tuple[str, ...]:
        if not self.lapsed + self.escalated:
            return ()
        return (
            f"the day of {self.lapsed + self.escalated:,} cases has passed: {self.lapsed:,} with nothing but"
            f" rises lapsed, {self.escalated:,} go up with another day; no limit was moved by it",
        )


@task(name="expire", task_run_name="expire {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def expire(night: Night) -> Expired:
    """Put on record what becomes of cases that were due before the committed night; again, and of none."""
    return expire_due(night.home, night.as_of, night.recorded_at)


def expire_due(home: Path, as_of: date, recorded_at: datetime) -> Expired:
    """Let cases lapse or go up that were due before the committed night of `as_of`. No limit moves.

    What goes up gets the days that its kind is given, counted from that night. A run that is cut off leaves
    the rest to the next: what is done has another day, or is closed.
    """
    ledger = open_ledger(home)
    passed = ledger.cases.past_due(as_of)
    days = _days(ledger, as_of) if passed else {}
    done: Counter[str] = Counter()
    for start in range(0, len(passed), AT_ONCE):
        acts = _acts(ledger, passed[start : start + AT_ONCE], days)
        fault.point("expire.cases", "before")
        told = ledger.cases.work(acts, recorded_at, past_due=as_of) if acts else []
        fault.point("expire.cases", "after")
        done.update(act.kind for (_, act), why in zip(acts, told, strict=True) if not why)
    return Expired(done["lapsed"], done["escalated"])


def _days(ledger: Ledger, as_of: date) -> dict[str, str]:
    """By kind of case the day until which one that goes up tonight is to be decided."""
    profile = ledger.document_of(ledger.standing(as_of, held_too=False), "profile")
    calendar = tomllib.loads(profile or "")["calendar"]
    return {kind: due_on(as_of, kind, calendar).isoformat() for kind in KINDS}


def _acts(ledger: Ledger, case_ids: Sequence[str], days: Mapping[str, str]) -> list[tuple[str, Done]]:
    standing, seen = ledger.cases.standing(case_ids), ledger.cases.seen(case_ids)
    acts = []
    for case_id in case_ids:
        case = seen[case_id]
        kind = expiry(standing[case_id], proposed((case.first, case.last)).values())
        if kind:
            content = {"due_on": days[case.kind]} if kind == "escalated" else {}
            acts.append((case_id, Done(kind, BY, "", content)))
    return acts
