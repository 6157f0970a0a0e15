"""Draft a letter for every line that is changed tonight, and read each back before it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from ledger import history
from linewatch.case import due_on
from linewatch.figures import NAMES
from linewatch.night import Night
from linewatch.notice import Notices
from linewatch.profile import Profile
from linewatch.reasons import REVIEWED
from linewatch.trigger import SUSPICIONS
from sql import walk
from sql.letters import leave_beside
from sql.reviews import leave_meetings
from tasks.draft.writer import Writer

__all__ = [
    "Drafted",
    "Writer",
    "draft",
    "write_corrections",
    "write_drafts",
    "write_revised",
    "write_settled",
]

BATCH = 20_000
"""Letters held in memory at once."""


@dataclass(frozen=True)
class Drafted:
    """How many letters stand in `drafts`, by kind, and how many lines were referred because theirs failed.

    `left_out` counts letters that went without causes and advice because these were wrong.
    """

    drafts: int
    failed: int
    kinds: dict[str, int]
    left_out: int = 0
    notes: tuple[str, ...] = ()


@task(name="draft", task_run_name="draft {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def draft(night: Night) -> Drafted:
    """Leave `drafts` and `draft_failed`; a line whose letter failed is referred in `decisions`.

    Where these come from shards the flow decides the shards of such lines once more.
    """
    return write_drafts(night)


def write_drafts(night: Night) -> Drafted:
    writer = _writer_of(night, night.as_of)
    with sql.cursor(night.scratch) as db:
        _begin_again(db)
        leave_beside(db, NAMES, night.as_of)
        drafted = _invite(writer, db, night, _write(writer, db, "reviews/letters"))
        if drafted.failed and db.has("carried"):
            walk.decide_routes(db)
        return _warn(writer, db, drafted)


def _warn(writer: Writer, db: sql.Cursor, drafted: Drafted) -> Drafted:
    """Add to `drafts` the early warnings, and leave `warnings`, those that stand, if there are any.

    One that fails refers nobody: nothing is decided of its line, and a replay has no warnings. The next night
    tries again.
    """
    if not db.has("warned"):
        return drafted
    told = _write(writer, db, "reviews/warnings", anew=False, refers=False)
    if not db.build("warnings/warnings"):
        db.drop("warnings")
    failed = db.count("warned") - told.kinds.get("early_warning", 0)
    return replace(told, notes=(f"{failed:,} early warnings could not be written.",) if failed else ())


def _invite(writer: Writer, db: sql.Cursor, night: Night, drafted: Drafted) -> Drafted:
    """Add to `drafts` the invitations of the cases that will be opened, if the policy has any."""
    policy = night.documents.policy
    if all(trigger.invites is None for trigger in policy.trigger):
        return drafted
    leave_meetings(db, policy.tables()["pol_trigger"])
    last = history(night.home, before=night.as_of).decisions
    db.drop("last_decision")
    if last is None:
        db.create("schema/last_decision")
    else:
        db.parquet("last_decision", [last])
    calendar = night.documents.profile.calendar
    return _write(
        writer,
        db,
        "reviews/invitations",
        anew=False,
        as_of=night.as_of,
        suspicions=list(SUSPICIONS),
        still=[each.kind for each in policy.treatment if each.effect != "no_rise"],
        site_due_on=due_on(night.as_of, "site_visit", calendar),
        interview_due_on=due_on(night.as_of, "interview", calendar),
    )


def write_corrections(
    db: sql.Cursor, notices: Notices, profile: Profile, written_on: date, **given: Any
) -> Drafted:
    """Leave `drafts`, a letter for every line that a reversal sets back.

    A letter that fails is left out: nothing keeps the line from being set back, and somebody writes by hand.
    """
    db.create("schema/draft_failed")
    db.view("letters/addressee")
    return _write(Writer(notices, profile, written_on), db, "reversals/letters", **given)


def write_settled(night: Night, written_on: date) -> list[str]:
    """Leave `drafts`, a letter for every line that a settlement changes; the lines whose letter failed."""
    writer = _writer_of(night, written_on)
    with sql.cursor(night.scratch) as db:
        db.create("schema/draft_failed")
        db.view("letters/addressee")
        leave_beside(db, NAMES, night.as_of)
        _write(writer, db, "settlements/letters", settled_on=written_on, tellable=sorted(REVIEWED))
        return sorted(row[0] for row in db.raw.execute("select facility_id from draft_failed").fetchall())


def write_revised(night: Night) -> Drafted:
    """Leave `drafts` of a revision: its own letters, and corrections of what the night had told."""
    writer = Writer(night.documents.notices, night.documents.profile, night.as_of)
    with sql.cursor(night.scratch) as db:
        ((number,),) = db.raw.execute("select number from revision").fetchall()
        db.build("revisions/own_draft")
        db.view("letters/addressee")
        _write(writer, db, "revisions/letters", as_of=night.as_of)
        drafts = db.build("revisions/letter", number=number)
        db.drop("drafts")
        db.raw.execute("create table drafts as from letter")
        kinds = db.raw.execute("select kind, count(*) from drafts group by kind order by kind").fetchall()
        return Drafted(drafts, db.count("draft_failed"), dict(kinds))


def _writer_of(night: Night, written_on: date) -> Writer:
    """Writes in the words and under the law and policy of a night."""
    documents = night.documents
    return Writer(
        documents.notices,
        documents.profile,
        written_on,
        packs=documents.packs,
        law_on=night.as_of,
        notice_days={each.name: each.notice_days for each in documents.policy.segment},
    )


def _write(
    writer: Writer, db: sql.Cursor, statement: str, *, anew: bool = True, refers: bool = True, **given: Any
) -> Drafted:
    """Leave in `drafts` the letters of the statement's rows, in `draft_failed` why the others have none.

    Not `anew`, they are added to those that stand there. Unless it `refers`, nothing is left of a failure.
    """
    if anew:
        db.create("schema/drafts")
    with db.beside() as reading:
        for batch in reading.batches(statement, size=BATCH, **given):
            drafts, failed = [], []
            for row in batch.to_pylist():
                letter, faults = writer.checked(row)
                if faults:
                    failed.append({"facility_id": row["facility_id"], "why": "; ".join(faults)})
                else:
                    drafts.append(letter)
            db.append("drafts", drafts)
            db.append("draft_failed", failed if refers else [])
    kinds = dict(db.raw.execute("select kind, count(*) from drafts group by kind order by kind").fetchall())
    return Drafted(sum(kinds.values()), db.count("draft_failed"), kinds, left_out=writer.left_out)


def _begin_again(db: sql.Cursor) -> None:
    """Leave `draft_failed` empty, and `decisions` as decided where an earlier try had referred lines."""
    tried = db.has("draft_failed") and db.count("draft_failed")
    db.create("schema/draft_failed")
    if tried and db.has("carried"):
        walk.decide_routes(db)
