"""Publish: hand the committed changes to where the lender loads them, each batch once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.csv as csv
import pyarrow.parquet as pq
from prefect import task
from prefect.cache_policies import NO_CACHE

from ledger import Publication, open_ledger
from linewatch import fault
from linewatch.night import Night
from linewatch.room import full_disk_told, whole
from linewatch.spec import is_database
from sources import postgresql
from sources.postgresql import Altered, Trouble
from sources.table import SourceRefused
from sql.files import made, settle, sha256_of

COLUMNS = [
    "change_id", "facility_id", "as_of", "effective_on", "old_limit_cents", "new_limit_cents", "old_rate_bp",
    "new_rate_bp", "blocked",
]  # fmt: skip
"""What a system of record needs to know of a change; why it was made stays here."""
NAME = "limit_changes"
PAUSES_SECONDS = (2, 8)
"""How long a database that does not answer is left before it is asked again. Then its changes stay due."""


@dataclass(frozen=True)
class Undelivered:
    """Changes that stay due, and why."""

    batch: str
    destination: str
    changes: int
    why: str
    now: str
    altered: bool = False
    """Whether somebody changed what is ours, here or there: not a thing to wait for."""


@dataclass(frozen=True)
class Published:
    """How many batches were handed over now, with how many changes, and which could not be."""

    batches: int
    changes: int
    undelivered: tuple[Undelivered, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(
            f"{each.changes:,} changes of {each.batch} are not delivered: {each.why}. {each.now}"
            for each in self.undelivered
        )


@task(
    name="publish",
    task_run_name="publish {night.as_of}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=3,
    retry_delay_seconds=10,
    retry_condition_fn=lambda task, run, state: _may_pass(state),
)
def publish(night: Night) -> Published:
    """Hand over every committed change that is due, and note it delivered; again, and nothing happens."""
    return publish_due(night)


def publish_due(night: Night) -> Published:
    return deliver_due(night.home, night.recorded_at)


def deliver_due(home: Path, recorded_at: datetime, pauses: Sequence[float] = PAUSES_SECONDS) -> Published:
    """Deliver what is due, in the order of commits; what cannot be stays due, and is told.

    A run that is cut off before it notes a delivery leaves the same bytes and rows again the next time. After
    a batch that a destination did not take it is given no later one.
    """
    ledger = open_ledger(home)
    done: list[Publication] = []
    left: list[Undelivered] = []
    with full_disk_told(home):
        for each in ledger.pending():
            content = _waits(each, left) or _tried(home, each, pauses)
            if isinstance(content, Undelivered):
                left.append(content)
                continue
            fault.point("publish.delivered", "before")
            ledger.delivered(each, content, recorded_at)
            fault.point("publish.delivered", "after")
            done.append(each)
    return Published(len(done), sum(each.changes for each in done), tuple(left))


def _waits(due: Publication, left: Iterable[Undelivered]) -> Undelivered | None:
    earlier = next((each for each in left if each.destination == due.destination), None)
    if earlier is None:
        return None
    return _undelivered(due, f"it waits for {earlier.batch}", "It follows when that is delivered.")


def _tried(home: Path, due: Publication, pauses: Sequence[float]) -> dict[str, Any] | Undelivered:
    """What was handed over; or why it could not be."""
    stored = due.batch.files.get("changes")
    if stored is None and not due.changes:
        return {}
    path = home / stored.path if stored else home
    if stored is None or not path.is_file() or sha256_of(path) != stored.sha256:
        return _undelivered(
            due,
            "the file of its changes is not what was committed",
            f"Put {stored.path if stored else 'it'} back from a copy of the home.",
            altered=True,
        )
    if not is_database(due.destination):
        return _to_folder(home, due)
    tried = _to_database(home, due)
    for pause in pauses:
        if not isinstance(tried, Trouble) or not tried.may_pass:
            break
        time.sleep(pause)
        tried = _to_database(home, due)
    if isinstance(tried, Trouble):
        return _undelivered(due, f"{due.destination}: {tried.what}", tried.now)
    return tried


def _to_database(home: Path, due: Publication) -> dict[str, Any] | Undelivered | Trouble:
    """The changes of a batch as rows of the lender's table; the same batch leaves the same rows."""
    if not due.changes:
        return {}
    try:
        address = postgresql.address_of(due.destination)
        rows = postgresql.rows_of(home / due.batch.files["changes"].path)
        found = postgresql.deliver(address, due.batch.batch, rows, fault.point)
    except Trouble as trouble:
        return trouble
    except SourceRefused as refused:
        return _undelivered(due, str(refused), "Name another as publish_to in the profile.")
    except Altered as altered:
        return _undelivered(
            due,
            f"{due.destination}: {altered.differ:,} rows of {postgresql.TABLE} are not what this batch says",
            "Nothing was overwritten: find out who wrote them (docs/postgresql.md).",
            altered=True,
        )
    return {"table": postgresql.TABLE, "rows": found.rows, "hashes": found.hashes}


def _undelivered(due: Publication, why: str, now: str, *, altered: bool = False) -> Undelivered:
    return Undelivered(due.batch.batch, due.destination, due.changes, why, now, altered)


def _to_folder(home: Path, due: Publication) -> dict[str, Any]:
    """The changes of a batch as Parquet and CSV under out/; the same batch leaves the same bytes."""
    source = due.batch.path(home, "changes")
    if source is None:
        return {}
    folder = due.batch.out(home)
    made(folder, home)
    changes = pq.read_table(source, columns=COLUMNS)
    written = {}
    for ending in ("parquet", "csv"):
        path = folder / f"{NAME}.{ending}"
        with whole(path) as half:
            if ending == "parquet":
                pq.write_table(changes, half, compression="zstd")
            else:
                csv.write_csv(changes, half)
            settle(half)
        fault.point(f"publish.{ending}", "after")
        written[path.relative_to(home).as_posix()] = sha256_of(path)
    settle(folder)
    return written


def _may_pass(state: Any) -> bool:
    """Whether trying again can help: a folder that does not answer may, a full disk does not."""
    try:
        state.result()
    except OSError:
        return True
    except Exception:
        return False
    return False
