"""When what people decided of cases begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def first_day(moment: datetime, zone: ZoneInfo, as_of: date) -> date:
    """The day on which what is settled begins, and which its letters bear: the lender's own, and no sooner
    than that of the night.
    """
    return max(moment.astimezone(zone).date(), as_of + timedelta(days=1))
