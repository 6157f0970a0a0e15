"""Sweep: take away what a night that was cut off left behind, and say what was found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sql.engine as sql
from ledger import Batch, Ledger, open_ledger
from linewatch.evidence import FOLDER
from linewatch.night import Night
from linewatch.progress import left_over
from linewatch.room import abandoned, home_option
from sources.snapshot import WRITING
from sql.passing import take_away_left
from sql.places import Place


@dataclass(frozen=True)
class Swept:
    """What was found and taken away, in sentences."""

    notes: tuple[str, ...]


def sweep(night: Night) -> Swept:
    """Leave in the home only what the ledger knows, and the complete snapshots of this as_of.

    For the start of a night, under the lock: whatever else lies there belongs to nobody.
    """
    ledger = open_ledger(night.home)
    known = ledger.settled_batches()
    notes = (
        *_scratch(night),
        *_snapshots(night, known),
        *_batches(night.home, known),
        *_evidence(ledger),
        *_passing(night.home),
        *_partials(night.home),
    )
    return Swept(tuple(notes))


def close(night: Night) -> None:
    """Take away the night's scratch, and its snapshot if it became no batch: the night has ended.

    A night that was refused leaves its home as it found it. One that was killed never comes here,
    and its complete snapshot is used again.
    """
    sql.close_engine(night.scratch)
    shutil.rmtree(night.work, ignore_errors=True)
    if night.store is not None:
        with suppress(Exception):  # a store that went away takes nothing from a night that stands
            Place(night.dealt).take_away()
    taken = list((night.home / "snapshots").glob(f"{night.as_of}-*"))
    if taken:
        with suppress(Exception):  # without its record nobody knows what a home needs: the next start sweeps
            used = {night.home / batch.snapshot for batch in open_ledger(night.home).settled_batches()}
            for folder in set(taken) - used:
                shutil.rmtree(folder, ignore_errors=True)


def _scratch(night: Night) -> Iterator[str]:
    for cut in left_over(night.home):
        sql.close_engine(cut.work / night.scratch.name)
        shutil.rmtree(cut.work)
        again = (
            "it is begun again"
            if cut.as_of == night.as_of
            else f"linewatch night --as-of {cut.as_of} {cut.options}{home_option(night.home)} runs it again"
        )
        yield f"{cut}; {again}"


def _snapshots(night: Night, known: list[Batch]) -> Iterator[str]:
    used = {night.home / batch.snapshot for batch in known}
    for folder in sorted((night.home / "snapshots").glob("*")):
        incomplete = folder.name.startswith(WRITING)
        if incomplete or not (folder in used or folder.name.startswith(f"{night.as_of}-")):
            shutil.rmtree(folder)
            why = "was incomplete" if incomplete else "was used by no night"
            yield f"snapshot {folder.name.removeprefix(WRITING)} {why}"


def _batches(home: Path, known: list[Batch]) -> Iterator[str]:
    """Files that no row of the ledger names: their night was cut off before it became known."""
    kept = {home / stored.path for batch in known for stored in batch.files.values()}
    for folder in sorted((home / "batches").glob("*")):
        strays = [path for path in sorted(folder.iterdir()) if path not in kept]
        for path in strays:
            path.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
        if strays:
            yield f"batch {folder.name}: {len(strays)} files that no commit made known"


def _evidence(ledger: Ledger) -> Iterator[str]:
    """Files of which no case tells: whoever added them was cut off, or an erasure or a prune was."""
    if taken := ledger.cases.take_away_unnamed():
        yield f"evidence: {taken} files that lie beside no case"


def _passing(home: Path) -> Iterator[str]:
    for folder in take_away_left(home):
        yield f"{folder.relative_to(home).as_posix()} was left over"


def _partials(home: Path) -> Iterator[str]:
    for path in (*abandoned(home, "*"), *abandoned(home / "out"), *abandoned(home / FOLDER, "*")):
        path.unlink(missing_ok=True)
        yield f"{path.relative_to(home).as_posix()} was half written"
