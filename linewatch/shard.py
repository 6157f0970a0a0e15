"""A shard of a night: some of its borrowers, decided by themselves as if they were the whole book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from linewatch.law import Facts
from linewatch.night import Night


@dataclass(frozen=True)
class Shard(Night):
    """What a machine needs to decide its part of a night: the rows lie at `place`, all else is here."""

    number: int = 0
    place: str = ""
    """Where what is dealt lies, and what comes of it goes: a folder or an address of fsspec."""
    here: Path = Path()
    """A folder of the machine that decides, for what its memory does not hold."""
    memory_mb: int | None = None
    previous_as_of: date | None = None
    facts: Facts | None = None
    """What the whole book says to the law."""
    draft_failed: Sequence[Mapping[str, Any]] = field(default=())
    """Its lines whose letters could not be written, when it is decided once more."""

    @property
    def work(self) -> Path:
        return self.here

    @property
    def folder(self) -> str:
        """Its folder among the results: another one where it is decided once more."""
        return f"{self.number}-again" if self.draft_failed else str(self.number)


def shard_of(night: Night, **given: Any) -> Shard:
    """A shard of a night, with the night's own day, home, source and documents."""
    return Shard(**{**{each.name: getattr(night, each.name) for each in fields(Night)}, **given})
