"""Write a lender's own set of documents, from the shipped ones, for the lender to change."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

from linewatch.documents import SHIPPED
from linewatch.errors import DocumentRefused
from linewatch.room import check_usable

ROOMS = ("policies", "scorecards", "regulations", "notices")
"""The folders that a profile's documents are looked for in, beside the profile."""
OWN = """\
# Your lender. Give it its own id and name; then make a new file, dated, whenever a document changes:
# a document that a night has used is never edited.
"""


@dataclass(frozen=True)
class Written:
    """The files that now stand in a lender's folder, absolute."""

    profile: Path
    files: tuple[Path, ...]


def init(directory: Path) -> Written:
    """Leave profile.toml and the folders of every other document under `directory`.

    Raises, writing nothing, DocumentRefused if one of the files stands there already, PlaceUnusable where
    none can be written.
    """
    check_usable(directory.absolute())
    wanted = _wanted(directory.absolute())
    standing = [target for target in wanted if target.exists()]
    if standing:
        raise DocumentRefused(
            [f"{path}: stands there already" for path in standing],
            what_now="Nothing was written. Name an empty folder: linewatch init DIR",
        )
    for target, shipped in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shipped, target)
    profile = next(iter(wanted))
    told = dropwhile(_is_comment, profile.read_text(encoding="utf-8").splitlines(keepends=True))
    profile.write_text(OWN + "".join(told), encoding="utf-8")
    return Written(profile, tuple(wanted))


def _is_comment(line: str) -> bool:
    """Of the head of the shipped profile, which is not true of a copy."""
    return line.startswith("#")


def _wanted(directory: Path) -> dict[Path, Path]:
    """Target to shipped file; of the profiles the newest, under one plain name."""
    newest = max((SHIPPED / "profiles").glob("*.toml"))
    files = {directory / "profile.toml": newest}
    for room in ROOMS:
        files |= {directory / room / path.name: path for path in sorted((SHIPPED / room).glob("*.toml"))}
    return files
