"""A snapshot without a borrower: parts that have rows of theirs are written anew, others are shared."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sources.kept import Kept, kept
from sources.place import linked, settled
from sources.snapshot import FORMAT, MANIFEST, WRITING, Snapshot
from sql import parts
from sql.contract import Table, contract, fingerprint
from sql.engine import Cursor
from sql.files import settle

Leave = Callable[[str, Path, Path], bool]
"""Writes what is left of a file of a table to a path. False: all of it is left, and nothing was written."""


class Erasing:
    """What is written anew while snapshots are gone through: nights that shared a file share what is left."""

    def __init__(self, db: Cursor, leave: Leave) -> None:
        self.db, self.leave = db, leave
        self.written: dict[str, tuple[Kept, Path]] = {}
        """By the hash of what it came from, and where it lies first."""

    def without(self, taken: Snapshot, folder: Path) -> Snapshot:
        """Leave in `folder` the snapshot without what `leave` leaves out; it keeps its source's identity.

        The folder appears whole or not at all. Raises ValueError for a snapshot older than parts.
        """
        if taken.manifest["format"] != FORMAT:
            raise ValueError(taken.name)
        beside = folder.with_name(WRITING + folder.name)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        tables = {}
        for name, entry in taken.manifest["tables"].items():
            table = contract()[name]
            left = [_part(self, table, taken, kept(each), beside, folder) for each in taken.parts(name)]
            rows = sum(part.rows for part in left)
            tables[name] = {**entry, "rows": rows, "parts": [part.told() for part in left]}
        hashed_by = fingerprint() if taken.manifest["rows_hashed_by"] == fingerprint() else ""
        told = {"tables": tables, "rows_hashed_by": hashed_by, "erased_from": taken.name}
        manifest = {**taken.manifest, **told}
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (beside / MANIFEST).write_text(text + "\n", encoding="utf-8")
        settle(beside / MANIFEST)
        settle(beside)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
        settle(folder.parent)
        return Snapshot(folder, manifest)


def next_place(taken: Snapshot) -> Path:
    """The folder of what stands in for a snapshot: its name, and the first number that is free."""
    head = taken.folder.name.partition(".")[0]
    number = 1
    while (taken.folder.parent / f"{head}.{number}").exists():
        number += 1
    return taken.folder.parent / f"{head}.{number}"


def _part(erasing: Erasing, table: Table, taken: Snapshot, part: Kept, beside: Path, folder: Path) -> Kept:
    path, place = taken.folder / part.name, beside / part.name
    if part.sha256 in erasing.written:
        left, first = erasing.written[part.sha256]
        return linked(first if first.exists() else place, place, replace(left, without=part.without))
    if not erasing.leave(table.name, path, place):
        return linked(path, place, replace(part, shared_with=part.shared_with or taken.name))
    read = parts.content(erasing.db, table, parts.ordered(erasing.db, [place], part.columns), place, None)
    left = settled(place, replace(part, months=read.months, source_sha256=None, shared_with=None))
    erasing.written[part.sha256] = (left, folder / part.name)
    return left
