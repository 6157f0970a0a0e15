"""What the record of one home knows, as the steps and verbs ask: each question is one transaction."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger import batches, outbox, promises, reversals
from ledger.engine import reading
from ledger.history import History, history_of
from ledger.record import open_record
from ledger.rows import Approval, Batch, Publication, Reversal
from ledger.schema import document
from ledger.successors import Erased, erased_of
from linewatch.errors import NotFound


class Reader:
    """What one record knows, asked without waiting for a writer, nor a writer for whoever asks."""

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

    def promises(self, borrower_id: str | None = None) -> list[dict[str, Any]]:
        """What nights promised, of one borrower or of all, in order of their ids."""
        with reading(self.engine) as connection:
            return promises.made(connection, borrower_id)

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

    def destinations(self, known: Batch) -> list[str]:
        """Whom the changes of a batch were due to, delivered or not."""
        with reading(self.engine) as connection:
            return outbox.destinations(connection, known)

    def pending(self) -> list[Publication]:
        """What destinations are due and have not got, in the order of commits."""
        with reading(self.engine) as connection:
            return outbox.pending(connection)

    def erased_of(self, known: Batch) -> Erased:
        """What erasures took from a batch."""
        with reading(self.engine) as connection:
            return erased_of(connection, known.seq)

    def history(self, before: date | None = None) -> History:
        """What the nights before a day left (before None: all of them), from one view of the record.

        For a day whose night is known already, what was known when it was. Raises NotFound where some of
        it was pruned.
        """
        with reading(self.engine) as connection:
            return history_of(connection, self.home, before)
