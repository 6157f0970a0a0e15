"""Hold back a night that is unlike any good one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from linewatch.drift import psi_bp
from linewatch.night import Night
from linewatch.policy import GuardLimit
from sql.engine import Cursor


@dataclass(frozen=True)
class Guarded:
    """What each guard measured; `tripped` names those beyond their limit, with both numbers."""

    measured: Mapping[str, int | None]
    tripped: tuple[str, ...]

    @property
    def because(self) -> str:
        """What the night is held for, in words; empty where nothing tripped."""
        return "; ".join(self.tripped)


@task(name="guard", task_run_name="guard {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def guard(night: Night) -> Guarded:
    """Leave `guards`, one row a guard of the policy."""
    with sql.cursor(night.scratch) as db:
        measured = measure(db)
        rows = [_row(limit.guard, measured[limit.guard], limit) for limit in night.documents.policy.guard]
        db.replace("guards", rows)
    return Guarded(
        measured={row["guard"]: row["value"] for row in rows},
        tripped=tuple(
            f"{row['guard']} is {row['value']}, most {row['limit_value']}" for row in rows if row["tripped"]
        ),
    )


def measure(db: Cursor) -> dict[str, int | None]:
    """Every guard's number; None where there is no night to compare with."""
    bands = db.rows("guards/score_bands")
    return {
        **db.rows("guards/night_shares")[0],
        "score_psi_bp": psi_bp([row["past_lines"] for row in bands], [row["lines"] for row in bands])
        if bands
        else None,
    }


def _row(name: str, value: int | None, limit: GuardLimit) -> dict[str, Any]:
    return {
        "guard": name,
        "value": value,
        "limit_value": limit.most,
        "tripped": value is not None and value > limit.most,
        "because": limit.because,
    }
