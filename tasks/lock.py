"""One at a time: a night, or a verb that commits, has the home to itself."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ledger.turn import check_free, turn
from linewatch.night import Night

__all__ = ["check_free", "one_at_a_time", "turn"]


def one_at_a_time(night: Night) -> AbstractContextManager[None]:
    """Hold the home for this night inside. Raises Busy at once, naming who has it."""
    return turn(night.home, f"the night of {night.as_of}", night.recorded_at)
