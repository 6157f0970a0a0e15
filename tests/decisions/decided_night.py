"""The decisions of one night, and the hard caps that were asked of all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from linewatch.documents import Documents
from linewatch.segment import Segment
from tests.oracle.arithmetic import MILLION, up

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Night:
    """The decisions of one night, and what was asked of all of them together."""

    as_of: date
    decisions: Sequence[Row]
    documents: Documents
    caps: Sequence[Row]
    """Hard caps of the policy: cap_row, scope, subject, cap_cents."""
    law_claims: Sequence[Row]
    """Hard caps of law by line: cap_row, owner_id, facility_id, cap_cents."""
    rate_ppm: Mapping[str, int] = field(default_factory=dict)
    """Reporting units for one unit, in millionths."""

    @cached_property
    def segments(self) -> dict[str, Segment]:
        return {segment.name: segment for segment in self.documents.policy.segment}

    def reporting(self, cents: int, row: Row) -> int:
        return up(cents * self.rate_ppm.get(row["currency"], MILLION), MILLION)

    def is_small(self, row: Row) -> bool:
        """Under the dead band, by which a move is left undone."""
        if row["segment"] is None:
            return False
        band = self.segments[row["segment"]].stability
        least = max(band.dead_band_cents, row["limit_cents"] * band.dead_band_bp // 10_000)
        return abs(row["after_floor_cents"] - row["limit_cents"]) < least

    def sums(self) -> Iterator[tuple[str, int, list[Row]]]:
        """Every hard cap with its lines: those of a borrower, of a group, of a record's scope."""
        found: dict[tuple[str, str], tuple[int, list[Row]]] = {}
        for cap in self.caps:
            for row in self.decisions:
                if cap["subject"] in (None, row["borrower_type"]):
                    owner = row["group_id" if cap["scope"] == "group" else "borrower_id"]
                    found.setdefault((cap["cap_row"], owner), (cap["cap_cents"], []))[1].append(row)
        lines = {row["facility_id"]: row for row in self.decisions}
        for claim in self.law_claims:
            key = (claim["cap_row"], claim["owner_id"])
            found.setdefault(key, (claim["cap_cents"], []))[1].append(lines[claim["facility_id"]])
        for (name, _), (cents, rows) in found.items():
            yield name, cents, rows

    def broken_sums(self) -> Iterator[tuple[str, int, list[Row]]]:
        """The caps above which their lines still stand together, once all that is proposed is done."""
        for name, cents, rows in self.sums():
            if sum(self.reporting(row["proposed_limit_cents"], row) for row in rows) > cents:
                yield name, cents, rows
