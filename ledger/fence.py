"""The turn in a shared ledger, as this process has it: who has lost it commits nothing more.

A turn is lost with the connection that holds it, which the server may drop at any time; somebody else may
then take it while this process computes on.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from ledger.locks import TURN, backend_with
from ledger.schema import turn
from linewatch.errors import LinewatchError


class TurnLost(LinewatchError):
    """Raised when the connection that held the turn is gone: what was computed is not committed."""


@dataclass(frozen=True)
class Mine:
    """A turn of this process."""

    number: int
    backend: int
    """The server's process of the connection that holds it."""


_mine: dict[str, Mine] = {}
"""By the ledger's address. A process has a few threads that write, and they share one turn."""


def enter(address: str, mine: Mine) -> None:
    _mine[address] = mine


def leave(address: str) -> None:
    _mine.pop(address, None)


def check(connection: sa.Connection) -> None:
    """Raise TurnLost if this process had the turn and has it no more; for a transaction that writes.

    Turns are taken under the writers' lock, which the transaction has: none begins before it has ended.
    """
    mine = _mine.get(connection.get_execution_options()["address"])
    if mine is None:
        return
    newest = connection.scalar(sa.select(sa.func.max(turn.c.number)))
    if newest == mine.number and backend_with(connection, TURN) == mine.backend:
        return
    raise TurnLost(
        "The connection that held the ledger's turn was lost, so another night may have begun meanwhile.",
        where="Nothing was committed after that.",
        what_now="See that the ledger's server is well, then run the same command again.",
    )
