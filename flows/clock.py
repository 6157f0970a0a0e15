"""The one place that asks the clock: what it says is handed down from here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The wall time in UTC, for the record and for what a person left out."""
    return datetime.now(UTC)


def day_that_ended(moment: datetime, zone: ZoneInfo) -> date:
    """The last day that was over at `moment` in the lender's zone: what a night reviews unless told.

    01:15 on 22 November in Shanghai (17:15 UTC on the 21st) gives 21 November.
    """
    return moment.astimezone(zone).date() - timedelta(days=1)


def days(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included, in order; none when they are the wrong way round."""
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
