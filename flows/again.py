"""A night decided again beside what stands: its own steps, in a folder that is taken away afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.shards import ORDER, Sharded, decide_in_shards, refer_failed
from linewatch.night import Night
from tasks import again
from tasks.again import Batch
from tasks.deal import shards_of
from tasks.draft import draft


@contextmanager
def decided_again(
    home: Path,
    as_of: date | None = None,
    *,
    batch: Batch | None = None,
    drafts: Mapping[str, Iterable[Path]] | None = None,
    letters: bool = False,
    threads: int | None = None,
    change: Callable[[again.Again, Any], None] | None = None,
) -> Iterator[again.Again]:
    """A past night with its scratch as `decide` leaves it, drafts of documents in force in place of its own.

    `drafts` maps a kind (policy, scorecard, regulation, notice) to files. With `letters` they are drafted
    and read back too, so that a line whose letter fails is referred. `change` may edit the staged rows.
    `batch` names one version of a night that was revised. Nothing in the home is touched.
    """
    batch = batch or again.standing(home, as_of)
    rows = again.rows_of(home, batch)
    with place() as folder:
        night = again.begin(home, batch, folder, drafts or {}, threads)
        with _steps(night, rows, (lambda db: change(night, db)) if change else lambda _: None) as sharded:
            if letters and draft.fn(night).failed and sharded is not None:
                refer_failed(sharded)
            yield night


@contextmanager
def under_the_last_documents(night: Night) -> Iterator[again.Again | None]:
    """A night that runs and has decided, decided again as the documents of the last night would have it.

    None where there was no last night, or its documents are tonight's.
    """
    night.work.mkdir(parents=True, exist_ok=True)
    with place(night.work) as folder:
        other = again.beside(night, folder)
        if other is None:
            yield None
        else:
            with _steps(other, again.rows_beside(night, folder)):
                yield other


@contextmanager
def _steps(
    night: again.Again, rows: again.Rows, change: Callable[[Any], None] = lambda _: None
) -> Iterator[Sharded | None]:
    try:
        again.stand(night, rows, change)
        shards = shards_of(night)
        if shards > 1:
            yield decide_in_shards(night, shards)
        else:
            for step in ORDER:
                step.fn(night)
            yield None
    finally:
        again.end(night)


@contextmanager
def place(inside: Path | None = None) -> Iterator[Path]:
    """A folder that is taken away; inside a night's own work it is swept, too, if the night is killed."""
    with TemporaryDirectory(prefix="linewatch-again-", dir=inside) as folder:
        yield Path(folder)
