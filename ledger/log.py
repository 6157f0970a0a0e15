"""The log of the record: its entries as they lie, the checkpoints signed of it, the keys that signed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from ledger.engine import reading, writing
from ledger.event import Event, told
from ledger.schema import batch, checkpoint, log_entry, metadata, review_case
from ledger.successors import ERASURE, PRUNE
from linewatch.tree import root_of

Tables = Mapping[str, Callable[[], Iterable[Mapping[str, Any]]]]
KEY = "log.key"
"""The kind of an entry that tells a key."""


@dataclass(frozen=True)
class Entry:
    """A leaf of the log."""

    seq: int
    kind: str
    content: str
    salt: str
    leaf: str
    batch_seq: int | None

    @property
    def index(self) -> int:
        return self.seq - 1

    @property
    def told(self) -> dict[str, Any]:
        """The content as an object."""
        found: dict[str, Any] = json.loads(self.content)
        return found


@dataclass(frozen=True)
class Signed:
    """A checkpoint that stands."""

    size: int
    """Entries that it covers."""
    root: str
    note: str


@dataclass(frozen=True)
class Standing:
    """The log at one moment: the leaf of every entry, the newest checkpoint and the newest key."""

    leaves: bytes
    """32 bytes each."""
    checkpoint: Signed | None
    origin: str | None
    key: str | None

    @property
    def size(self) -> int:
        return len(self.leaves) // 32

    @property
    def root(self) -> bytes:
        return root_of(self.leaves)


class Log:
    """The log of one record."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def standing(self) -> Standing:
        with reading(self._engine) as connection:
            content = _newest_key(connection)
            leaves, signed = _leaves(connection), _newest_checkpoint(connection)
        return Standing(leaves, signed, content.get("origin"), content.get("key"))

    def entries(self) -> list[Entry]:
        with reading(self._engine) as connection:
            return [_entry(row) for row in connection.execute(sa.select(log_entry).order_by(log_entry.c.seq))]

    def of_batch(self, seq: int) -> Entry | None:
        """The entry that made a batch known, None where the batch is older than the log."""
        query = sa.select(log_entry).where(
            log_entry.c.batch_seq == seq, log_entry.c.kind.in_(("batch.committed", "batch.held"))
        )
        with reading(self._engine) as connection:
            row = connection.execute(query.order_by(log_entry.c.seq).limit(1)).first()
        return _entry(row) if row is not None else None

    def moved(self, seq: int) -> Entry | None:
        """The entry by which a batch that was held became known after all, None where it was not held."""
        query = sa.select(log_entry).where(log_entry.c.batch_seq == seq, log_entry.c.kind == "batch.approved")
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return _entry(row) if row is not None else None

    def checkpoints(self) -> list[Signed]:
        """Every checkpoint, the oldest first."""
        query = sa.select(checkpoint).order_by(checkpoint.c.size, checkpoint.c.seq)
        with reading(self._engine) as connection:
            return [Signed(row.size, row.root, row.note) for row in connection.execute(query)]

    def sign(
        self,
        origin: str,
        key: str,
        noted: Callable[[int, bytes], str],
        recorded_at: datetime,
        *,
        told: Mapping[str, Any] | None = None,
    ) -> tuple[Signed, bool] | None:
        """Sign the head as it stands, and put the key on record where none is; return whether it is new.

        `noted` makes the checkpoint of so many entries. With `told` the key takes the place of the one on
        record, for these reasons. None: another key is on record. All of it is one transaction, so that no
        head is ever signed by another key than the newest among its entries, or after a later one.
        """
        with writing(self._engine) as connection:
            last = _newest_key(connection)
            if told is None and last and (last["origin"], last["key"]) != (origin, key):
                return None
            if told is not None or not last:
                event = Event(connection, recorded_at)
                event.fact(origin=origin, key=key, **(told or {}))
                event.tell(KEY)
            leaves = _leaves(connection)
            newest = _newest_checkpoint(connection)
            if newest is not None and newest.size == len(leaves) // 32:
                return newest, False
            root = root_of(leaves)
            signed = Signed(len(leaves) // 32, root.hex(), noted(len(leaves) // 32, root))
            values = {"size": signed.size, "root": signed.root, "note": signed.note}
            connection.execute(checkpoint.insert().values(**values, recorded_at=recorded_at))
        return signed, True

    def replaced(self) -> int:
        """How many erasures and prunes there were: files that an earlier view of the record names may be
        gone since the last of them.
        """
        took = sa.select(sa.func.count()).select_from(batch).where(batch.c.kind.in_((ERASURE, PRUNE)))
        with reading(self._engine) as connection:
            return connection.scalar(took) or 0

    @contextmanager
    def tables(self) -> Iterator[Tables | None]:
        """Every table's rows in plain form (docs/log.md), all from one view, for the checker.

        None of a record that is a file in the home, which the checker reads for itself.
        """
        if self._engine.dialect.name == "sqlite":
            yield None
            return
        with reading(self._engine) as connection:
            yield {table.name: partial(_rows, connection, table) for table in metadata.sorted_tables}


def _leaves(connection: sa.Connection) -> bytes:
    """The leaf of every entry, in order."""
    leaves = connection.scalars(sa.select(log_entry.c.leaf).order_by(log_entry.c.seq))
    return b"".join(bytes.fromhex(each) for each in leaves)


def _newest_checkpoint(connection: sa.Connection) -> Signed | None:
    newest = sa.select(checkpoint).order_by(checkpoint.c.size.desc(), checkpoint.c.seq.desc())
    row = connection.execute(newest.limit(1)).first()
    return Signed(row.size, row.root, row.note) if row is not None else None


def _newest_key(connection: sa.Connection) -> dict[str, Any]:
    """What the newest entry of a key says, nothing where there is none."""
    keys = sa.select(log_entry.c.content).where(log_entry.c.kind == KEY)
    content = connection.scalar(keys.order_by(log_entry.c.seq.desc()).limit(1))
    found: dict[str, Any] = json.loads(content) if content else {}
    return found


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[Mapping[str, Any]]:
    order = [table.c.batch_seq, table.c.case_id] if table is review_case else table.primary_key.columns
    for row in connection.execute(sa.select(table).order_by(*order), execution_options={"yield_per": 1_000}):
        yield told(table, row) | _text_of(row)


def _text_of(row: sa.Row[Any]) -> dict[str, Any]:
    return {"text": row.text} if "text" in row._mapping else {}


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(row.seq, row.kind, row.content, row.salt, row.leaf, row.batch_seq)
