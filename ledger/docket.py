"""The review cases of a record, as people and nights ask for them: each method is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from ledger import cases
from ledger.engine import reading, writing
from ledger.event import Event
from ledger.rows import CaseEvent, OpenCase, SeenCase, WaitingCase
from linewatch.casework import Casework, Done


class Docket:
    """The cases of one record. Reading never waits for a writer, nor a writer for readers."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def open(self) -> Iterator[OpenCase]:
        """The oldest first; read from one view of the record until the last of them is taken."""
        with reading(self.engine) as connection:
            yield from cases.still_open(connection)

    def waiting(self) -> Iterator[WaitingCase]:
        """The open cases by their days alone, the oldest first."""
        with reading(self.engine) as connection:
            yield from cases.waiting(connection)

    def past_due(self, as_of: date) -> list[str]:
        """The open cases that should have been decided before a day, the oldest first."""
        with reading(self.engine) as connection:
            return cases.past_due(connection, as_of)

    def escalated(self) -> int:
        """How many open cases went up because their day passed, and wait as they did."""
        with reading(self.engine) as connection:
            return cases.escalated(connection)

    def seen(self, case_ids: Collection[str]) -> dict[str, SeenCase]:
        """Each of the cases as nights saw it, by its id; those alone that the record has."""
        with reading(self.engine) as connection:
            return cases.seen(connection, case_ids)

    def closed(self, case_ids: Iterable[str]) -> set[str]:
        """Those of the cases that some event has closed, and none reopened since."""
        with reading(self.engine) as connection:
            return cases.closed(connection, case_ids)

    def standing(self, case_ids: Collection[str] | None = None) -> dict[str, Casework]:
        """Where each case stands by its id: of those named, that the record has; else of the open ones."""
        with reading(self.engine) as connection:
            return cases.standing(connection, case_ids)

    def named(self, case_ids: Iterable[str]) -> list[OpenCase]:
        """Those of the cases that the record has, open or closed, as their nights wrote them."""
        with reading(self.engine) as connection:
            return list(cases.named(connection, case_ids))

    def ready(self) -> dict[str, Casework]:
        """The cases that are decided, by two where two are asked for, and that no settlement has taken in."""
        with reading(self.engine) as connection:
            return cases.ready(connection)

    def evidence(self, case_ids: Iterable[str]) -> dict[str, list[str]]:
        """The SHA-256 of the files laid beside each case, in the order in which they came; none: left out."""
        with reading(self.engine) as connection:
            return cases.evidence(connection, case_ids)

    def events(self, case_id: str) -> list[CaseEvent]:
        """What was done to a case, the oldest first. Empty for one that the record has not."""
        with reading(self.engine) as connection:
            return cases.events_of(connection, case_id)

    def work(
        self, acts: Sequence[tuple[str, Done]], recorded_at: datetime, *, past_due: date | None = None
    ) -> list[str]:
        """Do to each case what people want, in this order: let in or not by where the case stands then.

        One answer an act, in order: why it was not let in, in words for who wanted it; empty if it was. What
        was let in becomes known together, whoever else reaches for the same cases meanwhile. With `past_due`
        a case whose day is not before that one is left alone, also if it was given a later one just now.
        """
        with writing(self.engine) as connection:
            event = Event(connection, recorded_at)
            told, kinds = cases.work(event, acts, past_due)
            if kinds:
                event.tell(f"case.{kinds.pop()}" if len(kinds) == 1 else "cases")
            return told
