"""The letters of a batch, each with what names its change in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ledger import Batch
from sql.engine import Cursor

AT_ONCE = 2_000


@dataclass(frozen=True)
class Letter:
    """A letter as it was drafted."""

    draft_id: str
    batch: str
    as_of: date
    """The night that it is of."""
    facility_id: str
    borrower_id: str
    kind: str
    language: str
    subject: str
    text: str
    effective_on: date | None
    deadline_on: date | None
    reference: str | None
    """As its last line has it; None for one that is older than references."""
    change_id: str | None
    """What `linewatch log prove` takes; None where the batch changes nothing on the line, as by an offer."""


def letters_of(
    db: Cursor, home: Path, batch: Batch, statement: str = "letters/letter", **given: Any
) -> Iterator[Letter]:
    """The letters of a batch in the order of lines; none where it has no drafts, or has them no more."""
    if not look(db, home, batch):
        return
    for part in db.batches(statement, size=AT_ONCE, **given):
        for row in part.to_pylist():
            yield letter_of(row, batch)


def look(db: Cursor, home: Path, batch: Batch) -> bool:
    """Leave the view `letter` over the files of a batch; False where it has no drafts."""
    drafts, changes = (batch.path(home, name) for name in ("drafts", "changes"))
    if drafts is None:
        return False
    db.parquet("drafts_file", [drafts])
    db.create("schema/drafts")
    db.view("letters/kept_drafts")
    db.drop("kept_changes")
    if changes is None:
        db.create("schema/kept_changes")
    else:
        db.parquet("kept_changes", [changes])
    db.view("letters/letter")
    return True


def letter_of(row: Mapping[str, Any], batch: Batch) -> Letter:
    """A row of letters/letter as a letter."""
    told = {name: row[name] for name in Letter.__dataclass_fields__ if name in row}
    return Letter(**told, batch=batch.batch, as_of=batch.as_of, text=row["body"])
