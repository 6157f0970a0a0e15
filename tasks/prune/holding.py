"""What stays though the profile would let it go: what the law keeps, and what nights still need."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ledger import KEPT_DAYS, Batch, Ledger, Past
from linewatch.profile import Kept, Profile
from linewatch.regulation import Pack
from linewatch.retention import Bound, Decided, kept_until

OF_LAW = ("snapshots", "decisions")
"""Kinds without which a night is not replayed."""
DAYS_OF_LETTERS = "deadline_on"


@dataclass(frozen=True)
class Held:
    """A batch, or a case, whose things of a kind stay, and why."""

    batch: str
    """Its name; of a case the key."""
    because: str
    until: date | None = None
    """The first day on which the law lets them go."""


class Holding:
    """What holds the batches of a home on a day."""

    def __init__(self, ledger: Ledger, profile: Profile, newest: Batch, today: date) -> None:
        self.ledger, self.profile, self.newest, self.today = ledger, profile, newest, today
        self.known = ledger.batches()
        texts = ledger.documents_of(newest)
        self._packs = [
            Pack.model_validate(tomllib.loads(text)) for kind, _, text in texts if kind == "regulation"
        ]
        self._due = {each.batch.seq for each in ledger.pending()}
        self._asked = {night.seq for night, _ in ledger.reversals_waiting()}
        self._held = {each.as_of for each in self.known if each.state == "held"}
        self._bounds: dict[int, Bound | None] = {}

    def of(self, batch: Batch, kind: Kept) -> Held | None:
        """Why things of a batch stay; None: nothing holds them."""
        return next(self._reasons(batch, kind), None)

    def of_case(self, case_id: str, past: Past, closed_on: date) -> Held | None:
        """Why what lies beside a case that was closed on a day stays; None: nothing holds it."""
        mine = [batch for batch in self.known if batch.seq in past.batches]
        if any(batch.seq in self._asked for batch in mine):
            return Held(case_id, "somebody has asked to undo a night of it")
        bounds = [self._until([closed_on]), *(self.bound(batch) for batch in mine)]
        last = max((bound for bound in bounds if bound), key=lambda bound: bound.until, default=None)
        return Held(case_id, f"the law keeps it: {_record(last)}", last.until) if last else None

    def of_day(self, day: date) -> bool:
        """Whether files made for people of a night of this day stay, whatever their age."""
        return day >= self.newest.as_of or day in self._held

    @property
    def days_held(self) -> set[date]:
        return {self.newest.as_of, *self._held}

    def _reasons(self, batch: Batch, kind: Kept) -> Iterator[Held]:
        if batch.as_of in self._held:
            yield Held(batch.batch, "the night is held")
        if batch.as_of >= self.newest.as_of or batch.seq >= self.newest.seq:
            yield Held(batch.batch, "it is of the newest night")
        if kind in ("decisions", "drafts") and batch.seq in self._asked:
            yield Held(batch.batch, "somebody has asked to undo it")
        if kind in OF_LAW and (bound := self.bound(batch)) is not None:
            yield Held(batch.batch, f"the law keeps it: {_record(bound)}", bound.until)
        if kind == "decisions":
            yield from self._needed(batch)

    def _needed(self, batch: Batch) -> Iterator[Held]:
        if batch.seq in self._due:
            yield Held(batch.batch, "its changes are still due")
        first = self._first_of_law
        if first is not None and batch.as_of >= self._read_from(first[0]):
            because = f"a night that the law keeps is replayed from it: {_record(first[1])}"
            yield Held(batch.batch, because, first[1].until)
        if batch.as_of >= self._read_from(self.newest):
            yield Held(batch.batch, "later nights carry on from it")

    def _read_from(self, night: Batch) -> date:
        """The first day of which a night, decided again, reads what was decided."""
        before = self.ledger.newest(before=night.as_of)
        return (before or night).as_of - timedelta(days=KEPT_DAYS)

    def bound(self, batch: Batch) -> Bound | None:
        """Until when a record of law keeps a batch, if that is a day to come."""
        if batch.seq not in self._bounds:
            found = self._until([batch.as_of])
            if found is None:
                found = self._until(self._last_letter(batch))
            self._bounds[batch.seq] = found
        return self._bounds[batch.seq]

    def _until(self, days: Iterable[date]) -> Bound | None:
        decided = [Decided(day) for day in days]
        found = kept_until(self._packs, decided, profile=self.profile, borrower_type=None, on=self.today)
        return found if found is not None and found.until > self.today else None

    def _last_letter(self, batch: Batch) -> list[date]:
        """The last day for a letter of the batch, where it set any."""
        path = batch.path(self.ledger.home, "decisions")
        if path is None or not path.is_file() or not self._packs:
            return []
        try:
            if DAYS_OF_LETTERS not in pq.read_schema(path).names:
                return []
            last = pc.max(pq.read_table(path, columns=[DAYS_OF_LETTERS])[DAYS_OF_LETTERS]).as_py()
        except (pa.ArrowException, OSError):
            return []
        return [last] if isinstance(last, date) else []

    @cached_property
    def _first_of_law(self) -> tuple[Batch, Bound] | None:
        """The earliest night that the law keeps and that can be replayed, and the record."""
        nights = [each for each in self.known if each.snapshot and "decisions" in each.files]
        for night in sorted(nights, key=lambda each: (each.as_of, each.seq)):
            bound = self.bound(night)
            if bound is not None:
                return night, bound
        return None


def _record(bound: Bound) -> str:
    return f"record {bound.record.id} of the pack {bound.pack}"
