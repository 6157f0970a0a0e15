"""What a backup says of itself: `backup.json` in its folder, which makes it whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

FILE = "backup.json"
FORMAT = 1


@dataclass(frozen=True)
class Backup:
    """A backup: every file by its path in the home, with its hash and size."""

    made_at: str
    version: str
    """Of Linewatch."""
    home: str
    newest: str | None
    """The newest committed night."""
    record: bool
    """Whether the record is in it; one on a server is backed up by the server's own means."""
    files: Mapping[str, Mapping[str, str | int]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """What the record names and the home no longer had."""
    format: int = FORMAT

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def sha256(self, name: str) -> str:
        return str(self.files[name]["sha256"])


def name_at(moment: datetime) -> str:
    """The folder of a backup begun at a moment (UTC), to the millisecond: in order by name."""
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z"


NAMED = r"\d{8}T\d{9}Z"
"""What `name_at` gives, as a regular expression."""


def look(folder: Path) -> Backup | None:
    """The backup in a folder; None if there is none that this version reads."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            return None
        return Backup(**{**found, "missing": tuple(found["missing"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def newest(place: Path) -> Path | None:
    """The folder of the newest backup of a place, or the place itself if it is one."""
    if (place / FILE).is_file():
        return place
    found = sorted(each.parent for each in place.glob(f"*/{FILE}") if not each.parent.name.startswith("."))
    whole = [folder for folder in found if not folder.name.endswith(".partial")]
    return whole[-1] if whole else None
