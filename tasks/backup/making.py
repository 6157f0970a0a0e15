"""Backup: a copy of a home as it is at one moment, while nights run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from ledger import Batch, Ledger, Named, copy_record, standing_ledger
from linewatch import fault
from linewatch.backup import FILE, NAMED, Backup, look, name_at, newest
from linewatch.errors import FileAltered, PlaceUnusable
from linewatch.room import check_usable, home_option
from sql.files import settle
from tasks.backup.copying import Copying, sweep, whole_folder
from tasks.backup.wanted import BESIDE, CHECKPOINT, RECORD, Made, wanted_files

TRIES = 3
"""How often a copy is begun before files that went meanwhile are taken for lost."""


class _MovedOn(Exception):
    """Files that the copied record names went, and the home's record names others by now."""


def backup(home: Path, to: Path, moment: datetime) -> Made:
    """Leave a backup of the home in a folder of its own under `to`; it appears there whole or not at all.

    The record is copied first, at one moment; then every file that this copy names. Raises FileAltered for a
    file that is not what was stored, PlaceUnusable, NoRoom.
    """
    ledger = standing_ledger(home)
    _check_place(home, to)
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(to, NAMED)
    path, earlier = to / name_at(moment), _earlier(to)
    for _ in range(TRIES - 1):
        with suppress(_MovedOn), whole_folder(path) as half:
            return Made(path, *_copied(ledger, half, earlier, moment))
    with whole_folder(path) as half:
        return Made(path, *_copied(ledger, half, earlier, moment, last=True))


def _copied(
    ledger: Ledger, half: Path, earlier: Mapping[str, Path], moment: datetime, *, last: bool = False
) -> tuple[Backup, int, int]:
    """Copy record and files. Raises _MovedOn where the record names other files by now, unless it is the last
    try.
    """
    copying = Copying(half, earlier)
    named = copy_record(ledger, half)
    fault.point("backup.record", "after")
    missing = []
    wanted = wanted_files(ledger.home, named.batches, named.evidence)
    for name, sha256 in wanted.items():
        try:
            found = copying.take(ledger.home / name, name, sha256)
        except FileNotFoundError:
            missing.append(name)
            continue
        if sha256 is not None and found != sha256:
            if not last and _moved_on(ledger, {name: sha256}):
                raise _MovedOn
            raise _altered(ledger.home, name)
    if missing and not last and _moved_on(ledger, {name: wanted[name] for name in missing}):
        raise _MovedOn
    for name in BESIDE:
        if (ledger.home / name).is_file():
            copying.take(ledger.home / name, name, None)
    _finish(copying, named)
    told = Backup(
        made_at=moment.isoformat(timespec="seconds"),
        version=version("linewatch"),
        home=str(ledger.home),
        newest=_newest_night(named.batches),
        record=named.copied,
        files=copying.files,
        missing=tuple(missing),
    )
    (half / FILE).write_text(told.text(), encoding="utf-8")
    settle(half / FILE)
    return told, copying.bytes - copying.shared, copying.shared


def _finish(copying: Copying, named: Named) -> None:
    if named.copied:
        copying.note(RECORD)
    if named.checkpoint is not None:
        copying.write(CHECKPOINT, named.checkpoint)
    copying.settle()


def _moved_on(ledger: Ledger, files: Mapping[str, str | None]) -> bool:
    """Whether the record has moved on from any of these files since it was copied: they went on purpose."""
    laid = (each.evidence for each in ledger.cases.laid())
    now = wanted_files(ledger.home, ledger.batches(), {each.path: each.sha256 for each in laid})
    return any(name not in now or now[name] != sha256 for name, sha256 in files.items())


def _newest_night(known: Iterable[Batch]) -> str | None:
    nights = [
        each.as_of for each in known if each.kind in ("night", "revision") and each.state == "committed"
    ]
    return max(nights).isoformat() if nights else None


def _earlier(to: Path) -> dict[str, Path]:
    folder = newest(to)
    found = look(folder) if folder is not None else None
    if folder is None or found is None:
        return {}
    return {found.sha256(name): folder / name for name in found.files}


def _check_place(home: Path, to: Path) -> None:
    if to.absolute().resolve().is_relative_to(home.resolve()):
        raise PlaceUnusable(
            f"{to} lies in the home itself.",
            what_now="Nothing was changed. Name a folder on another disk.",
        )
    check_usable(to)


def _altered(home: Path, name: str) -> FileAltered:
    return FileAltered(
        f"{name} is not what was stored; no backup was made.",
        where=str(home / name),
        what_now="Put it back from an earlier backup, which has it under the same path, and run this again."
        f" linewatch status{home_option(home)} shows what stands.",
    )
