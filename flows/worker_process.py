"""What the worker's child runs: Prefect's process worker, until standard input ends or it is told to stop.

Arguments: the work pool and the worker's name.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading

from prefect.workers.process import ProcessWorker


def main() -> None:
    def stop_with_the_parent() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=stop_with_the_parent, daemon=True).start()
    # One run at a time: a second would find the home's lock taken.
    worker = ProcessWorker(
        work_pool_name=sys.argv[1], name=sys.argv[2], limit=1, create_pool_if_not_found=True
    )
    asyncio.run(worker.start(printer=lambda *words, **_: print(*words, file=sys.stderr)))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
