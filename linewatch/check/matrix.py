"""The matrix read across its borders: where a better line would get less, how far a step over one goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from linewatch.check.finding import Finding
from linewatch.matrix import StrategyRow
from linewatch.policy import Policy

AS_IT_IS = 10_000


@dataclass(frozen=True)
class Gap:
    """How far two neighbouring cells lie apart."""

    segment: str
    one: str
    other: str
    one_bp: int
    other_bp: int

    @property
    def bp(self) -> int:
        return abs(self.one_bp - self.other_bp)

    def __str__(self) -> str:
        return (
            f"{self.segment}: {self.one} {self.one_bp / 100:.2f} % beside {self.other}"
            f" {self.other_bp / 100:.2f} %: {self.bp / 100:.2f} % of the anchor limit"
        )


def findings(policy: Policy) -> Iterator[Finding]:
    told = f"policy {policy.id}"
    names = [band.name for band in policy.utilisation_band]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Finding("fault", told, f"utilisation_band {name}", "the name stands twice")
    for rows in _by_segment(policy):
        for better, worse in pairwise(rows):
            for band in names:
                ours, theirs = better.target_bp[band], worse.target_bp[band]
                if theirs > ours:
                    key = f"strategy {worse.segment} {_step(worse)}, {band}"
                    says = (
                        f"a worse grade gets more: {_percent(theirs)}, and {_step(better)} {_percent(ours)}"
                    )
                    yield Finding("fault", told, key, says)
        for row in rows:
            for lower, higher in pairwise(names):
                low, high = row.target_bp[lower], row.target_bp[higher]
                if min(low, AS_IT_IS) < min(high, AS_IT_IS):
                    key = f"strategy {row.segment} {_step(row)}, {lower}"
                    says = f"paying down leads to a cut: {_percent(low)}, and {higher} {_percent(high)}"
                    yield Finding("fault", told, key, says)


def largest_gap(policy: Policy) -> Gap | None:
    """The widest step between neighbouring cells; of equal ones the first in the document's order."""
    return max(_gaps(policy), key=lambda gap: gap.bp, default=None)


def _gaps(policy: Policy) -> Iterator[Gap]:
    names = [band.name for band in policy.utilisation_band]
    for rows in _by_segment(policy):
        for better, worse in pairwise(rows):
            for band in names:
                yield Gap(
                    better.segment,
                    f"{_step(better)}.{band}",
                    f"{_step(worse)}.{band}",
                    better.target_bp[band],
                    worse.target_bp[band],
                )
        for row in rows:
            for lower, higher in pairwise(names):
                yield Gap(
                    row.segment,
                    f"{_step(row)}.{lower}",
                    f"{_step(row)}.{higher}",
                    row.target_bp[lower],
                    row.target_bp[higher],
                )


def _by_segment(policy: Policy) -> list[list[StrategyRow]]:
    """The rows of each segment, the best grade first: grades sort as letters, slots stand in order."""
    found = []
    for segment in policy.segment:
        rows = [row for row in policy.strategy if row.segment == segment.name]
        graded = all(len(_step(row)) == 1 for row in rows)
        found.append(sorted(rows, key=_step) if graded else rows)
    return found


def _step(row: StrategyRow) -> str:
    return str(getattr(row, "grade", None) or getattr(row, "slot", None) or "")


def _percent(bp: int) -> str:
    return f"{bp // 100}.{bp % 100:02d} %"
