"""Open a review case for every borrower with a line that goes to a person."""

from __future__ import annotations

from dataclasses import dataclass

from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from linewatch.case import KINDS, due_on
from linewatch.night import Night
from sql.reviews import leave_meetings


@dataclass(frozen=True)
class Referred:
    """How many cases stand in `cases`, how many of them join one already open, and how many by kind."""

    cases: int
    joined: int
    kinds: dict[str, int]


@task(name="refer", task_run_name="refer {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def refer(night: Night) -> Referred:
    """Leave `cases`: one a borrower, with its evidence as it stands tonight and no name in it."""
    return open_cases(night)


def open_cases(night: Night) -> Referred:
    calendar = night.documents.profile.calendar
    with sql.cursor(night.scratch) as db:
        leave_meetings(db, night.documents.policy.tables()["pol_trigger"])
        db.build(
            "reviews/referred_line",
            site_triggers=sorted(KINDS["site_visit"].triggers),
            interview_triggers=sorted(KINDS["interview"].triggers),
        )
        db.build("reviews/main_line_month")
        cases = db.build(
            "reviews/cases",
            as_of=night.as_of,
            documents_identity=night.documents.identity,
            site_due_on=due_on(night.as_of, "site_visit", calendar),
            interview_due_on=due_on(night.as_of, "interview", calendar),
            desk_due_on=due_on(night.as_of, "desk_review", calendar),
        )
        counted = db.rows("reviews/case_count")
    return Referred(
        cases=cases,
        joined=sum(row["joined"] for row in counted),
        kinds={row["kind"]: row["cases"] for row in counted},
    )
