"""Pull the source into an immutable snapshot of its own, and leave views over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from ledger import Batch, open_ledger, receipt
from linewatch import fault
from linewatch.errors import DatabaseAway, DataRefused, LinewatchError
from linewatch.night import Night
from linewatch.receipt import Receipt
from linewatch.room import MB, check_room, full_disk_told
from linewatch.spec import is_database, refuse_password
from sources import folder, mapping, postgresql, snapshot
from sources.postgresql import Trouble
from sources.table import SourceRefused
from sources.taking import Given, Piece
from sql.contract import REQUIRED, contract
from sql.files import Found, of_table

LAID_DOWN = "source"
"""Where in the night's scratch a database's tables lie until the snapshot has them."""
ROOM_TIMES = 3
"""A night needs about this many times its source's bytes: the snapshot, the scratch, the batch."""


@dataclass(frozen=True)
class Pulled:
    """What the night stands on."""

    identity: str
    """SHA-256 of the source's content."""
    snapshot: str
    """Folder of the snapshot, relative to the home."""
    rows: Mapping[str, int]
    notes: tuple[str, ...]
    """What a person may want to know: files and columns left out, nights that were skipped."""
    shared_bytes: int = 0
    """Of the snapshot: what an earlier one has too."""
    written_bytes: int = 0
    changed: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    """By table and month, how many rows there were, are, and were new, restated or gone."""
    unchanged: Receipt | None = None
    """The committed night, if it came from these data and documents. The views are left all the same: a night
    that was cut off after its commit is walked again to the report it still owes."""


@task(
    name="pull",
    task_run_name="pull {night.as_of}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=lambda task, run, state: _may_pass(state),
)
def pull(night: Night) -> Pulled:
    """Leave raw_ views over a hashed snapshot, `night` and `last_night_rows`; say if nothing changed."""
    return pull_source(night)


def pull_source(night: Night) -> Pulled:
    pulled = _pulled(night)
    if isinstance(pulled, Trouble):
        # Raised here and not below: a disk of the database's that is full would be taken for the home's.
        raise _in_trouble(night, pulled)
    return pulled


def _pulled(night: Night) -> Pulled | Trouble:
    ledger = open_ledger(night.home)
    with full_disk_told(night.home), sql.open_engine(night.scratch, threads=night.threads).cursor() as db:
        try:
            source = _source(night, db)
            standing = check_may_run(night, source.identity)
            last = ledger.newest(before=night.as_of)
            taken = _snapshot(night, source, last, standing, db)
        except SourceRefused as refused:
            raise _refused(night, refused, _lacking(night)) from refused
        except Trouble as trouble:
            return trouble
        finally:
            shutil.rmtree(night.work / LAID_DOWN, ignore_errors=True)
        _forget_others(night, taken)
        _leave(night, taken, source.identity, last, db)
    unchanged = receipt(night.home, standing) if standing is not None else None
    notes = (*taken.notes, *source.also, *_skipped(night, last))
    return Pulled(
        identity=source.identity,
        snapshot=taken.name,
        rows=taken.rows,
        notes=notes,
        shared_bytes=taken.bytes(shared=True),
        written_bytes=taken.bytes(shared=False),
        changed=taken.changed,
        unchanged=unchanged,
    )


def check_may_run(night: Night, source_identity: str | None) -> Batch | None:
    """The committed night, if this one is the same again; None if it may run.

    Without the source's identity only the order of nights is looked at. Raises NightHeld while a
    night waits for a person, NightRefused for an earlier as_of or for other inputs.
    """
    ledger = open_ledger(night.home)
    if source_identity is None:
        ledger.check_order(night.as_of)
        return None
    return ledger.check_may_run(night.as_of, source_identity, night.documents.identity, revise=night.revise)


@dataclass(frozen=True)
class _Source:
    """A source looked at and hashed, its tables ready to be read."""

    identity: str
    told: Mapping[str, Any]
    """What the manifest says of it."""
    found: Mapping[str, Any]
    notes: tuple[str, ...]
    in_files: bool = False
    """Whether each table lies in files of its own; a mapping's lie in the scratch."""
    also: tuple[str, ...] = ()
    """What is to be said of this run alone."""


def _source(night: Night, db: sql.Cursor) -> _Source:
    name, path = parsed(night.source)
    if is_database(night.source):
        return _as_it_stood(night) or _database(night, db)
    if name is not None:
        return _mapped(night, name, path, db)
    seen = folder.look(path)
    check_room(night.home, max(night.documents.profile.minimum_free_mb * MB, ROOM_TIMES * seen.bytes))
    files = folder.hashed(seen)
    return _of_files(files, {"kind": "folder"}, seen.notes)


def _of_files(
    files: Mapping[str, tuple[folder.SourceFile, ...]], told: Mapping[str, Any], notes: tuple[str, ...]
) -> _Source:
    hashes = {table: [file.sha256 for file in parts] for table, parts in files.items()}
    listed = {
        table: [{"name": file.name, "bytes": file.bytes, "sha256": file.sha256} for file in parts]
        for table, parts in files.items()
    }
    return _Source(folder.identity(hashes), {**told, "files": listed}, files, notes, in_files=True)


def _database(night: Night, db: sql.Cursor) -> _Source:
    """All tables as they stand at this moment, in files beside the scratch."""
    check_may_run(night, None)
    with postgresql.reading(postgresql.address_of(night.source)) as reading:
        check_room(night.home, max(night.documents.profile.minimum_free_mb * MB, reading.bytes))
        read = reading.read(db, night.work / LAID_DOWN)
    return _of_files(read.files, read.told, read.notes)


def _as_it_stood(night: Night) -> _Source | None:
    """What a committed night of this as_of read of the same database, which has gone on since; None if there
    is no such night, or it is to be revised.
    """
    known = open_ledger(night.home).night(night.as_of)
    if known is None or known.state != "committed" or known.source != night.source or night.revise:
        return None
    if snapshot.opened(night.home / known.snapshot, known.source_identity) is None:
        return None
    said = (
        f"the night of {night.as_of} stands: what it read then was used, and the database was not read again"
    )
    return _Source(known.source_identity, {}, {}, (), also=(said,))


def _mapped(night: Night, name: str, path: Path, db: sql.Cursor) -> _Source:
    least = night.documents.profile.minimum_free_mb * MB
    check_room(night.home, max(least, ROOM_TIMES * mapping.bytes_of(name, path)))
    read = mapping.read(name, path, db, as_of=night.as_of)
    identity = folder.identity({name: [read.source_sha256]}, read.mapping_version)
    told = {"kind": "mapping", "mapping": name, "mapping_version": read.mapping_version}
    return _Source(identity, {**told, "sha256": read.source_sha256}, dict.fromkeys(read.tables, ()), ())


def parsed(source: str) -> tuple[str | None, Path]:
    """A SPEC as the name of a mapping, if it is one, and a path. Raises DataRefused for what is neither.

    The message of a SPEC with a password does not repeat it.
    """
    refuse_password(source)
    if is_database(source):
        return None, Path()
    if "://" in source:
        raise DataRefused(
            f"The source {source} is no PostgreSQL, and no other database is read.",
            what_now="Name postgresql://…, a folder in the contract, or NAME:PATH of a mapping.",
        )
    name, colon, rest = source.partition(":")
    if not colon or Path(source).exists():
        return None, Path(source)
    if name in mapping.names():
        return name, Path(rest)
    raise DataRefused(
        f"There is no mapping {name!r}.",
        where=f"Mappings: {', '.join(mapping.names())}.",
        what_now="Name a folder in the contract, or NAME:PATH with one of them.",
    )


def _snapshot(
    night: Night, source: _Source, last: Batch | None, standing: Batch | None, db: sql.Cursor
) -> snapshot.Snapshot:
    """The complete snapshot that a run before this one left, or a new one: with `full`, unless the night
    stands committed, one that was read whole.
    """
    place = night.home / "snapshots" / snapshot.name_of(night.as_of, source.identity)
    left = snapshot.opened(place, source.identity)
    if left is not None and (not night.full or standing is not None or left.manifest.get("since") is None):
        return left
    shares = last is not None and last.snapshot and not night.full
    return snapshot.take(
        place,
        source.identity,
        source.told,
        {table: _given(source, table, db) for table in source.found},
        source.notes,
        db,
        snapshot.look(night.home / last.snapshot) if shares and last else None,
        stamp=night.as_of.isoformat(),
        reached=fault.point,
        check=lambda: folder.refuse_if_changed(file for files in source.found.values() for file in files),
    )


def _given(source: _Source, table: str, db: sql.Cursor) -> Given:
    if source.in_files:
        return folder.given(db, contract()[table], source.found[table])
    name = f"mapped_{table}"

    def read() -> Found:
        return of_table(db, contract()[table], name)

    return Given(read, (Piece(read, Path(name)),))


def _forget_others(night: Night, taken: snapshot.Snapshot) -> None:
    """Take away snapshots of this as_of that no night was decided from: other data came instead."""
    known = {batch.snapshot for batch in open_ledger(night.home).batches()}
    for other in taken.folder.parent.glob(f"{night.as_of}-*"):
        if other != taken.folder and other.relative_to(night.home).as_posix() not in known:
            shutil.rmtree(other)


def _leave(night: Night, taken: snapshot.Snapshot, identity: str, last: Batch | None, db: sql.Cursor) -> None:
    for table in contract():
        db.drop(f"raw_{table}")
        db.drop(f"mapped_{table}")
    snapshot.leave_tables(db, taken.tables)
    row = {
        "as_of": night.as_of,
        "previous_as_of": last.as_of if last is not None else None,
        "freshness_days": night.documents.profile.freshness_days,
    }
    db.replace("night", [row])
    rows = last.counts.get("rows", {}) if last is not None else {}
    db.replace("last_night_rows", _counted(rows))
    db.replace("pulled_rows", _counted(taken.rows))
    pulled = {"source": night.source, "source_identity": identity, "snapshot": taken.name}
    db.replace("pulled", [pulled])


def _counted(rows: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"table_name": table, "rows": count} for table, count in sorted(rows.items())]


def _skipped(night: Night, last: Batch | None) -> tuple[str, ...]:
    """A gap between nights is allowed, and said."""
    if last is None or (night.as_of - last.as_of).days <= 1:
        return ()
    first = last.as_of + timedelta(days=1)
    return (f"no night was run from {first} to {night.as_of - timedelta(days=1)}",)


def _lacking(night: Night) -> tuple[str, ...]:
    """The tables that every night needs and a folder lacks, told beside what cannot be read of the others."""
    name, path = parsed(night.source)
    if is_database(night.source) or name is not None:
        return ()
    with suppress(SourceRefused):
        found = folder.look(path).tables
        return tuple(f"  {table}: missing; every night needs it" for table in REQUIRED if table not in found)
    return ()


def _refused(night: Night, refused: SourceRefused, lacking: Iterable[str]) -> DataRefused:
    what, *more = [*str(refused).splitlines(), *lacking]
    return DataRefused(
        f"The source cannot be used. {what}",
        where="\n".join(more),
        what_now=f"Nothing was decided or kept. When the source is mended:\n  {night.command}",
    )


def _in_trouble(night: Night, trouble: Trouble) -> LinewatchError:
    """A database that may answer the next time is tried again; what else it says is the lender's to mend."""
    kind = DatabaseAway if trouble.may_pass else DataRefused
    return kind(
        f"The source cannot be read: {trouble.what}.",
        where=night.source,
        what_now=f"{trouble.now} Nothing was decided or kept. Then:\n  {night.command}",
    )


def _may_pass(state: Any) -> bool:
    """Whether trying again can help: what is refused stays refused."""
    try:
        state.result()
    except (OSError, DatabaseAway):
        return True
    except Exception:
        return False
    return False
