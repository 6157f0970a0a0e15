"""What a check of a home found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

PER_PLACE = 20
"""Faults of one file or table that are told; one more says how many there are."""


@dataclass(frozen=True)
class Fault:
    """Where something differs, what, and, for the operator's eyes and no log, whose row it is."""

    where: str
    what: str
    whose: str = ""


@dataclass
class Findings:
    """What is found while a check goes on: faults, and how much was looked at."""

    counts: Counter[str] = field(default_factory=Counter)
    _faults: list[Fault] = field(default_factory=list)
    _seen: Counter[str] = field(default_factory=Counter)

    def fault(self, where: str, what: str, whose: str = "") -> None:
        # The rows of a table are one place, told apart by what stands behind its name.
        place = where if ":" in where else where.split(" ")[0]
        self._seen[place] += 1
        if self._seen[place] <= PER_PLACE:
            self._faults.append(Fault(where, what, whose))

    def faults(self) -> tuple[Fault, ...]:
        """All of them, in the order of finding; a place with very many is cut short, saying so."""
        cut = [
            Fault(place, f"{count - PER_PLACE:,} more faults here")
            for place, count in self._seen.items()
            if count > PER_PLACE
        ]
        return (*self._faults, *cut)


@dataclass(frozen=True)
class Report:
    """The outcome: faults (none: all is as it was recorded), counts of what was checked, and the log's state.

    `entries` and `root` (hex) are those of the log as it lies here, `key` the newest key that it tells, as
    name+id+base64, and `unsigned` how many entries have come after the newest checkpoint.
    """

    faults: tuple[Fault, ...]
    counts: dict[str, int]
    entries: int = 0
    root: str = ""
    key: str = ""
    unsigned: int = 0

    @property
    def whole(self) -> bool:
        return not self.faults
