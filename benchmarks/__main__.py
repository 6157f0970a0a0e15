"""Measure the floor, the night and its peers side by side, and how they grow. See docs/performance.md.

python -m benchmarks --sizes 100000 1000000
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import processes, results
from benchmarks.contestants import LINEWATCH, PEERS, Ran, Setting, contestants
from benchmarks.lender import STEADY_ON, lender
from benchmarks.machine import machine
from benchmarks.page import tables

ROUNDS_UP_TO_A_MILLION, ROUNDS_ABOVE = 3, 1


def main(words: Sequence[str]) -> None:
    asked = _asked(words)
    with tempfile.TemporaryDirectory(prefix="linewatch-bench-") as scratch:
        work: Path = asked.work or Path(scratch)
        measured = []
        for size in asked.sizes:
            rounds = asked.rounds or (ROUNDS_UP_TO_A_MILLION if size <= 1_000_000 else ROUNDS_ABOVE)
            measured.append(of_size(size, work, rounds, asked))
            # After each size: hours of it must not be lost with the last one.
            found = results.merged(results.read(asked.out), measured, machine(asked.peers_python, asked.on))
            results.write(asked.out, found)
    print(tables({**found, "sizes": [each for each in found["sizes"] if each["size"] in asked.sizes]}))
    print(f"Written to {asked.out}; `python -m benchmarks.page` puts it on docs/performance.md.")


def of_size(size: int, work: Path, rounds: int, asked: argparse.Namespace) -> results.Result:
    """Every contestant of every round, one after the other, so that a busy minute of the machine hits all."""
    _tell(f"{size:,} borrowers: making them")
    made = lender(work, size, LINEWATCH)
    place = work / f"round-{size}"
    ran = []
    rescoring: dict[str, Any] = {}
    for number in range(1, rounds + 1):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        setting = Setting(made, place, asked.peers_python, asked.timeout)
        ran.append(_round(setting, asked.peers, f"{size:,} borrowers, round {number} of {rounds}", ran))
        if number == rounds:
            rescoring = _rescoring(setting)
    if (place / "home" / "log").is_dir():
        shutil.copytree(place / "home" / "log", work / f"log-{size}", dirs_exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    return results.of_size(size, ran, made.input_bytes, rescoring)


def _round(setting: Setting, peers: Sequence[str], said: str, before: list[dict[str, Ran]]) -> dict[str, Ran]:
    found = {}
    for name, contestant in contestants(peers).items():
        if before and before[0][name].why and name in PEERS:
            found[name] = before[0][name]  # what took all the time or memory there is need not do it again
            continue
        processes.settle(setting.lender.source(STEADY_ON))
        _tell(f"{said}: {name}")
        ran = contestant(setting)
        if name in PEERS:
            # What is equal once is equal again: the source and the documents are the same.
            ran = ran if before or ran.why else _compared(ran, setting, name)
            shutil.rmtree(setting.place / name, ignore_errors=True)
        _tell(f"{said}: {name} {ran.why or f'{ran.seconds:,.1f} s'}")
        found[name] = ran
    return found


def _compared(ran: Ran, setting: Setting, name: str) -> Ran:
    """As it ran, if its files say what the floor's say; else without a time."""
    command = [sys.executable, "-m", "benchmarks.equal", setting.place / "floor", setting.place / name]
    ended = processes.run(command)
    if not ended.exit_code:
        return replace(ran, equal=True)
    return Ran(equal=False, why=f"not equal to ours: {' '.join(ended.out.split())[:300] or ended.why}")


def _rescoring(setting: Setting) -> dict[str, Any]:
    command = [setting.peers_python, "-m", "benchmarks.rescoring", setting.place / "floor", str(STEADY_ON)]
    if not setting.peers_python.exists():
        return {"why": f"no {setting.peers_python}: make bench sets it up"}
    ended = processes.run(command, timeout_s=setting.timeout_s)
    found: dict[str, Any] = {"why": ended.why} if ended.exit_code else json.loads(ended.out.splitlines()[-1])
    return found


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", required=True, help="borrowers")
    parser.add_argument(
        "--rounds", type=int, help="of all sizes; else 3 up to a million borrowers, and 1 above"
    )
    parser.add_argument("--peers", nargs="+", default=list(PEERS), choices=[*PEERS, "none"])
    parser.add_argument(
        "--peers-python", type=Path, default=processes.ROOT / ".venv-bench/bin/python",
        help="of the environment that has their libraries",
    )  # fmt: skip
    parser.add_argument(
        "--work", type=Path, help="where lenders are kept and homes made; else a passing folder"
    )
    parser.add_argument("--out", type=Path, default=results.FILE)
    parser.add_argument("--on", help="the day of the measuring, to be noted")
    parser.add_argument("--timeout", type=float, default=7_200, help="seconds that one contestant may take")
    asked = parser.parse_args(words)
    asked.peers = [name for name in asked.peers if name != "none"]
    return asked


if __name__ == "__main__":
    main(sys.argv[1:])
