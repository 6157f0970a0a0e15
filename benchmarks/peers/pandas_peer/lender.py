"""A night's source as columns: a value a borrower, a value a line, a value an enterprise; cut into blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from os import cpu_count
from typing import TypeVar

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.days import day
from benchmarks.peers.pandas_peer.whole import Ints, Owned, Values

SUBJECTS = ("consumer", "enterprise")
FRAUD = ("suspected", "first_party", "victim")
BLOCK = 1 << 17
"""Borrowers that one thread works on at a time: their columns stay near the processor."""

Found = TypeVar("Found")


@dataclass
class Lender:
    """Borrowers in the source's order; lines and enterprises by `owner`, the place of their borrower."""

    as_of: date
    people: Values
    lines: Values
    """Closed lines too: of each, `owner` and what the source says of it."""
    months: Values
    """Of each line, from its closed months: what the characteristics are made of, and nothing else reads."""
    firms: Values
    """Of each enterprise, `owner`, its statement that counts, its invoices and its assessments."""
    cover: pd.DataFrame
    """A row a cover that counts tonight; `line` is its place among the lines."""

    @property
    def tonight(self) -> int:
        return day(self.as_of)

    @property
    def borrowers(self) -> int:
        return len(self.people["subject"])

    @cached_property
    def owned(self) -> Owned:
        return Owned(self.lines["owner"], self.borrowers)

    def each_block(self, work: Callable[[Lender], Found]) -> list[Found]:
        """What `work` makes of each block of borrowers, in order, by as many threads as there are cores."""
        with ThreadPoolExecutor(cpu_count()) as pool:
            return list(pool.map(work, self._blocks()))

    def _blocks(self) -> Iterator[Lender]:
        for start in range(0, self.borrowers, BLOCK):
            end = min(start + BLOCK, self.borrowers)
            lines, firms = (_between(of["owner"], start, end) for of in (self.lines, self.firms))
            covers = _between(self.cover["line"].to_numpy(), lines.start, lines.stop)
            cover = self.cover.iloc[covers]
            yield Lender(
                self.as_of,
                {name: values[start:end] for name, values in self.people.items()},
                _cut(self.lines, lines, start),
                {name: values[lines] for name, values in self.months.items()},
                _cut(self.firms, firms, start),
                cover.assign(line=cover["line"] - lines.start),
            )


def _between(ascending: Ints, start: int, end: int) -> slice:
    return slice(*(int(place) for place in np.searchsorted(ascending, [start, end])))


def _cut(values: Values, rows: slice, first: int) -> Values:
    cut = {name: column[rows] for name, column in values.items()}
    return {**cut, "owner": cut["owner"] - first}
