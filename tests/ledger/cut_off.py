"""Acts on a home that may be cut off at any boundary, and are done again in what the cut left."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from linewatch import fault
from tasks.verify_log import verify_home

AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
Left = TypeVar("Left")


class Cut(BaseException):
    """The power is gone: nothing below may catch it."""


class CutOff:
    """A home, and whoever acts on it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.home = place / "home"
        self.hours = 0
        self.was_cut = False
        """Whether what is typed now was typed before, and cut off."""
        self.came_to: Any = None

    def moment(self) -> datetime:
        """Each act has a later one."""
        self.hours += 1
        return AT + timedelta(hours=self.hours)

    def everything_is_proven(self) -> None:
        assert verify_home(self.home, (), (), lambda line: None).faults == ()

    def done(
        self, act: Callable[[], Left], cut: int | None, known_by: tuple[type[Exception], ...] = ()
    ) -> Left | None:
        """Do it; where it is cut off, do it again in the home as the cut left it: in a copy of that instant,
        which no tidying of ours has reached. `known_by`: how the second says that the first had come through.
        """
        if cut is None or not self.is_cut_off(act, cut):
            return act() if cut is None else self.came_to
        self.everything_is_proven()
        self.was_cut = True
        try:
            return act()
        except known_by:
            return None
        finally:
            self.was_cut = False

    def is_cut_off(self, act: Callable[[], Any], cut: int) -> bool:
        left = cut
        after = self.place / f"home-{self.hours}"

        def point(_: str) -> None:
            nonlocal left
            left -= 1
            if not left:
                shutil.copytree(self.home, after, symlinks=True)
                raise Cut

        fault.arm(point)
        try:
            self.came_to = act()
        except Cut:
            shutil.rmtree(self.home)
            self.home = after
            return True
        finally:
            fault.arm(None)
        return False
