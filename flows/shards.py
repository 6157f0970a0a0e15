"""From accepted rows to decisions: as one, or in shards where memory or a cluster asks for it.

On one machine shards are threads, each with a DuckDB of its own; `dask` maps them over a cluster. Either way
a shard runs the night's own steps over its borrowers, and what it leaves is written before it is told done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from linewatch.errors import DocumentRefused
from linewatch.night import Night
from linewatch.shard import Shard
from tasks.deal import at_once, check_store, deal
from tasks.decide import Decided, ask, decide, decide_lines, decided
from tasks.features import features
from tasks.gather import failed_in, gather
from tasks.rescore import rescore
from tasks.stand import Kept, end, keep, stand

ORDER = (features, rescore, decide)
"""The steps of a night between its accepted rows and its decisions, in their order."""
LOCAL = "local"
PATIENCE_SECONDS = 10
TRIES = 3
"""A machine may be lost; a fault of ours comes back each time."""


Walk = Callable[[Night, Sequence[Shard]], list[Kept]]


@dataclass(frozen=True)
class Sharded:
    """A night that was decided in shards: what is needed to decide some of them once more."""

    night: Night
    shards: Sequence[Shard]
    decided: Decided
    notes: tuple[str, ...]


def decide_in_shards(night: Night, shards: int, walk: Walk | None = None) -> Sharded:
    """Leave what `features`, `rescore` and `decide` would, from shards decided by themselves.

    `walk` decides them, in threads or on a cluster unless another way is given.
    """
    facts = ask(night)
    dealt = deal.fn(night, facts, shards)
    kept = (walk or walked)(night, dealt.shards)
    gather.fn(night, dealt.shards, [each.folder for each in kept])
    left = decided(night, facts)
    return Sharded(night, dealt.shards, left, (*dealt.notes, *left.notes))


def refer_failed(sharded: Sharded, walk: Walk | None = None) -> None:
    """Decide the shards once more in which a letter could not be written: its line is referred."""
    failed = failed_in(sharded.night, sharded.shards)
    again = [
        replace(shard, draft_failed=tuple(failed[shard.number]))
        for shard in sharded.shards
        if shard.number in failed
    ]
    kept = {each.number: each.folder for each in (walk or walked)(sharded.night, again)}
    folders = [kept.get(shard.number, shard.folder) for shard in sharded.shards]
    gather.fn(sharded.night, sharded.shards, folders)


def walked(night: Night, shards: Sequence[Shard]) -> list[Kept]:
    """Decide every shard, as many at a time as there are threads or workers; raise what one raised."""

    @flow(name="shards", flow_run_name=f"shards-{night.as_of}", task_runner=_runner(night))
    def walk_shards() -> list[Kept]:
        return [future.result() for future in [decide_shard.submit(_Opaque(shard)) for shard in shards]]

    return walk_shards()


@dataclass(frozen=True)
class _Opaque:
    """Keeps Prefect from looking through a shard's documents for results of other tasks."""

    shard: Shard


@task(
    name="shard",
    task_run_name="shard {given.shard.number}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=TRIES - 1,
)
def decide_shard(given: Any) -> Kept:
    """As `decide_here`, for Prefect to show and, where a machine is lost, to try again."""
    return decide_here(given.shard)


def decide_here(shard: Shard) -> Kept:
    """Decide the borrowers of one shard in this process; leave what comes of it where it was dealt."""
    place = None if shard.dask else _made(shard.here)
    with TemporaryDirectory(dir=place, prefix="shard-") as here:
        shard = replace(shard, here=Path(here) / "work")
        try:
            stand(shard)
            features.fn(shard)
            rescore.fn(shard)
            decide_lines(shard, shard.facts, shard.draft_failed)
            return keep(shard)
        finally:
            end(shard)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def check_parts(night: Night) -> None:
    """Raise DocumentRefused, before anything is read, where the cluster or the store cannot be used."""
    check_store(night)
    if night.dask is None:
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise DocumentRefused(
            ["--dask: Dask is not installed here"],
            what_now="Install it, pip install 'linewatch[dask]', or leave --dask out.",
        ) from error
    if night.dask == LOCAL:
        return
    try:
        Client(night.dask, timeout=PATIENCE_SECONDS).close()
    except (OSError, ValueError) as error:
        raise DocumentRefused(
            [f"--dask: no cluster answers at {night.dask}"],
            what_now="Start its scheduler (dask scheduler), name its address, or leave --dask out.",
        ) from error


def _runner(night: Night) -> TaskRunner[Any]:
    if night.dask is None:
        return ThreadPoolTaskRunner(max_workers=at_once(night))
    from prefect_dask import DaskTaskRunner

    if night.dask == LOCAL:
        return DaskTaskRunner(cluster_kwargs={"n_workers": at_once(night), "threads_per_worker": 1})
    return DaskTaskRunner(address=night.dask)
