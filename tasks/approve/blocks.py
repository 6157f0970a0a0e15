"""The blocks of a held night as a batch of their own: lines that nobody must draw on, come what may."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from ledger import Approval, Batch, Ledger, NewBatch, StoredFile
from linewatch import fault
from linewatch.errors import DataRefused
from linewatch.proof import root_of
from sql.engine import Cursor, Engine
from sql.files import settle
from sql.keep import keep
from sql.past import leave_past

KIND = "protective"
FILES = ("changes", "state", "drafts")
"""Each made by sql/protective/<name>.sql."""


def commit_blocks(ledger: Ledger, waiting: Batch, who: Approval) -> Batch:
    """Commit the freezes of a held night; the night itself is discarded in the same transaction."""
    with Engine(None) as engine, engine.cursor() as db:
        _look(db, ledger, waiting)
        if not db.build("protective/blocked_line"):
            raise DataRefused(
                f"The night of {waiting.as_of} would block no line: there is nothing to protect.",
                what_now="Nothing was changed. Approve or discard the night, or leave it held.",
            )
        given = {"as_of": waiting.as_of, "batch": ""}
        db.build("protective/changes", **given)
        root = root_of(row["canonical_row"] for row in db.rows("records/canonical_changes"))
        return ledger.protect(waiting.as_of, _batch(db, ledger.home, waiting, root), who)


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


def _batch(db: Cursor, home: Path, waiting: Batch, root: str) -> NewBatch:
    name = f"{waiting.as_of}-{KIND}-{root[:12]}"
    folder = home / "batches" / name
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for each in FILES:
        kept = keep(
            db,
            f"{KIND}/{each}",
            folder,
            each,
            point=lambda when: fault.point("protect.file", when),
            as_of=waiting.as_of,
            batch=name,
        )
        files[each] = StoredFile(kept.path.relative_to(home).as_posix(), kept.sha256, kept.bytes, kept.rows)
    settle(folder)
    settle(folder.parent)
    return NewBatch(
        batch=name,
        kind=KIND,
        as_of=waiting.as_of,
        root=root,
        source=waiting.source,
        source_identity=waiting.source_identity,
        documents_identity=waiting.documents_identity,
        documents=waiting.documents,
        snapshot=waiting.snapshot,
        folder=folder.relative_to(home).as_posix(),
        files=files,
        counts={"changes": files["changes"].rows, "drafts": files["drafts"].rows, "of": waiting.seq},
        version=version("linewatch"),
    )
