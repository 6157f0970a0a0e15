"""Copies of the record, taken while others read and write it, and what a copy says is kept of a home."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from ledger import batches, beside
from ledger.address import FILE
from ledger.book import Ledger
from ledger.engine import reading
from ledger.log import Log
from ledger.rows import Batch


@dataclass(frozen=True)
class Named:
    """What a record, at one moment, says that the home holds."""

    batches: list[Batch]
    """Of every state: the files of a discarded night stay."""
    checkpoint: str | None
    """The newest signed head of the log, as its file in the home has it."""
    evidence: dict[str, str]
    """The files that lie beside cases, by path: their SHA-256."""
    copied: bool
    """Whether the record itself was copied; one on a server is copied by the server's own means."""


def copy_record(ledger: Ledger, folder: Path) -> Named:
    """Copy the record of a home into a folder, as it is at one moment; who writes it waits for nothing.

    A record on a server is read and not copied.
    """
    if ledger.engine.dialect.name != "sqlite":
        return _named(ledger.engine, copied=False)
    path = folder / FILE
    with (
        closing(sqlite3.connect(ledger.home / FILE, timeout=30)) as source,
        closing(sqlite3.connect(path)) as copy,
    ):
        source.backup(copy)
        copy.execute("pragma journal_mode = delete")  # one file, and none beside it
    return named_by_copy(path)


def named_by_copy(path: Path) -> Named:
    """What a copied record names; the copy is read and nothing is written beside it."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    engine = sa.create_engine(
        "sqlite+pysqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
    )
    return _named(engine, copied=True)


def _named(engine: sa.Engine, *, copied: bool) -> Named:
    with reading(engine) as connection:
        known = batches.every(connection)
        laid = beside.laid(connection)
    signed = Log(engine).checkpoints()
    evidence = {each.evidence.path: each.evidence.sha256 for each in laid}
    return Named(known, signed[-1].note if signed else None, evidence, copied)
