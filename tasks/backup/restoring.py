"""Restore: a home made from a backup."""

from __future__ import annotations

from pathlib import Path
from re import escape

from ledger import named_by_copy
from linewatch.backup import Backup, look, newest
from linewatch.errors import DataRefused, NotFound
from linewatch.room import check_usable
from tasks.backup.copying import Copying, sweep, whole_folder
from tasks.backup.wanted import RECORD, Made, wanted_files


def restore(source: Path, home: Path) -> Made:
    """Make a home from a backup, or from the newest one of a place: whole or not at all.

    Raises NotFound where there is none, DataRefused where the home is not empty or a file of the backup
    is not what was copied.
    """
    folder = newest(source)
    found = look(folder) if folder is not None else None
    if folder is None or found is None:
        raise NotFound(
            f"There is no backup in {source} that this version of Linewatch reads.",
            what_now="Name a folder that `linewatch backup` wrote to, or one of the backups in it.",
        )
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise DataRefused(
            f"{home} is not empty: a home is restored into a place of its own.",
            what_now="Nothing was changed. Name a folder that is not there yet: --home NEW",
        )
    check_usable(home)
    home.parent.mkdir(parents=True, exist_ok=True)
    sweep(home.parent, escape(home.name))
    with whole_folder(home) as half:
        copying = Copying(half)
        for name in found.files:
            _restored(folder, found, name, copying)
        copying.settle()
        if found.record:
            _check_named(half, found, folder)
    return Made(home, found, copying.bytes - copying.shared, copying.shared)


def _restored(folder: Path, found: Backup, name: str, copying: Copying) -> None:
    path = copying.into / name
    if not path.absolute().is_relative_to(copying.into.absolute()) or ".." in Path(name).parts:
        raise _broken(folder, name, "lies outside of it")
    try:
        sha256 = copying.take(folder / name, name, None)
    except FileNotFoundError as error:
        raise _broken(folder, name, "is not there") from error
    if sha256 != found.sha256(name):
        raise _broken(folder, name, "is not what was copied")


def _check_named(half: Path, found: Backup, folder: Path) -> None:
    """What the copied record names must be what the backup holds: it is not taken at its own word."""
    named = named_by_copy(half / RECORD)
    for name, sha256 in wanted_files(half, named.batches, named.evidence).items():
        if name in found.missing:
            continue
        if name not in found.files or sha256 not in (None, found.sha256(name)):
            raise _broken(folder, name, "is not what the record names")


def _broken(folder: Path, name: str, why: str) -> DataRefused:
    return DataRefused(
        f"The backup cannot be used: {name} {why}.",
        where=str(folder),
        what_now="Nothing was restored. Name an earlier backup, or another copy of this one.",
    )
