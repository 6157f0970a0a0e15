"""Commit the night: its files by hash, then one transaction that makes them known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from ledger import Batch, Ledger, NewBatch, StoredFile, batch_name, open_ledger, receipt
from linewatch import fault, leaves
from linewatch.leaves import Planted, Planter, plant
from linewatch.night import Night
from linewatch.proof import root_of
from linewatch.receipt import Receipt
from linewatch.room import full_disk_told
from sources.snapshot import manifest_of
from sql.canonical import CHANGES, canonical_batches
from sql.files import settle
from sql.keep import keep_all, keep_beside

KIND, REVISION = "night", "revision"
FILES = (
    "decisions", "absent", "changes", "features_consumer", "features_enterprise", "advice", "promises",
    "warnings", "after_cut", "drafts", "cases", "quarantine", "quarantined_borrower", "class_share",
)  # fmt: skip
"""What a batch keeps, each made by sql/records/<name>.sql; a table that no step left has no file."""


@task(name="commit", task_run_name="commit {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def commit(night: Night, held_because: Iterable[str] = ()) -> Receipt:
    """Make the night known, all or nothing; held for a person where guards tripped."""
    return commit_night(night, tuple(held_because))


def commit_night(night: Night, held_because: tuple[str, ...] = ()) -> Receipt:
    """Write the batch's files beside, make them durable, and let one transaction make them known.

    A night that the ledger knows already by this root and these inputs is left as it is. Raises
    NightRefused or NightHeld where another night came in between, NoRoom on a full disk; then
    nothing is known of this one.
    """
    ledger = open_ledger(night.home)
    with full_disk_told(night.home), sql.cursor(night.scratch) as db, plant(night.work) as planter:
        root = root_of(_planted(planter, "decisions", canonical_batches(db)))
        (pulled,) = db.rows("records/pulled")
        revision = _revision(db)
        name = batch_name(night.as_of, f"{REVISION}-{revision['number']}" if revision else KIND, root)
        known = ledger.night(night.as_of)
        if known is None or not _is_this(known, night, root, pulled):
            try:
                new, tree = _batch(night, db, planter, name, root, pulled, held_because, revision)
                known = ledger.commit_batch(
                    new,
                    documents=night.documents.sources,
                    tree=tree.told,
                    cases_opened=_cases(db),
                    promises_made=_promises_made(db),
                    destination=night.documents.profile.destination,
                    recorded_at=night.recorded_at,
                )
            except BaseException:
                _take_away_unless_known(ledger, night.home / "batches" / name)
                raise
    return receipt(night.home, known)


def _cases(db: sql.Cursor) -> Iterator[Mapping[str, Any]]:
    if db.has("cases"):
        for part in db.batches("records/cases", size=1_000):
            yield from part.to_pylist()


def _promises_made(db: sql.Cursor) -> list[dict[str, Any]]:
    return db.rows("promises/told") if db.has("promises") else []


def _is_this(known: Batch, night: Night, root: str, pulled: Mapping[str, Any]) -> bool:
    inputs = (known.source_identity, known.documents_identity)
    return known.root == root and inputs == (pulled["source_identity"], night.documents.identity)


def _batch(
    night: Night,
    db: sql.Cursor,
    planter: Planter,
    name: str,
    root: str,
    pulled: Mapping[str, Any],
    held_because: tuple[str, ...],
    revision: Mapping[str, int],
) -> tuple[NewBatch, Planted]:
    folder = night.home / "batches" / name
    kind = REVISION if revision else KIND
    db.view("revisions/changing_line" if revision else "records/changing_line")
    if not db.has("cause_of_line"):
        db.create("schema/cause_of_line")
    kept = keep_all(
        db,
        {each: f"records/{each}" for each in FILES if each == "changes" or db.has(each)}
        | ({"state": "revisions/state"} if revision else {}),
        folder,
        point=lambda each, when: fault.point(f"commit.{each}", when),
        batch=name,
        kind=f"{kind}-{revision['number']}" if revision else kind,
        night=night.as_of,
        as_of=night.as_of,
    )
    db.parquet("changes", [kept["changes"].path])
    for _ in _planted(planter, "changes", canonical_batches(db, CHANGES)):
        pass
    tree = planter.done()
    kept |= keep_beside(leaves.halves(night.work), folder, tree.size)
    settle(night.home)  # its first night made batches/ and snapshots/
    kept["manifest"] = manifest_of(night.home / pulled["snapshot"])
    files = {each: StoredFile(**file.under(night.home)) for each, file in kept.items()}
    fault.point("commit.folder", "after")
    new = NewBatch(
        batch=name,
        kind=kind,
        as_of=night.as_of,
        root=root,
        source=night.source,
        source_identity=pulled["source_identity"],
        documents_identity=night.documents.identity,
        snapshot=pulled["snapshot"],
        folder=folder.relative_to(night.home).as_posix(),
        files=files,
        counts={**_counts(db, files), **revision},
        version=version("linewatch"),
        held_because=held_because,
    )
    return new, tree


def _planted(planter: Planter, section: str, batches: Iterable[list[bytes]]) -> Iterator[bytes]:
    """Rows as one run of bytes each, while they become leaves."""
    for rows in batches:
        planter.add(section, rows)
        yield b"".join(rows)


def _revision(db: sql.Cursor) -> dict[str, int]:
    """What is revised: the batch that stands, and which revision of it this is; empty for a night."""
    if not db.has("revision"):
        return {}
    ((revises, number),) = db.raw.execute("select revises, number from revision").fetchall()
    return {"revises": revises, "number": number}


def _counts(db: sql.Cursor, files: Mapping[str, StoredFile]) -> dict[str, Any]:
    """What is asked of a batch without opening its files; `rows` is the source's, by table."""
    actions: Counter[str] = Counter()
    routes: Counter[str] = Counter()
    for row in db.rows("records/decision_count"):
        actions[row["action"]] += row["lines"]
        routes[row["route"]] += row["lines"]
    quarantined = db.rows("records/quarantine_count") if db.has("quarantine") else []
    return {
        "decided": actions.total(),
        "actions": dict(sorted(actions.items())),
        "routes": dict(sorted(routes.items())),
        "quarantined": {row["table_name"]: row["rows"] for row in quarantined},
        "rows": {row["table_name"]: row["rows"] for row in db.rows("records/pulled_rows")},
        "moved_cents": db.rows("records/moved")[0],
        "tripped": {row["guard"]: row["value"] for row in db.rows("records/tripped")}
        if db.has("guards")
        else {},
        **{name: files[name].rows if name in files else 0 for name in ("changes", "drafts", "cases")},
    }


def _take_away_unless_known(ledger: Ledger, folder: Path) -> None:
    """Remove what this attempt wrote, but no file that some batch of the ledger names.

    Where that cannot be asked, nothing: the next start sweeps.
    """
    try:
        known = ledger.settled_batches()
    except Exception:
        return
    kept = {ledger.home / stored.path for batch in known for stored in batch.files.values()}
    for path in folder.glob("*"):
        if path not in kept:
            path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
