"""Approve or discard a held night: the bytes that were held are committed, or its as_of is freed."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ledger import Batch, Ledger, receipt, standing_ledger
from linewatch.errors import DataRefused, NotFound
from linewatch.receipt import Receipt
from sql.files import sha256_of

ROLE = "approver"
"""What the profile's register must say of a person who lets a night through or throws it away."""


def approve(home: Path, as_of: date, *, by: str, because: str, recorded_at: datetime) -> Receipt:
    """Commit the held night of `as_of` as its bytes lie; nothing is computed.

    Raises NotFound if it is not held, DataRefused if a file was altered since or the person may not.
    """
    ledger, waiting = _waiting(home, as_of)
    registered = _person(ledger, waiting, by, because)
    _refuse_altered(home, waiting)
    cases = waiting.path(home, "cases")
    known = ledger.approve(
        as_of,
        by=by,
        registered=registered,
        because=because,
        recorded_at=recorded_at,
        cases_opened=pq.read_table(cases).to_pylist() if cases else (),
    )
    return receipt(home, known)


def discard(home: Path, as_of: date, *, by: str, because: str, recorded_at: datetime) -> Receipt:
    """Throw the held night of `as_of` away, on the record: the as_of may be run again.

    Raises NotFound if it is not held, DataRefused if the person may not.
    """
    ledger, waiting = _waiting(home, as_of)
    registered = _person(ledger, waiting, by, because)
    known = ledger.discard(as_of, by=by, registered=registered, because=because, recorded_at=recorded_at)
    return receipt(home, known)


def check_held(home: Path, as_of: date) -> None:
    """Raise NotFound if the night of `as_of` is not held, before a turn is taken for it."""
    _waiting(home, as_of)


def _waiting(home: Path, as_of: date) -> tuple[Ledger, Batch]:
    ledger = standing_ledger(home)
    waiting = ledger.held()
    if waiting is None or waiting.as_of != as_of:
        other = f" The night of {waiting.as_of} is." if waiting is not None else ""
        raise NotFound(
            f"The night of {as_of} is not held.{other}", what_now="linewatch status shows what waits."
        )
    return ledger, waiting


def _person(ledger: Ledger, waiting: Batch, by: str, because: str) -> bool:
    """Whether the profile of that night registers the person; without a register any name is taken."""
    missing = [name for name, text in (("--by", by), ("--because", because)) if not text.strip()]
    if missing:
        raise DataRefused(
            f"{' and '.join(missing)} must say something: who decides, and why, is kept.",
            what_now="Give both and run the same command again.",
        )
    people = _register(ledger, waiting)
    if not people:
        return False
    if ROLE not in people.get(by, ()):
        able = sorted(person for person, roles in people.items() if ROLE in roles)
        raise DataRefused(
            f"{by!r} may not approve or discard a night: the profile's register names "
            f"{', '.join(able) or 'nobody'} as {ROLE}.",
            what_now="Nothing was changed. Ask one of them, or amend the profile.",
        )
    return True


def _register(ledger: Ledger, waiting: Batch) -> dict[str, tuple[str, ...]]:
    """Roles by person, from the profile that the night was decided under."""
    text = ledger.document_of(waiting, "profile")
    people: list[dict[str, Any]] = tomllib.loads(text).get("people", []) if text else []
    return {str(person["id"]): tuple(person["roles"]) for person in people}


def _refuse_altered(home: Path, waiting: Batch) -> None:
    for name, stored in waiting.files.items():
        path = home / stored.path
        if not path.is_file() or sha256_of(path) != stored.sha256:
            raise DataRefused(
                f"The held file {name} is not what was stored on {waiting.recorded_at:%Y-%m-%d}.",
                where=str(path),
                what_now="Nothing was committed. Put the stored file back from a backup, or discard the "
                "night and run it again.",
            )
