"""How far a night has come, in a small file beside its scratch: what is left of a night that was cut off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

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

    def __str__(self) -> str:
        return (
            f"the night of {self.as_of} was cut off {f'at step {self.step}' if self.step else 'at its start'}"
        )


def mark(night: Night, step: str) -> None:
    """Note that a step begins. The file is whole at every instant."""
    night.work.mkdir(parents=True, exist_ok=True)
    with whole(night.work / FILE) as half:
        half.write_text(json.dumps({"as_of": night.as_of.isoformat(), "step": step}), encoding="utf-8")


def left_over(home: Path) -> list[CutOff]:
    """Nights whose scratch still lies there, the oldest first; the one that runs now is among them."""
    found = []
    for work in sorted((home / "work").glob("*")):
        try:
            as_of = date.fromisoformat(work.name)
        except ValueError:
            continue
        found.append(CutOff(as_of, _step(work), work))
    return found


def _step(work: Path) -> str:
    try:
        return str(json.loads((work / FILE).read_text(encoding="utf-8"))["step"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
