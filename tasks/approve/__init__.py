"""Approve or discard a held night: the bytes that were held are committed, or its as_of is freed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ledger import Approval, Batch, Ledger, receipt, standing_ledger
from linewatch.destination import destination_of
from linewatch.errors import DataRefused
from linewatch.people import other_than, register_of
from linewatch.receipt import Receipt
from linewatch.room import home_option
from sql.files import sha256_of
from tasks.approve.before import done_before
from tasks.approve.blocks import commit_blocks

__all__ = ["approve", "check_held", "discard", "done_before", "last_discarded", "protect"]


def approve(home: Path, as_of: date, *, by: str, because: str, recorded_at: datetime) -> Receipt:
    """Commit the held night of `as_of` as its bytes lie; nothing is computed.

    Where a guard that asks for two people holds it, the first call notes the one and the night stays held;
    the second, by somebody else, commits it. Raises NotFound if it is not held, DataRefused if a file was
    altered since or the person may not.
    """
    ledger, waiting = _waiting(home, as_of)
    registered = _register(ledger, waiting, by, because, moved=True)
    _refuse_altered(home, waiting)
    if two_wanted(ledger, waiting) and not _second(ledger, waiting, by):
        return receipt(home, ledger.agree(as_of, Approval("agree", by, registered, because, recorded_at)))
    cases, promises = waiting.path(home, "cases"), waiting.path(home, "promises")
    known = ledger.approve(
        as_of,
        Approval("approve", by, registered, because, recorded_at),
        cases_opened=_rows(cases) if cases else (),
        promises_made=(row for row in _rows(promises) if row["state"] == "made") if promises else (),
        destination=destination_of(ledger.document_of(waiting, "profile")),
    )
    return receipt(home, known)


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with pq.ParquetFile(path) as file:
        for part in file.iter_batches(1_000):
            yield from part.to_pylist()


def discard(home: Path, as_of: date, *, by: str, because: str, recorded_at: datetime) -> Receipt:
    """Throw the held night of `as_of` away, on the record: the as_of may be run again.

    Raises NotFound if it is not held, DataRefused if the person may not.
    """
    ledger, waiting = _waiting(home, as_of)
    registered = _register(ledger, waiting, by, because, moved=False)
    return receipt(home, ledger.discard(as_of, Approval("discard", by, registered, because, recorded_at)))


def protect(home: Path, as_of: date, *, by: str, because: str, recorded_at: datetime) -> Receipt:
    """Commit the blocks of the held night of `as_of` as a batch of their own, and discard all else of it.

    No limit moves, so one person is enough. Raises NotFound if the night is not held, DataRefused if it
    blocks no line, a file was altered since, or the person may not.
    """
    ledger, waiting = _waiting(home, as_of)
    if waiting.kind != "night":
        raise DataRefused(
            f"The revision of {as_of} is held whole: its blocks cannot be taken out of it.",
            what_now="Nothing was changed. Approve it, or discard it: until then the night stands.",
        )
    registered = _register(ledger, waiting, by, because, moved=False)
    _refuse_altered(home, waiting)
    known = commit_blocks(ledger, waiting, Approval("protective", by, registered, because, recorded_at))
    return receipt(home, known)


def last_discarded(home: Path, as_of: date) -> Receipt:
    """The night of `as_of` that was thrown away last."""
    nights = [
        each
        for each in standing_ledger(home).batches(state="discarded")
        if each.kind in ("night", "revision") and each.as_of == as_of
    ]
    return receipt(home, nights[-1])


def check_held(home: Path, as_of: date) -> None:
    """Raise NotFound if the night of `as_of` is not held, before a turn is taken for it."""
    _waiting(home, as_of)


def two_wanted(ledger: Ledger, waiting: Batch) -> tuple[str, ...]:
    """The guards that hold the night and ask for two people, by the policy that it was decided under."""
    text = ledger.document_of(waiting, "policy")
    guards = tomllib.loads(text).get("guard", []) if text else []
    strict = {guard["guard"] for guard in guards if guard.get("two_people", False)}
    return tuple(sorted(strict & set(waiting.counts.get("tripped", {}))))


def _second(ledger: Ledger, waiting: Batch, by: str) -> bool:
    """Whether somebody else has agreed before. Raises DataRefused for one who has agreed already."""
    agreed = [each.by for each in ledger.approvals(waiting) if each.action == "agree"]
    if any(other_than(first, by) for first in agreed):
        return True
    if agreed:
        raise DataRefused(
            f"{by!r} has agreed already; this night needs two people, for {_names(ledger, waiting)}.",
            what_now="Nothing was changed. Somebody else runs the same command: "
            f"linewatch approve {waiting.as_of} --by NAME --because TEXT{home_option(ledger.home)}",
        )
    return False


def _names(ledger: Ledger, waiting: Batch) -> str:
    return ", ".join(two_wanted(ledger, waiting))


def _waiting(home: Path, as_of: date) -> tuple[Ledger, Batch]:
    ledger = standing_ledger(home)
    return ledger, ledger.waiting(as_of)


def _register(ledger: Ledger, waiting: Batch, by: str, because: str, *, moved: bool) -> bool:
    """Whether the profile of that night registers the person, who must be able to decide on what it moves."""
    cents = waiting.counts.get("moved_cents")
    total = sum(cents.values()) if cents is not None else None
    register = register_of(ledger.document_of(waiting, "profile"))
    return register.check(by, because, total if moved else 0)


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
