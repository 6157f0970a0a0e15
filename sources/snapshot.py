"""Writes and reads snapshots: what a source held, as immutable Parquet with a manifest that hashes it.

A table lies in one part or several. A part that an earlier snapshot has too is one file under two names, so
that each snapshot is whole by itself, and either may be taken away.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sources.kept import kept
from sources.table import SourceRefused, together
from sources.taking import Before, Given, Taking, told
from sql.contract import contract, fingerprint
from sql.engine import Cursor
from sql.files import HASHING_THREADS, settle, sha256_of
from sql.keep import Kept
from sql.parts import ALL, Part, leave

MANIFEST = "manifest.json"
WRITING = ".writing-"
"""Folders that begin so are incomplete, and are swept."""
FORMAT = 2
ONE_FILE_A_TABLE = 1
"""The format before parts; its snapshots are read, and not shared from."""


@dataclass(frozen=True)
class Snapshot:
    """A complete snapshot: its folder, and the manifest that says what is in it."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Relative to the home."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def tables(self) -> dict[str, tuple[Part, ...]]:
        """Every table by name, and the parts that hold its rows."""
        return {
            table: tuple(
                Part(self.folder / part["name"], tuple(part.get("without", ()))) for part in self.parts(table)
            )
            for table in self.manifest["tables"]
        }

    def parts(self, table: str) -> list[dict[str, Any]]:
        """The parts of a table as the manifest has them."""
        entry = self.manifest["tables"][table]
        if self.manifest["format"] == ONE_FILE_A_TABLE:
            return [{"name": f"{table}.parquet", **entry}]
        return list(entry["parts"])

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """Every file by its name, with what the manifest says of it."""
        return {part["name"]: part for table in self.manifest["tables"] for part in self.parts(table)}

    @property
    def rows(self) -> dict[str, int]:
        return {table: entry["rows"] for table, entry in self.manifest["tables"].items()}

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self.manifest["notes"])

    @property
    def changed(self) -> dict[str, dict[str, dict[str, int]]]:
        """By table and month, how its rows differ from those of the snapshot before."""
        entries = self.manifest["tables"].items()
        return {table: entry["changed"] for table, entry in entries if entry.get("changed")}

    def bytes(self, *, shared: bool) -> int:
        """Bytes of the files that an earlier snapshot has too, or of those that it has not."""
        return sum(part["bytes"] for part in self.files.values() if bool(part.get("shared_with")) == shared)


def name_of(as_of: date, identity: str) -> str:
    return f"{as_of}-{identity[:12]}"


def manifest_of(folder: Path) -> Kept:
    """The manifest of a complete snapshot as a file that a batch keeps: it answers for the parts."""
    path = folder / MANIFEST
    taken = look(folder)
    rows = sum(taken.rows.values()) if taken is not None else 0
    return Kept(path, sha256_of(path), path.stat().st_size, rows)


def look(folder: Path) -> Snapshot | None:
    """The snapshot in a folder, by its manifest alone; None if there is none that this version reads."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(manifest, dict) and manifest.get("format") in (ONE_FILE_A_TABLE, FORMAT)
    return Snapshot(folder, manifest) if known else None


def take_away(folder: Path) -> None:
    """Take a snapshot away: nothing can be read of it from the first moment on."""
    gone = folder.with_name(WRITING + folder.name)
    shutil.rmtree(gone, ignore_errors=True)
    folder.rename(gone)
    shutil.rmtree(gone)


def opened(folder: Path, identity: str) -> Snapshot | None:
    """The snapshot of this identity in a folder; None if it is not there with every byte as written."""
    found = look(folder)
    if found is None or found.manifest["identity"] != identity:
        return None
    with ThreadPoolExecutor(HASHING_THREADS) as pool:
        whole = pool.map(lambda part: _sound(folder / part["name"], part["sha256"]), found.files.values())
        return found if all(whole) else None


def leave_tables(db: Cursor, tables: Mapping[str, Iterable[Part]]) -> None:
    """Leave the rows of every table as a view raw_<table>."""
    for table, parts in tables.items():
        leave(db, f"raw_{table}", tuple(parts), contract()[table])


def take(
    folder: Path,
    identity: str,
    source: Mapping[str, Any],
    tables: Mapping[str, Given],
    notes: Iterable[str],
    db: Cursor,
    last: Snapshot | None,
    *,
    stamp: str,
    reached: Callable[[str, str], None],
    check: Callable[[], None],
) -> Snapshot:
    """Lay the tables beside, make them durable, and give them their name last.

    `source` is kept in the manifest. `last` is the snapshot to share from; None reads everything and shares
    nothing. New files carry `stamp`, which no snapshot before may have used. `check` is called when all is
    read and may refuse it. Raises SourceRefused for every table that cannot be read, at once.
    """
    beside = folder.with_name(WRITING + folder.name)
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        with ThreadPoolExecutor(HASHING_THREADS) as pool:
            before = _before(last, pool)
            taking = Taking(db, beside, stamp, pool)
            taken, refused = {}, []
            for table, given in tables.items():
                try:
                    taken[table] = taking.take(contract()[table], given, before(table))
                except SourceRefused as one:
                    refused.append(one)
                reached(f"pull.{table}", "after")
            if refused:
                raise together(refused)
            entries = {table: told(each) for table, each in taken.items()}
        check()
        manifest = {
            "format": FORMAT,
            "identity": identity,
            "rows_hashed_by": fingerprint(),
            "since": last.name if last else None,
            "source": source,
            "tables": entries,
            "notes": [*notes, *_said(entries)],
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (beside / MANIFEST).write_text(text + "\n", encoding="utf-8")
        settle(beside / MANIFEST)
        settle(beside)
        reached("pull.rename", "before")
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
        settle(folder.parent)
        reached("pull.rename", "after")
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Snapshot(folder, manifest)


def _before(last: Snapshot | None, pool: Executor) -> Callable[[str], Before | None]:
    """What may be shared of a table: nothing of a snapshot by another engine or contract, and no file whose
    bytes are not those that were written.
    """
    if last is None or last.manifest.get("rows_hashed_by") != fingerprint():
        return lambda table: None
    sound = {
        name: pool.submit(_sound, last.folder / name, part["sha256"]) for name, part in last.files.items()
    }
    files = last.manifest["source"].get("files", {})

    def before(table: str) -> Before | None:
        if table not in last.manifest["tables"]:
            return None
        parts = tuple(kept(part) for part in last.parts(table))
        if not all(sound[part.name].result() for part in parts):
            return None
        hashes = tuple(file["sha256"] for file in files.get(table, ()))
        return Before(
            last.folder, last.name, parts, hashes, tuple(last.manifest["tables"][table]["left_out"])
        )

    return before


def _sound(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(path) == sha256
    except OSError:
        return False


def _said(entries: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """What a person may want to know of the tables."""
    for table, entry in entries.items():
        if entry["left_out"]:
            yield f"{table}: columns not of the contract, left out: {', '.join(entry['left_out'])}"
        yield from _silent(table, entry["changed"])


def _silent(table: str, changed: Mapping[str, Mapping[str, int]]) -> Iterable[str]:
    """What a source restated without saying that it recorded it since."""
    known = {month: said["silent"] for month, said in changed.items() if said.get("silent")}
    if known:
        count = sum(known.values())
        rows = "1 row" if count == 1 else f"{count:,} rows"
        yield f"{table}: {rows} restated without a later recorded_at, of {', '.join(known)}"
    untold = [month for month, said in changed.items() if "silent" not in said and _nobody_said(said)]
    if untold:
        months = "" if untold == [ALL] else f", of {', '.join(untold)}"
        yield f"{table}: rows changed or gone without a later recorded_at{months}"


def _nobody_said(said: Mapping[str, int]) -> bool:
    return said.get("recorded") == 0 and said["rows_before"] > 0
