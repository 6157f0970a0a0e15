"""Monthly tables as panels: a row a month, counted back from the last closed one, and a column an owner."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.peers.pandas_peer.days import months_ago
from benchmarks.peers.pandas_peer.source import narrow, numbers
from benchmarks.peers.pandas_peer.whole import Ints

Panel = npt.NDArray[Any]


class Months:
    """The rows of a monthly table that lie in the last `most` closed months. No owner has a month twice."""

    def __init__(self, rows: pa.Table, owner: Ints, owners: int, as_of: date, most: int) -> None:
        ago = months_ago(numbers(rows.column("month")), as_of)
        self._rows, self._counts = rows, (ago >= 0) & (ago < most)
        self._has_all = bool(self._counts.all())
        ago = ago[self._counts]
        self.shape = (int(ago.max(initial=0)) + 1, owners)
        self._place = ago * owners + owner[self._counts]
        self._bit = (1 << np.arange(self.shape[0], dtype=np.int32))[:, None]
        self.there = self._laid(np.ones(len(ago), np.bool_))

    def panel(self, column: str) -> Panel:
        """A column by month and owner; 0 where there is no row or the row knows nothing."""
        values = narrow(self._rows.column(column), 0)
        return self._laid(values if self._has_all else values[self._counts])

    def has(self, column: str) -> Panel:
        """Where a row knows this column."""
        return self._laid(self._rows.column(column).is_valid().to_numpy()[self._counts])

    def bits(self, flags: Panel) -> npt.NDArray[np.int32]:
        """The months of each owner that are flagged: bit 0 is the last closed month."""
        return np.bitwise_or.reduce(np.where(flags, self._bit, 0), axis=0, dtype=np.int32)

    def _laid(self, values: npt.NDArray[Any]) -> Panel:
        panel = np.zeros(self.shape[0] * self.shape[1], values.dtype)
        panel[self._place] = values
        return panel.reshape(self.shape)
