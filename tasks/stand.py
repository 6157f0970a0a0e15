"""Stand up a shard where it is decided, and keep what it comes to."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import sql.engine as sql
from linewatch.shard import Shard
from sql import deal
from sql.places import Place


@dataclass(frozen=True)
class Kept:
    """What a shard left among the results."""

    number: int
    folder: str
    rows: dict[str, int]


def stand(shard: Shard) -> None:
    """Leave the shard's accepted rows and past, as `validate` and the record would leave a whole night's."""
    end(shard)
    engine = sql.open_engine(shard.scratch, threads=shard.threads, memory_mb=shard.memory_mb)
    with engine.cursor() as db:
        told = {"as_of": shard.as_of, "previous_as_of": shard.previous_as_of}
        db.replace("night", [{**told, "freshness_days": shard.documents.profile.freshness_days}])
        deal.stand(db, Place(shard.place), shard.number)


def keep(shard: Shard) -> Kept:
    """Write what the shard left. Written again, after a machine was lost, it is the same."""
    with sql.cursor(shard.scratch) as db:
        return Kept(shard.number, shard.folder, deal.keep(db, Place(shard.place), shard.folder))


def end(shard: Shard) -> None:
    """Close the shard's scratch and take it away."""
    sql.close_engine(shard.scratch)
    shutil.rmtree(shard.work, ignore_errors=True)
