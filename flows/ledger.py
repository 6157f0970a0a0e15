"""`linewatch ledger`: where the record of a home lives."""

from __future__ import annotations

from cyclopts import App

from flows import verbs
from flows.options import COMMON, Common
from flows.terminal import Reply

ledger = App(name="ledger", help="Where the record lives.")


@ledger.command
def move(*, common: Common = COMMON) -> Reply:
    """Move the record from ledger.db into the empty PostgreSQL database that LINEWATCH_LEDGER names."""
    return verbs.ledger_move(common.home.absolute())
