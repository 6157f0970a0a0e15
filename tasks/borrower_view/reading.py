"""Read what committed batches hold of one borrower: each file by a filter, never whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ledger import Batch, Ledger
from linewatch.counting import counted
from linewatch.errors import DataRefused, NotFound
from linewatch.room import home_option
from sources import snapshot
from sql import access
from sql.engine import Cursor, Engine

Row = dict[str, Any]
WHOLE = ("night", "revision")
"""Batches that decide every line of a day; a revision stands in its night's stead."""
READ = ("decisions", "changes", "drafts")


@dataclass(frozen=True)
class Read:
    """What is kept of a borrower up to a night."""

    night: Batch
    is_newest: bool
    batches: tuple[Batch, ...]
    """Every committed one that the night, and what was put upon it, stands on; in the order of commits."""
    nights: dict[date, dict[str, Row]]
    """Decisions on their lines by night and line, the oldest night first; a line handed to somebody else is
    in no later night."""
    changes: list[tuple[Batch, Row]]
    drafts: list[tuple[Batch, Row]]
    advice: list[tuple[Batch, Row]]
    """What each night said would help; nights without such a file said nothing."""
    warned: list[tuple[Batch, Row]]
    """The early warnings that stood after the night, each with the night that told it."""
    promises: list[Row]
    """How promises to the borrower stood after the night."""
    settled: frozenset[str]
    """Lines that people decided upon the night."""
    reader: Row | None
    """The borrower as the night's source had them; None where that is gone, or does not have them."""
    not_kept: list[Row] = field(default_factory=list)

    @property
    def now(self) -> dict[str, Row]:
        """Tonight's decisions by line."""
        return self.nights.get(self.night.as_of, {})

    @property
    def newest_row(self) -> Row | None:
        """The newest decision on any of their lines."""
        rows = [row for lines in self.nights.values() for row in lines.values()]
        return rows[-1] if rows else None


def read(ledger: Ledger, borrower_id: str, as_of: date | None) -> Read:
    """All that the view needs of files. Raises NotFound for a night that is not there, or was pruned, and for
    a borrower of whom nothing is held; DataRefused for a file that is damaged.
    """
    night = ledger.standing(as_of, held_too=False)
    committed = ledger.batches(state="committed")
    later = [each.seq for each in committed if each.kind in WHOLE and each.as_of > night.as_of]
    batches = tuple(each for each in committed if not later or each.seq < min(later))
    if "decisions" in night.gone:
        raise _pruned(ledger, night, committed)
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        try:
            return _read(_Reading(ledger, db, borrower_id), night, batches, is_newest=not later)
        except access.Unreadable as error:
            raise DataRefused(
                f"The file {error.path.name} of this home is damaged.",
                where=str(error.path),
                what_now="Put it back from a copy of the home: linewatch log verify names what differs.",
            ) from None


def nights_of(batches: Iterable[Batch]) -> dict[date, Batch]:
    """Each night as it was last revised, the oldest first."""
    found = {each.as_of: each for each in batches if each.kind in WHOLE}
    return {day: found[day] for day in sorted(found)}


@dataclass
class _Reading:
    ledger: Ledger
    db: Cursor
    borrower_id: str

    def rows(self, batch: Batch, name: str, by: str) -> list[Row]:
        path = self.path(batch, name)
        return access.rows_of(self.db, path, by) if path else []

    def path(self, batch: Batch, name: str) -> Path | None:
        """None for a file that the batch never had, or that was pruned. Raises NotFound for a lost one."""
        return self.ledger.file(batch, name) if name in batch.files else None


def _read(reading: _Reading, night: Batch, batches: tuple[Batch, ...], *, is_newest: bool) -> Read:
    nights = nights_of(batches)
    access.seek(reading.db, [reading.borrower_id], [])
    own = {
        day: {row["facility_id"]: row for row in reading.rows(each, "decisions", "borrower")}
        for day, each in nights.items()
    }
    drafts = [(each, row) for each in batches for row in reading.rows(each, "drafts", "borrower")]
    reader = _reader(reading, night)
    lines = sorted({line for rows in own.values() for line in rows})
    if not lines and not drafts and reader is None:
        raise _unknown(reading, night, batches)
    access.seek(reading.db, [reading.borrower_id], lines)
    owner = _Owner(own, dict(_taken(reading, nights)))
    changes = [
        (each, row)
        for each in batches
        for row in reading.rows(each, "changes", "line")
        if owner.is_theirs(row["facility_id"], each.as_of)
    ]
    advice = [
        (each, row)
        for each in batches
        for row in reading.rows(each, "advice", "line")
        if owner.is_theirs(row["facility_id"], each.as_of)
    ]
    settled = frozenset(
        row["facility_id"]
        for each in batches
        if each.seq > night.seq
        for row in reading.rows(each, "settled", "line")
    )
    warned = [
        (nights.get(row["warned_on"], night), row) for row in reading.rows(night, "warnings", "borrower")
    ]
    return Read(
        night,
        is_newest,
        batches,
        own,
        changes,
        drafts,
        advice,
        warned,
        promises=reading.rows(night, "promises", "borrower"),
        settled=settled,
        reader=reader,
        not_kept=list(_not_kept(reading.ledger, batches)),
    )


@dataclass(frozen=True)
class _Owner:
    """Whose a line was: an id may be given to somebody else's line."""

    own: dict[date, dict[str, Row]]
    taken: dict[date, set[str]]
    """By night, lines of the borrower that were another's then."""

    def is_theirs(self, line: str, day: date) -> bool:
        """By the last night up to the day that has the line; without one, by the first after it."""
        days = sorted(self.own)
        for each in [*(d for d in reversed(days) if d <= day), *(d for d in days if d > day)]:
            if line in self.own[each]:
                return True
            if line in self.taken.get(each, ()):
                return False
        return False


def _taken(reading: _Reading, nights: dict[date, Batch]) -> Iterator[tuple[date, set[str]]]:
    for day, each in nights.items():
        path = reading.path(each, "decisions")
        yield day, set(access.taken_lines_of(reading.db, path)) if path else set()


def _reader(reading: _Reading, night: Batch) -> Row | None:
    taken = snapshot.look(reading.ledger.home / night.snapshot) if night.snapshot else None
    if taken is None:
        return None
    snapshot.leave_tables(reading.db, {"borrower": taken.tables["borrower"]})
    return next(iter(reading.db.rows("access/reader", borrower_id=reading.borrower_id)), None)


def _not_kept(ledger: Ledger, batches: Sequence[Batch]) -> Iterator[Row]:
    """What was pruned of which batch, and since when: it may have been about the borrower."""
    for each in batches:
        names = sorted(each.gone.intersection(READ))
        if names:
            on = ledger.pruned_on(each, names[0])
            yield {"as_of": each.as_of, "batch": each.batch, "what": names, "on": on}


def _pruned(ledger: Ledger, night: Batch, batches: Iterable[Batch]) -> NotFound:
    kept = [day for day, each in nights_of(batches).items() if "decisions" not in each.gone]
    told = ", ".join(str(day) for day in kept[-5:])
    return NotFound(
        f"What the night of {night.as_of} decided is gone since"
        f" {ledger.pruned_on(night, 'decisions')}: it was pruned, as the rules of keeping have it.",
        where=f"{counted(len(kept), 'night is', 'nights are')} kept, the newest of them: {told}",
        what_now=f"Name one of these: linewatch borrower explain ID --as-of {kept[-1]}"
        f"{home_option(ledger.home)}",
    )


def _unknown(reading: _Reading, night: Batch, batches: Sequence[Batch]) -> NotFound:
    """Nothing is held; of whom an erasure was the record does not keep, so that each is named."""
    home, nights = reading.ledger.home, nights_of(batches)
    access.seek(reading.db, [], [reading.borrower_id])
    is_line = bool(reading.rows(nights[night.as_of], "decisions", "line"))
    looked = [day for day, each in nights.items() if "decisions" not in each.gone]
    gone = [day for day, each in nights.items() if "decisions" in each.gone]
    where = [f"Looked at: {counted(len(looked), 'committed night')}, {looked[0]} to {looked[-1]}, in {home}"]
    where += [f"Not kept any more: {counted(len(gone), 'night')}, {gone[0]} to {gone[-1]}"] if gone else []
    erased = [told for each in batches if each.kind == "erasure" for told in _erasure(reading.ledger, each)]
    if erased:
        where += [
            "Whoever was erased is known no more, and the record does not keep of whom an erasure was."
            " Erasures on record:",
            *erased,
        ]
    numbers = "Numbers are as in the source, capitals too: linewatch borrower explain ID"
    line = (
        "This is the number of a line: linewatch explain FACILITY names its borrower, then linewatch borrower"
    )
    return NotFound(
        "Nothing is held of a borrower of this number" + (", or they were erased." if erased else "."),
        where="\n".join(where),
        what_now=f"{f'{line} explain ID' if is_line else numbers}{home_option(home)}",
    )


def _erasure(ledger: Ledger, batch: Batch) -> Iterator[str]:
    entry = ledger.log.of_batch(batch.seq)
    on = f" on {batch.recorded_at.date()}" if batch.recorded_at else ""
    if entry is not None:
        yield f"  entry {entry.seq} of the log{on}, {batch.batch}"
