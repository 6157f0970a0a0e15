"""Runs a scenario once undisturbed, then once for each chosen call with a fault there, and once more plainly.

    python -m tests.torture.disturbed PLACE SCENARIO [--kill N] [--full N] [--broken N]

prints what so many points of each fault came to, as one JSON object, and on standard error each point that
was not as it should be. A process of its own: its children are forked after all imports, before DuckDB and
Arrow have started a thread.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from linewatch import chance
from tests.torture import strace
from tests.torture.page import NOT_MET, SAME, summary
from tests.torture.scenarios import WHERE, Scenario, named, swept
from tests.torture.state import differences, state
from tests.torture.strace import Call, Ended

FAULTS = ("kill", "full", "broken")
"""SIGKILL in place of the call; no room from the call on; EIO for this one call, or a server that is gone."""
ALL_AT_ONCE = ("write", "fsync", "make")
"""Kinds of calls after which a disk that has no room stays full: the others take no more of it."""
SHIFTS = (0, 1, -1)
"""Where a point is looked for: a library's thread may take a call off the main one, or leave it one more."""
WORKERS = 2
TEMPLATE = "template"


@dataclass(frozen=True)
class Point:
    """What a fault at a call came to."""

    scenario: str
    fault: str
    kind: str
    call: str
    number: int
    on: str
    outcome: str
    """The same state; not met; or what was wrong: told wrongly, restart failed, other state."""
    first: str
    """How the disturbed run ended: killed, whole, or with an error of a class."""
    why: str = ""

    @property
    def right(self) -> bool:
        return self.outcome == SAME


@dataclass(frozen=True)
class Undisturbed:
    """What every disturbed run must come to in the end, and where it can be disturbed."""

    state: Mapping[str, Any]
    calls: tuple[Call, ...]


class Disturbed:
    """One scenario in a folder of its own."""

    def __init__(self, scenario: Scenario, place: Path) -> None:
        self.scenario = scenario
        self.place = place

    def undisturbed(self) -> Undisturbed:
        """Prepare, run it whole, and run it again watched; both must have come to the same."""
        self.place.mkdir(parents=True)
        _must(strace.forked(lambda: self.scenario.prepare(self.place)))
        whole, seen = self._home("whole"), self._home("watched")
        _must(strace.forked(self._act(whole)))
        calls = strace.watched(self._act(seen), seen, self.place / "watched.log")
        found = self._state(whole)
        if odd := differences(found, self._state(seen)):
            raise RuntimeError(f"two undisturbed runs differ: {odd}")
        _must(strace.forked(self._act(seen)))
        if odd := differences(found, self._state(seen)):
            raise RuntimeError(f"an undisturbed run, done again, changed: {odd}")
        return Undisturbed(found, tuple(calls))

    def others(self, whole: Undisturbed) -> int:
        """How many calls on the home other threads make, which no point meets."""
        home = self._home("everyone")
        everyone = strace.watched(self._act(home), home, self.place / "everyone.log", threads=True)
        return max(len(everyone) - len(whole.calls), 0)

    def point(self, fault: str, at: Call, whole: Undisturbed, number: int) -> Point:
        """Disturb one run at a call, restart it plainly, and compare."""
        for shift in SHIFTS:
            home = self._home(f"{fault}-{number}")
            log = self.place / f"{fault}-{number}.log"
            ended = _with_fault(fault, self._act(home), shifted(at, shift), home, log)
            if strace.met(home, log) if fault == "full" else strace.reached(at, home, log):
                outcome, why = self._outcome(fault, at, ended, home, whole)
                break
            outcome, why = NOT_MET, ended.said
            shutil.rmtree(home.parent)
        if outcome == SAME:
            shutil.rmtree(home.parent)
            log.unlink()
        first = "killed" if ended.killed else ended.error or "whole"
        return Point(self.scenario.name, fault, at.kind, at.name, at.number, at.on, outcome, first, why)

    def _outcome(self, fault: str, at: Call, ended: Ended, home: Path, whole: Undisturbed) -> tuple[str, str]:
        if not _told_rightly(fault, at.kind, ended):
            return "told wrongly", ended.said
        again = strace.forked(self._act(home))
        if again.killed or again.error:
            return "restart failed", again.said
        odd = differences(whole.state, self._state(home))
        return ("other state", "\n".join(odd)) if odd else (SAME, "")

    def _home(self, name: str) -> Path:
        home = self.place / name / "home"
        home.parent.mkdir()
        if (self.place / TEMPLATE).exists():
            shutil.copytree(self.place / TEMPLATE, home)
        self.scenario.begin(home, self.place)
        return home

    def _act(self, home: Path) -> Any:
        return lambda: self.scenario.act(home, self.place)

    def _state(self, home: Path) -> dict[str, Any]:
        """What stands there once the next night has begun."""
        _must(strace.forked(lambda: swept(home)))
        return {**state(home), **self.scenario.elsewhere(home, self.place)}


def shifted(at: Call, by: int) -> Call:
    return replace(at, number=max(at.number + by, 1))


def _must(ended: Ended) -> None:
    if ended.killed or ended.error:
        raise RuntimeError(f"an undisturbed run failed: {ended.said}")


def _with_fault(fault: str, act: Any, at: Call, home: Path, log: Path) -> Ended:
    if fault == "kill":
        return strace.killed(act, at, home, log)
    if fault == "full" and at.kind in ALL_AT_ONCE:
        return strace.filled(act, at, log)
    if at.kind == "send":
        return strace.lost(act, at, home, log)
    return strace.failed(act, at, "ENOSPC" if fault == "full" else "EIO", home, log)


def _told_rightly(fault: str, kind: str, ended: Ended) -> bool:
    """A kill kills; a full disk, a broken one or a lost server is told as one, or the run is whole."""
    if fault == "kill":
        return ended.killed
    if ended.killed:
        return False
    if kind == "send":
        return not ended.error or ended.on_purpose
    # SQLite keeps no errno: where it could not open or sync, nobody can tell a full disk from a broken one.
    vague = "sqlite3.OperationalError" in ended.said
    allowed = {"", "NoRoom", *(("DiskFailed",) if vague else ())} if fault == "full" else {"", "DiskFailed"}
    return ended.error in allowed


def spread(calls: Sequence[Call], points: int) -> list[Call]:
    """So many of the calls, evenly over the run by kind: all of a rare kind, more of a frequent one."""
    kinds: dict[str, list[Call]] = {}
    for call in calls:
        kinds.setdefault(call.kind, []).append(call)
    chosen: list[Call] = []
    for left, kind in enumerate(sorted(kinds.values(), key=len)):
        share = min(len(kind), (points - len(chosen)) // (len(kinds) - left))
        chosen += [kind[at * len(kind) // share] for at in range(share)]
    return chosen


def run(disturbed: Disturbed, whole: Undisturbed, points: Mapping[str, int]) -> Iterator[Point]:
    """The points of a scenario, so many for each fault, as they come."""
    work = [
        (fault, at)
        for fault, count in points.items()
        for at in spread([call for call in whole.calls if fault != "full" or call.kind != "send"], count)
    ]
    readers = [_worker(disturbed, whole, list(enumerate(work))[at::WORKERS]) for at in range(WORKERS)]
    for child, reader in readers:
        with os.fdopen(reader, encoding="utf-8") as lines:
            for line in lines:
                yield Point(**json.loads(line))
        if os.waitpid(child, 0)[1] != 0:
            raise RuntimeError(f"{disturbed.scenario.name}: a worker died")


def _worker(disturbed: Disturbed, whole: Undisturbed, work: list[tuple[int, Any]]) -> tuple[int, int]:
    """A process that disturbs its share of the points, and the pipe that it tells them by."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    os.close(reader)
    status = 1
    try:
        with os.fdopen(writer, "w", encoding="utf-8") as told:
            for number, (fault, at) in work:
                found = disturbed.point(fault, at, whole, number)
                told.write(json.dumps(asdict(found)) + "\n")
                told.flush()
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("place", type=Path)
    asked.add_argument("scenario", choices=sorted(WHERE))
    for fault in FAULTS:
        asked.add_argument(f"--{fault}", type=int, default=0, help="so many points")
    given = asked.parse_args()
    disturbed = Disturbed(named(given.scenario), given.place)
    # After the imports, one of which names the machine's; or no two homes are alike.
    chance.comes_from(lambda count: b"s" * count)
    whole = disturbed.undisturbed()
    points = []
    for point in run(disturbed, whole, {fault: getattr(given, fault) for fault in FAULTS}):
        points.append(asdict(point))
        if not point.right:
            print(json.dumps(points[-1], ensure_ascii=False), file=sys.stderr, flush=True)
    made = Counter(call.kind for call in whole.calls)
    found = summary(disturbed.scenario.says, made, disturbed.others(whole), points)
    odd = [each for each in points if each["outcome"] not in (SAME, NOT_MET)]
    print(json.dumps({**found, "odd": odd}, ensure_ascii=False))


if __name__ == "__main__":
    main()
