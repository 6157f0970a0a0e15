"""The record of one home, as the steps and verbs use it: each method is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger import batches, beside, cases, outbox, reversals
from ledger.belonging import has_record
from ledger.beside import Laid
from ledger.docket import Docket
from ledger.engine import forget, reading, writing
from ledger.event import Event
from ledger.history import History, history_of
from ledger.log import Log
from ledger.record import open_record
from ledger.rows import Approval, Batch, NewBatch, Publication, Reversal
from ledger.schema import COMMITTED, document
from ledger.successors import Erased, Successor, blank, erased_of, succeed, told
from linewatch import fault
from linewatch.casework import Casework, Done
from linewatch.destination import FOLDER
from linewatch.documents import Source
from linewatch.errors import NotFound
from linewatch.room import check_usable


class Ledger:
    """The record under one home. Reading never waits for a writer, nor a writer for readers."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.engine = open_record(home)

    def newest(self, before: date | None = None) -> Batch | None:
        """The newest committed night, or the newest before a day."""
        with reading(self.engine) as connection:
            return batches.newest_committed(connection, before)

    def held(self) -> Batch | None:
        """The night that waits for approve or discard; there is at most one."""
        with reading(self.engine) as connection:
            return batches.held(connection)

    def night(self, as_of: date) -> Batch | None:
        """The committed or held night of this as_of."""
        with reading(self.engine) as connection:
            return batches.of_night(connection, as_of)

    def standing(self, as_of: date | None = None, *, held_too: bool = True) -> Batch:
        """The committed night of a day, or the held one too; None: the newest committed. Raises NotFound."""
        with reading(self.engine) as connection:
            return batches.standing(connection, as_of, held_too=held_too)

    def waiting(self, as_of: date) -> Batch:
        """The held night of this as_of. Raises NotFound."""
        with reading(self.engine) as connection:
            return batches.waiting_for(connection, as_of)

    def file(self, known: Batch, name: str) -> Path:
        """Where a file of a batch lies. Raises NotFound where it has none of that name, or has it no more."""
        self.check_there(known, name)
        path = known.path(self.home, name)
        if path is None or not path.exists():
            raise NotFound(
                f"The file of {name} of {known.batch} is not there.",
                where=str(path or self.home),
                what_now="It was moved or deleted: put it back from a copy of the home.",
            )
        return path

    def check_there(self, known: Batch, *names: str) -> None:
        """Raise NotFound, saying since when, if one of these files of a batch was pruned."""
        with reading(self.engine) as connection:
            batches.check_there(connection, known, names)

    def pruned_on(self, known: Batch, name: str) -> date | None:
        """The day on which a file of a batch was pruned; None: it was not."""
        with reading(self.engine) as connection:
            return batches.pruned_on(connection, known, name)

    def batches(self, *, state: str | None = None, since: date | None = None) -> list[Batch]:
        with reading(self.engine) as connection:
            return batches.every(connection, state=state, since=since)

    def settled_batches(self) -> list[Batch]:
        """Every batch, once nobody writes: a commit whose answer was lost may stand only then.

        Raises what a writer meets: Busy, TurnLost, LedgerUnusable.
        """
        with writing(self.engine) as connection:
            return batches.every(connection)

    def check_order(self, as_of: date) -> None:
        """Raise NightHeld while a night waits, NightRefused for an as_of before the newest night."""
        with reading(self.engine) as connection:
            batches.may_run(connection, as_of)

    def check_may_run(
        self, as_of: date, source_identity: str, documents_identity: str, *, revise: bool = False
    ) -> Batch | None:
        """None if the as_of is free or its night is to be revised; the committed night if it came from the
        same inputs.

        Raises what `check_order` raises, and NightRefused for other inputs that are no revision.
        """
        inputs = (source_identity, documents_identity)
        with reading(self.engine) as connection:
            standing = batches.may_run(connection, as_of)
            if standing is None or batches.same_or_refuse(connection, standing, *inputs, revise=revise):
                return standing
        return None

    def versions(self, as_of: date, before: Batch | None = None) -> list[Batch]:
        """A committed night and its revisions, in order; of a named one, those before it."""
        with reading(self.engine) as connection:
            return batches.versions(connection, as_of, before)

    def commit_batch(
        self,
        new: NewBatch,
        *,
        documents: Iterable[Source],
        tree: Mapping[str, Any] | None = None,
        cases_opened: Iterable[Mapping[str, Any]] = (),
        destination: str = FOLDER,
        recorded_at: datetime,
    ) -> Batch:
        """Make a batch known, all or nothing: its row, documents, cases, what is due, the log's entry.

        With `held_because` it is known as held: nothing is due and no case is open until approved.
        """
        fault.point("commit.transaction", "before")
        with self._event(recorded_at) as event:
            known = batches.add(event, new, documents, tree)
            if known.state == COMMITTED:
                self._takes_effect(event, known, cases_opened, destination)
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
        destination: str = FOLDER,
    ) -> Batch:
        """Commit the held night as it lies: its cases open and its changes are due."""
        with self._event(who.recorded_at) as event:
            known = batches.move(event, as_of, who)
            self._takes_effect(event, known, cases_opened, destination)
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

    def reversal_waiting(self, night: Batch) -> Reversal | None:
        """The request to undo the night that waits for a second person."""
        with reading(self.engine) as connection:
            return reversals.waiting(connection, night.seq)

    def reversals_waiting(self) -> list[tuple[Batch, Reversal]]:
        """Each night that somebody wants undone, with the request that waits for a second person."""
        with reading(self.engine) as connection:
            requests = reversals.all_waiting(connection)
            return [(batches.of_seq(connection, each.night_seq), each) for each in requests]

    def reversals(self, night: Batch) -> list[Batch]:
        """What has undone a night, or a part of it."""
        with reading(self.engine) as connection:
            return reversals.carried_out(connection, night.seq)

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

    def approvals(self, known: Batch) -> list[Approval]:
        """What people did to a batch."""
        with reading(self.engine) as connection:
            return batches.signatures(connection, known)

    def document(self, sha256: str) -> str:
        """The text of a document that some batch used."""
        with reading(self.engine) as connection:
            text: str | None = connection.scalar(
                sa.select(document.c.text).where(document.c.sha256 == sha256).limit(1)
            )
        if text is None:
            raise NotFound(f"No batch of this home has used a document {sha256}.")
        return text

    def documents_of(self, known: Batch) -> list[tuple[str, str, str]]:
        """Kind, hash and text of every document that the batch was decided under, in that order."""
        query = sa.select(document).where(document.c.sha256.in_(known.documents))
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(document.c.kind, document.c.sha256)).all()
        return [(row.kind, row.sha256, row.text) for row in rows]

    def every_document(self) -> list[tuple[str, str, str, str, str]]:
        """Kind, id, version, hash and text of every document that any batch was decided under."""
        query = sa.select(document).order_by(document.c.kind, document.c.id, document.c.effective_from)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(document.c.sha256)).all()
        return [(row.kind, row.id, row.version, row.sha256, row.text) for row in rows]

    def document_of(self, known: Batch, kind: str) -> str | None:
        """The text of the batch's document of a kind, None if it used none."""
        query = sa.select(document.c.text).where(
            document.c.kind == kind, document.c.sha256.in_(known.documents)
        )
        with reading(self.engine) as connection:
            text: str | None = connection.scalar(query.order_by(document.c.sha256).limit(1))
        return text

    @property
    def cases(self) -> Docket:
        """The review cases of this record, and what people do to them."""
        return Docket(self.engine)

    def destinations(self, known: Batch) -> list[str]:
        """Whom the changes of a batch were due to, delivered or not."""
        with reading(self.engine) as connection:
            return outbox.destinations(connection, known)

    def pending(self) -> list[Publication]:
        """What destinations are due and have not got, in the order of commits."""
        with reading(self.engine) as connection:
            return outbox.pending(connection)

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
            event.fact(erased=told(leaves, blank(event, case_ids)), **facts)
            event.tell("batch.committed", known.seq)
            fault.point("erase.transaction", "inside")
        fault.point("erase.transaction", "after")
        forget(self.engine)
        return known

    def _takes_effect(
        self, event: Event, known: Batch, opened: Iterable[Mapping[str, Any]], destination: str
    ) -> None:
        """A whole night's cases open, those that a revision no longer asks for close, its changes are due."""
        cases.open_cases(event, known.seq, opened)
        if known.kind == batches.REVISION:
            revised = batches.versions(event.connection, known.as_of, known)
            cases.supersede(event, known, [each.seq for each in revised])
        outbox.due(event, known, destination)

    def erased_of(self, known: Batch) -> Erased:
        """What erasures took from a batch."""
        with reading(self.engine) as connection:
            return erased_of(connection, known.seq)

    @property
    def log(self) -> Log:
        """The log of this record (docs/log.md)."""
        return Log(self.engine)

    @contextmanager
    def _event(self, recorded_at: datetime) -> Iterator[Event]:
        """What is added here becomes known whole, or not at all."""
        with writing(self.engine) as connection:
            yield Event(connection, recorded_at)

    def history(self, before: date | None = None) -> History:
        """What the nights before a day left (before None: all of them), from one view of the record.

        For a day whose night is known already, what was known when it was. Raises NotFound where some of
        it was pruned.
        """
        with reading(self.engine) as connection:
            return history_of(connection, self.home, before)


def open_ledger(home: Path) -> Ledger:
    """The record of a home, made or brought up to this version's tables if need be."""
    return Ledger(home)


def standing_ledger(home: Path) -> Ledger:
    """The record of a home that has one; a home is made by a night alone. Raises NotFound for any other."""
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
