"""docs/torture.md, from tests/torture/results.json: how many faults a run met, and what came of them.

python -m tests.torture.page > docs/torture.md
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")
SAME, NOT_MET = "same state", "not met"
FAULTS = {"kill": "SIGKILL", "full": "ENOSPC", "broken": "EIO"}
KINDS = ("write", "fsync", "rename", "unlink", "make", "send")
HEAD = """# Killed at any instant

What came of the newest run of each, the last of them on {when}. `make torture` runs all of them, at least 200
points of each, and prints this page anew (`python -m tests.torture.page`).

Each run is started in a process of its own under strace and meets one fault at one call on a path under
the home: a write, a sync, a rename, a removal, or the making of a file or a folder; or at a word that it
sends to PostgreSQL. Then it is started again as a person would start it, and once the next night has begun
the home must hold what it holds after an undisturbed run: the same files with the same bytes, no other file
or folder, and the same rows in every table of the ledger; and the lender's database the same changes, each
once.

- **SIGKILL** comes in place of the call, as a power cut would: the call is not carried out.
- **ENOSPC** from a write, a sync or a making on: nothing can be written any more, until the run has ended.
  The run must say so (`NoRoom`) or end whole. SQLite keeps no reason of the system: where it could not open
  or sync a file, the run may say that the disk failed.
- **EIO** at that one call: the run must say that the disk failed (`DiskFailed`) or end whole. A word to
  PostgreSQL meets a lost connection instead: the run leaves the changes due, and ends whole.

A point that was not met again, because a thread of a library made the call this time, is tried three times
and counted as not met. It says nothing.
"""
CALLS = """
## Calls that were met

How many calls a fault met, by what the call does, of all that a run makes. `others` are calls on the home by
threads of the libraries, which no fault met.
"""
NIGHTS = """
## Through Prefect

Whole nights by `linewatch night`, killed with SIGKILL and started again by the same command: at a boundary
of the program, or a part of the way through a night that nobody disturbs. Each must end with the root of an
undisturbed night and each change once.
"""


def page(found: Mapping[str, Any]) -> str:
    parts = [HEAD.format(when=found.get("when", "not noted")), "\n", _outcomes(found["scenarios"])]
    parts += [CALLS, "\n", _kinds(found["scenarios"])]
    if found.get("nights"):
        parts += [NIGHTS, "\n", _nights(found["nights"])]
    return "".join(parts)


def _outcomes(scenarios: Mapping[str, Any]) -> str:
    head = ["run", "fault", "points", "as undisturbed", "otherwise", "not met", "the disturbed run"]
    rows = [
        [
            scenario["says"],
            FAULTS[fault],
            counted["points"] - counted["not_met"],
            counted["same"],
            counted["points"] - counted["not_met"] - counted["same"],
            counted["not_met"],
            ", ".join(f"{name} {count}" for name, count in sorted(counted["first"].items())),
        ]
        for scenario in scenarios.values()
        for fault, counted in sorted(scenario["faults"].items(), key=lambda each: list(FAULTS).index(each[0]))
    ]
    return table(head, rows)


def _kinds(scenarios: Mapping[str, Any]) -> str:
    rows = []
    for scenario in scenarios.values():
        made, met = scenario["calls"], scenario["met"]
        counts = [f"{met.get(kind, 0)} of {made[kind]}" if kind in made else "" for kind in KINDS]
        rows.append([scenario["says"], *counts, scenario["others"]])
    return table(["run", *KINDS, "others"], rows)


def summary(
    says: str, calls: Mapping[str, int], others: int, points: list[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the points of a scenario came to, by fault and by kind of call."""
    faults = {}
    for fault in FAULTS:
        mine = [each for each in points if each["fault"] == fault]
        right = [each for each in mine if each["outcome"] == SAME]
        if mine:
            faults[fault] = {
                "points": len(mine),
                "same": len(right),
                "not_met": sum(each["outcome"] == NOT_MET for each in mine),
                "first": Counter(each["first"] for each in right),
            }
    calls_met = {
        (each["kind"], each["call"], each["number"]) for each in points if each["outcome"] != NOT_MET
    }
    met = Counter(kind for kind, *_ in calls_met)
    return {"says": says, "calls": calls, "others": others, "met": met, "faults": faults}


def _nights(nights: Iterable[Mapping[str, Any]]) -> str:
    return table(
        ["killed", "cut off at step", "ended"],
        [[each["at"], each["step"] or "its start", each["outcome"]] for each in nights],
    )


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    lines = [list(head), ["---"] * len(list(head)), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(f'{cell}' for cell in line)} |\n" for line in lines)


def keep(when: str, **parts: Mapping[str, Any] | list[Any]) -> None:
    """Put what a run found beside what stands: a scenario by its name, or the nights."""
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {"scenarios": {}}
    found["when"] = when
    for name, part in parts.items():
        if isinstance(part, Mapping):
            found.setdefault(name, {}).update(part)
        else:
            found[name] = part
    RESULTS.write_text(
        json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    print(page(json.loads(RESULTS.read_text(encoding="utf-8"))), end="")
