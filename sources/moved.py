"""How a table differs from what an earlier snapshot has of it, and whether sharing that pays.

Nothing is believed of a source that can be looked at. A month is shared when its rows add up to what they
were. Where those add up that the source does not say it recorded since, only the others are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sources.kept import Kept, months_of, without
from sql.parts import ALL, Month, added

MOST_PARTS = 24
"""A table in more files than this is taken whole again: each costs every statement a footer to read."""
NONE = Month(0, 0)


@dataclass(frozen=True)
class Moved:
    """What became of the rows of a table."""

    alike: bool
    """Whether all parts have the same columns in the same types; if not, no sums can be compared."""
    rewritten: tuple[str, ...]
    """Months of which earlier rows have changed or are gone, or that are there for the first time."""
    grown: tuple[str, ...]
    """Months whose earlier rows are what they were, and that have later ones beside them."""
    rows: int
    """How many there are now."""
    counts: Mapping[str, Mapping[str, int]]
    """By month that differs: rows before and now; how many were recorded since, where the source says it."""
    left: tuple[Kept, ...]
    """What is still read of the parts before."""
    written: Mapping[str, Month]
    """What is to be written beside them."""
    pays: bool
    """Whether that keeps at most half of the rows that taking the files whole would."""

    @property
    def months(self) -> tuple[str, ...]:
        return (*self.rewritten, *self.grown)

    @property
    def writes(self) -> int:
        return sum(held.rows for held in self.written.values())

    @property
    def tells_more(self) -> bool:
        """Whether to say what became of single rows needs another look at them."""
        return self.alike and bool(self.rewritten) and ALL not in self.rewritten


def moved(
    before: Sequence[Kept], now: Sequence[Kept], older: Sequence[Mapping[str, Month]], fresh_rows: int
) -> Moved:
    """Compare the parts of an earlier snapshot with what the source holds, a Kept a file.

    `older` has, file by file, the rows that the source does not say it recorded since; `fresh_rows` is how
    many rows stand in files that no earlier snapshot has.
    """
    columns = [part.columns for part in (*before, *now)]
    alike = all(each == columns[0] for each in columns)
    was, stands = months_of(before), months_of(now)
    old = added(held for months in older for held in months.items())
    differ = sorted(month for month in was | stands if not alike or was.get(month) != stands.get(month))
    grown = tuple(month for month in differ if alike and month in was and old.get(month) == was[month])
    rewritten = tuple(month for month in differ if month not in grown)
    told = alike and "recorded_at" in columns[0]
    counts = {}
    for month in differ:
        rows, earlier = stands.get(month, NONE).rows, was.get(month, NONE).rows
        counts[month] = {"rows_before": earlier, "rows": rows}
        if told:
            counts[month]["recorded"] = rows - old.get(month, NONE).rows
        if month in grown:
            counts[month] |= {"new": rows - earlier, "restated": 0, "gone": 0, "silent": 0}
    left = tuple(without(before, rewritten))
    written = {month: stands[month] for month in rewritten if month in stands}
    written |= {month: stands[month] - was[month] for month in grown}
    writes = sum(held.rows for held in written.values())
    pays = alike and ALL not in rewritten and _pays(left, writes, fresh_rows)
    rows = sum(held.rows for held in stands.values())
    return Moved(alike, rewritten, grown, rows, counts, left, written, pays)


def _pays(left: Sequence[Kept], writes: int, fresh_rows: int) -> bool:
    """Also: not many files, and at least twice as many rows that are read as are read past."""
    live, dead = sum(part.rows for part in left) + writes, sum(part.dead_rows for part in left)
    return 0 < len(left) < MOST_PARTS and 2 * writes <= fresh_rows and 2 * dead <= live
