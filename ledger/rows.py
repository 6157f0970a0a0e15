"""What the record hands out and takes in: small frozen rows, with paths relative to the home."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from linewatch.casework import Casework, Done


def as_json(content: Any) -> str:
    """JSON with sorted keys and no blanks, so that equal content has equal bytes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"the record keeps no {type(value).__name__}")


@dataclass(frozen=True)
class StoredFile:
    """A file of a batch, made known by the ledger."""

    path: str
    """Relative to the home, with forward slashes."""
    sha256: str
    bytes: int
    rows: int

    def as_dict(self) -> dict[str, Any]:
        return {"path": self.path, "sha256": self.sha256, "bytes": self.bytes, "rows": self.rows}


def batch_name(as_of: date, kind: str, root: str) -> str:
    """A batch's name, which is its folder's under batches/."""
    return f"{as_of}-{kind}-{root[:12]}"


@dataclass(frozen=True)
class NewBatch:
    """A batch about to be made known: its files lie fsynced under the home already."""

    batch: str
    """Its `batch_name`."""
    kind: str
    as_of: date
    root: str
    source: str
    source_identity: str
    documents_identity: str
    snapshot: str
    folder: str
    files: Mapping[str, StoredFile]
    counts: Mapping[str, Any]
    """Whole numbers by name, nested at most once: decided, actions, routes, rows a table, …"""
    version: str
    held_because: tuple[str, ...] = ()
    """The guards that tripped; any of them makes the batch held."""
    documents: tuple[str, ...] = ()
    """The hashes of the documents in force; `Ledger.document` gives their text."""


@dataclass(frozen=True)
class Batch(NewBatch):
    """A batch as the ledger knows it."""

    seq: int = 0
    state: str = ""
    recorded_at: datetime | None = None
    gone: frozenset[str] = frozenset()
    """Names of its files that were pruned: they are gone for good (Ledger.check_there says since when)."""

    def out(self, home: Path) -> Path:
        """Where what people open of it lies: a night's in out/<as_of>, another's in a folder of it."""
        night = home / "out" / self.as_of.isoformat()
        return night if self.kind == "night" else night / self.batch.removeprefix(f"{self.as_of}-")

    def upon(
        self,
        kind: str,
        root: str,
        files: Mapping[str, StoredFile],
        counts: Mapping[str, Any],
        version: str,
        *,
        name: str = "",
    ) -> NewBatch:
        """A batch of another kind that rests on this night's rows and documents; `name` where there may be
        several of a kind upon one night.
        """
        name = name or batch_name(self.as_of, kind, root)
        return NewBatch(
            batch=name,
            kind=kind,
            as_of=self.as_of,
            root=root,
            source=self.source,
            source_identity=self.source_identity,
            documents_identity=self.documents_identity,
            documents=self.documents,
            snapshot=self.snapshot,
            folder=f"batches/{name}",
            files=files,
            counts={"changes": files["changes"].rows, "drafts": files["drafts"].rows, **counts},
            version=version,
        )

    def act_upon(self, kind: str, root: str, counts: Mapping[str, Any], version: str) -> NewBatch:
        """A batch without rows or files of its own, put on record after this one: an erasure, a prune."""
        return NewBatch(
            batch=batch_name(self.as_of, kind, root),
            kind=kind,
            as_of=self.as_of,
            root=root,
            source="",
            source_identity="",
            documents_identity=self.documents_identity,
            documents=self.documents,
            snapshot="",
            folder="",
            files={},
            counts=counts,
            version=version,
        )

    def path(self, home: Path, name: str) -> Path | None:
        """Where a file of the batch lies, or None if it has none of that name."""
        stored = self.files.get(name)
        return home / stored.path if stored else None


def batch_of(
    row: sa.Row[Any],
    successors: Mapping[str, StoredFile | None] | None = None,
    snapshot: str | None = None,
) -> Batch:
    """A batch with the files in force: what stands in for another, or None where a file is gone for good.

    `snapshot` is the folder that stands in for that of the row; empty: it is gone for good.
    """
    files = {name: StoredFile(**stored) for name, stored in json.loads(row.files).items()}
    for name, stored in (successors or {}).items():
        if stored is None:
            files.pop(name, None)
        else:
            files[name] = stored
    manifest = files.get("manifest")
    folder = row.snapshot if snapshot is None else snapshot
    return Batch(
        batch=row.batch,
        kind=row.kind,
        as_of=row.as_of,
        root=row.root,
        source=row.source,
        source_identity=row.source_identity,
        documents_identity=row.documents_identity,
        snapshot=manifest.path.rpartition("/")[0] if manifest else folder,
        folder=row.folder,
        files=files,
        counts=json.loads(row.counts),
        version=row.version,
        held_because=tuple(json.loads(row.held_because)),
        seq=row.seq,
        state=row.state,
        documents=tuple(json.loads(row.documents)),
        recorded_at=row.recorded_at,
        gone=frozenset(name for name, stored in (successors or {}).items() if stored is None),
    )


@dataclass(frozen=True)
class OpenCase:
    """A referred line that waits for a person."""

    case_id: str
    facility_id: str
    borrower_id: str
    opened_on: date
    due_on: date | None
    """As the last event gave it that gave one, else as it was opened with."""
    content: Mapping[str, Any] = field(default_factory=dict)
    """The case as refer wrote it, dates as ISO text."""
    sent_on_as: str = ""
    """The kind of case that a person made of it, in place of that of `content`; empty: nobody did."""


@dataclass(frozen=True)
class SeenCase:
    """A case as the first and the last night that referred lines of it wrote it, dates as ISO text."""

    first: Mapping[str, Any]
    last: Mapping[str, Any]
    sent_on_as: str
    """As of an OpenCase."""

    @property
    def kind(self) -> str:
        """How it is to be looked at now."""
        return self.sent_on_as or str(self.last.get("kind", "desk_review"))


@dataclass(frozen=True)
class CaseEvent(Done):
    """What was done to a case, and when."""

    recorded_at: datetime | None = None


class WaitingCase(NamedTuple):
    """An open case as a night carries it on: whose it is, and its days."""

    borrower_id: str
    case_id: str
    opened_on: date
    due_on: date | None


class QueuedCase(NamedTuple):
    """An open case by what orders a queue, as it said of itself when it was opened, and where it stands."""

    case_id: str
    borrower_id: str
    opened_on: date
    due_on: date | None
    """As the last event gave it that gave one, else as it was opened with."""
    kind: str
    sent_on_as: str
    """As of an OpenCase."""
    harm_cents: int | None
    work: Casework

    def as_row(self, left_out: str) -> dict[str, Any]:
        """As sql/schema/lined_up.sql has it; `left_out` is why a queue does not show it, if it does not."""
        return {
            "case_id": self.case_id,
            "borrower_id": self.borrower_id,
            "opened_on": self.opened_on,
            "due_on": self.due_on,
            "kind": self.kind,
            "sent_on_as": self.sent_on_as or None,
            "harm_cents": self.harm_cents,
            "stage": self.work.stage.value,
            "holder": self.work.holder,
            "left_out": left_out,
        }


@dataclass(frozen=True)
class Publication:
    """Changes of a committed batch that a destination has not been told of, or has."""

    batch: Batch
    destination: str
    changes: int
    content: Mapping[str, Any] = field(default_factory=dict)
    """Of one that was delivered: what it was by."""


@dataclass(frozen=True)
class Approval:
    """Who did what to a batch, and why."""

    action: str
    """approve, agree (the first of two), discard, protective, request, confirm, erase or prune."""
    by: str
    registered: bool
    """False where the profile keeps no register of people."""
    because: str
    recorded_at: datetime


@dataclass(frozen=True)
class Reversal:
    """A request to undo a night, which a second person has yet to confirm, or has."""

    seq: int
    night_seq: int
    """The night to undo."""
    condition: str
    """Which lines: as it was typed, empty for all."""
    by: str
    registered: bool
    because: str
    second: str
    """Who is asked to confirm; empty: anybody else who may."""
    root: str
    """The hash of the changes that were shown; others are not confirmed by it."""
    content: Mapping[str, Any]
    """What it would do, in counts."""
    recorded_at: datetime
