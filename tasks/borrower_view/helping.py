"""What was promised to a borrower, and what would help them today."""

from __future__ import annotations

from ledger import Ledger
from linewatch.recorded import Recorded
from tasks.borrower_view.reading import Read, Row
from tasks.borrower_view.words import ADVICE, Language


def promises_of(ledger: Ledger, borrower_id: str) -> list[Row]:
    """The promises that stand, a row each: `facility_id`, `on`, `until`, `limit_cents`, `text`.

    No version makes any yet.
    """
    return []


NAMES = ("facility_id", "standing", "code", "amount_cents", "by_on", "counts_on", "limit_cents")


def advice_of(
    read: Read, history: list[Row], documents: Recorded, language: Language, *, barred: bool
) -> list[Row]:
    """What would still help each line, in the words of the notices; nothing to who is barred.

    A night advises on a line that it lowers: that stands until the line is changed again, or its day is over.
    """
    if barred:
        return []
    last = {row["facility_id"]: row["seq"] for row in reversed(history)}
    told = [
        {
            **{name: row[name] for name in NAMES},
            "on": batch.as_of,
            "text": _text(row["code"], documents, language),
        }
        for batch, row in read.advice
        if row["facility_id"] in read.now and last.get(row["facility_id"], batch.seq) == batch.seq
    ]
    return sorted(
        (row for row in told if row["by_on"] is None or row["by_on"] > read.night.as_of),
        key=lambda row: row["facility_id"],
    )


def _text(code: str, documents: Recorded, language: Language) -> str:
    """The notices' words; where they have none for it yet, ours."""
    if code in documents.notices.get("advice", {}):
        return documents.words("advice", code, language)
    return ADVICE[language].get(code, code.replace("_", " "))
