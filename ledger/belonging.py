"""Which ledger is a home's: what a night sweeps away is what its ledger does not know.

A home with a shared ledger has a file that names it by an id, which the ledger has too. A night on another
ledger, or on a new one in the home, would know none of the home's batches.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import sqlalchemy as sa

from ledger.address import FILE, MARK, SHARED, LedgerRefused, shared_address
from ledger.engine import address_of, home_of, reading, writing
from ledger.schema import batch, home
from linewatch import chance
from linewatch.room import settle, whole

ID_BYTES = 16
PAGE = "docs/shared-ledger.md says how a record moves."


def refuse_what_is_elsewhere(place: Path) -> None:
    """Raise LedgerRefused where the home's record is shared, and no shared ledger is asked for."""
    if shared_address() is None and (place / MARK).exists():
        raise LedgerRefused(
            f"The record of this home is a shared ledger, and ${SHARED} is not set.",
            where=f"{place / MARK} names it: {_mark(place).get('address')}",
            what_now=f"Set {SHARED} to its address, and run the same command again.",
        )


def has_record(place: Path) -> bool:
    """Whether a night was ever begun in the home."""
    return (place / MARK).exists() or (place / FILE).exists()


def bind(engine: sa.Engine) -> None:
    """Make the home and its shared ledger each other's, while neither has a night; then hold them to it.

    Raises LedgerRefused where one of them is another's.
    """
    with reading(engine) as connection:
        if _each_others(connection):
            return
    with writing(engine) as connection:
        if _each_others(connection):
            return
        place = home_of(connection)
        nights = connection.scalar(sa.select(sa.func.count()).select_from(batch))
        if nights or any((place / "batches").glob("*")):
            raise LedgerRefused(
                f"The ledger that ${SHARED} names is not this home's.",
                where=f"{address_of(connection)}\n{place}",
                what_now=_what_now(place),
            )
        leave_mark(place, connection, new_id(connection))


def _what_now(place: Path) -> str:
    if (place / MARK).exists():
        return f"Its own is {_mark(place).get('address')}. {PAGE}"
    if (place / FILE).exists():
        return f"Its own is {place / FILE}: unset {SHARED}. {PAGE}"
    return f"Name the home that has {MARK} of this ledger, or a new database. {PAGE}"


def _each_others(connection: sa.Connection) -> bool:
    known = _id(connection)
    return known is not None and _mark(home_of(connection)).get("id") == known


def _id(connection: sa.Connection) -> str | None:
    found: str | None = connection.scalar(sa.select(home.c.id).order_by(home.c.seq.desc()).limit(1))
    return found


def _mark(place: Path) -> dict[str, str]:
    try:
        found = json.loads((place / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def new_id(connection: sa.Connection) -> str:
    """Give the ledger an id for its home, which the home has yet to be given."""
    known = chance.some(ID_BYTES).hex()
    connection.execute(home.insert().values(id=known))
    return known


def leave_mark(place: Path, connection: sa.Connection, known: str) -> None:
    """Give a home the id of its shared ledger."""
    told = {"id": known, "address": address_of(connection)}
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with whole(place / MARK) as half:
        half.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        os.chmod(half, 0o600)
        settle(half)
    settle(place)
