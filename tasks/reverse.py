"""Undo a wrong night: the changes that set its lines back, asked for by one person, confirmed by another."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ledger import (
    Approval,
    Batch,
    Ledger,
    NewBatch,
    Reversal,
    StoredFile,
    batch_name,
    receipt,
    standing_ledger,
)
from linewatch import fault, leaves
from linewatch.destination import destination_of
from linewatch.errors import DataRefused, NotFound
from linewatch.expression import ExpressionRefused, Kind, parse
from linewatch.leaves import Planted, planted
from linewatch.notice import Notices
from linewatch.people import other_than, register_of
from linewatch.profile import Profile
from linewatch.proof import root_of
from linewatch.receipt import Receipt
from linewatch.room import home_option
from sources import snapshot
from sql import stage
from sql.canonical import CHANGES, canonical_batches, canonical_rows
from sql.conditions import build_picked
from sql.engine import Cursor
from sql.keep import keep_all, keep_beside
from sql.passing import passing
from sql.past import leave_past

KIND = "reversal"
FILES = {
    "changes": "records/changes",
    **{name: f"reversals/{name}" for name in ("state", "drafts", "left", "repairs")},
}
"""Each with the statement that makes it."""
KINDS: Mapping[str, Kind] = {
    "VARCHAR": "text",
    "BIGINT": "number",
    "INTEGER": "number",
    "BOOLEAN": "flag",
    "DATE": "day",
}
"""What a condition on lines may compare: the columns of a decision that hold one plain value."""


@dataclass(frozen=True)
class Plan:
    """What undoing a night comes to; nothing is kept of it until `ask` or `commit`."""

    db: Cursor
    """Holds the tables that the letters are drafted from."""
    ledger: Ledger
    night: Batch
    """The night to undo."""
    newest: Batch
    """The newest night: the lines are set back as they stand after it."""
    condition: str
    root: str
    counts: Mapping[str, int]
    """Lines that are set back, by what is undone."""
    left: Mapping[str, int]
    """Lines of the night that are left alone, by why."""

    @property
    def given(self) -> dict[str, Any]:
        """The parameters of its statements."""
        return _given(self.night, self.newest)


@contextmanager
def planned(home: Path, as_of: date, condition: str = "") -> Iterator[Plan]:
    """What undoing the night of `as_of` would do now, for the lines that the condition picks.

    Raises NotFound for a night that is not committed, DataRefused where nothing is left to undo.
    """
    ledger = standing_ledger(home)
    night, newest = ledger.standing(as_of, held_too=False), ledger.standing()
    if night.kind != "night":
        raise DataRefused(
            f"The night of {as_of} was revised, as {night.batch}; undoing that would leave the first.",
            what_now="Nothing was changed. Revise it again, while it is the newest night; or let the next one"
            " review its lines.",
        )
    with passing(home) as engine, engine.cursor() as db:
        _load(db, ledger, night, newest)
        given = _given(night, newest)
        db.build("reversals/later_line")
        _pick(db, condition)
        db.build("reversals/changed_line")
        lines = db.build("reversals/undone_line", **given)
        left = {row["left_because"]: row["lines"] for row in db.rows("reversals/left_count")}
        if not lines:
            raise _nothing(ledger, night, left)
        db.build("reversals/changing_line")
        db.create("schema/cause_of_line")
        db.build("records/changes", batch="", **given)
        root = root_of(canonical_rows(db, CHANGES))
        counts = db.rows("reversals/undone_count")[0]
        yield Plan(db, ledger, night, newest, condition, root, counts, left)


def ask(plan: Plan, *, by: str, because: str, second: str, recorded_at: datetime) -> Reversal:
    """Put the request on record. Raises DataRefused for a person who may not, or who asks themselves."""
    register = register_of(plan.ledger.document_of(plan.newest, "profile"))
    registered = register.check(by, because, _moved(plan.night))
    if second:
        _two(by, second)
        register.check(second, because, _moved(plan.night))
    return plan.ledger.ask_reversal(
        Reversal(
            seq=0,
            night_seq=plan.night.seq,
            condition=plan.condition,
            by=by,
            registered=registered,
            because=because,
            second=second,
            root=plan.root,
            content={"undone": dict(plan.counts), "left": dict(plan.left)},
            recorded_at=recorded_at,
        )
    )


def asked(home: Path, as_of: date) -> Reversal:
    """The request that waits for a second person. Raises NotFound."""
    ledger = standing_ledger(home)
    night = ledger.night(as_of)
    request = ledger.reversal_waiting(night) if night is not None else None
    if request is None:
        raise NotFound(
            f"Nobody has asked to undo the night of {as_of}, or it is done.",
            where=str(home),
            what_now=f"One person asks first: linewatch reverse {as_of} --by NAME --because TEXT"
            f"{home_option(home)}",
        )
    return request


@dataclass(frozen=True)
class CarriedOut:
    """What undid a night."""

    receipt: Receipt
    condition: str
    undone: Mapping[str, int]
    left: Mapping[str, int]


def carried_out(home: Path, as_of: date, by: str) -> CarriedOut | None:
    """The newest reversal of the night of `as_of`, if this person confirmed it and no other request waits."""
    ledger = standing_ledger(home)
    night = ledger.night(as_of)
    done = ledger.reversals(night) if night is not None else []
    if night is None or not done or ledger.reversal_waiting(night) is not None:
        return None
    newest = done[-1]
    if other_than(ledger.approvals(newest)[-1].by, by):
        return None
    counts = newest.counts
    return CarriedOut(receipt(home, newest), counts.get("condition", ""), counts["undone"], counts["left"])


def commit(plan: Plan, request: Reversal, *, by: str, because: str, recorded_at: datetime) -> Receipt:
    """Commit what was asked for as a batch of its own, in the names of both people.

    Raises DataRefused where the second person is the first, is not the one who was asked or may not, and
    where what would be done is not what was shown to the first.
    """
    _two(request.by, by)
    if request.second and other_than(request.second, by):
        raise DataRefused(
            f"{request.by!r} asked {request.second!r} to confirm, not {by!r}.",
            what_now="Nothing was changed. Ask that person, or let it be asked for again without --second.",
        )
    register = register_of(plan.ledger.document_of(plan.newest, "profile"))
    registered = register.check(by, because, _moved(plan.night))
    if plan.root != request.root:
        raise DataRefused(
            "What would be undone is not what was asked for any more: a night or a change came in between.",
            what_now="Nothing was changed. Let it be asked for again, and look at what it would do now.",
        )
    new, tree = _batch(plan, request)
    who = Approval("confirm", by, registered, because, recorded_at)
    to = destination_of(plan.ledger.document_of(plan.newest, "profile"))
    known = plan.ledger.reverse(new, request, who, tree=tree.told, destination=to)
    return receipt(plan.ledger.home, known)


def papers(plan: Plan) -> tuple[Notices, Profile, date]:
    """What correction letters are written by: words and lender of the newest night, whose day they bear."""
    words, lender = (plan.ledger.document_of(plan.newest, kind) for kind in ("notice", "profile"))
    return (
        Notices.model_validate(tomllib.loads(words or "")),
        Profile.model_validate(tomllib.loads(lender or "")),
        plan.newest.as_of,
    )


def _given(night: Batch, newest: Batch) -> dict[str, Any]:
    return {"kind": KIND, "night": night.as_of, "as_of": newest.as_of}


def _pick(db: Cursor, condition: str) -> None:
    """Leave `picked_line`: the lines that the condition is met by, all of them where there is none."""
    kinds = {name: KINDS[type] for name, type in db.columns("decisions").items() if type in KINDS}
    met = "true"
    if condition.strip():
        try:
            met = parse(condition, kinds).sql(lambda name: f"decisions.{name}")
        except ExpressionRefused as refused:
            raise DataRefused(
                f"--where {condition!r} {refused}",
                where="It compares columns of a decision (docs/home.md) as a condition of the policy does.",
                what_now="Write it as in: segment = 'consumer_new' and jurisdiction = 'CN'",
            ) from refused
    build_picked(db, met)


def _load(db: Cursor, ledger: Ledger, night: Batch, newest: Batch) -> None:
    """Leave what the night decided and changed, what it found, how lines stand now, and whom to write to."""
    home = ledger.home
    found, now = ledger.history(before=night.as_of), ledger.history()
    leave_past(db, found.decisions, found.states, "before_decision")
    leave_past(db, now.decisions, now.states)
    for name, file in (("decisions", "decisions"), ("wrong_change", "changes"), ("wrong_draft", "drafts")):
        ledger.check_there(night, file)
        path = night.path(home, file)
        if path is not None:
            db.parquet(name, [path])
        elif name == "wrong_draft":
            db.create("schema/drafts")
            db.raw.execute("create or replace view wrong_draft as from drafts")
    later = [each for each in ledger.batches(state="committed") if each.seq > night.seq]
    for each in later:
        ledger.check_there(each, "changes")
    paths = [path for each in later if (path := each.path(home, "changes")) is not None]
    db.parquet("later_change", paths) if paths else db.create("schema/past_change")
    if not paths:
        db.raw.execute("create or replace view later_change as from past_change")
    taken = snapshot.look(home / newest.snapshot) if newest.snapshot else None
    snapshot.leave_tables(db, taken.tables if taken else {})
    stage.note_source_columns(db)
    stage.stage(db)
    db.replace("segment_notice", _notice(ledger.document_of(newest, "policy")))
    waiting = {due.batch.seq for due in ledger.pending()}
    db.replace(
        "handed_over",
        [
            {"destination": each, "batch": night.batch, "delivered": night.seq not in waiting}
            for each in ledger.destinations(night)
        ],
    )


def _notice(policy: str | None) -> list[dict[str, Any]]:
    """Days of notice by segment, from the policy's text: an old one is read as a plain table."""
    segments = tomllib.loads(policy).get("segment", []) if policy else []
    return [{"segment": each["name"], "notice_days": each.get("notice_days", 0)} for each in segments]


def _batch(plan: Plan, request: Reversal) -> tuple[NewBatch, Planted]:
    home = plan.ledger.home
    name = batch_name(plan.newest.as_of, KIND, plan.root)
    folder = home / "batches" / name
    kept = keep_all(
        plan.db,
        FILES,
        folder,
        point=lambda _, when: fault.point("reverse.file", when),
        batch=name,
        **plan.given,
    )
    tree = planted(folder, {"changes": canonical_batches(plan.db, CHANGES)})
    kept |= keep_beside(leaves.halves(folder), folder, tree.size)
    files = {each: StoredFile(**file.under(home)) for each, file in kept.items()}
    counts = {
        "undone": dict(plan.counts),
        "left": dict(plan.left),
        "reverses": plan.night.seq,
        "request": request.seq,
        "condition": request.condition,
    }
    return plan.newest.upon(KIND, plan.root, files, counts, version("linewatch")), tree


def _moved(night: Batch) -> int | None:
    """What the night moved in all: undoing a part of it is judged by the whole."""
    cents = night.counts.get("moved_cents")
    return sum(cents.values()) if cents is not None else None


def _two(first: str, second: str) -> None:
    if not other_than(first, second):
        raise DataRefused(
            f"{second!r} cannot confirm what {first!r} asked for: it takes two people.",
            what_now="Nothing was changed. Somebody else confirms.",
        )


def _nothing(ledger: Ledger, night: Batch, left: Mapping[str, int]) -> DataRefused:
    before = [
        f"{each.batch}, asked for by {', confirmed by '.join(who.by for who in ledger.approvals(each))}"
        for each in ledger.reversals(night)
    ]
    why = ", ".join(f"{name} {count:,}" for name, count in left.items())
    return DataRefused(
        f"Nothing of the night of {night.as_of} is left to undo"
        + (f": {why}." if left else ": it changed none of these lines."),
        where="\n".join(f"  undone already by {each}" for each in before),
        what_now="Nothing was changed.",
    )
