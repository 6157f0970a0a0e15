"""A way to a PostgreSQL on which the answer to a COMMIT gets lost, as when a network fails just then."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

NAME = ".s.PGSQL.5432"


@dataclass
class _Loses:
    """Which answers get lost."""

    times: int
    after: bytes
    at_once: bool


@contextmanager
def losing_reply(address: str, times: int = 1, *, after: bytes = b"", at_once: bool = False) -> Iterator[str]:
    """The address of the same database by that way. After so many lost answers it is a good one.

    Of connections that have said `after` alone; `at_once`: the client is cut off while the server still
    carries the COMMIT out.
    """
    (server,) = parse_qs(urlsplit(address).query)["host"]
    loses = _Loses(times, after, at_once)
    with TemporaryDirectory(prefix="lw-way-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{folder}/{NAME}")
        door.listen()
        threading.Thread(target=_open, args=(door, Path(server) / NAME, loses), daemon=True).start()
        yield address.replace(server, folder)


def _open(door: socket.socket, server: Path, loses: _Loses) -> None:
    with suppress(OSError):
        while True:
            client, _ = door.accept()
            beyond = socket.socket(socket.AF_UNIX)
            beyond.connect(str(server))
            said = threading.Event()
            threading.Thread(target=_forward, args=(client, beyond, said, loses), daemon=True).start()
            threading.Thread(target=_back, args=(beyond, client, said), daemon=True).start()


def _forward(client: socket.socket, beyond: socket.socket, said: threading.Event, loses: _Loses) -> None:
    concerned = False
    with suppress(OSError):
        while data := client.recv(65536):
            concerned |= loses.after in data
            if b"COMMIT" in data and concerned and loses.times:
                loses.times -= 1
                said.set()
            beyond.sendall(data)
            if said.is_set() and loses.at_once:
                client.shutdown(socket.SHUT_RDWR)
    beyond.close()


def _back(beyond: socket.socket, client: socket.socket, said: threading.Event) -> None:
    with suppress(OSError):
        while data := beyond.recv(65536):
            if said.is_set():
                break
            client.sendall(data)
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)
    client.close()
