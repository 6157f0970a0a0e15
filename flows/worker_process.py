"""What the worker's child runs: Prefect's process worker, until standard input ends.

Arguments: the work pool and the worker's name. A night that runs is told to end first: it
shows as Crashed, sweeps its scratch, and the next start begins it again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

from prefect.workers.process import ProcessWorker

PATIENCE_SECONDS = 10


def main() -> None:
    threading.Thread(target=_stop_with_the_parent, daemon=True).start()
    worker = ProcessWorker(work_pool_name=sys.argv[1], name=sys.argv[2], create_pool_if_not_found=True)
    asyncio.run(worker.start(printer=lambda *words, **_: print(*words, file=sys.stderr)))


def _stop_with_the_parent() -> None:
    sys.stdin.buffer.read()
    patience = time.perf_counter() + PATIENCE_SECONDS
    for child in _children():
        os.kill(child, signal.SIGTERM)
    while _children() and time.perf_counter() < patience:
        time.sleep(0.2)
    for child in _children():
        os.kill(child, signal.SIGKILL)
    # Prefect's worker would wait for its loops, which sleep up to a minute.
    os._exit(0)


def _children() -> list[int]:
    """Processes that this one started and that have not ended; Prefect gives each run a group of its own."""
    told = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,comm="], capture_output=True, text=True, check=False
    )
    rows = [line.split(None, 3) for line in told.stdout.splitlines()]
    own = str(os.getpid())
    return [int(row[0]) for row in rows if row[1] == own and not row[2].startswith("Z") and row[3] != "ps"]


if __name__ == "__main__":
    main()
