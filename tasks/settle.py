"""Settle: what people decided of cases, decided again tonight, becomes a batch of limit changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sql.engine as sql
from ledger import Batch, Ledger, NewBatch, StoredFile, batch_name, receipt, standing_ledger
from linewatch import fault, leaves
from linewatch.casework import Casework, Done
from linewatch.destination import destination_of
from linewatch.errors import NotFound
from linewatch.leaves import Planted, planted
from linewatch.night import Night
from linewatch.proof import root_of
from linewatch.receipt import Receipt
from sql import walk
from sql.canonical import CHANGES, canonical_batches, canonical_rows
from sql.keep import keep_all, keep_beside
from sql.past import leave_decided, leave_past

KIND = "settlement"
FILES = {name: f"settlements/{name}" for name in ("changes", "state", "drafts", "settled")}
"""Each with the statement that makes it."""
BY = "linewatch"

Row = dict[str, Any]


@dataclass(frozen=True)
class Ready:
    """The cases that a settlement takes in: where each stands, and the lines that its people decided."""

    cases: Mapping[str, Casework]
    lines: Sequence[Row]
    """Rows of `answered_line`."""

    def but(self, case_ids: Collection[str]) -> Ready:
        """Without these cases."""
        return Ready(
            {case_id: work for case_id, work in self.cases.items() if case_id not in case_ids},
            [line for line in self.lines if line["case_id"] not in case_ids],
        )


@dataclass(frozen=True)
class Settled:
    """What a settlement came to. `receipt` is None where no case was left to settle."""

    receipt: Receipt | None
    cases: Sequence[str]
    sent_back: Mapping[str, str]
    """Case to why, in words for whoever decides it anew."""


def waits(home: Path, as_of: date) -> bool:
    """Whether a case is decided and waits upon a night before `as_of`; not where no night was ever run."""
    try:
        ledger = standing_ledger(home)
    except NotFound:
        return False
    newest = ledger.newest()
    return newest is not None and newest.as_of < as_of and bool(ledger.cases.ready())


def ready(home: Path) -> Ready:
    """The cases that people have decided, and that no settlement has taken in."""
    cases = standing_ledger(home).cases
    decided = cases.ready()
    evidence = cases.evidence(decided)
    return Ready(
        decided,
        [line for each, work in decided.items() for line in _answered(each, work, evidence.get(each, []))],
    )


def not_handed_out(home: Path) -> Receipt | None:
    """The newest settlement upon the newest night, if its letters do not lie there: it was cut off."""
    ledger = standing_ledger(home)
    newest = ledger.standing()
    upon = [each for each in ledger.batches(state="committed", since=newest.as_of) if each.kind == KIND]
    done = not upon or (upon[-1].out(home) / "drafts.jsonl").exists() or "drafts" in upon[-1].gone
    return None if done else receipt(home, upon[-1])


def answered(
    case_id: str, lines: Iterable[Mapping[str, Any]], by: str, agreed_by: str | None = None
) -> list[Row]:
    """Rows of `answered_line`, from the `lines` of what somebody decided."""
    return [
        {
            "case_id": case_id,
            "facility_id": line["facility_id"],
            "outcome": line["outcome"],
            "limit_cents": line["limit_cents"],
            "reason": line["reason"],
            "decided_by": by,
            "agreed_by": agreed_by,
        }
        for line in lines
    ]


def _answered(case_id: str, work: Casework, evidence: Sequence[str]) -> list[Row]:
    assert work.decided is not None
    agreed_by = work.agreed.by if work.agreed else None
    lines = answered(case_id, work.decided.content["lines"], work.decided.by, agreed_by)
    return [{**line, "evidence": list(evidence)} for line in lines]


def leave_standing(night: Night) -> None:
    """Leave what is in force now, of the rows that stand in the scratch, and what the night decided."""
    ledger = standing_ledger(night.home)
    batch, now = ledger.standing(), ledger.history()
    ledger.check_there(batch, "decisions")
    with sql.cursor(night.scratch) as db:
        leave_past(db, now.decisions, now.states, "in_force")
        db.drop("past_decision")
        db.build("settlements/past_decision")
        for name in ("past_change", "open_case"):
            db.drop(name)
            db.create(f"schema/{name}")
        path = batch.path(night.home, "decisions")
        assert path is not None
        leave_decided(db, path, "night_decision")


def weigh(night: Night, lines: Sequence[Row]) -> list[Row]:
    """Leave `reviewed_line`, where each line that people decided would end now; return its rows.

    `lines` are rows of `answered_line`; the night's `lines` stand. A line that is gone has no row.
    """
    with sql.cursor(night.scratch) as db:
        db.create("schema/answered_line")
        db.append("answered_line", lines)
        db.build("settlements/asked_line")
        db.build("settlements/reviewed")
        walk.act(db, find_grade_falls=False)
        db.build("settlements/reviewed_line")
        rows: list[Row] = db.arrow("settlements/weighed").to_pylist()
        return rows


def set_out(night: Night, settled_on: date, sent_back: Iterable[str] = ()) -> None:
    """Leave `settled_line`: what is settled, without the cases that are sent back."""
    with sql.cursor(night.scratch) as db:
        db.replace("sent_back", [{"case_id": case_id} for case_id in sorted(sent_back)])
        db.build("settlements/settled_line", settled_on=settled_on)


def send_back(home: Path, bound: Mapping[str, list[Row]], recorded_at: datetime) -> None:
    """Put on record that these cases are to be decided anew, each with the lines that keep it."""
    acts = [
        (case_id, Done("sent_back", BY, "", {"lines": [_told(row) for row in rows]}))
        for case_id, rows in bound.items()
    ]
    if acts:
        standing_ledger(home).cases.work(acts, recorded_at)


def commit(
    night: Night, ready: Ready, sent_back: Iterable[str], settled_on: date, recorded_at: datetime
) -> tuple[Receipt | None, list[str]]:
    """Commit what `set_out` left, with its letters, and close the cases; the receipt, and which cases.

    Raises NightHeld while a night waits, NightRefused where another batch or event came in between.
    """
    back = set(sent_back)
    cases = {case_id: work for case_id, work in ready.cases.items() if case_id not in back}
    if not cases:
        return None, []
    ledger = standing_ledger(night.home)
    batch = ledger.standing()
    number = 1 + sum(
        each.kind == KIND and each.as_of == batch.as_of for each in ledger.batches(since=batch.as_of)
    )
    given = {"kind": f"{KIND}-{number}", "night": batch.as_of, "as_of": batch.as_of}
    with sql.cursor(night.scratch) as db:
        db.build("settlements/changing_line")
        if not db.has("cause_of_line"):
            db.create("schema/cause_of_line")
        db.build("records/changes", batch="", **given)
        new, tree = _batch(db, ledger, batch, cases, {**given, "settled_on": settled_on}, number)
        closing = _closing(db, cases)
        known = ledger.settle(
            new,
            {case_id: (work, closing[case_id]) for case_id, work in cases.items()},
            tree=tree.told,
            destination=destination_of(ledger.document_of(batch, "profile")),
            recorded_at=recorded_at,
        )
    return receipt(night.home, known), sorted(cases)


def _batch(
    db: sql.Cursor,
    ledger: Ledger,
    batch: Batch,
    cases: Mapping[str, Casework],
    given: Mapping[str, Any],
    number: int,
) -> tuple[NewBatch, Planted]:
    root = root_of(canonical_rows(db, CHANGES))
    name = batch_name(batch.as_of, given["kind"], root)
    folder = ledger.home / "batches" / name
    kept = keep_all(
        db,
        FILES | ({"advice": "records/advice"} if db.has("advice") and db.count("advice") else {}),
        folder,
        point=lambda _, when: fault.point("settle.file", when),
        batch=name,
        **given,
    )
    tree = planted(folder, {"changes": canonical_batches(db, CHANGES)})
    kept |= keep_beside(leaves.halves(folder), folder, tree.size)
    files = {each: StoredFile(**file.under(ledger.home)) for each, file in kept.items()}
    counts = {
        "of": batch.seq,
        "number": number,
        "cases": len(cases),
        "actions": {row["action"]: row["lines"] for row in db.rows("settlements/action_count")},
        "moved_cents": db.rows("settlements/moved")[0],
    }
    return batch.upon(KIND, root, files, counts, version("linewatch"), name=name), tree


def _closing(db: sql.Cursor, cases: Iterable[str]) -> dict[str, Done]:
    """What closes each case: its lines as they were settled. Of one whose lines are all gone, none."""
    lines: dict[str, list[Row]] = {case_id: [] for case_id in cases}
    for row in db.arrow("settlements/settled").to_pylist():
        lines[row["case_id"]].append(
            {
                "facility_id": row["facility_id"],
                "outcome": row["outcome"],
                "limit_cents": row["new_limit_cents"],
                "action": row["action"],
            }
        )
    return {case_id: Done("settled", BY, "", {"lines": told}) for case_id, told in lines.items()}


def _told(row: Mapping[str, Any]) -> Row:
    return {
        "facility_id": row["facility_id"],
        "bound_by": row["bound_by"],
        "value_cents": row["ends_at_cents"],
    }
