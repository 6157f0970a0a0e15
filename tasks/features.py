"""What is known of a borrower, as numbers: the characteristics that scorecards read."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from linewatch.characteristics import characteristics
from linewatch.night import Night
from sql.engine import cursor
from sql.features import build_features


@task(name="features", task_run_name="features {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def features(night: Night) -> dict[str, int]:
    """Leave `features_consumer` and `features_enterprise`; return how many borrowers each has."""
    with cursor(night.scratch) as db:
        ties = night.documents.policy.tables()["pol_control_group"]
        return build_features(db, characteristics().scale_rows(), ties)
