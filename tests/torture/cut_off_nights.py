"""Runs small nights that are killed at a boundary and started again: the process behind the test beside it.

    python -m tests.torture.cut_off_nights PLACE [POINT …]     every boundary when none is named

Each night runs in a child forked after the imports, before DuckDB was touched. PLACE/whole is a night
that nobody cut off; PLACE/<point> is one that was killed there and run once more.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from ledger import open_ledger
from linewatch import chance, fault
from linewatch.night import Night
from tasks.approve import approve
from tasks.commit import commit_night
from tasks.lock import one_at_a_time
from tasks.publish import publish_due
from tasks.pull import check_may_run
from tasks.sweep import close, sweep
from tests.tasks.record_fixture import AS_OF, decided, night, small_folder

REACHED = "reached.txt"


def whole_night(made: Night, *, held: bool) -> None:
    """What a start does: sweep, go on where the record says, publish what is due."""
    with one_at_a_time(made):
        sweep(made)
        ledger = open_ledger(made.home)
        if ledger.held() is None and ledger.newest() is None:
            check_may_run(made, None)
            decided(made)
            commit_night(made, ("guard",) if held else ())
        if ledger.held() is not None:
            at = made.recorded_at + timedelta(hours=8)
            approve(made.home, AS_OF, by="wu", because="seen", recorded_at=at)
        publish_due(made)
        close(made)


def forked(act: Callable[[], None]) -> int:
    """Run `act` in a child; return 0 if it ended well, else the status that the system gives."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def cut(place: Path, source: Path, point: str, *, held: bool) -> None:
    made = night(place / point, source)

    def until_killed() -> None:
        fault.kill_at(point)
        whole_night(made, held=held)

    status = forked(until_killed)
    if status != signal.SIGKILL:
        raise SystemExit(f"{point}: was not killed there but ended with {status}")
    status = forked(lambda: whole_night(made, held=held))
    if status != 0:
        raise SystemExit(f"{point}: the second start ended with {status}")


def uninterrupted(place: Path, source: Path, *, held: bool) -> list[str]:
    """The names of every boundary of a night, in the order in which they are reached."""

    def listening() -> None:
        with (place / REACHED).open("w", encoding="utf-8") as reached:
            fault.arm(lambda point: print(point, file=reached))
            whole_night(night(place / "whole", source), held=held)

    if forked(listening) != 0:
        raise SystemExit("the night that nobody cut off failed")
    return (place / REACHED).read_text(encoding="utf-8").split()


def main(place: Path, points: list[str], *, held: bool) -> None:
    source = small_folder(place / "source")
    every = uninterrupted(place, source, held=held)
    for point in points or every:
        cut(place, source, point, held=held)


if __name__ == "__main__":
    chance.comes_from(lambda count: b"s" * count)  # or no two homes are alike
    main(Path(sys.argv[1]), sys.argv[2:], held=os.environ.get("HELD") == "1")
