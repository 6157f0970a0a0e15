"""Walk every line to its limit and say why: the decisions of the night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from ledger import history
from linewatch.documents import immediate_rows
from linewatch.errors import DataRefused
from linewatch.law import Facts, bounds_in_force, unmapped_lines
from linewatch.law_told import unmapped_notes
from linewatch.night import Night
from linewatch.reporting import reporting_currency
from sql import walk
from sql.engine import Cursor
from sql.past import leave_past

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Decided:
    """How many lines, by action and by route."""

    lines: int
    actions: Mapping[str, int]
    routes: Mapping[str, int]
    notes: tuple[str, ...] = ()


@task(name="decide", task_run_name="decide {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def decide(night: Night) -> Decided:
    """Leave `decisions`, one row a line that is not closed, each with its walk and its reasons.

    Raises DataRefused when no line is open, or lines in several currencies cannot be added up.
    """
    facts = ask(night)
    decide_lines(night, facts)
    return decided(night, facts)


def ask(night: Night) -> Facts:
    """Leave what tonight carries on from, and the rates; return what the whole book says to the law."""
    load_past(night)
    with sql.cursor(night.scratch) as db:
        return ask_rows(db, night)


def facts_of(night: Night) -> Facts:
    """Leave the rates; return what the whole book says to the law, whatever tonight carries on from."""
    with sql.cursor(night.scratch) as db:
        return ask_rows(db, night)


def prepare_lines(night: Night, facts: Facts) -> None:
    """Leave `lines` and what the walk reads beside them; the past stands already."""
    with sql.cursor(night.scratch) as db:
        prepare(db, night, facts)


def ask_rows(db: Cursor, night: Night) -> Facts:
    """Leave the rates; return what the accepted rows say to the law."""
    currency = _reporting_currency(db, night)
    _leave_rates(db, currency)
    return facts_of_law(db, currency)


def decide_lines(night: Night, facts: Facts, draft_failed: Rows = ()) -> int:
    """Leave `decisions` of the lines that stand in the night's scratch, the past beside them; how many."""
    with sql.cursor(night.scratch) as db, sql.cursor(night.scratch, schema="aside") as aside:
        prepare(db, night, facts)
        return walk.decide(db, aside, draft_failed)


def decided(night: Night, facts: Facts) -> Decided:
    """What `decisions` come to."""
    with sql.cursor(night.scratch) as db:
        unmapped = unmapped_lines(night.documents.profile, facts.subjects)
        return Decided(db.count("decisions"), *_counts(db), tuple(unmapped_notes(unmapped)))


def prepare(db: Cursor, night: Night, facts: Facts) -> None:
    """Leave `lines`, their law, and the policy in force, ready to be walked; the past stands already."""
    _leave_rates(db, facts.reporting_currency)
    caps, law = bounds_in_force(night.documents, night.as_of, facts)
    immediate = immediate_rows(night.documents)
    walk.prepare(db, night.documents.policy.tables(), caps, immediate, law)


def _leave_rates(db: Cursor, currency: str) -> None:
    db.replace("reporting", [{"currency": currency}])
    db.build("decisions/fx_latest")


def facts_of_law(db: Cursor, currency: str) -> Facts:
    """What tonight's rows say that records of law need; `fx_latest` is built."""
    return Facts(
        currency,
        {row["currency"]: row["rate_ppm"] for row in db.rows("decisions/rate_now")},
        {row["name"]: row["rate_bp"] for row in db.rows("decisions/reference_now")},
        db.rows("decisions/law_subject"),
        db.rows("decisions/identity_supplied")[0]["is_supplied"],
    )


def load_past(night: Night) -> None:
    """Leave what tonight carries on from: `past_decision`, `past_change`, `past_promise`, `open_case`."""
    past = history(night.home, before=night.as_of)
    with sql.cursor(night.scratch) as db:
        leave_past(db, past.decisions, past.states)
        db.drop("past_change")
        if past.changes:
            db.parquet("past_change", list(past.changes))
        else:
            db.create("schema/past_change")
        db.create("schema/past_promise")
        if past.promises is not None:
            db.parquet("told_promise", [past.promises])
            db.raw.execute(f"insert into past_promise by name ({sql.text('promises/kept')})")
            db.drop("told_promise")
        # The oldest of a borrower's, with its own days: a line that joins it must not put off its due day.
        standing = {case.borrower_id: case for case in reversed(past.open_cases)}
        db.create("schema/open_case")
        db.append("open_case", [standing[borrower]._asdict() for borrower in sorted(standing)])


def _reporting_currency(db: Cursor, night: Night) -> str:
    rows = db.rows("decisions/line_currency")
    stated = night.documents.profile.reporting_currency
    if (currency := reporting_currency(rows, stated)) is not None:
        return currency
    if not rows:
        raise DataRefused(
            "No line of the source is open: there is nothing to review.",
            where="facility: the status of every row is closed",
            what_now="Nothing was decided. Deliver the open lines and run the same command again.",
        )
    unrated = [row["currency"] for row in rows if not row["has_rate"]]
    raise DataRefused(
        f"Lines in {', '.join(row['currency'] for row in rows)} cannot be added up: "
        f"no fx_rate on or before {night.as_of} for {', '.join(unrated) or 'any but all of them'}.",
        where="fx_rate, and reporting_currency of the profile",
        what_now="Supply the missing rates, or state reporting_currency in the profile; then run it again.",
    )


def _counts(db: Cursor) -> tuple[dict[str, int], dict[str, int]]:
    actions = dict.fromkeys(("increase", "offer", "hold", "decrease", "freeze", "unfreeze"), 0)
    routes = dict.fromkeys(("automatic", "referred"), 0)
    for row in db.rows("decisions/counts"):
        actions[row["action"]] += row["lines"]
        routes[row["route"]] += row["lines"]
    return actions, routes
