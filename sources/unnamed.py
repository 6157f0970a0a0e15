"""Takes away what the record of a home names no more: files of batches, and snapshots."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

from sources import snapshot


class File(Protocol):
    """A file as the record names it."""

    @property
    def path(self) -> str: ...


class Batch(Protocol):
    """A batch as the record has it: its folder and files, and its snapshot, under the home."""

    @property
    def folder(self) -> str: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def files(self) -> Mapping[str, File]: ...


def take_away_unnamed(home: Path, known: Collection[Batch]) -> None:
    """Leave of each batch the files that it has, and of the snapshots those that some batch was decided from.

    Cut off, the next call or the start of a night finishes it.
    """
    kept = {home / stored.path for batch in known for stored in batch.files.values()}
    for folder in sorted({home / batch.folder for batch in known if batch.folder}):
        for path in folder.glob("*"):
            if path not in kept:
                path.unlink()
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    used = {home / batch.snapshot for batch in known}
    for folder in sorted((home / "snapshots").glob("*")):
        if folder not in used:
            snapshot.take_away(folder)
