"""Decide a night again, beside it: on the rows that it accepted, under the documents that it used or others.

Everything happens in a folder outside the home, which is read and never written. The order of the steps
that follow is the night's own (flows/again.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import sql.engine as sql
from ledger import Batch, Ledger, StoredFile, standing_ledger
from linewatch.documents import Documents
from linewatch.drafts import with_drafts
from linewatch.errors import NotFound
from linewatch.night import Night
from linewatch.proof import root_of
from sources import snapshot
from sql import narrow, stage, walk
from sql.canonical import canonical_rows
from sql.files import sha256_of
from sql.parts import Part

ASIDE = ("quarantine", "quarantined_borrower")
NOT_KEPT = frozenset(
    {*ASIDE, "advice", "promises", "warnings", "after_cut", "changes", "drafts", "cases", "state"}
)
"""Files of a batch that are handed out: a night decided again hands nothing out."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""What is decided again is not recorded: no moment belongs to it."""


@dataclass(frozen=True)
class Again(Night):
    """A night decided again: the steps find its scratch in a place of its own."""

    place: Path = Path()
    """A folder outside the home, taken away by whoever made it."""

    @property
    def work(self) -> Path:
        return self.place

    @property
    def out(self) -> Path:
        return self.place / "out"


@dataclass(frozen=True)
class Rows:
    """Where the rows of a night lie: what its source held, and what was set aside of it."""

    tables: Mapping[str, tuple[Part, ...]]
    aside: Mapping[str, Path]
    previous_as_of: date | None


def standing(home: Path, as_of: date | None = None) -> Batch:
    """The night to decide again; None: the newest committed. Raises NotFound."""
    return standing_ledger(home).standing(as_of)


def begin(
    home: Path, batch: Batch, place: Path, drafts: Mapping[str, Iterable[Path]], threads: int | None = None
) -> Again:
    """The night of a batch in a place of its own, under its own documents with drafts in their stead.

    `drafts` maps a kind of document to files: a draft stands in for the document of its id, a policy for
    any. Raises DocumentRefused for what cannot be read.
    """
    documents = _documents(standing_ledger(home), batch, place / "documents", drafts)
    return Again(batch.as_of, home, batch.source, documents, LONG_AGO, threads=threads, place=place)


def beside(night: Night, place: Path) -> Again | None:
    """A night that runs, to be decided again under the documents of the last one; None if these are the same.

    For a night that has reached `decide` and is not committed.
    """
    ledger = standing_ledger(night.home)
    last = ledger.newest(before=night.as_of)
    if last is None or last.documents_identity == night.documents.identity:
        return None
    documents = _documents(ledger, last, place / "documents", {}, as_of=night.as_of)
    return Again(
        night.as_of, night.home, night.source, documents, LONG_AGO, threads=night.threads, place=place
    )


def same(night: Night, place: Path) -> Again:
    """A night that runs, to be looked at again under its own documents."""
    return Again(
        night.as_of, night.home, night.source, night.documents, LONG_AGO, threads=night.threads, place=place
    )


def rows_of(home: Path, batch: Batch, *, to_decide: bool = True) -> Rows:
    """The rows that a batch was decided on. Raises NotFound if they are gone, or not what was stored; and, to
    decide it again, if what it carried on from was pruned.
    """
    ledger = standing_ledger(home)
    ledger.check_there(batch, "manifest", *ASIDE)
    if to_decide:
        ledger.history(before=batch.as_of)
    taken = snapshot.opened(home / batch.snapshot, batch.source_identity) if batch.snapshot else None
    if taken is None:
        raise NotFound(
            f"The snapshot of the night of {batch.as_of} is not there, or is not what was pulled.",
            where=str(home / batch.snapshot),
            what_now="Put the folder back from a copy of the home, or name a night that has its own.",
        )
    last = ledger.newest(before=batch.as_of)
    aside = {name: _stored(home, batch, name) for name in ASIDE}
    return Rows(taken.tables, aside, last.as_of if last is not None else None)


def rows_beside(night: Night, place: Path) -> Rows:
    """The rows of a night that runs: its snapshot, and what it has set aside, written out to `place`."""
    place.mkdir(parents=True, exist_ok=True)
    with sql.cursor(night.scratch) as db:
        (pulled,) = db.rows("records/pulled")
        (row,) = db.raw.execute("select previous_as_of from night").fetchall()
        aside = {name: place / f"{name}.parquet" for name in ASIDE}
        for name, path in aside.items():
            db.write(f"records/{name}", path)
    taken = snapshot.look(night.home / pulled["snapshot"])
    return Rows(taken.tables if taken else {}, aside, row[0])


def stand(night: Again, rows: Rows, change: Callable[[sql.Cursor], None] = lambda _: None) -> None:
    """Leave the accepted rows, as `pull` and `validate` would, in the scratch of the night decided again.

    `change` is called on the staged rows before what was set aside is left out.
    """
    night.place.mkdir(parents=True, exist_ok=True)
    with sql.open_engine(night.scratch, threads=night.threads).cursor() as db:
        snapshot.leave_tables(db, rows.tables)
        told = {"as_of": night.as_of, "previous_as_of": rows.previous_as_of}
        db.replace("night", [{**told, "freshness_days": night.documents.profile.freshness_days}])
        stage.note_source_columns(db)
        stage.stage(db)
        change(db)
        for name, path in rows.aside.items():
            db.parquet("kept", [path])
            db.raw.execute(f"insert into {sql.checked_name(name)} by name from kept")
        stage.set_aside_again(db)
        stage.accept(db)


def narrow_to(db: sql.Cursor, *facility_ids: str) -> None:
    """Leave of the staged rows those around some lines: their groups, and whoever the walk asks about."""
    narrow.narrow(db, facility_ids)


def narrow_night(night: Again, facility_ids: Iterable[str]) -> None:
    """As `narrow_to`, of the rows of a night that `stand` has left."""
    with sql.cursor(night.scratch) as db:
        narrow_to(db, *facility_ids)
        stage.accept(db)


def class_as_counted(night: Again, batch: Batch) -> None:
    """Let grounds be shared by as many lines as the batch counted, where only some of its lines stand."""
    path = batch.path(night.home, "class_share")
    if path is not None and path.is_file():
        with sql.cursor(night.scratch) as db:
            walk.classify_as_counted(db, path)


def keep(night: Again, batch: Batch) -> Batch:
    """The batch as it would have been, its files written out in the place of the night decided again."""
    folder = night.place / "batch"
    folder.mkdir(exist_ok=True)
    files = {}
    with sql.cursor(night.scratch) as db:
        for name in (name for name in batch.files if name not in NOT_KEPT and db.has(name)):
            path = folder / f"{name}.parquet"
            rows = db.write(f"records/{name}", path, batch=batch.batch, kind=batch.kind, as_of=batch.as_of)
            files[name] = StoredFile(str(path), sha256_of(path), path.stat().st_size, rows)
    return replace(batch, files=files, documents_identity=night.documents.identity)


def root(night: Again) -> str:
    """What the root of the batch would have been."""
    with sql.cursor(night.scratch) as db:
        return root_of(canonical_rows(db))


def end(night: Again) -> None:
    """Close the scratch of a night decided again."""
    sql.close_engine(night.scratch)


def _stored(home: Path, batch: Batch, name: str) -> Path:
    path = batch.path(home, name)
    if path is None or not path.is_file() or sha256_of(path) != batch.files[name].sha256:
        raise NotFound(
            f"The file of {name} of {batch.batch} is not there, or is not what was stored.",
            where=str(path or home / batch.folder),
            what_now="Put it back from a copy of the home. Without it nobody can say which rows the night"
            " had set aside.",
        )
    return path


def _documents(
    ledger: Ledger,
    batch: Batch,
    folder: Path,
    drafts: Mapping[str, Iterable[Path]],
    *,
    as_of: date | None = None,
) -> Documents:
    """The batch's documents, the drafts among them."""
    texts = ((kind, text) for kind, _, text in ledger.documents_of(batch))
    return with_drafts(texts, drafts, as_of or batch.as_of, folder)
