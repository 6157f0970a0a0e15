"""Deal the accepted rows out to shards: whole control groups, with whoever stands behind their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from linewatch.errors import DocumentRefused
from linewatch.law import Facts
from linewatch.night import Night
from linewatch.shard import Shard, shard_of
from sql import deal as rows
from sql.memory import limit_mb
from sql.places import Place

BORROWERS_IN_A_GIGABYTE = 150_000
"""A floor of a million filled five gigabytes; of so many some of it stays free, and nothing is spilled."""


@dataclass(frozen=True)
class Dealt:
    """The shards that have borrowers, in order."""

    shards: Sequence[Shard]
    notes: tuple[str, ...] = ()


def at_once(night: Night) -> int:
    """Shards that this machine decides at the same time."""
    return max(night.threads or sql.cores(), 1)


def check_store(night: Night) -> None:
    """Raise DocumentRefused where the store is no place that can be written to; leave nothing there."""
    if night.store is None:
        return
    try:
        place = Place(night.dealt)
        place.make()
        place.take_away()
    except Exception as error:  # each file system of fsspec has errors of its own
        raise DocumentRefused(
            [f"--store: nothing can be written to {night.store} ({type(error).__name__})"],
            what_now="Name a shared folder, or an address whose fsspec package and credentials are here.",
        ) from error


def shards_of(night: Night) -> int:
    """In how many parts to decide: as the night says, else so that those decided at once fit into memory."""
    if night.shards is not None:
        return night.shards
    with sql.cursor(night.scratch) as db:
        return parts_of(db.count("stg_borrower"), limit_mb(), at_once(night))


def parts_of(borrowers: int, memory_mb: int, at_once: int) -> int:
    """One if all fit into the memory; else rounds of `at_once` parts, so that no thread looks on in the last:
    of 1,000,000 borrowers 600,000 fit into 4,212 MB, so two threads decide 4 parts in 2 rounds.
    """
    fit = max(memory_mb // 1000, 1) * BORROWERS_IN_A_GIGABYTE
    if borrowers <= fit:
        return 1
    rounds = -(-borrowers // fit)
    return rounds * at_once


@task(name="deal", task_run_name="deal {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def deal(night: Night, facts: Facts, shards: int) -> Dealt:
    """Write what each shard reads. Those decided at once share this machine's memory and threads."""
    sharing = at_once(night)
    place = Place(night.dealt)
    place.take_away()
    with sql.cursor(night.scratch) as db:
        db.replace("pol_control_group", night.documents.policy.tables()["pol_control_group"])
        db.build("decisions/exposure_group")
        sizes = rows.split(db, shards)
        rows.deal(db, place, shards)
        (previous,) = db.raw.execute("select previous_as_of from night").fetchall()
    given: dict[str, Any] = {
        "place": place.at(),
        "here": night.work,
        "threads": max((night.threads or sql.cores()) // sharing, 1),
        "facts": facts,
        "previous_as_of": previous[0],
        "memory_mb": limit_mb() // sharing if night.dask in (None, "local") else None,
    }
    dealt = [shard_of(night, number=size["shard"], **given) for size in sizes]
    return Dealt(dealt, tuple(_giants(sizes, shards)))


def _giants(sizes: sql.Rows, shards: int) -> list[str]:
    return [
        f"a control group of {size['borrowers']:,} borrowers has shard {size['shard']} for itself: it stays"
        f" whole, and is more than a fair part of {shards}"
        for size in sizes
        if size["shard"] >= shards
    ]
