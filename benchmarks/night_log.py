"""The log of nights as a page: when each step ended, what it took, and what it counted.

    python -m benchmarks.night_log WORK/log-10000000/*.jsonl > docs/ten-million.md

A night's own log is log/<as_of>.jsonl in its home. Paths and hashes are left out: they are of one machine.
"""

import json
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import results

Line = Mapping[str, Any]


def page(logs: Sequence[Sequence[Line]], machine: Mapping[str, Any]) -> str:
    """Of logs of nights, as the bench leaves them."""
    nights = "\n\n".join(_night(lines) for lines in logs)
    return PAGE.format(cores=machine["cores"], memory=machine["memory_mb"], nights=nights)


def _night(lines: Sequence[Line]) -> str:
    told = [each for line in lines for each in _told(line)]
    return "\n".join([f"## The night of {lines[0]['night']}", "", "```", *told, "```"])


def _told(line: Line) -> Iterator[str]:
    at = line["at"][11:19]
    if line["event"] == "step":
        used = line["usage"]
        yield (
            f"{at}  {line['step']:<10}{used['wall_s']:>8.1f} s {used['cpu_s']:>8.1f} cpu s"
            f" {used['peak_mb'] or 0:>6,} MB at most {used['written_mb']:>8,.1f} MB written"
        )
        for name, counted in _counted(line["left"]).items():
            yield from _beneath(f"{name}: {_numbers(counted)}")
    elif line["event"] == "ended":
        yield f"{at}  {line.get('status', '')}, exit code {line.get('exit_code')}"
        for note in line.get("notes", ()):
            yield from _beneath(note)
    else:
        yield f"{at}  {line['event']}"


def _beneath(words: str) -> list[str]:
    return textwrap.wrap(words, 110, initial_indent=" " * 10, subsequent_indent=" " * 14)


def _counted(left: Line) -> dict[str, Any]:
    """Whole numbers, and tables of whole numbers."""
    return {
        name: found
        for name, found in left.items()
        if _whole(found) or (isinstance(found, dict) and found and all(map(_whole, found.values())))
    }


def _whole(found: object) -> bool:
    return isinstance(found, int) and not isinstance(found, bool)


def _numbers(found: Any) -> str:
    if isinstance(found, dict):
        return ", ".join(f"{name} {number:,}" for name, number in found.items())
    return f"{found:,}"


PAGE = """\
# Ten million borrowers on two cores

The log of two nights, one day apart, of the [generated lender](demo.md) with 10,000,000 borrowers (seed
1), as `make bench SIZES=10000000 ROUNDS=1` ran them: {cores} cores, {memory:,} MB of memory, of which a
night's DuckDB takes a sixth. `python -m benchmarks.night_log` makes this page from the logs that the
bench leaves beside its lenders, in `log-10000000`. What the nights took beside the floor and the peers is
in [performance.md](performance.md).

Each line is a step that has ended: the time of day, wall and processor seconds of all threads, the most
memory that was resident meanwhile, and the bytes written to files, those that were spilled among them.
Below it stands what the step counted. `features`, `rescore` and `decide` are one line, because a night of
this size decides in [shards](shards.md).

{nights}
"""


if __name__ == "__main__":
    found = results.read(results.FILE)
    if found is None:
        raise SystemExit(f"{results.FILE} is not there: make bench")
    logs = [
        [json.loads(line) for line in Path(name).read_text("utf-8").splitlines()] for name in sys.argv[1:]
    ]
    sys.stdout.write(page(logs, found["machine"]))
