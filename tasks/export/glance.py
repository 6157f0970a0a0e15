"""The queue in a row a team, for pages that others see too: counts, days and keys of cases, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from statistics import median_low

from linewatch.case import KINDS
from linewatch.workdays import workdays_between
from tasks.export.queue import READY, OpenQueue, Row

FIRST = 5
"""Cases of a team whose keys are told."""


def at_a_glance(queue: OpenQueue) -> list[Row]:
    """A row for each kind of case that is open, with the team that looks at it."""
    days: dict[str, list[Row]] = {}
    for row in queue.db.rows("artifacts/queue_days"):
        days.setdefault(row["kind"], []).append(row)
    first = {row["kind"]: row["case_ids"] for row in queue.db.rows("artifacts/first_cases", first=FIRST)}
    ready = queue.left_out.get(READY, {})
    as_of, calendar = queue.batch.as_of, queue.words.profile.get("calendar")
    return [
        {
            "team": kind.team,
            "kind": name,
            "open": sum(row["cases"] for row in days.get(name, [])),
            "claimed": sum(row["claimed"] for row in days.get(name, [])),
            "second_look": sum(row["second_look"] for row in days.get(name, [])),
            "overdue": _overdue(days.get(name, []), as_of),
            **_ages(days.get(name, []), as_of, calendar),
            "decided": ready.get(name, 0),
            "first": ", ".join(first.get(name, [])),
        }
        for name, kind in KINDS.items()
        if name in days or name in ready
    ]


def _overdue(days: Sequence[Row], as_of: date) -> int:
    return sum(row["cases"] for row in days if row["due_on"] is not None and row["due_on"] < as_of)


def _ages(days: Sequence[Row], as_of: date, calendar: str | None) -> dict[str, int | None]:
    """Working days that the cases have been open; of none, and where a profile of an earlier version names no
    calendar, nothing.
    """
    ages: Counter[int] = Counter()
    for row in days:
        if calendar:
            ages[workdays_between(calendar, row["opened_on"], as_of)] += row["cases"]
    return {
        "oldest_working_days": max(ages, default=None),
        "median_working_days": median_low(ages.elements()) if ages else None,
    }
