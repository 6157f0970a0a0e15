"""What 300 million borrowers would take, computed from what was measured of the largest size here.

    python -m benchmarks.scale [BORROWERS] > docs/scale.md

Nothing here was run. A step is taken to cost each borrower what it cost at the largest size measured: the
growth beside it says how far that holds. Steps of shards are spread over machines like this one; the others
are done by the machine that has the home.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.results import FILE

BORROWERS = 300_000_000
SPREAD = ("features", "rescore", "decide")
APART = ("draft",)
"""Steps that are told on a line of their own, as in the bench."""
MACHINES = (1, 10, 40, 160)
CORES = 8
"""Of a machine in the table: what is rented by the thousand."""
NETWORK_MB_S = 1000
"""Ten gigabits: what such a machine reads and writes of a store at most."""
SHARD_BORROWERS = 500_000


@dataclass(frozen=True)
class Measured:
    """One night of the largest size: seconds of processor by step, and bytes, a borrower each."""

    size: int
    cores: int
    cpu_s: Mapping[str, float]
    wall_s: Mapping[str, float]
    input_bytes: float
    kept_bytes: float


def measured(results: Mapping[str, Any], night: str) -> Measured:
    largest = max(
        (each for each in results["sizes"] if each["steps"].get(night)), key=lambda each: each["size"]
    )
    steps, size = largest["steps"][night], largest["size"]
    return Measured(
        size,
        results["machine"]["cores"],
        {step: used["cpu_s"] / size for step, used in steps.items() if "cpu_s" in used},
        {step: used["wall_s"] / size for step, used in steps.items()},
        largest["input_bytes"] / size,
        largest["bytes_kept"][night]["total"] / size,
    )


def hours(of: Measured, borrowers: int, machines: int) -> dict[str, float]:
    """Hours of the steps that are spread, of moving what is dealt, and of the steps that are not."""
    spread = sum(of.cpu_s.get(step, 0.0) for step in SPREAD) * borrowers / (machines * CORES)
    moved = 2 * of.input_bytes * borrowers / 1e6 / (machines * NETWORK_MB_S)
    alone = sum(wall for step, wall in of.wall_s.items() if step not in (*SPREAD, *APART)) * borrowers
    return {"spread": spread / 3600, "moved": moved / 3600, "alone": alone / 3600}


def page(results: Mapping[str, Any], borrowers: int) -> str:
    nights = {name: measured(results, name) for name in ("first", "steady")}
    steady = nights["steady"]
    rows = []
    for machines in MACHINES:
        for name, of in nights.items():
            took = hours(of, borrowers, machines)
            rows.append(
                f"| {machines} | {name} | {took['spread']:.1f} | {took['moved']:.2f} | {took['alone']:.1f}"
                f" | {sum(took.values()):.1f} |"
            )
    slowest = sorted(
        ((wall * borrowers / 3600, step) for step, wall in steady.wall_s.items() if step not in SPREAD),
        reverse=True,
    )[:5]
    return PAGE.format(
        borrowers=borrowers,
        size=steady.size,
        cores=steady.cores,
        shards=-(-borrowers // SHARD_BORROWERS),
        shard=SHARD_BORROWERS,
        machine=CORES,
        network=NETWORK_MB_S,
        rows="\n".join(rows),
        input_tb=steady.input_bytes * borrowers / 1e12,
        kept_tb=steady.kept_bytes * borrowers / 1e12,
        year_tb=steady.kept_bytes * borrowers * 365 / 1e12,
        alone="\n".join(f"| {step} | {took:.1f} |" for took, step in slowest),
    )


PAGE = """\
# {borrowers:,} borrowers, on paper

**Nothing on this page was run.** `python -m benchmarks.scale > docs/scale.md` computes it from
`benchmarks/results.json`: each step is taken to cost a borrower what it cost at {size:,}, the largest
size measured, on {cores} cores. How far growth is linear is told in [performance.md](performance.md).

## Machines and hours

{shards:,} shards of {shard:,} borrowers, on machines of {machine} cores like those measured, with
{network:,} MB/s to a shared store. *Spread* is what shards do; *moved* is writing and reading what is
dealt to them; *alone* is what the machine with the home does by itself, on {cores} cores, as measured.

| machines | night | spread, h | moved, h | alone, h | together, h |
|---|---|---|---|---|---|
{rows}

## Bytes

A source is {input_tb:.2f} TB, and as much again is dealt while a night runs. A steady night keeps
{kept_tb:.2f} TB; a year of them {year_tb:.0f} TB before retention.

## What breaks first

The steps that one machine does alone, in hours of a steady night:

| step | h |
|---|---|
{alone}

1. **The machine with the home.** More machines shorten only what is spread. The next step is to pull
   and validate by shard too: a source that comes partitioned by borrower could be, and Great
   Expectations counts rows, which add up.
2. **The files of a night.** `decisions` is one Parquet file in the order of lines, written by one
   machine.
3. **The root** is one hash over all canonical rows in order: one core, however many machines.
4. **The ledger** has a row a case and not a row a line; SQLite carries millions, and PostgreSQL is for
   more (issue 5).
5. **People.** A share referred that is small at a million lines is tens of thousands of cases a night
   at this size."""


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else BORROWERS
    sys.stdout.write(page(json.loads(FILE.read_text(encoding="utf-8")), wanted))
