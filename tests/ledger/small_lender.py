"""A lender of a few lines, and nights that decide what its source wishes for."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import sql.engine as sql
from ledger import Batch, Ledger
from linewatch.documents import Documents, Source
from linewatch.night import Night
from linewatch.proof import root_of
from sources import snapshot
from sql import stage
from sql.canonical import canonical_rows
from sql.past import leave_past
from tasks.commit import commit_night
from tasks.decide import load_past
from tasks.pull import pull_source
from tasks.sweep import close
from tests.tasks.record_fixture import PROFILES, decisions_table, documents

STRICT = "frozen_share_bp"
POLICY = f"id = 'house'\n[[guard]]\nguard = '{STRICT}'\ntwo_people = true\n"


class Wish(NamedTuple):
    """A line as a night's source has it, with what the night is to decide of it."""

    shown_cents: int
    wanted_cents: int
    by: str
    """`rule` decides by itself, `person` needs one, `freeze` blocks the line, `free` unblocks it."""


def borrower_of(line: str) -> str:
    """Two lines a borrower."""
    return f"B{int(line[1:]) // 2}"


def papers(more: str = "") -> Documents:
    """A policy with a guard that asks for two people, and the shipped profile as a document."""
    made = documents(POLICY + more)
    text = (PROFILES / "2000-01-01-default.toml").read_text(encoding="utf-8")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    lender = Source("profile", "lender", "1", date(2026, 1, 1), sha256, text, Path("profile.toml"))
    # Of the policy a revision reads the segments' days of notice; here there are none.
    return replace(made, policy=SimpleNamespace(segment=()), sources=(*made.sources, lender))


def write_source(folder: Path, lines: Mapping[str, Wish]) -> Path:
    """A folder in the contract; the same lines give the same bytes."""
    folder.mkdir(parents=True)
    facility = [
        (
            name,
            borrower_of(name),
            "revolving_consumer",
            "CNY",
            each.shown_cents,
            0,
            "active",
            each.by,
            each[1],
        )
        for name, each in sorted(lines.items())
    ]
    head = "facility_id,borrower_id,product,currency,credit_limit_cents,drawn_cents,status,last_change_by"
    borrowers = sorted({(borrower_of(name), "consumer", "CN", "false") for name in lines})
    for name, columns, rows in (
        ("facility", f"{head},scheduled_limit_cents", facility),
        ("borrower", "borrower_id,borrower_type,jurisdiction,under_21", borrowers),
    ):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(f"{columns}\n")
            csv.writer(file, lineterminator="\n").writerows(rows)
    return folder


def a_night(home: Path, source: Path, as_of: date, at: datetime, documents: Documents) -> Night:
    return Night(as_of, home, str(source), documents, at, threads=1)


def run(made: Night, guards: tuple[str, ...] = ()) -> Night:
    """The night from its pull to its commit; held where a guard is said to have tripped."""
    pull_source(made)
    decide(made)
    commit_night(made, guards)
    close(made)
    return made


# What a line carries on from is said once more in plain Python by tests/ledger/plain_record.py.
DECISIONS = """
    insert into decisions by name
    with found as (
        select
            line.*,
            coalesce(past_decision.own_block, false) as blocked,
            case
                when past_decision.facility_id is null then 'source'
                when past_decision.committed_limit_cents <> past_decision.source_limit_cents
                    and line.credit_limit_cents = past_decision.source_limit_cents then 'in_flight'
                when line.credit_limit_cents = past_decision.committed_limit_cents then 'source'
                else 'outside'
            end as limit_origin,
            if(limit_origin = 'in_flight', past_decision.committed_limit_cents, line.credit_limit_cents)
                as limit_cents
        from stg_facility as line left join past_decision using (facility_id)
    ),
    decided as (
        select
            found.*,
            scheduled_limit_cents as wanted,
            case
                when last_change_by = 'freeze' and not blocked then 'freeze'
                when blocked and last_change_by = 'free' then 'unfreeze'
                when limit_origin = 'in_flight' or wanted = limit_cents then 'hold'
                when wanted < limit_cents then 'decrease'
                else 'increase'
            end as action,
            action in ('decrease', 'increase') and last_change_by = 'person' as referred
        from found
    )
    select
        facility_id, borrower_id, product, currency, limit_origin, limit_cents, action, drawn_cents,
        $as_of as decided_on, 'CN' as jurisdiction, 'all' as segment, 0 as owed_cents,
        false as quarantined, false as due, credit_limit_cents as source_limit_cents,
        if(action in ('decrease', 'increase'), wanted, limit_cents) as proposed_limit_cents,
        if(referred, limit_cents, proposed_limit_cents) as committed_limit_cents,
        if(action in ('freeze', 'unfreeze'), action = 'freeze', blocked) as own_block,
        own_block as drawdown_blocked, false as person_block, null::varchar as review_block,
        false as block_shown,
        limit_cents as next_anchor_limit_cents,
        $as_of as next_anchor_on, $as_of + 1 as effective_on,
        if(referred, 'referred', 'automatic') as route, if(referred, ['person'], []) as triggers,
        [] as reasons
    from decided
    order by facility_id
"""
CASES = """
    create or replace table cases as
    select
        coalesce(any_value(open_case.case_id), 'C-' || borrower_id || '-' || $as_of) as case_id,
        min(facility_id) as facility_id, borrower_id, $as_of as opened_on, $as_of + 5 as due_on,
        list(facility_id order by facility_id) as facility_ids, ['person'] as triggers, 1 as priority
    from decisions left join open_case using (borrower_id)
    where route = 'referred'
    group by borrower_id
    order by borrower_id
"""
DRAFTS = """
    insert into drafts by name
    select
        'D' || facility_id as draft_id, 'R' || facility_id as reference, facility_id, borrower_id,
        action as kind, 'zh' as language,
        '额度' as subject, '正文' as body, [] as reason_codes
    from decisions
    where route = 'automatic' and action in ('decrease', 'freeze')
"""


def decide(made: Night, *, strict: bool = False) -> None:
    """What `commit` finds of a night that was pulled: its decisions, cases and letters."""
    load_past(made)
    with sql.cursor(made.scratch) as db:
        _decide(db, made.as_of)
        db.build("decisions/absent")
        db.raw.execute(CASES, {"as_of": made.as_of})
        db.create("schema/drafts")
        db.raw.execute(DRAFTS)
        db.raw.execute("create or replace table fx_latest as select 'CNY' as currency, 1000000 as rate_ppm")
        tripped = {"guard": STRICT, "value": 9, "limit_value": 1, "tripped": True, "because": "Too many."}
        db.replace("guards", [tripped] if strict else [])


def _decide(db: sql.Cursor, as_of: date) -> None:
    stage.note_source_columns(db)
    stage.stage(db)
    decisions_table(db)
    db.raw.execute(DECISIONS, {"as_of": as_of})


def replayed(ledger: Ledger, batch: Batch) -> str:
    """The root of a night decided again, from its snapshot and what the ledger says was known then."""
    past = ledger.history(before=batch.as_of)
    taken = snapshot.look(ledger.home / batch.snapshot)
    assert taken is not None
    with sql.Engine(None, threads=1) as engine, engine.cursor() as db:
        leave_past(db, past.decisions, past.states)
        snapshot.leave_tables(db, taken.tables)
        _decide(db, batch.as_of)
        return root_of(canonical_rows(db))


def root_as_it_lies(ledger: Ledger, batch: Batch) -> str:
    """The root of the rows that a night still has: all of them, but for borrowers who were erased."""
    with sql.Engine(None, threads=1) as engine, engine.cursor() as db:
        decisions_table(db)
        db.parquet("kept", [ledger.file(batch, "decisions")])
        db.raw.execute("insert into decisions by name from kept")
        return root_of(canonical_rows(db))
