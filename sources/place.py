"""Brings a file into a snapshot's folder, durable: shared, copied, or written there already."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

from sources.kept import Kept
from sources.table import SourceRefused
from sql.files import settle, sha256_of

CHUNK = 1 << 22


def linked(old: Path, new: Path, part: Kept) -> Kept:
    """The same file under a second name, where the file system has that; else a copy."""
    try:
        os.link(old, new)
    except FileExistsError:
        pass  # two files of the source with the same bytes are one part, read twice
    except OSError:
        shutil.copyfile(old, new)
        settle(new)
    return part


def copied(source: Path, sha256: str, path: Path, part: Kept) -> Kept:
    """A copy of a source's file. Raises SourceRefused if its bytes are not those that were hashed."""
    digest = hashlib.sha256()
    with source.open("rb") as file, path.open("wb") as copy:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    if digest.hexdigest() != sha256:
        raise SourceRefused(f"{source}: changed while it was read.\nRun again when it is complete.")
    settle(path)
    return replace(part, bytes=path.stat().st_size, sha256=sha256)


def settled(path: Path, part: Kept) -> Kept:
    """What was written there."""
    settle(path)
    return replace(part, bytes=path.stat().st_size, sha256=sha256_of(path))
