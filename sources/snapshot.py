"""Writes and reads snapshots: what a source held, as immutable Parquet with a manifest that hashes it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sources.table import SourceRefused
from sql.contract import contract
from sql.files import FileRefused, Found, settle, sha256_of, write

MANIFEST = "manifest.json"
WRITING = ".writing-"
"""Folders that begin so are incomplete, and are swept."""
FORMAT = 1


@dataclass(frozen=True)
class Snapshot:
    """A complete snapshot: its folder, and the manifest that says what is in it."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def tables(self) -> dict[str, Path]:
        return {table: self.folder / f"{table}.parquet" for table in self.manifest["tables"]}

    @property
    def rows(self) -> dict[str, int]:
        return {table: entry["rows"] for table, entry in self.manifest["tables"].items()}

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self.manifest["notes"])


def name_of(as_of: date, identity: str) -> str:
    return f"{as_of}-{identity[:12]}"


def opened(folder: Path, identity: str) -> Snapshot | None:
    """The snapshot of this identity in a folder; None if it is not there with every byte as written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT or manifest["identity"] != identity:
            return None
        for table, entry in manifest["tables"].items():
            if sha256_of(folder / f"{table}.parquet") != entry["sha256"]:
                return None
    except (OSError, ValueError, KeyError):
        return None
    return Snapshot(folder, manifest)


def take(
    folder: Path,
    identity: str,
    source: Mapping[str, Any],
    found: Iterable[tuple[str, Found]],
    notes: Iterable[str],
    reached: Callable[[str, str], None],
    check: Callable[[], None],
) -> Snapshot:
    """Write the tables beside, make them durable, and give them their name last.

    `source` is kept in the manifest. `check` is called when all is read and may refuse it.
    """
    beside = folder.with_name(WRITING + folder.name)
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        tables, said = {}, list(notes)
        for table, each in found:
            tables[table] = _written(beside / f"{table}.parquet", table, each)
            if each.left_out:
                said.append(f"{table}: columns not of the contract, left out: {', '.join(each.left_out)}")
            reached(f"pull.{table}", "after")
        check()
        manifest = {"format": FORMAT, "identity": identity, "source": source, "tables": tables, "notes": said}
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


def _written(path: Path, table: str, found: Found) -> dict[str, Any]:
    try:
        rows = write(found, contract()[table], path)
    except FileRefused as refused:
        raise SourceRefused(f"{table}: {refused.why}.") from refused
    settle(path)
    return {"rows": rows, "bytes": path.stat().st_size, "sha256": sha256_of(path), "columns": found.columns}
