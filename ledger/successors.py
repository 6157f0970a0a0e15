"""Files that stand in for others of a batch: what an erasure or the end of keeping left of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ledger.event import Event
from ledger.rows import Batch, StoredFile, batch_of
from ledger.schema import batch, log_entry, review_case, review_event, successor

ERASURE, PRUNE, MANIFEST = "erasure", "prune", "manifest"
AT_ONCE = 500
"""A statement takes few parameters."""


@dataclass(frozen=True)
class Successor:
    """What takes the place of a file of a batch."""

    batch_seq: int
    name: str
    old: StoredFile
    new: StoredFile | None
    """None: the file is gone for good."""


def in_force(connection: sa.Connection, rows: Iterable[sa.Row[Any]]) -> list[Batch]:
    """Batches with the files that are in force now."""
    rows = list(rows)
    query = sa.select(successor).order_by(successor.c.seq)
    if len(rows) <= AT_ONCE:
        query = query.where(successor.c.batch_seq.in_([row.seq for row in rows]))
    replaced: dict[int, dict[str, StoredFile | None]] = {}
    read: dict[int, list[str]] = {}
    for row in connection.execute(query):
        stored = StoredFile(row.path, row.sha256, row.bytes, row.rows) if row.path else None
        replaced.setdefault(row.batch_seq, {})[row.name] = stored
        if row.name == MANIFEST:
            read.setdefault(row.batch_seq, []).append(stored.path.rpartition("/")[0] if stored else "")
    snapshots = _snapshots(connection, read)
    return [batch_of(row, replaced.get(row.seq), snapshots.get(row.snapshot)) for row in rows]


def _snapshots(connection: sa.Connection, read: Mapping[int, Sequence[str]]) -> dict[str, str]:
    """By each folder that a snapshot ever had, the one in force; empty where it is gone for good.

    A batch upon a night names the snapshot that the night had then, and has no manifest of its own.
    """
    found: dict[str, str] = {}
    for seq, folders in read.items():
        first = connection.scalar(sa.select(batch.c.snapshot).where(batch.c.seq == seq))
        found |= dict.fromkeys((str(first), *folders), folders[-1])
    return found


def gone_since(connection: sa.Connection, known: Batch, name: str) -> datetime | None:
    """When a file of a batch was pruned; None: it was not."""
    told = (
        sa.select(log_entry.c.content, log_entry.c.recorded_at)
        .join(batch, batch.c.seq == log_entry.c.batch_seq)
        .where(batch.c.kind == PRUNE, log_entry.c.kind == "batch.committed")
    )
    for row in connection.execute(told):
        for each in json.loads(row.content)["rows"].get("successor", ()):
            if (each["batch_seq"], each["name"], each["path"]) == (known.seq, name, ""):
                since: datetime = row.recorded_at
                return since
    return None


def succeed(event: Event, successors: Iterable[Successor]) -> None:
    """Let files stand in for others from now on."""
    for each in successors:
        new = each.new or StoredFile("", "", 0, 0)
        event.add(
            successor,
            batch_seq=each.batch_seq,
            name=each.name,
            old_sha256=each.old.sha256,
            path=new.path,
            sha256=new.sha256,
            bytes=new.bytes,
            rows=new.rows,
        )


def blank(event: Event, case_ids: Collection[str]) -> list[int]:
    """Take out of cases and their events whatever tells of a borrower; return the events, by `seq`.

    Their leaves stay, without salts: nothing can be guessed from them.
    """
    events: list[int] = []
    listed = sorted(case_ids)
    for at in range(0, len(listed), AT_ONCE):
        some = listed[at : at + AT_ONCE]
        of_cases = review_event.c.case_id.in_(some)
        events += event.connection.scalars(sa.select(review_event.c.seq).where(of_cases))
        event.connection.execute(
            review_event.update().where(of_cases).values(because="", content="", salt="")
        )
        event.connection.execute(
            review_case.update()
            .where(review_case.c.case_id.in_(some))
            .values(facility_id="", borrower_id="", content="")
        )
    return sorted(events)


@dataclass(frozen=True)
class Erased:
    """What erasures took from the tree of a batch, by the numbers of leaves."""

    leaves: frozenset[int]
    leaning: frozenset[int]
    """Decisions on others' lines that leant on a row that is gone."""


def erased_of(connection: sa.Connection, batch_seq: int) -> Erased:
    """All that erasures have told of a batch."""
    leaves: set[int] = set()
    leaning: set[int] = set()
    rows = sa.select(log_entry.c.content, batch.c.counts).join(batch, batch.c.seq == log_entry.c.batch_seq)
    for content, counts in connection.execute(rows.where(batch.c.kind == ERASURE)):
        leaves.update(json.loads(content).get("erased", {}).get("leaves", {}).get(str(batch_seq), ()))
        leaning.update(json.loads(counts).get("not_replayed", {}).get(str(batch_seq), ()))
    return Erased(frozenset(leaves), frozenset(leaning))


def told(leaves: Mapping[int, Collection[int]], events: Collection[int]) -> dict[str, Any]:
    """What the entry says is erased: leaves by batch, events, by their numbers alone."""
    return {
        "leaves": {str(seq): sorted(some) for seq, some in sorted(leaves.items())},
        "events": list(events),
    }
