"""Where a test may cut a night off: every boundary calls `point`, and nothing happens unless one was armed.

The top of the program arms one from its own parameters (`LINEWATCH_FAULT_AT=commit.decisions:after`);
nothing below it reads the environment.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

_armed: list[Callable[[str], None]] = []


def arm(act: Callable[[str], None] | None) -> None:
    """Call `act` with the name of every boundary that is reached from now on; None disarms."""
    _armed[:] = [] if act is None else [act]


def kill_at(where: str) -> None:
    """Arm the end of this process, as by a power cut, at the boundary `where`; an empty name disarms."""

    def cut(name: str) -> None:
        if name == where:
            os.kill(os.getpid(), signal.SIGKILL)

    arm(cut if where else None)


def point(step: str, when: str) -> None:
    """A boundary: `<step>:<when>`, with `when` one of before, inside, after."""
    for act in _armed:
        act(f"{step}:{when}")
