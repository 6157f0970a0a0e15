"""A command in a process of its own, and what it took: seconds, processor, memory, scratch."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
MB = 1_000_000
EVERY_S = 0.1
"""How often processes and scratch are looked at."""


@dataclass(frozen=True)
class Ended:
    """How a command ended; memory is resident memory, and `tree_mb` that of the process and all it started,
    added up, so that what they share counts once for each of them.
    """

    exit_code: int
    out: str
    err: str
    wall_s: float
    cpu_s: float
    peak_mb: int
    tree_mb: int
    scratch_bytes: int
    timed_out: bool = False

    @property
    def why(self) -> str:
        """In a line why there is no result."""
        if self.timed_out:
            return f"not done after {self.wall_s:,.0f} s"
        if self.exit_code == -signal.SIGKILL:
            return f"killed, with {self.tree_mb:,} MB in use"
        last = [line.strip() for line in self.err.splitlines() if line.strip()]
        return f"exit code {self.exit_code}: {last[-1][:200] if last else 'it said nothing'}"


def run(
    command: Sequence[str | Path],
    *,
    scratch: Path | None = None,
    timeout_s: float = 7_200,
    environment: dict[str, str] | None = None,
) -> Ended:
    """Run a command in the checkout; `scratch` is the folder whose greatest size is wanted."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=out,
            stderr=err,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            start_new_session=True,
            preexec_fn=_first_to_be_killed,
        )
        peak = tree = held = 0
        timed_out = False
        try:
            while not (found := os.wait4(process.pid, os.WNOHANG))[0]:
                own, all_of_them = _memory_bytes(process.pid)
                peak, tree = max(peak, own), max(tree, all_of_them)
                held = max(held, folder_bytes(scratch) if scratch else 0)
                if not timed_out and time.perf_counter() - begun > timeout_s:
                    timed_out = True
                    os.killpg(process.pid, signal.SIGKILL)
                time.sleep(EVERY_S)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        _, status, usage = found
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Ended(
            exit_code=process.returncode,
            out=out.read().decode(),
            err=err.read().decode(errors="replace"),
            wall_s=wall,
            cpu_s=usage.ru_utime + usage.ru_stime,
            peak_mb=round(peak / MB),
            tree_mb=round(max(peak, tree) / MB),
            scratch_bytes=held,
            timed_out=timed_out,
        )


def folder_bytes(folder: Path) -> int:
    """Bytes of all files under a folder, a file of several names counted once; nought if there is none."""
    sizes = {}
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                found = os.stat(os.path.join(place, name))
                sizes[found.st_ino] = found.st_size
    return sum(sizes.values())


def settle(folder: Path) -> None:
    """Leave every contestant the same disk: what was written before is on it, what is read lies in memory."""
    os.sync()
    for path in sorted(folder.glob("*.parquet")):
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass


def _first_to_be_killed() -> None:
    """When memory runs out it is the contestant that is killed, not who measures nor a neighbour."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _memory_bytes(root: int) -> tuple[int, int]:
    """Resident memory of a process at its highest, and of it and all its descendants now."""
    children: dict[int, list[int]] = defaultdict(list)
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                # The name in brackets may hold blanks and brackets itself.
                stat = Path(f"/proc/{name}/stat").read_text(encoding="utf-8", errors="replace")
                children[int(stat.rpartition(")")[2].split()[1])].append(int(name))
    waiting, total = [root], 0
    while waiting:
        pid = waiting.pop()
        total += _kilobytes(pid, "VmRSS:") * 1024
        waiting += children[pid]
    return _kilobytes(root, "VmHWM:") * 1024, total


def _kilobytes(pid: int, what: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(what):
                return int(line.split()[1])
    return 0
