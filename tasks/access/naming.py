"""A borrower's keys in words that people wrote: kept out of what stays for good, and told of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from linewatch.errors import DataRefused, NotFound
from tasks.access.gather import Gathered


def refuse_naming(words: str, keys: Iterable[str]) -> None:
    """Raise DataRefused for words to be kept for good in which one of the keys stands by itself."""
    if any(re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", words, re.IGNORECASE) for key in keys if key):
        raise DataRefused(
            "--by and --because would name the borrower, or a line of theirs, on record for good.",
            what_now="Nothing was changed. Say it without their number and those of their lines.",
        )


def nothing_left(home: Path, found: Gathered) -> NotFound:
    """What to raise where all that names a borrower is none of what an erasure takes out."""
    words = {part.name: len(part.rows) for part in found.parts if part.kind == "record"}
    others = sum(len(part.rows) for part in found.parts if part.of_others)
    tables = ", ".join(f"{name} {count:,}" for name, count in sorted(words.items()))
    told = [
        *([f"{sum(words.values()):,} rows of the record, in words that stay ({tables})"] if words else []),
        *([f"{others:,} rows of other borrowers, until those are erased too"] if others else []),
    ]
    return NotFound(
        f"Nothing is left to erase of this borrower. They are named by {' and by '.join(told)}.",
        where=str(home),
        what_now="Nothing was changed. linewatch borrower export shows what names them"
        " (docs/personal-data.md).",
    )
