"""One step after the other: each is timed, noted in the night's log, and told to whoever watches."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from flows import clock
from flows.usage import Usage, metered
from linewatch import fault
from linewatch.night import Night
from linewatch.progress import mark

STEPS = (
    "pull", "validate", "reconcile", "features", "rescore", "decide", "guard", "attribute", "advise", "draft",
    "refer", "commit", "publish", "expire", "checkpoint", "export", "report", "summarise",
)  # fmt: skip
"""In the order of the night."""

Left = TypeVar("Left")


@dataclass(frozen=True)
class Told:
    """What a watcher hears: a step has begun (`seconds` is None) or has ended."""

    step: str
    position: int
    seconds: float | None = None


Watcher = Callable[[Told], None]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Whatever night runs inside, in this thread, tells `watcher` of its steps."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


class Steps:
    """Runs the steps of one night, keeps what each took, and how the night stands if it is cut off."""

    def __init__(
        self,
        night: Night,
        notes: Iterable[str] = (),
        watcher: Watcher | None = None,
        call: Callable[..., Any] = lambda step, *arguments: step(*arguments),
    ) -> None:
        self.night = night
        self.call = call
        self.usage: dict[str, Usage] = {}
        self.notes = list(notes)
        """What a person may want to know of this night, in sentences."""
        self.log = NightLog(night)
        self.watchers = [each for each in (watcher, _watcher.get()) if each is not None]
        self.log.note("begun", source=night.source, notes=self.notes)

    def __call__(self, step: Callable[..., Left], *arguments: Any) -> Left:
        """Run a step on the night, with what else it needs; return what it hands on."""
        name = str(getattr(step, "name", getattr(step, "__name__", step)))
        return self.named(name, lambda: self.call(step, self.night, *arguments))

    def named(self, name: str, work: Callable[[], Left]) -> Left:
        """Do what a step of this name stands for; return what it hands on."""
        position = STEPS.index(name)
        mark(self.night, name)
        self._tell(Told(name, position))
        fault.point(name, "before")
        left: Left
        left, used = metered(work)
        self.usage[name] = used
        fault.point(name, "after")
        self.notes += getattr(left, "notes", ())
        self.log.note("step", step=name, seconds=used.wall_s, usage=asdict(used), left=counts(left))
        self._tell(Told(name, position, used.wall_s))
        return left

    def _tell(self, told: Told) -> None:
        for watcher in self.watchers:
            watcher(told)


class NightLog:
    """log/<as_of>.jsonl in the home: a JSON object a line, kept when a crash takes Prefect's own log."""

    def __init__(self, night: Night) -> None:
        self.night = night.as_of.isoformat()
        self.path = night.home / "log" / f"{self.night}.jsonl"

    def note(self, event: str, **facts: Any) -> None:
        """Add a line; a disk that is full already is not made worse by its log."""
        line = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "night": self.night,
            "event": event,
            **facts,
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        except OSError:
            return


def counts(left: object) -> dict[str, Any]:
    """The plain numbers, words and paths of what a step handed on."""
    found = asdict(left) if is_dataclass(left) and not isinstance(left, type) else left
    if not isinstance(found, dict):
        return {}
    return {
        str(key): value for key, value in found.items() if isinstance(value, bool | int | str | Path | dict)
    }
