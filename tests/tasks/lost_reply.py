"""A way to a PostgreSQL on which the answer to a COMMIT gets lost, as when a network fails just then."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

NAME = ".s.PGSQL.5432"


@contextmanager
def losing_reply(address: str, times: int = 1) -> Iterator[str]:
    """The address of the same database by that way. After so many lost answers it is a good one."""
    (server,) = parse_qs(urlsplit(address).query)["host"]
    left = [times]
    with TemporaryDirectory(prefix="lw-way-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{folder}/{NAME}")
        door.listen()
        threading.Thread(target=_open, args=(door, Path(server) / NAME, left), daemon=True).start()
        yield address.replace(server, folder)


def _open(door: socket.socket, server: Path, left: list[int]) -> None:
    with suppress(OSError):
        while True:
            client, _ = door.accept()
            beyond = socket.socket(socket.AF_UNIX)
            beyond.connect(str(server))
            said = threading.Event()
            threading.Thread(target=_forward, args=(client, beyond, said, left), daemon=True).start()
            threading.Thread(target=_back, args=(beyond, client, said), daemon=True).start()


def _forward(client: socket.socket, beyond: socket.socket, said: threading.Event, left: list[int]) -> None:
    with suppress(OSError):
        while data := client.recv(65536):
            if b"COMMIT" in data and left[0]:
                left[0] -= 1
                said.set()
            beyond.sendall(data)
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
