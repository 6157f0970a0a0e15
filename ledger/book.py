"""What the steps and verbs add to the record of one home: each act is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ledger import batches, beside, cases, outbox, promises, reversals
from ledger.belonging import has_record
from ledger.beside import Laid
from ledger.docket import Docket
from ledger.engine import forget, writing
from ledger.event import Event
from ledger.history import History
from ledger.log import Log
from ledger.reader import Reader
from ledger.rows import Approval, Batch, NewBatch, Publication, Reversal
from ledger.schema import COMMITTED
from ledger.successors import Successor, blank, succeed, told
from linewatch import fault
from linewatch.casework import Casework, Done
from linewatch.destination import FOLDER
from linewatch.documents import Source
from linewatch.errors import NotFound
from linewatch.room import check_folder, check_usable


class Ledger(Reader):
    """The record under one home: all that it knows, and all that adds to it."""

    def settled_batches(self) -> list[Batch]:
        """Every batch, once nobody writes: a commit whose answer was lost may stand only then.

        Raises what a writer meets: Busy, TurnLost, LedgerUnusable.
        """
        with writing(self.engine) as connection:
            return batches.every(connection)

    def commit_batch(
        self,
        new: NewBatch,
        *,
        documents: Iterable[Source],
        tree: Mapping[str, Any] | None = None,
        cases_opened: Iterable[Mapping[str, Any]] = (),
        promises_made: Iterable[Mapping[str, Any]] = (),
        destination: str = FOLDER,
        recorded_at: datetime,
    ) -> Batch:
        """Make a batch known, all or nothing: its row, documents, cases, promises, what is due, its entry.

        With `held_because` it is known as held: nothing is due and no case is open until approved.
        """
        fault.point("commit.transaction", "before")
        with self._event(recorded_at) as event:
            known = batches.add(event, new, documents, tree)
            if known.state == COMMITTED:
                self._takes_effect(event, known, cases_opened, promises_made, destination)
            event.tell(f"batch.{known.state}", known.seq)
            fault.point("commit.transaction", "inside")
        fault.point("commit.transaction", "after")
        return known

    def approve(
        self,
        as_of: date,
        who: Approval,
        *,
        cases_opened: Iterable[Mapping[str, Any]] = (),
        promises_made: Iterable[Mapping[str, Any]] = (),
        destination: str = FOLDER,
    ) -> Batch:
        """Commit the held night as it lies: its cases open, its promises stand and its changes are due."""
        with self._event(who.recorded_at) as event:
            known = batches.move(event, as_of, who)
            self._takes_effect(event, known, cases_opened, promises_made, destination)
            event.tell("batch.approved", known.seq)
            fault.point("approve.transaction", "inside")
        fault.point("approve.transaction", "after")
        return known

    def agree(self, as_of: date, who: Approval) -> Batch:
        """Note the first of two people who let the held night through; it stays held."""
        with self._event(who.recorded_at) as event:
            known = batches.waiting_for(event.connection, as_of)
            batches.sign(event, known, who)
            event.tell("batch.agreed", known.seq)
        return known

    def discard(self, as_of: date, who: Approval) -> Batch:
        """Throw the held night away: its row and files stay, its as_of is free."""
        with self._event(who.recorded_at) as event:
            known = batches.move(event, as_of, who)
            event.tell("batch.discarded", known.seq)
        return known

    def protect(
        self,
        as_of: date,
        new: NewBatch,
        who: Approval,
        *,
        tree: Mapping[str, Any] | None = None,
        destination: str = FOLDER,
    ) -> Batch:
        """Throw the held night away but for its blocks, which become a batch of their own."""
        with self._event(who.recorded_at) as event:
            batches.move(event, as_of, who)
            known = batches.add(event, new, tree=tree)
            batches.sign(event, known, who)
            outbox.due(event, known, destination)
            event.tell("batch.committed", known.seq)
            fault.point("protect.transaction", "inside")
        fault.point("protect.transaction", "after")
        return known

    def ask_reversal(self, wanted: Reversal) -> Reversal:
        """Put on record that a person wants a night undone; nothing moves until another confirms."""
        with self._event(wanted.recorded_at) as event:
            return reversals.ask(event, wanted)

    def reverse(
        self,
        new: NewBatch,
        request: Reversal,
        who: Approval,
        *,
        tree: Mapping[str, Any] | None = None,
        destination: str = FOLDER,
    ) -> Batch:
        """Commit what a request asked for, with the names of both people."""
        with self._event(who.recorded_at) as event:
            known = batches.add(event, new, tree=tree)
            reversals.confirm(event, known, request, who)
            outbox.due(event, known, destination)
            event.tell("batch.committed", known.seq)
            fault.point("reverse.transaction", "inside")
        fault.point("reverse.transaction", "after")
        return known

    def settle(
        self,
        new: NewBatch,
        settled: Mapping[str, tuple[Casework, Done]],
        *,
        tree: Mapping[str, Any] | None = None,
        destination: str = FOLDER,
        recorded_at: datetime,
    ) -> Batch:
        """Commit what people decided of cases, each as it stood when the batch was made, and close them."""
        with self._event(recorded_at) as event:
            known = batches.add(event, new, tree=tree)
            cases.settle(event, known, settled)
            outbox.due(event, known, destination)
            event.tell("batch.committed", known.seq)
            fault.point("settle.transaction", "inside")
        fault.point("settle.transaction", "after")
        return known

    def delivered(self, told: Publication, content: Mapping[str, Any], recorded_at: datetime) -> bool:
        """Note a delivery once; return whether this was the first time."""
        with self._event(recorded_at) as event:
            return outbox.delivered(event, told, content)

    def erase(
        self,
        new: NewBatch,
        successors: Iterable[Successor],
        leaves: Mapping[int, Collection[int]],
        case_ids: Collection[str],
        who: Approval,
        *,
        let_go: Collection[Laid] = (),
        promise_ids: Collection[str] = (),
        **facts: Any,
    ) -> Batch:
        """Let a batch of kind erasure or prune become known: files that stand in for others, rows blanked.

        `leaves` are those erased, by the `seq` of their batch; `let_go` is evidence that is kept no longer;
        `facts` are told beside, in the log alone. Raises DataRefused if a case of such evidence is open.
        """
        with self._event(who.recorded_at) as event:
            known = batches.add(event, new)
            batches.sign(event, known, who)
            succeed(event, successors)
            cases.withdraw(event, case_ids, known.seq)
            beside.let_go(event, let_go, known.seq)
            promises.blank(event, promise_ids)
            event.fact(erased=told(leaves, blank(event, case_ids)), **facts)
            event.tell("batch.committed", known.seq)
            fault.point("erase.transaction", "inside")
        fault.point("erase.transaction", "after")
        forget(self.engine)
        return known

    def _takes_effect(
        self,
        event: Event,
        known: Batch,
        opened: Iterable[Mapping[str, Any]],
        promised: Iterable[Mapping[str, Any]],
        destination: str,
    ) -> None:
        """A whole night's cases open, those that a revision no longer asks for close, its promises stand, its
        changes are due.
        """
        cases.open_cases(event, known.seq, opened)
        promises.make(event, known.seq, promised)
        if known.kind == batches.REVISION:
            revised = batches.versions(event.connection, known.as_of, known)
            cases.supersede(event, known, [each.seq for each in revised])
        outbox.due(event, known, destination)

    @property
    def cases(self) -> Docket:
        """The review cases of this record, and what people do to them."""
        return Docket(self.engine)

    @property
    def log(self) -> Log:
        """The log of this record (docs/log.md)."""
        return Log(self.engine)

    @contextmanager
    def _event(self, recorded_at: datetime) -> Iterator[Event]:
        """What is added here becomes known whole, or not at all."""
        with writing(self.engine) as connection:
            yield Event(connection, recorded_at)


def open_ledger(home: Path) -> Ledger:
    """The record of a home, made or brought up to this version's tables if need be."""
    return Ledger(home)


def standing_ledger(home: Path) -> Ledger:
    """The record of a home that has one; a home is made by a night alone. Raises NotFound for any other."""
    check_folder(home)
    if not has_record(home):
        raise NotFound(
            f"No night was ever run in {home}.",
            what_now=f"linewatch night --source SPEC --home {home}   (or make run, for a made-up lender)",
        )
    check_usable(home)
    return Ledger(home)


def history(home: Path, before: date | None = None) -> History:
    """What a night of `before` needs to know of the nights before it."""
    return open_ledger(home).history(before)
