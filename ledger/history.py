"""What a night needs to know of the nights before it, from one view of the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from ledger import batches, cases
from ledger.rows import WaitingCase
from ledger.schema import COMMITTED

KEPT_DAYS = 400
"""How far back `history` gives changes: the rolling 12 months, and a month for late nights."""
CARRIED = ("decisions", "absent", "changes", "promises", "warnings", "state")
"""Files of earlier batches that a night reads."""


@dataclass(frozen=True)
class History:
    """What a night needs to know of the nights before it."""

    decisions: Path | None
    """decisions.parquet of the newest committed night, None on a first night."""
    changes: tuple[Path, ...]
    """changes.parquet of every batch committed in the last 400 days, in order of commit."""
    open_cases: tuple[WaitingCase, ...]
    promises: Path | None = None
    """promises.parquet of the newest committed night, None where it has none."""
    warnings: Path | None = None
    """warnings.parquet of it, None where it has none."""
    states: tuple[Path, ...] = ()
    """absent.parquet of that night, the lines that its source left out; of a revision, state.parquet too, the
    lines that it set otherwise; then that of every batch committed upon it, in order of commit: lines set
    back by a reversal, or blocked out of a held night. They stand in for the night's own rows."""


def history_of(connection: sa.Connection, home: Path, before: date | None = None) -> History:
    """What the nights before a day left (before None: all of them).

    For a day whose night is known already, what was known when it was. Raises NotFound where some of it was
    pruned, which is never so of what the next night reads.
    """
    own = batches.first_of_night(connection, before) if before is not None else None
    newest = batches.newest_committed(connection, before)
    since = newest.as_of - timedelta(days=KEPT_DAYS) if newest is not None else None
    committed = batches.every(connection, state=COMMITTED, since=since)
    waiting = tuple(cases.waiting(connection, own))
    upon = batches.after(connection, newest, own)
    earlier = [known for known in committed if before is None or known.as_of < before or known in upon]
    for known in earlier:
        if own is None or known.seq < own.seq:
            batches.check_there(connection, known, CARRIED)
    return History(
        decisions=newest.path(home, "decisions") if newest is not None else None,
        changes=tuple(
            path
            for known in earlier
            if (own is None or known.seq < own.seq) and (path := known.path(home, "changes")) is not None
        ),
        open_cases=waiting,
        promises=newest.path(home, "promises") if newest is not None else None,
        warnings=newest.path(home, "warnings") if newest is not None else None,
        states=tuple(
            path
            for name in ("absent", "state")
            if newest is not None and (path := newest.path(home, name)) is not None
        )
        + tuple(
            path
            for known in upon
            if (before is None or known.as_of <= before) and (path := known.path(home, "state")) is not None
        ),
    )
