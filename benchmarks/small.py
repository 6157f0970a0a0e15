"""The bench of `make check`, in half a minute: each step of a night as a ratio to the floor, beside the last.

    python -m benchmarks.small [--write]      # --write keeps this run, to be committed and compared with

It fails on nothing: the machine may be busy with something else. A step that got 1.3 times slower is marked.
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.floor import floor
from benchmarks.lender import STEADY_ON
from flows.advising import advise_night
from flows.attributing import attribute_night
from flows.nightly import guard_night
from flows.steps import Steps
from linewatch.documents import load_documents
from linewatch.night import Night
from tasks.commit import commit
from tasks.decide import decide
from tasks.demo import write_demo
from tasks.draft import draft
from tasks.export import export
from tasks.features import features
from tasks.publish import publish
from tasks.pull import pull
from tasks.refer import refer
from tasks.report import report
from tasks.rescore import rescore
from tasks.sweep import close
from tasks.validate import load_expectations, validate

FILE = Path(__file__).parent / "small.json"
BORROWERS = 10_000
SLOWER = 1.3
LEAST_S = 0.3
"""A step below this is noise."""

Ratios = Mapping[str, float]


def measured(borrowers: int, work: Path) -> tuple[float, dict[str, float]]:
    """Seconds of the floor, the median of three around and between two nights, and of each step of these.

    Both nights are as a home has them: an empty one's first, and the one after it.
    """
    importing = load_expectations()
    write_demo(work / "lender", borrowers=borrowers, seed=1, nights=2, every="day")
    importing.join()
    floors, steps = [_floor(work)], {}
    for name, source in zip(("first", "steady"), sorted((work / "lender").glob("20*")), strict=True):
        steps |= {f"{name} {step}": taken for step, taken in night_of(source, work / "home").items()}
        floors.append(_floor(work))
    return median(floors), steps


def told(ratios: Ratios, last: Ratios) -> list[str]:
    """A line a step: its ratio, the last one, and a mark where it got slower."""
    lines = [f"{'step':<20} {'÷ floor':>8} {'last':>8}"]
    for step, ratio in ratios.items():
        before = last.get(step)
        slower = before is not None and ratio > SLOWER * before
        mark = f"  {ratio / before:.1f} times slower" if slower and before else ""
        lines.append(f"{step:<20} {ratio:>8.2f} {'–' if before is None else f'{before:.2f}':>8}{mark}")
    return lines


def _floor(work: Path) -> float:
    return sum(floor(work / "lender" / str(STEADY_ON), STEADY_ON, work / "floor").values())


def night_of(source: Path, home: Path) -> dict[str, float]:
    """The seconds of each step, in the order of flows.nightly, without Prefect."""
    as_of = datetime.fromisoformat(source.name).date()
    home.mkdir(exist_ok=True)
    night = Night(as_of, home, str(source), load_documents(as_of), datetime(2000, 1, 1, tzinfo=UTC))
    run = Steps(night, call=lambda step, *arguments: step.fn(*arguments))
    try:
        for step in (pull, validate, features, rescore, decide):
            run(step)
        guarded = guard_night(run)
        run(attribute_night)
        run(advise_night)
        run(draft)
        run(refer)
        run(commit, guarded.tripped)
        for step in (publish, export, report):
            run(step)
    finally:
        close(night)
    return {step: used.wall_s for step, used in run.usage.items()}


def main(write: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="linewatch-small-") as work:
        floor_s, steps = measured(BORROWERS, Path(work))
    ratios = {step: round(taken / floor_s, 2) for step, taken in steps.items() if taken >= LEAST_S}
    last: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"ratios": {}}
    print(f"A night of {BORROWERS:,} borrowers; the floor took {floor_s:.1f} s.")
    print(*told(ratios, last["ratios"]), sep="\n")
    if write:
        FILE.write_text(
            json.dumps({"borrowers": BORROWERS, "ratios": ratios}, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
