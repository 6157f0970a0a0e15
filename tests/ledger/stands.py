"""What a home says of itself, read from its files and its ledger by tests, and what must hold of that."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import sql.engine as sql
from ledger import Ledger, deliveries
from linewatch import tree
from sql.past import leave_past
from verify.tree import extends


@cache
def _engine() -> sql.Engine:
    """One for all that is looked at: to begin one takes longer than to look."""
    return sql.Engine(None, threads=1)


def in_force(ledger: Ledger) -> dict[str, tuple[int, bool]]:
    """Limit and block of every line, as the next night would carry them on."""
    past = ledger.history()
    with _engine().cursor() as db:
        leave_past(db, past.decisions, past.states)
        rows = db.raw.sql(
            "select facility_id, committed_limit_cents, own_block from past_decision"
        ).fetchall()
    return {name: (limit, bool(blocked)) for name, limit, blocked in rows}


def rows_of(path: Path | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist() if path is not None else []
    return rows


def summed(ledger: Ledger) -> dict[str, int]:
    """Each line's limit by the files of committed batches alone: start + changes + what others changed.

    Checks on the way that every change has a batch that is committed and a name that no other change has.
    """
    limits: dict[str, int] = {}
    names: Counter[str] = Counter()
    for batch in ledger.batches(state="committed"):
        for row in rows_of(batch.path(ledger.home, "decisions")) if batch.kind == "night" else []:
            name, found = row["facility_id"], row["limit_cents"]
            assert found == limits.setdefault(name, found) or row["limit_origin"] == "outside"
            limits[name] = found
        for row in rows_of(batch.path(ledger.home, "changes")):
            assert row["batch"] == batch.batch
            names[row["change_id"]] += 1
            limits.setdefault(row["facility_id"], row["old_limit_cents"])
            limits[row["facility_id"]] += row["new_limit_cents"] - row["old_limit_cents"]
    assert set(names.values()) <= {1}
    return limits


def check_handed_out(ledger: Ledger) -> None:
    """Each committed batch is due once and delivered at most once; what was handed out is its changes."""
    committed = [each for each in ledger.batches(state="committed") if each.kind != "erasure"]
    for batch in ledger.batches():
        assert len(ledger.destinations(batch)) == (batch.seq in {each.seq for each in committed})
    delivered = deliveries(ledger.engine, since=date(2000, 1, 1))
    assert len({each.batch.seq for each in delivered}) == len(delivered)
    assert {each.batch.seq for each in (*delivered, *ledger.pending())} == {each.seq for each in committed}
    for each in delivered:
        out = rows_of(each.batch.out(ledger.home) / "limit_changes.parquet")
        own = rows_of(each.batch.path(ledger.home, "changes"))
        assert [row["change_id"] for row in out] == [row["change_id"] for row in own]


def check_history(ledger: Ledger) -> None:
    """A night is given the changes of every committed batch, in the order of commits."""
    paths = [each.path(ledger.home, "changes") for each in ledger.batches(state="committed")]
    assert list(ledger.history().changes) == [path for path in paths if path is not None]


def check_grown(before: bytes, now: bytes) -> None:
    """The log begins with all that it had, which the checker's own arithmetic finds proven too."""
    assert now[: len(before)] == before
    sizes = (len(before) // tree.SIZE, len(now) // tree.SIZE)
    path = tree.consistency(now, sizes[0]) if sizes[0] else []
    assert extends(tree.root_of(before), sizes[0], tree.root_of(now), sizes[1], path)


def check_tidy(ledger: Ledger) -> None:
    """After a sweep: no file in batches/ that no row names, and nothing half written."""
    named = {ledger.home / stored.path for each in ledger.batches() for stored in each.files.values()}
    assert {path for path in (ledger.home / "batches").rglob("*") if path.is_file()} <= named
    assert not list(ledger.home.rglob("*.partial*"))
