"""Put together what the shards left: later steps read it as if one deciding had left it."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from linewatch.night import Night
from linewatch.shard import Shard
from sql import deal, walk
from sql.places import Place


@task(name="gather", task_run_name="gather {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def gather(night: Night, shards: Sequence[Shard], folders: Sequence[str]) -> dict[str, int]:
    """Leave what a night decides as views over the shards' files; rows by table."""
    policy = night.documents.policy.tables()
    with sql.cursor(night.scratch) as db:
        deal.gather(db, Place(shards[0].place), folders)
        for table in walk.CLASSIFYING:
            db.replace(table, policy[table])
        walk.classify(db)
        return {name: db.count(name) for name in deal.RESULTS}


def failed_in(night: Night, shards: Sequence[Shard]) -> dict[int, list[dict[str, str]]]:
    """The lines of `draft_failed` by the shard that decided them."""
    with sql.cursor(night.scratch) as db:
        found: dict[int, list[dict[str, str]]] = {}
        for row in db.rows("shards/failed_line"):
            found.setdefault(row["shard"], []).append({"facility_id": row["facility_id"], "why": row["why"]})
    return found
