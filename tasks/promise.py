"""Promises: what tonight makes of its advice, and how those of earlier nights stand (docs/advice.md)."""

from __future__ import annotations

from dataclasses import dataclass

import sql.engine as sql
from ledger import standing_ledger
from linewatch.advice import pay_on
from linewatch.night import Night


@dataclass(frozen=True)
class Promised:
    """How many promises stand after tonight, by state."""

    states: dict[str, int]


def make(night: Night) -> int:
    """Leave `promise_made`: the advice that the policy's budget makes promises of; return how many."""
    terms, advice = night.documents.policy.promise, night.documents.policy.advice
    with sql.cursor(night.scratch) as db:
        db.create("schema/promise_made")
        if terms is None or advice is None or not db.has("advice_found"):
            return 0
        db.build(
            "promises/made",
            segments=list(terms.segments),
            budget_cents=terms.budget_cents,
            pay_on=pay_on(night.as_of, advice.least_days),
        )
        db.drop("promise_made")
        db.raw.execute("alter table made rename to promise_made")
        return db.count("promise_made")


def leave_standing(night: Night) -> None:
    """Leave `standing_promise` as the newest night left it, for letters upon that night."""
    ledger = standing_ledger(night.home)
    told = ledger.standing().path(night.home, "promises")
    with sql.cursor(night.scratch) as db:
        db.create("schema/past_promise")
        if told is not None:
            db.parquet("told_promise", [told])
            db.raw.execute(f"insert into past_promise by name ({sql.text('promises/kept')})")
            db.drop("told_promise")
        db.raw.execute("create or replace table standing_promise as from past_promise")
        db.drop("past_promise")


def without_failed(night: Night) -> None:
    """Take back what was promised to lines whose letter failed: they are referred, and nobody was told."""
    with sql.cursor(night.scratch) as db:
        for name in ("promise_made", "advice"):
            if db.has(name):
                db.raw.execute(
                    f"delete from {sql.checked_name(name)}"  # noqa: S608
                    " where facility_id in (select facility_id from draft_failed)"
                )
    stand(night)


def stand(night: Night) -> Promised:
    """Leave `promises`, if there are any: those that stood and how they end or stand, those made tonight; and
    `standing_promise`, those of earlier nights that stand after it.
    """
    with sql.cursor(night.scratch) as db:
        for name in ("past_promise", "promise_made"):
            if not db.has(name):
                db.create(f"schema/{name}")
        db.build("decisions/promise_now")
        made = db.build("promises/promises")
        db.build("promises/standing_promise")
        if not made:
            db.drop("promises")  # a night without a promise keeps no file of them
            return Promised({})
        return Promised({row["state"]: row["promises"] for row in db.rows("promises/states")})
