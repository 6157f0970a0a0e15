"""What the server's child runs: Prefect's application under uvicorn, until standard input ends.

Arguments: the port (0: any free one, told as the only line on standard output) and `api` or
`pages`.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from pathlib import Path


def main() -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(sys.argv[1])))
    port = listener.getsockname()[1]
    pages = sys.argv[2] == "pages"
    print(port, flush=True)
    os.dup2(2, 1)

    # Its own address is the one to give to pages; an address of another server would make it a client.
    os.environ.pop("PREFECT_API_URL", None)
    os.environ.setdefault("PREFECT_SERVER_UI_STATIC_DIRECTORY", _folder_for_pages())
    os.environ.update(
        PREFECT_SERVER_API_HOST="127.0.0.1",
        PREFECT_SERVER_API_PORT=str(port),
        PREFECT_SERVER_UI_API_URL=f"http://127.0.0.1:{port}/api",
        PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL="WARNING",
    )
    if not pages:
        os.environ["PREFECT_API_BLOCKS_REGISTER_ON_START"] = "false"

    import uvicorn
    from prefect.server.api.server import create_app

    server = uvicorn.Server(
        uvicorn.Config(create_app(ephemeral=not pages, final=True), log_level="error", lifespan="on")
    )

    def stop_with_the_parent() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True

    threading.Thread(target=stop_with_the_parent, daemon=True).start()
    server.run(sockets=[listener])


def _folder_for_pages() -> str:
    """Prefect writes its pages out with the address in them; by default into the installed package."""
    return str(Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser() / "pages")


if __name__ == "__main__":
    main()
