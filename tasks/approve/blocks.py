"""The blocks of a held night as a batch of their own: lines that nobody must draw on, come what may."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from ledger import Approval, Batch, Ledger, NewBatch, StoredFile, batch_name
from linewatch import fault, leaves
from linewatch.destination import destination_of
from linewatch.errors import DataRefused
from linewatch.leaves import Planted, planted
from linewatch.proof import root_of
from sql.canonical import CHANGES, canonical_batches, canonical_rows
from sql.engine import Cursor
from sql.keep import keep_all, keep_beside
from sql.passing import passing
from sql.past import leave_past

KIND = "protective"
FILES = {"changes": "records/changes", "state": "protective/state", "drafts": "protective/drafts"}
"""Each with the statement that makes it."""


def commit_blocks(ledger: Ledger, waiting: Batch, who: Approval) -> Batch:
    """Commit the freezes of a held night; the night itself is discarded in the same transaction."""
    with passing(ledger.home) as engine, engine.cursor() as db:
        _look(db, ledger, waiting)
        if not db.build("protective/changing_line", as_of=waiting.as_of):
            raise DataRefused(
                f"The night of {waiting.as_of} would block no line: there is nothing to protect.",
                what_now="Nothing was changed. Approve or discard the night, or leave it held.",
            )
        db.create("schema/cause_of_line")
        db.build("records/changes", batch="", **_given(waiting))
        root = root_of(canonical_rows(db, CHANGES))
        new, tree = _batch(db, ledger.home, waiting, root)
        to = destination_of(ledger.document_of(waiting, "profile"))
        return ledger.protect(waiting.as_of, new, who, tree=tree.told, destination=to)


def _given(waiting: Batch) -> dict[str, Any]:
    return {"kind": KIND, "night": waiting.as_of, "as_of": waiting.as_of}


def _look(db: Cursor, ledger: Ledger, waiting: Batch) -> None:
    """Leave the held night's `decisions` and `drafts`, and what it carried on from."""
    past = ledger.history(before=waiting.as_of)
    leave_past(db, past.decisions, past.states)
    for name in ("decisions", "drafts"):
        path = waiting.path(ledger.home, name)
        if path is not None:
            db.parquet(name, [path])
    if not db.has("drafts"):
        db.create("schema/drafts")


def _batch(db: Cursor, home: Path, waiting: Batch, root: str) -> tuple[NewBatch, Planted]:
    name = batch_name(waiting.as_of, KIND, root)
    folder = home / "batches" / name
    kept = keep_all(
        db,
        FILES,
        folder,
        point=lambda _, when: fault.point("protect.file", when),
        batch=name,
        **_given(waiting),
    )
    tree = planted(folder, {"changes": canonical_batches(db, CHANGES)})
    kept |= keep_beside(leaves.halves(folder), folder, tree.size)
    files = {each: StoredFile(**file.under(home)) for each, file in kept.items()}
    return waiting.upon(KIND, root, files, {"of": waiting.seq}, version("linewatch")), tree
