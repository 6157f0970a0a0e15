"""What a snapshot's manifest says of its tables: which files they lie in, and what these hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sql.parts import Content, Month, added


@dataclass(frozen=True)
class Kept:
    """A part of a table: a Parquet file in the snapshot's folder."""

    name: str
    columns: Mapping[str, str]
    """Column name to DuckDB type."""
    months: Mapping[str, Month]
    """What all of the file holds, whether this snapshot reads it or not."""
    recorded_until: str | None = None
    source_sha256: str | None = None
    """The file of the source whose rows these are; null for the rows of some months of several."""
    without: tuple[str, ...] = ()
    """Months that another part answers for, or that are gone from the source."""
    bytes: int = 0
    sha256: str = ""
    shared_with: str | None = None
    """The earlier snapshot that this file was first shared from, null where this one wrote it."""

    @property
    def live(self) -> dict[str, Month]:
        return {month: held for month, held in self.months.items() if month not in self.without}

    @property
    def rows(self) -> int:
        """Rows that the table reads of this part."""
        return sum(held.rows for held in self.live.values())

    @property
    def dead_rows(self) -> int:
        return sum(self.months[month].rows for month in self.without if month in self.months)

    def told(self) -> dict[str, Any]:
        """As the manifest has it."""
        months = {month: {"rows": held.rows, "hash": f"{held.hash:x}"} for month, held in self.months.items()}
        return {
            "name": self.name,
            "rows": self.rows,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "shared_with": self.shared_with,
            "source_sha256": self.source_sha256,
            "without": list(self.without),
            "columns": dict(self.columns),
            "months": months,
            "recorded_until": self.recorded_until,
        }


def kept(told: Mapping[str, Any]) -> Kept:
    """A part as a manifest has it. Raises KeyError or ValueError for what no manifest says."""
    months = {month: Month(held["rows"], int(held["hash"], 16)) for month, held in told["months"].items()}
    return Kept(
        name=told["name"],
        columns=told["columns"],
        months=months,
        recorded_until=told["recorded_until"],
        source_sha256=told["source_sha256"],
        without=tuple(told["without"]),
        bytes=told["bytes"],
        sha256=told["sha256"],
        shared_with=told["shared_with"],
    )


def of_content(name: str, columns: Mapping[str, str], read: Content, source_sha256: str | None) -> Kept:
    return Kept(name, columns, read.months, read.recorded_until, source_sha256)


def months_of(parts: Iterable[Kept]) -> dict[str, Month]:
    """What a table holds, by month: the sums of its parts."""
    return added(held for part in parts for held in part.live.items())


def without(parts: Iterable[Kept], months: Iterable[str]) -> list[Kept]:
    """The parts with these months taken from them; those with nothing left are left out."""
    gone = set(months)
    left = []
    for part in parts:
        masked = gone & set(part.months) | set(part.without)
        one = replace(part, without=tuple(sorted(masked)))
        if one.live:
            left.append(one)
    return left


def recorded_until(parts: Iterable[Kept]) -> str | None:
    return max((part.recorded_until for part in parts if part.recorded_until), default=None)
