"""An event of the record: what one transaction adds, told by one entry of the log (docs/log.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from ledger.rows import as_json
from ledger.schema import log_entry, review_case, review_event
from linewatch import chance
from linewatch.leaves import SALT
from linewatch.tree import Grower, leaf

VERSION = 1
NOT_TOLD = {
    "document": frozenset({"text"}),
    "promise": frozenset({"facility_id", "borrower_id", "amount_cents", "content"}),
}
"""Columns that an entry leaves out: another one answers for them, or the file of the batch, because an entry
holds nobody.
"""


class Event:
    """Rows that become known together. `tell` ends it, in the transaction that it was begun in.

    For a connection that nobody else writes beside: entries are numbered without a gap.
    """

    def __init__(self, connection: sa.Connection, recorded_at: datetime) -> None:
        self.connection = connection
        self.recorded_at = recorded_at
        self.seq: int = 1 + (connection.scalar(sa.select(sa.func.max(log_entry.c.seq))) or 0)
        """The number of the entry that will tell of it."""
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._reviewed = Grower()
        self._facts: dict[str, Any] = {}

    def add(self, table: sa.Table, **values: Any) -> sa.Row[Any]:
        """Add a row, and tell it whole; return it as it stands."""
        key = self.connection.execute(table.insert().values(**values)).inserted_primary_key or ()
        picked = (column == value for column, value in zip(table.primary_key.columns, key, strict=True))
        row = self.connection.execute(sa.select(table).where(*picked)).one()
        self._rows.setdefault(table.name, []).append(told(table, row))
        return row

    def review(self, events: Sequence[Mapping[str, Any]], cases: Mapping[str, Mapping[str, Any]]) -> None:
        """Add what happened to cases; `cases` are those opened by it, whole, by their id.

        Each is a leaf of its own, for it may tell of a borrower, who may have to be erased.
        """
        if not events:
            return
        if cases:
            self.connection.execute(review_case.insert(), list(cases.values()))
        salts = chance.some(SALT * len(events))
        added = []
        for at, event in enumerate(events):
            salt = salts[SALT * at : SALT * (at + 1)]
            opened = cases.get(event["case_id"]) if event["kind"] == "opened" else None
            hashed = leaf(salt + review_data({**event, "recorded_at": self.recorded_at}, opened))
            self._reviewed.add([hashed])
            added.append(
                {
                    **event,
                    "recorded_at": self.recorded_at,
                    "salt": salt.hex(),
                    "leaf": hashed.hex(),
                    "entry": self.seq,
                }
            )
        self.connection.execute(review_event.insert(), added)

    def fact(self, **facts: Any) -> None:
        """Say something more of it: whole numbers and text, nothing of a borrower."""
        self._facts |= facts

    def tell(self, kind: str, batch_seq: int | None = None) -> None:
        """Add the entry."""
        content = {
            **self._facts,
            "v": VERSION,
            "index": self.seq - 1,
            "kind": kind,
            "batch_seq": batch_seq,
            "recorded_at": moment(self.recorded_at),
            "rows": self._rows,
        }
        if self._reviewed.size:
            content["events"] = {"size": self._reviewed.size, "root": self._reviewed.root().hex()}
        text = as_json(content)
        salt = chance.some(SALT)
        self.connection.execute(
            log_entry.insert().values(
                seq=self.seq,
                batch_seq=batch_seq,
                kind=kind,
                content=text,
                salt=salt.hex(),
                leaf=leaf(salt + text.encode()).hex(),
                recorded_at=self.recorded_at,
            )
        )


def review_data(event: Mapping[str, Any], opened: Mapping[str, Any] | None) -> bytes:
    """What the leaf of a review event commits to."""
    names = ("facility_id", "borrower_id", "opened_on", "due_on", "content")
    case = [plain(opened[name]) for name in names] if opened is not None else None
    named = (event[name] for name in ("case_id", "batch_seq", "kind", "by", "because", "content"))
    return as_json([VERSION, *named, moment(event["recorded_at"]), case]).encode()


def told(table: sa.Table, row: sa.Row[Any]) -> dict[str, Any]:
    """A row as an entry tells it."""
    left_out = NOT_TOLD.get(table.name, frozenset())
    return {name: plain(value) for name, value in row._mapping.items() if name not in left_out}


def plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else value


def moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
