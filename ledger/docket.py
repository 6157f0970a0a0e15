"""The review cases of a record, as people and nights ask for them: each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import sqlalchemy as sa

from ledger import beside, cases, line_up
from ledger.engine import home_of, reading, writing
from ledger.event import Event
from ledger.histories import histories
from ledger.rows import CaseEvent, OpenCase, QueuedCase, SeenCase, WaitingCase
from linewatch.casework import Casework, Done
from linewatch.evidence import is_tidy, take_away, unnamed
from linewatch.readings import CaseHistory


class Docket:
    """The cases of one record. Reading never waits for a writer, nor a writer for readers."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def open(self) -> Iterator[OpenCase]:
        """The oldest first; read from one view of the record until the last of them is taken."""
        with reading(self.engine) as connection:
            yield from cases.still_open(connection)

    def open_of(self, borrower_id: str) -> list[OpenCase]:
        """Those of a borrower, the oldest first."""
        with reading(self.engine) as connection:
            return cases.open_of(connection, borrower_id)

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

    def lined_up(self, opened_until: date) -> Iterator[QueuedCase]:
        """The open cases that were opened by a day, in no order: what orders them, and where each stands."""
        with reading(self.engine) as connection:
            yield from line_up.lined_up(connection, opened_until)

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
        found: dict[str, dict[str, None]] = {}
        for each in self.laid(set(case_ids)):
            found.setdefault(each.case_id, {})[each.evidence.sha256] = None
        return {case_id: list(some) for case_id, some in found.items()}

    def events(self, case_id: str) -> list[CaseEvent]:
        """What was done to a case, the oldest first. Empty for one that the record has not."""
        with reading(self.engine) as connection:
            return cases.events_of(connection, case_id)

    def histories(self, since: datetime) -> Iterator[CaseHistory]:
        """The open cases, and those to which anything was done since, each with all that ever was done to it;
        read from one view of the record until the last of them is taken.
        """
        with reading(self.engine) as connection:
            yield from histories(connection, since)

    def work(
        self,
        acts: Sequence[tuple[str, Done]],
        recorded_at: datetime,
        *,
        past_due: date | None = None,
        bringing: Callable[[], None] = lambda: None,
    ) -> list[str]:
        """Do to each case what people want, in this order: let in or not by where the case stands then.

        One answer an act, in order: why it was not let in, in words for who wanted it; empty if it was. What
        was let in becomes known together, whoever else reaches for the same cases meanwhile. With `past_due`
        a case whose day is not before that one is left alone, also if it was given a later one just now.
        `bringing` puts in its place what an act that was let in names, before anybody knows of it.
        """
        with writing(self.engine) as connection:
            event = Event(connection, recorded_at)
            told, kinds = cases.work(event, acts, past_due)
            if kinds:
                event.tell(f"case.{kinds.pop()}" if len(kinds) == 1 else "cases")
                bringing()
            return told

    def laid(self, case_ids: Collection[str] | None = None) -> list[beside.Laid]:
        """The evidence beside these cases, or beside any, in the order in which it came."""
        with reading(self.engine) as connection:
            return beside.laid(connection, case_ids)

    def pasts(self, case_ids: Collection[str]) -> dict[str, beside.Past]:
        """When each of the cases was closed, and by which batches it came about."""
        with reading(self.engine) as connection:
            return beside.pasts(connection, case_ids)

    @contextmanager
    def while_none_is_laid(self) -> Iterator[set[str]]:
        """The paths of the evidence that lies beside cases, while nobody adds any or is about to know of
        more: an answer to a COMMIT may have been lost. Raises what a writer meets.
        """
        with writing(self.engine) as connection:
            yield beside.named(connection)

    def take_away_unnamed(self) -> int:
        """Take away the files of evidence that no case names, and return how many: an erasure or a prune
        let them go, or whoever added them was cut off.
        """
        home = home_of(self.engine)
        if is_tidy(home, ()):  # of a home without evidence, whose cases need not be read
            return 0
        with reading(self.engine) as connection:
            if is_tidy(home, beside.named(connection)):
                return 0
        with self.while_none_is_laid() as named:
            paths = unnamed(home, named)
            take_away(home, paths)
        return len(paths)
