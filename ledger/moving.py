"""From the home's own file into a shared ledger, row by row, as they lie."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from ledger.address import FILE, MARK, SHARED, LedgerRefused, shared_address
from ledger.belonging import leave_mark, new_id
from ledger.engine import open_engine, open_file, writing
from ledger.migrate import bring_up
from ledger.schema import home, metadata, turn
from ledger.turn import turn_here
from linewatch.errors import NotFound

AT_ONCE = 1_000
KEPT = f"{FILE}.moved"


def move(place: Path, since: datetime) -> dict[str, int]:
    """Copy the record of a home into the shared ledger that is asked for; return the rows by table.

    The file stays, as ledger.db.moved. Raises LedgerRefused where no shared ledger is asked for or it has
    rows already, NotFound for a home without a file, Busy while somebody has the home's turn.
    """
    _check(place)
    with turn_here(place, "the move of the ledger", since):
        old, new = open_file(place), open_engine(place)
        bring_up(old)
        bring_up(new)
        with writing(old) as source:  # whoever waits to write meanwhile finds the mark, and is refused
            with writing(new) as target:
                rows = _copy(source, target)
                known = new_id(target)
            leave_mark(place, target, known)
        _made_one_file(old)
        (place / FILE).rename(place / KEPT)
    return rows


def _made_one_file(old: sa.Engine) -> None:
    """Bring what lies beside the file into it, for it is moved alone."""
    with closing(old.raw_connection()) as connection:
        connection.cursor().execute("pragma wal_checkpoint(truncate)")


def _check(place: Path) -> None:
    if shared_address() is None:
        raise LedgerRefused(
            f"${SHARED} is not set: there is nowhere to move the record.",
            what_now=f"Set {SHARED}=postgresql://USER@HOST/DATABASE (docs/shared-ledger.md).",
        )
    if (place / MARK).exists():
        raise LedgerRefused("The record of this home is in a shared ledger already.", where=str(place / MARK))
    if not (place / FILE).exists():
        raise NotFound(f"There is no {FILE} in {place}.", what_now="Name the home: --home DIR.")


def _copy(source: sa.Connection, target: sa.Connection) -> dict[str, int]:
    moved = [table for table in metadata.sorted_tables if table not in (home, turn)]
    for table in (home, *moved):
        if target.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            raise LedgerRefused(
                f"The ledger that ${SHARED} names is not empty.",
                what_now="Nothing was changed. Name a new database.",
            )
    rows = {table.name: _copy_rows(table, source, target) for table in moved}
    for table in moved:
        _number_on(table, target)
    return rows


def _copy_rows(table: sa.Table, source: sa.Connection, target: sa.Connection) -> int:
    copied = 0
    ordered = sa.select(table).order_by(*table.primary_key.columns)
    for part in source.execute(ordered, execution_options={"yield_per": AT_ONCE}).mappings().partitions():
        target.execute(table.insert(), [dict(row) for row in part])
        copied += len(part)
    return copied


def _number_on(table: sa.Table, target: sa.Connection) -> None:
    """The next row is numbered after the last that was moved."""
    column = table.columns.get("seq")
    if column is None:
        return
    sequence = target.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
    if sequence is not None:
        last = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
        target.execute(sa.select(sa.func.setval(sequence, last, False)))
