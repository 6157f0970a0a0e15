"""Cutting an act off at a boundary, as Ctrl-C would: for what must be the same when it is done again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from linewatch import fault


@contextmanager
def cut_off_at(point: str) -> Iterator[None]:
    """End what is done inside at the boundary `<step>:<when>`; it must come there."""

    def cut(reached: str) -> None:
        if reached == point:
            raise KeyboardInterrupt

    fault.arm(cut)
    try:
        with pytest.raises(KeyboardInterrupt):
            yield
    finally:
        fault.arm(None)
