"""What is measured, each in a process of its own: the floor, a first and a steady night, and the peers."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.lender import FIRST_ON, STEADY_ON, Lender

PEERS = ("pandas", "polars", "pyspark")
LINEWATCH = Path(sys.executable).parent / "linewatch"
APART = ("draft",)
"""Steps of a night that `seconds` leaves out: letters are timed on a line of their own."""


@dataclass(frozen=True)
class Ran:
    """One contestant in one round."""

    seconds: float | None = None
    """From the source to the last file, without start-up and imports; None where there is no result."""
    why: str | None = None
    """Why there is no result, or why it does not count."""
    equal: bool | None = None
    """Of a peer: whether its files say what the floor's say, on every row and column."""
    start_s: float = 0.0
    steps: dict[str, dict[str, float | None]] = field(default_factory=dict)
    """By step: `wall_s`, and of a night also `cpu_s`, `peak_mb`, `written_mb`."""
    peak_mb: int = 0
    tree_mb: int = 0
    scratch_bytes: int = 0
    kept_bytes: dict[str, int] = field(default_factory=dict)
    """By folder of the home, what a night added to it."""


@dataclass(frozen=True)
class Setting:
    """What all contestants of a round share."""

    lender: Lender
    place: Path
    """An empty folder of this round."""
    peers_python: Path
    timeout_s: float


Contestant = Callable[[Setting], Ran]


def floor(setting: Setting) -> Ran:
    out = setting.place / "floor"
    return _bare([sys.executable, "-m", "benchmarks.floor"], setting, out, scratch=out / "spill")


def peer(name: str) -> Contestant:
    """The peer of this name, in the environment that has its library."""

    def ran(setting: Setting) -> Ran:
        if not setting.peers_python.exists():
            return Ran(why=f"no {setting.peers_python}: make bench sets it up")
        module = f"benchmarks.peers.{name}_peer"
        return _bare([setting.peers_python, "-m", module], setting, setting.place / name)

    return ran


def first(setting: Setting) -> Ran:
    return _night(setting, FIRST_ON)


def steady(setting: Setting) -> Ran:
    """The night after the first one, in the same home."""
    if not (setting.place / "home" / "out" / str(FIRST_ON) / "night.json").exists():
        return Ran(why="there was no first night")
    return _night(setting, STEADY_ON)


def contestants(peers: Sequence[str]) -> dict[str, Contestant]:
    """All of a round, by name and in their order."""
    return {"floor": floor, "first": first, "steady": steady, **{name: peer(name) for name in peers}}


def _bare(command: list[str | Path], setting: Setting, out: Path, scratch: Path | None = None) -> Ran:
    """A program that prints the seconds of its steps as the last line of its output."""
    words = [*command, setting.lender.source(STEADY_ON), str(STEADY_ON), out]
    ended = processes.run(words, scratch=scratch, timeout_s=setting.timeout_s)
    if ended.exit_code:
        return Ran(why=ended.why, peak_mb=ended.peak_mb, tree_mb=ended.tree_mb)
    steps = json.loads(ended.out.splitlines()[-1])
    steps.pop("start", None)  # of Spark: start-up, as Prefect's is of a night
    return Ran(
        seconds=sum(steps.values()),
        start_s=ended.wall_s - sum(steps.values()),
        steps={step: {"wall_s": taken} for step, taken in steps.items()},
        peak_mb=ended.peak_mb,
        tree_mb=ended.tree_mb,
        scratch_bytes=ended.scratch_bytes,
    )


def _night(setting: Setting, as_of: date) -> Ran:
    home = setting.place / "home"
    before = _kept(home)
    command = [LINEWATCH, "night", "--json", "--home", home]
    command += ["--source", setting.lender.source(as_of), "--as-of", str(as_of)]
    ended = processes.run(command, scratch=home / "work", timeout_s=setting.timeout_s)
    if ended.exit_code:
        return Ran(why=ended.why, peak_mb=ended.peak_mb, tree_mb=ended.tree_mb)
    steps: dict[str, dict[str, float | None]] = json.loads(ended.out)["usage"]
    walls = {step: used["wall_s"] or 0.0 for step, used in steps.items()}
    lasted = _seconds_of_log(home / "log" / f"{as_of}.jsonl")
    between = max(0.0, lasted - sum(walls.values()))
    return Ran(
        seconds=lasted - sum(walls.get(step, 0.0) for step in APART),
        start_s=ended.wall_s - lasted,
        steps={**steps, "between steps": {"wall_s": round(between, 3)}},
        peak_mb=ended.peak_mb,
        tree_mb=ended.tree_mb,
        scratch_bytes=ended.scratch_bytes,
        kept_bytes={name: held - before.get(name, 0) for name, held in _kept(home).items()},
    )


def _seconds_of_log(path: Path) -> float:
    """From the night's beginning to its end, as its own log has it."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    at = {line["event"]: datetime.fromisoformat(line["at"]) for line in lines}
    return (at["ended"] - at["begun"]).total_seconds()


def _kept(home: Path) -> dict[str, int]:
    """Bytes by what lies in the home; Prefect's own and the logs are told as `other`."""
    if not home.exists():
        return {}
    found = {name: processes.folder_bytes(home / name) for name in ("snapshots", "batches", "out")}
    return {**found, "other": processes.folder_bytes(home) - sum(found.values())}
