"""benchmarks/results.json: medians of rounds by size, the ratios between them, and how they grow."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import growth
from benchmarks.contestants import PEERS, Ran

FILE = Path(__file__).parent / "results.json"
GROWING = {"floor": "floor_s", "first_night": "first_night_s", "steady_night": "steady_night_s"}
OURS = ("features", "rescore", "decide")

Rounds = Sequence[Mapping[str, Ran]]
"""A round is every contestant, by name."""
Result = dict[str, Any]


def of_size(size: int, rounds: Rounds, input_bytes: int, rescoring: Mapping[str, Any]) -> Result:
    """All that was measured at one size; a contestant without a result is null, the reason under `why`."""
    ran = {name: [each[name] for each in rounds if name in each] for name in (*rounds[0], *PEERS)}
    seconds = {name: _median([each.seconds for each in of]) for name, of in ran.items()}
    found: Result = {
        "size": size,
        "rounds": len(rounds),
        "floor_s": seconds["floor"],
        "first_night_s": seconds["first"],
        "steady_night_s": seconds["steady"],
        **{f"{name}_s": seconds[name] for name in PEERS},
        "equal": {name: ran[name][0].equal for name in PEERS if ran[name]},
        "start_s": {name: _median([each.start_s for each in of if each.seconds]) for name, of in ran.items()},
        "steps": {name: _steps(of) for name, of in ran.items() if seconds[name] is not None},
        "why": {
            name: why
            for name, of in ran.items()
            if (why := next((each.why for each in of if each.why), None))
        },
        "peak_mb": {
            name: {"process": max(each.peak_mb for each in of), "tree": max(each.tree_mb for each in of)}
            for name, of in ran.items()
            if of
        },
        "input_bytes": input_bytes,
        "bytes_kept": {name: _kept(ran[name]) for name in ("first", "steady")},
        "scratch_peak_bytes": {
            name: max((each.scratch_bytes for each in ran[name]), default=0)
            for name in ("floor", "first", "steady")
        },
        "rescoring": dict(rescoring),
    }
    return {**found, "ratios": ratios(found)}


def ratios(found: Mapping[str, Any]) -> dict[str, float | None]:
    """What is judged: quotients of medians, and shares of the input in bytes."""
    floor, first, steady = (found[name] for name in GROWING.values())
    kept = found["bytes_kept"]["steady"].get("total")
    return {
        "first_to_floor": _quotient(first, floor),
        "steady_to_floor": _quotient(steady, floor),
        "pandas_to_steady": _quotient(found["pandas_s"], steady),
        "pandas_to_floor": _quotient(found["pandas_s"], floor),
        "polars_to_ours": _quotient(found["polars_s"], floor),
        "polars_to_ours_steps": _quotient(_of_steps(found, "polars"), _of_steps(found, "floor")),
        "pyspark_to_floor": _quotient(found["pyspark_s"], floor),
        "kept_to_input": _quotient(kept, found["input_bytes"]),
        "scratch_to_input": _quotient(found["scratch_peak_bytes"]["steady"], found["input_bytes"]),
    }


def merged(old: Mapping[str, Any] | None, new: Sequence[Result], machine: Mapping[str, Any]) -> Result:
    """The sizes just run in place of what was there of them; all that is there if the machine was another."""
    same = old and all(old["machine"].get(key) == machine[key] for key in ("cores", "memory_mb"))
    known = {key: value for key, value in machine.items() if value is not None}
    sizes = {each["size"]: each for each in [*(old["sizes"] if old and same else []), *new]}
    ordered = [sizes[size] for size in sorted(sizes)]
    grown = {
        name: {each["size"]: each[key] for each in ordered if each["size"] >= growth.LEAST and each[key]}
        for name, key in GROWING.items()
    }
    return {
        "machine": {**(old["machine"] if old and same else {}), **known},
        "exponent": {name: growth.exponent(seconds) for name, seconds in grown.items()},
        "exponent_between_the_largest": {
            name: growth.between_the_largest(seconds) for name, seconds in grown.items()
        },
        "sizes": ordered,
    }


def read(path: Path) -> Result | None:
    found: Result | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def write(path: Path, results: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _steps(of: Sequence[Ran]) -> dict[str, dict[str, float | None]]:
    """Medians over the rounds, by step and measure."""
    return {
        step: {name: _median([each.steps[step].get(name) for each in of if each.steps]) for name in measured}
        for step, measured in next(each.steps for each in of if each.steps).items()
    }


def _kept(of: Sequence[Ran]) -> dict[str, int]:
    """Bytes by folder of the home, and in total; empty where there was no such night."""
    folders = next((each.kept_bytes for each in of if each.kept_bytes), {})
    return {**folders, "total": sum(folders.values())} if folders else {}


def _of_steps(found: Mapping[str, Any], name: str) -> float | None:
    """Seconds of features, scores and decisions alone, without reading and writing."""
    steps = found["steps"].get(name)
    return sum(steps[step]["wall_s"] for step in OURS if step in steps) if steps else None


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 3) if known else None


def _quotient(a: float | None, b: float | None) -> float | None:
    return None if a is None or not b else round(a / b, 3)
