"""Hold back a night that is unlike any good one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from ledger import Batch, open_ledger
from linewatch.case import KINDS
from linewatch.drift import worst_psi_bp
from linewatch.night import Night
from linewatch.policy import GuardLimit
from sql.engine import Cursor, Rows
from sql.reviews import leave_meetings

BACK = {"1": 1, "30": 30, "90": 90}
"""Guard names to how many days back the night compared with lies, or the nearest one before."""


@dataclass(frozen=True)
class Guarded:
    """What each guard measured; `tripped` names those beyond their limit, with both numbers and why."""

    measured: Mapping[str, int | None]
    tripped: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """Guards that could not be measured, with why."""

    @property
    def because(self) -> str:
        """What the night is held for, in words; empty where nothing tripped."""
        return "; ".join(self.tripped)


@dataclass(frozen=True)
class Measured:
    """A guard's number, or why there is none."""

    value: int | None
    why_not: str = ""


@task(name="guard", task_run_name="guard {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def guard(night: Night, other: Night | None = None, no_other: str = "") -> Guarded:
    """Leave `guards`, one row a guard of the policy.

    `other` is tonight decided under the last night's documents, where these are other ones; `no_other` says
    why it is not there.
    """
    with sql.cursor(night.scratch) as db:
        measures = Measures(db, night, other, no_other)
        rows = [_row(limit, measures.of(limit)) for limit in night.documents.policy.guard]
        db.replace("guards", rows)
    return Guarded(
        measured={row["guard"]: row["value"] for row in rows},
        tripped=tuple(
            f"{row['guard']} is {row['value']}, most {row['limit_value']}: {row['because']}"
            for row in rows
            if row["tripped"]
        ),
        notes=tuple(_notes(rows)),
    )


class Measures:
    """Measures the guards of a night, each as docs/policy.md, section 6, says; each statement runs once."""

    def __init__(self, db: Cursor, night: Night, other: Night | None, no_other: str) -> None:
        self.db = db
        self.night = night
        self.other = other
        self.no_other = no_other
        self._against: dict[str, tuple[Rows, Rows] | None] = {}

    def of(self, limit: GuardLimit) -> Measured:
        name = limit.guard.removesuffix("_bp")
        kind, _, against = name.partition("_psi_")
        if against:
            return self._psi(kind, against, limit.least_lines)
        if name == "swap_share":
            return self._swap
        if name == "referred_capacity":
            return self._capacity
        return Measured(self._shares[limit.guard])

    @cached_property
    def _shares(self) -> Mapping[str, int]:
        return {**self.db.rows("guards/night_shares")[0], **self.db.rows("guards/month_shares")[0]}

    @cached_property
    def _capacity(self) -> Measured:
        capacity = self.night.documents.profile.review_capacity
        if not capacity:
            return Measured(None, "the profile states no review_capacity")
        leave_meetings(self.db, self.night.documents.policy.tables()["pol_trigger"])
        cases = self.db.rows(
            "guards/new_cases",
            site_triggers=sorted(KINDS["site_visit"].triggers),
            interview_triggers=sorted(KINDS["interview"].triggers),
        )
        of_team = {KINDS[row["kind"]].team: int(row["cases"]) for row in cases}
        return Measured(max(-(-of_team.get(team, 0) * 10_000 // a_day) for team, a_day in capacity.items()))

    @cached_property
    def _swap(self) -> Measured:
        if self.other is None:
            if open_ledger(self.night.home).newest(before=self.night.as_of) is None:
                return Measured(None, "no night is committed before")
            return Measured(None, self.no_other) if self.no_other else Measured(0)
        path = self.other.work / "other_decision.parquet"
        with sql.cursor(self.other.scratch) as other:
            other.write("records/decisions", path)
        self.db.parquet("other_decision", [path])
        value = self.db.rows("guards/swap")[0]["swap_share_bp"]
        self.db.drop("other_decision")
        return Measured(value)

    def _psi(self, kind: str, against: str, least_lines: int) -> Measured:
        if against not in self._against:
            self._against[against] = (
                self._reference() if against == "reference" else self._past(BACK[against])
            )
        bands = self._against[against]
        if bands is None:
            if against == "reference":
                return Measured(None, "no scorecard in use has a reference")
            return Measured(None, f"no night is committed {against} days back or before")
        value = worst_psi_bp(bands[("score", "grade").index(kind)], least_lines)
        why = f"no scorecard has {max(1, least_lines):,} lines on both sides"
        return Measured(value, "" if value is not None else why)

    def _reference(self) -> tuple[Rows, Rows] | None:
        documents = self.night.documents
        cards = [documents.scorecards[name] for name in sorted(set(documents.policy.scorecards.values()))]
        if not any(card.reference for card in cards):
            return None
        self.db.replace("reference_score", [row for card in cards for row in card.reference_score_rows()])
        self.db.replace("reference_grade", [row for card in cards for row in card.reference_grade_rows()])
        return self.db.rows("guards/reference_scores"), self.db.rows("guards/reference_grades")

    def _past(self, days: int) -> tuple[Rows, Rows] | None:
        """Bands of the committed night that lies so many days back, or of the nearest one before."""
        before = self.night.as_of - timedelta(days=days - 1)
        batch = open_ledger(self.night.home).newest(before=before)
        path = _decisions(self.night, batch)
        if path is None:
            return None
        self.db.parquet("compared", [path])
        self.db.build("guards/score_edge")
        bands = self.db.rows("guards/score_bands"), self.db.rows("guards/grade_bands")
        self.db.drop("compared")
        return bands


def _decisions(night: Night, batch: Batch | None) -> Path | None:
    path = batch.path(night.home, "decisions") if batch is not None else None
    return path if path is not None and path.exists() else None


def _row(limit: GuardLimit, found: Measured) -> dict[str, Any]:
    return {
        "guard": limit.guard,
        "value": found.value,
        "limit_value": limit.most,
        "tripped": found.value is not None and found.value > limit.most,
        "because": limit.because,
        "not_measured": found.why_not or None,
    }


def _notes(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    why: dict[str, list[str]] = {}
    for row in rows:
        if row["not_measured"]:
            why.setdefault(row["not_measured"], []).append(row["guard"])
    return (f"not measured: {', '.join(names)} ({because})" for because, names in why.items())
