"""Publish: hand the committed changes to where the lender loads them, each batch once."""

from __future__ import annotations

from dataclasses import dataclass
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
from sql.files import settle, sha256_of

COLUMNS = [
    "change_id", "facility_id", "as_of", "effective_on", "old_limit_cents", "new_limit_cents", "old_rate_bp",
    "new_rate_bp", "blocked",
]  # fmt: skip
"""What a system of record needs to know of a change; why it was made stays here."""
NAME = "limit_changes"


@dataclass(frozen=True)
class Published:
    """How many batches were handed over now, with how many changes."""

    batches: int
    changes: int


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
    """Leave every committed change that is due in out/, and note it delivered; again, and nothing happens."""
    return publish_due(night)


def publish_due(night: Night) -> Published:
    """Deliver what is due, in the order of commits.

    A run that is cut off before it notes a delivery leaves the same bytes again the next time.
    """
    ledger = open_ledger(night.home)
    due = ledger.pending()
    with full_disk_told(night.home):
        for each in due:
            content = _deliver(night.home, each)
            fault.point("publish.delivered", "before")
            ledger.delivered(each, content, night.recorded_at)
            fault.point("publish.delivered", "after")
    return Published(len(due), sum(each.changes for each in due))


def _deliver(home: Path, due: Publication) -> dict[str, str]:
    """The changes of a batch as Parquet and CSV under out/; the same batch leaves the same bytes."""
    source = due.batch.path(home, "changes")
    if source is None:
        return {}
    folder = due.batch.out(home)
    folder.mkdir(parents=True, exist_ok=True)
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
