"""Erase a borrower: what tells of them goes, the log stays whole, and other borrowers' nights replay."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from ledger import Approval, Batch, Ledger, NewBatch, StoredFile, Successor, standing_ledger
from linewatch import fault
from linewatch.errors import DataRefused, NotFound
from linewatch.leaves import SALT, Standing
from linewatch.people import register_of
from linewatch.profile import Profile
from linewatch.regulation import Pack
from linewatch.retention import Bound, Decided, kept_until
from linewatch.room import home_option
from linewatch.whereabouts import place_of
from sources import snapshot
from sources.erasing import Erasing, next_place
from sources.unnamed import take_away_unnamed
from sql import access
from sql.engine import Cursor
from sql.files import settle
from sql.keep import Kept, keep_written
from sql.passing import passing
from tasks.access.gather import Gathered, gather, own_cases
from tasks.access.handed_out import take_out
from tasks.access.naming import nothing_left, refuse_naming

KIND, ACTION = "erasure", "erase"
KINDS: tuple[Literal["consumer", "enterprise"], ...] = ("consumer", "enterprise")
WRITTEN_BY = ("borrower", "line", "key")
LEAVES_OF = ("decisions", "changes")


@dataclass(frozen=True)
class Erased:
    """What was erased, in counts: nothing of whom."""

    batch: str
    root: str
    files: int
    """Files of batches and snapshots that others stand in for."""
    leaves: int
    cases: int
    evidence: int
    """Files that lay beside these cases, and beside no other's."""
    handed_out: int
    """Files under out/ that this call wrote anew, or took away: one that was cut off left fewer."""
    not_replayed: int
    """Decisions on others' lines that leant on the borrower's rows: no replay compares them any more."""


@dataclass
class _Work:
    """An erasure under way."""

    ledger: Ledger
    db: Cursor
    borrower_id: str
    found: Gathered
    holding: set[str]
    """Paths under the home with rows of the borrower."""
    naming: set[str]
    """Those with rows of others that name them, too."""
    successors: list[Successor] = field(default_factory=list)
    leaves: dict[int, list[int]] = field(default_factory=dict)
    """Those erased, by the `seq` of their batch."""
    leaning: dict[int, list[int]] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.ledger.home

    def holds(self, folder: str) -> bool:
        return _under(folder, self.holding)


def erase(home: Path, borrower_id: str, *, by: str, because: str, recorded_at: datetime) -> Erased:
    """Take a borrower out of every snapshot, batch and file made for people, and out of the record, and
    take away what lies beside their cases.

    Files are written beside, and one transaction lets them stand in for those before, which are then taken
    away: cut off anywhere, the same call finishes it. Raises NotFound for a borrower of whom nothing is held
    but what names them; DataRefused while a record of law keeps them, the source still delivers them, the
    person may not, or the words given name them; NightHeld while a night waits for a person: then nothing is
    written, nor taken out of what was handed out.
    """
    ledger = standing_ledger(home)
    newest = ledger.standing(held_too=False)
    ledger.check_order(newest.as_of)  # nothing is taken out of out/ while a night is held
    registered = register_of(ledger.document_of(newest, "profile")).check(by, because)
    refuse_naming(f"{by}\n{because}", [borrower_id])
    # What an erasure that was cut off wrote, or came not to take away, is none of what is held.
    take_away_unnamed(home, ledger.settled_batches())
    ledger.cases.take_away_unnamed()
    found = gather(ledger, borrower_id)
    if not found.parts and not found.lines:
        raise _nothing(home)
    refuse_naming(f"{by}\n{because}", found.lines)
    if found.unreadable:
        raise _unreadable(found.unreadable)
    _refuse_kept(ledger, newest, found, recorded_at.date())
    with passing(home) as engine, engine.cursor() as db:
        work = _Work(ledger, db, borrower_id, found, found.own_paths, found.paths)
        _refuse_delivered(work, newest)
        _snapshots(work)
        for batch in ledger.batches():
            _batch(work, batch)
    cases = own_cases(_rows(found, "review_case"), borrower_id, found.always)
    made_anew = take_out(home, found, borrower_id)
    if not (work.successors or cases or made_anew):
        raise nothing_left(home, found)
    fault.point("erase.files", "after")
    new = _new(newest, work, len(cases))
    who = Approval(ACTION, by, registered, because, recorded_at)
    promises = [
        str(row["promise_id"])
        for row in _rows(found, "promise")
        if row["borrower_id"] == borrower_id or row["facility_id"] in found.lines
    ]
    known = ledger.erase(new, work.successors, work.leaves, cases, who, promise_ids=promises)
    take_away_unnamed(home, ledger.settled_batches())
    evidence = ledger.cases.take_away_unnamed()
    return Erased(
        known.batch,
        known.root,
        len(work.successors),
        sum(len(each) for each in work.leaves.values()),
        len(cases),
        evidence,
        made_anew,
        sum(len(each) for each in work.leaning.values()),
    )


def _under(folder: str, paths: set[str]) -> bool:
    return any(path.startswith(f"{folder}/") for path in paths)


def _snapshots(work: _Work) -> None:
    """What is left of each snapshot that has rows of the borrower."""
    erasing: dict[frozenset[str], Erasing] = {}
    """By the lines that were the borrower's: nights that share a file share what is left of it but then."""
    replaced: dict[str, tuple[StoredFile, StoredFile]] = {}
    for batch in work.ledger.batches():
        old = batch.files.get("manifest")
        taken = snapshot.look(work.home / batch.snapshot) if old else None
        if old is None or taken is None or not work.holds(batch.snapshot):
            continue
        if batch.snapshot not in replaced:
            lines = work.found.lines_on(f"{batch.snapshot}/")
            by_lines = erasing.setdefault(lines, Erasing(work.db, partial(_leave, work)))
            replaced[batch.snapshot] = _snapshot(work, by_lines, taken, old)
        work.successors.append(Successor(batch.seq, "manifest", *replaced[batch.snapshot]))
        fault.point("erase.snapshot", "after")


def _snapshot(
    work: _Work, erasing: Erasing, taken: snapshot.Snapshot, old: StoredFile
) -> tuple[StoredFile, StoredFile]:
    """A snapshot's manifest and what stands in for it."""
    left = erasing.without(taken, next_place(taken))
    return old, StoredFile(**snapshot.manifest_of(left.folder).under(work.home))


def _batch(work: _Work, batch: Batch) -> None:
    """What is left of each file of a batch, and which of its leaves are erased."""
    places = _places(work, batch)
    less = set()
    for name, old in batch.files.items():
        place = place_of(old.path)
        if old.path not in work.holding or place is None or place.by not in WRITTEN_BY:
            continue
        half = work.home / batch.folder / f"{name}.partial"
        path, lines = work.home / old.path, work.found.lines_on(old.path)
        rows = access.write_left(work.db, path, place.by, work.borrower_id, lines, half)
        if rows == old.rows:
            half.unlink()
            continue
        settle(half)
        _replace(work, batch, name, old, keep_written(half, half.parent, name, rows, ending="parquet"))
        less.add(name)
    # A salt goes with its row alone: a row without one would be an alteration to whoever verifies the log.
    _salts(work, batch, {section: some if section in less else [] for section, some in places.items()})
    if batch.folder:
        settle(work.home / batch.folder)


def _places(work: _Work, batch: Batch) -> dict[str, list[int]]:
    """Where rows of the borrower stand among those of a batch's leaves; notes who leant on them."""
    found = {}
    lines = work.found.lines_on(f"{batch.folder}/") if batch.folder else frozenset()
    for section in LEAVES_OF:
        path = batch.path(work.home, section) if work.holds(batch.folder) else None
        found[section] = access.places_of(work.db, path, lines) if path else []
    path = batch.path(work.home, "decisions")
    leant = path is not None and _under(batch.folder, work.naming)
    if path is not None and leant and batch.files.get("leaves") is not None:
        leaning = access.leaning_places(work.db, path, work.borrower_id, lines)
        if leaning:
            standing = Standing((work.home / batch.files["salts"].path).read_bytes())
            work.leaning[batch.seq] = [standing.leaf(place) for place in leaning]
    return found


def _salts(work: _Work, batch: Batch, places: Mapping[str, list[int]]) -> None:
    """Forget the salts of the leaves of the borrower: nobody can try what they committed to any more."""
    old = batch.files.get("salts")
    if old is None or not any(places.values()):
        return
    salts = bytearray((work.home / old.path).read_bytes())
    entry = work.ledger.log.of_batch(batch.seq)
    first = {"decisions": 0, "changes": entry.told["tree"]["decisions"] if entry is not None else 0}
    standing = Standing(bytes(salts))
    gone = sorted(standing.leaf(place, first[section]) for section in LEAVES_OF for place in places[section])
    for index in gone:
        salts[SALT * index : SALT * (index + 1)] = bytes(SALT)
    half = work.home / batch.folder / "salts.partial"
    half.write_bytes(salts)
    settle(half)
    _replace(work, batch, "salts", old, keep_written(half, half.parent, "salts", old.rows))
    work.leaves[batch.seq] = gone


def _replace(work: _Work, batch: Batch, name: str, old: StoredFile, new: Kept) -> None:
    work.successors.append(Successor(batch.seq, name, old, StoredFile(**new.under(work.home))))
    fault.point(f"erase.{name}", "after")


def _leave(work: _Work, table: str, path: Path, to: Path) -> bool:
    """Write what is left of a part of a snapshot, if it holds the borrower."""
    place = place_of(f"snapshots/any/{table}.parquet")
    under = path.relative_to(work.home).as_posix()
    if under not in work.holding or place is None or place.by not in WRITTEN_BY:
        return False
    access.write_left(work.db, path, place.by, work.borrower_id, work.found.lines_on(under), to)
    return True


def _refuse_kept(ledger: Ledger, newest: Batch, found: Gathered, today: date) -> None:
    """Raise DataRefused while the law keeps the borrower's decisions, or the source still has them."""
    bound = _bound(ledger, newest, found, today)
    if bound is not None and bound.until > today:
        raise DataRefused(
            f"The law keeps what was decided of this borrower until {bound.until}: record {bound.record.id}"
            f" of the pack {bound.pack}.",
            where=f"{bound.record.citation} (checked: {str(bound.record.checked).lower()})",
            what_now="Nothing was changed. Run the same command again on that day or later.",
        )


def _refuse_delivered(work: _Work, newest: Batch) -> None:
    """Raise DataRefused if the newest night read the borrower from its source."""
    taken = snapshot.look(work.home / newest.snapshot)
    if taken is None:
        return
    snapshot.leave_tables(work.db, taken.tables)
    if work.db.rows("access/delivered", borrowers=[work.borrower_id])[0]["rows_of_theirs"]:
        raise DataRefused(
            f"The source still delivered this borrower on {newest.as_of}: a night would bring them back.",
            what_now="Nothing was changed. Let the source leave them out, run a night, and try again.",
        )


def _bound(ledger: Ledger, newest: Batch, found: Gathered, today: date) -> Bound | None:
    profile = Profile.model_validate(tomllib.loads(ledger.document_of(newest, "profile") or ""))
    people = list(_rows(found, "borrower"))
    countries = {row.get("jurisdiction") for row in people}
    named = {profile.packs.get(str(country)) for country in countries}
    texts = [text for kind, _, text in ledger.documents_of(newest) if kind == "regulation"]
    packs = [Pack.model_validate(tomllib.loads(text)) for text in texts]
    kinds = {str(row.get("borrower_type")) for row in people}
    return kept_until(
        (pack for pack in packs if pack.id in named or None in countries or not people),
        list(_decided(found)),
        profile=profile,
        borrower_type=next((kind for kind in KINDS if kinds == {kind}), None),
        on=today,
    )


def _decided(found: Gathered) -> Iterator[Decided]:
    """Each decision on the borrower's lines, by the day of its batch, or of its letter if that is later."""
    for part in found.parts:
        if part.name != "decisions" or part.of_others:
            continue
        for row, paths in part.rows.values():
            letter = row.get("deadline_on")
            for path in paths:
                on = date.fromisoformat(path.split("/")[1][:10])
                yield Decided(max(on, letter) if isinstance(letter, date) else on, row.get("product"))


def _rows(found: Gathered, name: str) -> Iterator[Mapping[str, object]]:
    for part in found.parts:
        if part.name == name and not part.of_others:
            yield from (row for row, _ in part.rows.values())


def _new(newest: Batch, work: _Work, cases: int) -> NewBatch:
    """The batch of the erasure: its root is over what was put in place of what, and names nobody."""
    told = [
        [each.batch_seq, each.name, each.old.sha256, each.new.sha256 if each.new else None]
        for each in work.successors
    ]
    root = hashlib.sha256(json.dumps([told, cases], separators=(",", ":")).encode()).hexdigest()
    counts = {
        "files": len(work.successors),
        "cases": cases,
        "not_replayed": {str(seq): places for seq, places in sorted(work.leaning.items())},
    }
    return newest.act_upon(KIND, root, counts, version("linewatch"))


def _unreadable(paths: tuple[str, ...]) -> DataRefused:
    return DataRefused(
        "These files cannot be read, and nobody can say whether the borrower stands in them.",
        where="\n".join(f"  {path}" for path in paths),
        what_now="Nothing was changed. Put them back from a copy of the home, and try again.",
    )


def _nothing(home: Path) -> NotFound:
    return NotFound(
        "Nothing is held of a borrower of this number.",
        where=str(home),
        what_now="Numbers are as in the source, capitals too; or it was erased before: linewatch status"
        f"{home_option(home)}",
    )
