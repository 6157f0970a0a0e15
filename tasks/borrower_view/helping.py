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


def advice_of(read: Read, documents: Recorded, language: Language, *, barred: bool) -> list[Row]:
    """What the night says would help each line, in the words of its notices; nothing to who is barred."""
    if barred:
        return []
    return [
        {
            **{name: row[name] for name in ("facility_id", "standing", "code", "amount_cents", "by_on")},
            **{name: row[name] for name in ("counts_on", "limit_cents")},
            "text": _text(row["code"], documents, language),
        }
        for line, row in sorted(read.advice.items())
        if line in read.now
    ]


def _text(code: str, documents: Recorded, language: Language) -> str:
    """The notices' words; where they have none for it yet, ours."""
    if code in documents.notices.get("advice", {}):
        return documents.words("advice", code, language)
    return ADVICE[language].get(code, code.replace("_", " "))
