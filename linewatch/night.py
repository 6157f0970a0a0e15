"""A night as every step is given it: which day, which home, which source, which documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shlex import join, quote

from linewatch.documents import Documents
from linewatch.room import home_option


@dataclass(frozen=True)
class Night:
    """What the top decides once and hands down; nothing below asks the clock, the locale or chance."""

    as_of: date
    """Lines are reviewed as they stood at the end of this day."""
    home: Path
    """Absolute folder that holds the ledger, the batches, the snapshots and the scratch."""
    source: str
    """A folder in the contract, postgresql://… without a password, or NAME:PATH with NAME a mapping."""
    documents: Documents
    recorded_at: datetime
    """The wall time (UTC) that the ledger notes; it enters no decision and no hash that replay compares."""
    threads: int | None = None
    revise: bool = False
    full: bool = False
    """Read all of the source and share nothing with an earlier snapshot."""
    shards: int | None = None
    """Parts that the borrowers are decided in; None: as many as memory asks for."""
    dask: str | None = None
    """The address of a Dask cluster that decides the shards, or `local` for one of this machine's own."""
    store: str | None = None
    """Where the machines of a cluster find what is dealt: a shared folder, or an fsspec address."""
    named: tuple[str, ...] = ()
    """What else was typed, as words: documents, threads and parts. Without them others would serve."""

    @property
    def options(self) -> str:
        """What a command must carry to read the same source into the same home under the same documents."""
        also = f" {join(self.named)}" if self.named else ""
        return f"--source {quote(self.source)}{home_option(self.home)}{also}"

    @property
    def command(self) -> str:
        """What to type to ask for the same night again."""
        also = f"{' --revise' if self.revise else ''}{' --full' if self.full else ''}"
        return f"linewatch night --as-of {self.as_of} {self.options}{also}"

    @property
    def work(self) -> Path:
        """The night's scratch folder: swept when the night has ended."""
        return self.home / "work" / self.as_of.isoformat()

    @property
    def scratch(self) -> Path:
        """Where the night's DuckDB spills; `sql.engine.cursor(night.scratch)` is a way into it."""
        return self.work / "spill"

    @property
    def dealt(self) -> str:
        """Where rows lie while shards decide them: a place of this night and home alone."""
        if self.store is None:
            return str(self.work / "shards")
        of_home = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return f"{self.store.rstrip('/')}/linewatch-shards-{self.as_of}-{of_home}"

    @property
    def out(self) -> Path:
        """What people open: queue, report, drafts."""
        return self.home / "out" / self.as_of.isoformat()
