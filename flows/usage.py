"""What a step takes of the machine, as the night's own process sees it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

MB = 1_000_000
EVERY_S = 0.02
"""How often memory is looked at while a step runs."""

Left = TypeVar("Left")


@dataclass(frozen=True)
class Usage:
    """Of one step: wall seconds, processor seconds of all threads, the most memory held meanwhile, and what
    was written to files. The last two are None where the system has no /proc.
    """

    wall_s: float
    cpu_s: float
    peak_mb: int | None
    written_mb: float | None


def metered(run: Callable[[], Left]) -> tuple[Left, Usage]:
    """What `run` hands back, and what it took."""
    peak = _Peak()
    peak.start()
    wall, cpu, written = time.perf_counter(), time.process_time(), _written()
    try:
        left = run()
    finally:
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        peak.end()
    then = _written()
    return left, Usage(
        wall_s=round(wall, 3),
        cpu_s=round(cpu, 3),
        peak_mb=round(peak.bytes / MB) if peak.bytes else None,
        written_mb=None if written is None or then is None else round((then - written) / MB, 1),
    )


class _Peak(threading.Thread):
    """Looks at memory until it is ended; the system's own high-water mark is of all the process's life."""

    def __init__(self) -> None:
        super().__init__(name="memory", daemon=True)
        self.bytes = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(EVERY_S):
            self._look()

    def end(self) -> None:
        self._ended.set()
        self.join()
        self._look()

    def _look(self) -> None:
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        except OSError:
            return
        self.bytes = max(self.bytes, pages * os.sysconf("SC_PAGE_SIZE"))


def _written() -> int | None:
    """Bytes that this process has handed to files so far, also to those taken away again."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) for line in lines if line.startswith("wchar:"))
