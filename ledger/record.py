"""The record's database as it may be used: of this version's tables, and of this home."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ledger.belonging import bind, refuse_what_is_elsewhere
from ledger.engine import address_of, open_engine
from ledger.migrate import bring_up


def open_record(home: Path) -> sa.Engine:
    """The record of a home, made or brought up if need be. Raises LedgerRefused for one of another home."""
    refuse_what_is_elsewhere(home)
    engine = open_engine(home)
    bring_up(engine)
    if address_of(engine) is not None:
        bind(engine)
    return engine
