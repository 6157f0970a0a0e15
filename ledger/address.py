"""Where the record of a home lives: in a file of the home, or in a PostgreSQL that several share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from linewatch.errors import LinewatchError
from linewatch.spec import refuse_password

FILE = "ledger.db"
MARK = "shared-ledger.json"
"""In a home whose record is shared: which ledger has it."""
SHARED = "LINEWATCH_LEDGER"
"""The address of a PostgreSQL ledger, without a password; unset, the record is a file of the home."""
SCHEMES = ("postgresql://", "postgres://")
UNLESS_SAID: dict[str, Any] = {
    "fallback_application_name": "linewatch",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""How a connection is made where the address says nothing: a server that is gone is noticed in a minute."""


class LedgerRefused(LinewatchError):
    """Raised when the ledger that is asked for cannot be this home's: a wrong address, or another home's."""

    exit_code = 2


def shared_address() -> str | None:
    """The address of the shared ledger, None where the record is the home's own file.

    Raises DataRefused for one with a password in it, LedgerRefused for one that is no PostgreSQL's.
    """
    address = os.environ.get(SHARED, "").strip()
    if not address:
        return None
    refuse_password(address)
    if not address.startswith(SCHEMES):
        raise LedgerRefused(
            f"${SHARED} names no PostgreSQL.",
            what_now=f"Set it to postgresql://USER@HOST/DATABASE, or unset it: the record is then {FILE} in "
            "the home.",
        )
    connect_parameters(address)
    return address


def connect_parameters(address: str) -> dict[str, Any]:
    """What a connection is made with, as libpq reads the address. Raises LedgerRefused where it cannot."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        said = conninfo_to_dict(address)
    except ProgrammingError as error:
        raise LedgerRefused(
            f"${SHARED} cannot be read: {str(error).strip()}.",
            what_now="It is postgresql://USER@HOST/DATABASE, with what libpq knows after a ?.",
        ) from None
    if os.environ.get("PGCONNECT_TIMEOUT"):
        said.setdefault("connect_timeout", os.environ["PGCONNECT_TIMEOUT"])
    return {**UNLESS_SAID, **said, "client_encoding": "utf8"}


def place_of(home: Path) -> str:
    """The record as a person finds it: the path of the file, or the address."""
    return shared_address() or str(home / FILE)
