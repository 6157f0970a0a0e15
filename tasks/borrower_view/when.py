"""The day that a letter bears."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from ledger import Batch, Ledger
from linewatch.recorded import recorded
from linewatch.settling import first_day


def written_on(ledger: Ledger, batch: Batch) -> date:
    """A settlement's letters bear the day on which it begins, all others that of their night."""
    if batch.kind != "settlement" or batch.recorded_at is None:
        return batch.as_of
    text = ledger.document_of(batch, "profile")
    zone = recorded([text] if text else []).profile.get("time_zone", "UTC")
    return first_day(batch.recorded_at, ZoneInfo(zone), batch.as_of)
