"""Lays the tables of a source into a new snapshot: what an earlier snapshot has is shared, the rest is taken.

A file whose bytes it knows is not read again. Of what was read, months whose rows add up to what they were
are shared; where most of a table moved, or it does not pay, the source's files are taken whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sources.kept import Kept, of_content, recorded_until
from sources.moved import Moved, moved
from sources.place import copied, linked, settled
from sources.table import SourceRefused
from sql import parts
from sql.contract import Table
from sql.engine import Cursor
from sql.files import FileRefused, Found, write
from sql.parts import Month, Part

SORTED = ".sorted"
COMPARED_MOST = 30_000_000
"""Rows of a table, before and now, up to which it is read once more to tell apart what became of which."""


@dataclass(frozen=True)
class Piece:
    """One file of a source's table, or the rows that a mapping made."""

    read: Callable[[], Found]
    """May raise SourceRefused."""
    path: Path
    sha256: str | None = None
    parquet: bool = False


@dataclass(frozen=True)
class Given:
    """A table as the source gives it."""

    read: Callable[[], Found]
    """All of it. May raise SourceRefused."""
    pieces: tuple[Piece, ...]

    @property
    def hashes(self) -> tuple[str | None, ...]:
        return tuple(piece.sha256 for piece in self.pieces)


@dataclass(frozen=True)
class Before:
    """A table as the snapshot that may be shared from has it."""

    folder: Path
    name: str
    """Of the snapshot, relative to the home."""
    parts: tuple[Kept, ...]
    hashes: tuple[str | None, ...]
    left_out: tuple[str, ...]

    def named(self, sha256: str | None) -> Kept | None:
        """The part that has the rows of a file of the source."""
        return next((part for part in self.parts if sha256 and part.source_sha256 == sha256), None)

    def shared(self, part: Kept) -> Kept:
        return replace(part, shared_with=part.shared_with or self.name)


@dataclass(frozen=True)
class Taken:
    """A table in the new snapshot, its files on their way."""

    parts: Sequence[Future[Kept]]
    left_out: tuple[str, ...]
    changed: Mapping[str, Mapping[str, int]]
    """By month, where rows differ from those before: how many there were and are, and what is known more."""


@dataclass(frozen=True)
class Read:
    """A piece that has been read, or is known."""

    kept: Kept
    path: Path
    """Where its rows lie in the order of the key."""
    older: Mapping[str, Month]
    """Of its rows, those that the source does not say it recorded since the last snapshot."""
    known: bool
    place: Callable[[str], Future[Kept]]
    """Bring it into the snapshot under a name."""


class Taking:
    """Takes one table after the other into `beside`; files are hashed, copied and settled in the pool."""

    def __init__(self, db: Cursor, beside: Path, stamp: str, pool: Executor) -> None:
        self.db = db
        self.beside = beside
        self.stamp = stamp
        """What the names of new files carry: no earlier snapshot may have used it."""
        self.pool = pool

    def take(self, table: Table, given: Given, before: Before | None) -> Taken:
        """Raises SourceRefused for what cannot be read to its end."""
        try:
            if before and None not in given.hashes and given.hashes == before.hashes:
                return Taken(self._shared(before, before.parts), before.left_out, {})
            return self._compared(table, given, before)
        except FileRefused as refused:
            raise SourceRefused(f"{table.name}: {refused.path}: {refused.why}.") from refused

    def _compared(self, table: Table, given: Given, before: Before | None) -> Taken:
        whole = given.read()
        since = recorded_until(before.parts) if before else None
        read = [self._piece(table, piece, before, since, given, whole) for piece in given.pieces]
        if before is None:
            return Taken(self._placed(table, read), whole.left_out, {})
        fresh = sum(one.kept.rows for one in read if not one.known)
        change = moved(before.parts, [one.kept for one in read], [one.older for one in read], fresh)
        if change.alike and not change.months:
            futures = self._shared(before, before.parts)
            self._drop(read)
        elif change.pays:
            futures = self._shared(before, change.left) + self._written(table, read, change, since)
            self._drop(read)
        else:
            futures = self._placed(table, read)
        return Taken(futures, whole.left_out, self._told(table, before, change, futures, since))

    def _piece(
        self, table: Table, piece: Piece, before: Before | None, since: str | None, given: Given, whole: Found
    ) -> Read:
        known = before.named(piece.sha256) if before else None
        if before and known:
            part = replace(known, without=())
            path = before.folder / part.name
            return Read(part, path, part.months, True, lambda name: self._shared(before, [part])[0])
        found = whole if len(given.pieces) == 1 else piece.read()
        if piece.parquet and parts.stands_as_it_is(piece.path, table, found):
            read = parts.content(self.db, table, found, piece.path, since)
            part = of_content("", parts.types_of(found), read, piece.sha256)
            return Read(part, piece.path, read.older, False, lambda name: self._copied(piece, part, name))
        path = self.beside / f"{table.name}-{given.pieces.index(piece)}{SORTED}"
        write(found, table, path)
        found = parts.ordered(self.db, [path], found.columns)
        read = parts.content(self.db, table, found, path, since)
        part = of_content(path.name, parts.types_of(found), read, piece.sha256)
        return Read(part, path, read.older, False, lambda name: self._renamed(part, name))

    def _placed(self, table: Table, read: Sequence[Read]) -> list[Future[Kept]]:
        at = [""] if len(read) == 1 else [f"-{number}" for number in range(1, len(read) + 1)]
        return [
            one.place(f"{table.name}-{self.stamp}{end}.parquet") for one, end in zip(read, at, strict=True)
        ]

    def _written(
        self, table: Table, read: Sequence[Read], change: Moved, since: str | None
    ) -> list[Future[Kept]]:
        """A part of the months that are written anew, and of what has been added to others."""
        if not change.writes:
            return []
        path = self.beside / f"{table.name}-{self.stamp}.parquet"
        columns = read[0].kept.columns
        whole = parts.ordered(self.db, [one.path for one in read], columns)
        found = parts.picked(whole, table, change.rewritten, change.grown, since)
        if write(found, table, path, in_order=True) != change.writes:
            raise SourceRefused(f"{table.name}: changed while it was read.\nRun again when it is complete.")
        part = Kept(path.name, columns, change.written, recorded_until(one.kept for one in read))
        return [self.pool.submit(settled, path, part)]

    def _drop(self, read: Sequence[Read]) -> None:
        """Take away what was put in order to be read, and is shared instead."""
        for one in read:
            if one.kept.name.endswith(SORTED):
                (self.beside / one.kept.name).unlink()

    def _shared(self, before: Before, kept: Sequence[Kept]) -> list[Future[Kept]]:
        return [
            self.pool.submit(linked, before.folder / part.name, self.beside / part.name, before.shared(part))
            for part in kept
        ]

    def _copied(self, piece: Piece, part: Kept, name: str) -> Future[Kept]:
        part = replace(part, name=name)
        return self.pool.submit(copied, piece.path, piece.sha256 or "", self.beside / name, part)

    def _renamed(self, part: Kept, name: str) -> Future[Kept]:
        path = (self.beside / part.name).rename(self.beside / name)
        return self.pool.submit(settled, path, replace(part, name=name))

    def _told(
        self, table: Table, before: Before, change: Moved, futures: Sequence[Future[Kept]], since: str | None
    ) -> dict[str, dict[str, int]]:
        """By month, how many rows there were and are, and how many were new, restated and gone."""
        rows = sum(part.rows for part in before.parts) + change.rows
        if not change.tells_more or rows > COMPARED_MOST:
            return change.counts
        was = [Part(before.folder / part.name, part.without) for part in before.parts]
        laid = [future.result() for future in futures]
        stands = [Part(self.beside / part.name, part.without) for part in laid]
        found = parts.compare(self.db, table, was, stands, change.rewritten, since)
        return {
            month: {**said, **(asdict(found[month]) if month in found else {})}
            for month, said in change.counts.items()
        }


def told(taken: Taken) -> dict[str, Any]:
    """The table as the manifest has it. Waits for its files."""
    kept = [future.result() for future in taken.parts]
    return {
        "rows": sum(part.rows for part in kept),
        "left_out": list(taken.left_out),
        "parts": [part.told() for part in kept],
        "changed": taken.changed,
    }
