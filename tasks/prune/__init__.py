"""Prune: what the profile keeps no longer goes, and the record says what went, when and why."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ledger import Approval, Batch, Ledger, NewBatch, standing_ledger
from linewatch import fault
from linewatch.people import register_of
from sources.unnamed import take_away_unnamed
from tasks.prune.holding import Held
from tasks.prune.plan import Plan, Share, plan_of

__all__ = ["Held", "Plan", "Pruned", "Share", "planned", "prune"]

KIND = "prune"


@dataclass(frozen=True)
class Pruned:
    """What a prune came to."""

    batch: str
    """Empty where nothing was left to go."""
    root: str
    plan: Plan


def planned(home: Path, today: datetime) -> Plan:
    """What would go. Nothing is changed. Raises NotFound for a home without a committed night."""
    return plan_of(standing_ledger(home), today.date())


def prune(home: Path, *, by: str, because: str, recorded_at: datetime) -> Pruned:
    """Let go what the profile keeps no longer, but for what the law or later nights need.

    One transaction tells what goes; then it is taken away: cut off anywhere, the same call finishes it.
    Raises NotFound for a home without a committed night, NightHeld while one waits, DataRefused for a person
    who may not.
    """
    ledger = standing_ledger(home)
    newest = ledger.standing(held_too=False)
    ledger.check_order(newest.as_of)
    registered = register_of(ledger.document_of(newest, "profile")).check(by, because)
    take_away_unnamed(home, ledger.settled_batches())
    ledger.cases.take_away_unnamed()
    plan = plan_of(ledger, recorded_at.date())
    known = None
    if plan.goes:
        who = Approval(KIND, by, registered, because, recorded_at)
        known = ledger.erase(
            _new(newest, plan), plan.successors, {}, (), who, let_go=plan.let_go, pruned=plan.told
        )
    _take_away(ledger, plan)
    return Pruned(known.batch if known else "", known.root if known else "", plan)


def _take_away(ledger: Ledger, plan: Plan) -> None:
    home = ledger.home
    for path in plan.made_for_people:
        fault.point("prune.file", "before")
        (home / path).unlink(missing_ok=True)
    _leave_no_empty_folder(home / "out", before=ledger.standing(held_too=False).as_of)
    fault.point("prune.batches", "before")
    take_away_unnamed(home, ledger.settled_batches())
    ledger.cases.take_away_unnamed()


def _leave_no_empty_folder(out: Path, *, before: date) -> None:
    """Of days before one: nobody makes files of them just now. Those that an earlier prune emptied, too."""
    for folder in sorted(out.glob("????-??-??"), reverse=True):
        if folder.name >= before.isoformat():
            continue
        for each in (*sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True), folder):
            if not any(each.iterdir()):
                each.rmdir()


def _new(newest: Batch, plan: Plan) -> NewBatch:
    """The batch of the prune: its root is over what went."""
    gone = [[each.batch_seq, each.name, each.old.sha256] for each in plan.successors]
    told = json.dumps([plan.after, gone, plan.told], separators=(",", ":"), sort_keys=True)
    root = hashlib.sha256(told.encode()).hexdigest()
    counts: dict[str, Any] = {
        share.kind: {"files": len(share.files), "bytes": share.bytes} for share in plan.shares
    }
    return newest.act_upon(KIND, root, counts, version("linewatch"))
