"""How far a night has come, in a small file beside its scratch: what is left of a night that was cut off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shlex import join

from linewatch.night import Night
from linewatch.room import whole

FILE = "progress.json"


@dataclass(frozen=True)
class CutOff:
    """A night whose process ended before it did."""

    as_of: date
    step: str
    """The step it was in; empty if it had begun none."""
    work: Path
    options: str = "--source SPEC"
    """What a command must carry to read the same source under the same documents."""

    def __str__(self) -> str:
        return (
            f"the night of {self.as_of} was cut off {f'at step {self.step}' if self.step else 'at its start'}"
        )


def mark(night: Night, step: str) -> None:
    """Note that a step begins. The file is whole at every instant."""
    night.work.mkdir(parents=True, exist_ok=True)
    words = ["--source", night.source, *night.named, *(["--revise"] if night.revise else [])]
    told = {"as_of": night.as_of.isoformat(), "step": step, "options": join(words)}
    with whole(night.work / FILE) as half:
        half.write_text(json.dumps(told), encoding="utf-8")


def left_over(home: Path) -> list[CutOff]:
    """Nights whose scratch still lies there, the oldest first; the one that runs now is among them."""
    found = []
    for work in sorted((home / "work").glob("*")):
        try:
            as_of = date.fromisoformat(work.name)
        except ValueError:
            continue
        told = _told(work)
        options = told.get("options", CutOff.options)
        found.append(CutOff(as_of, told.get("step", ""), work, options))
    return found


def _told(work: Path) -> dict[str, str]:
    try:
        told = json.loads((work / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: str(value) for name, value in told.items()} if isinstance(told, dict) else {}
