"""Revise: the newest night decided again from other inputs, as changes to what it left in force."""

from __future__ import annotations

import sql.engine as sql
from ledger import open_ledger
from linewatch.errors import DataRefused
from linewatch.night import Night
from sql import revising

KIND = "revision"
ASIDE = "standing"
"""The schema in which what stands now is laid out, beside what the night carries on from."""


def begin(night: Night) -> bool:
    """Whether this night revises a committed one, from other inputs; then leave `revision`, and what the
    versions so far decided and told. The accepted rows stand already.

    Raises DataRefused where the source shows limits that the night itself left: it is not as of the day.
    """
    ledger = open_ledger(night.home)
    standing = ledger.night(night.as_of) if night.revise else None
    if standing is None:
        return False
    versions = ledger.versions(night.as_of)
    files = [{name: each.path(night.home, f"{name}s") for name in revising.EARLIER} for each in versions]
    number = 1 + sum(
        each.kind == KIND and each.as_of == night.as_of for each in ledger.batches(since=night.as_of)
    )
    with sql.cursor(night.scratch) as db:
        revising.leave_earlier(db, files)
        (shown,) = db.rows("revisions/shown_count")
        if shown["lines"]:
            raise DataRefused(
                f"The source shows {shown['lines']:,} lines with the limit that the night of {night.as_of}"
                " itself left: it is of a later moment than the end of that day.",
                where="A revision decides from what was in force before the night, as its source had it.",
                what_now="Nothing was changed. Deliver the data as they were at the end of that day, or undo"
                f" the night (linewatch reverse {night.as_of}) and let the next one review its lines.",
            )
        db.replace("revision", [{"revises": standing.seq, "number": number}])
    return True


def compare(night: Night) -> int:
    """Leave `revised_line`, each line that the revision leaves otherwise than it stands; return how many."""
    now = open_ledger(night.home).history()
    with sql.cursor(night.scratch) as db, sql.cursor(night.scratch, schema=ASIDE) as aside:
        revising.leave_in_force(db, aside, now.decisions, now.states)
        revising.leave_revised_past(db, aside)
        notice = [
            {"segment": each.name, "notice_days": each.notice_days} for each in night.documents.policy.segment
        ]
        db.replace("segment_notice", notice)
        return db.build("revisions/revised_line", as_of=night.as_of)


def open_anew(night: Night) -> int:
    """Give cases that were closed since the night a name of their own, or nobody would look; how many."""
    with sql.cursor(night.scratch) as db:
        if not db.has("cases"):
            return 0
        named = (row[0] for row in db.raw.execute("select case_id from cases").fetchall())
        closed = open_ledger(night.home).cases.closed(named)
        db.create("schema/closed_case")
        db.append("closed_case", [{"case_id": case_id} for case_id in sorted(closed)])
        ((number,),) = db.raw.execute("select number from revision").fetchall()
        db.build("revisions/cases", number=number)
        return len(closed)
