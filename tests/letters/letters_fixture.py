"""Letters as the real writer drafts them, and as an outbox tells them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from tasks.draft import Writer
from tasks.letters.letter import Letter
from tests.tasks.decisions_fixture import AS_OF, notices, profile

CHANGE = "0123456789abcdef0123456789abcdef"
ROW: dict[str, Any] = {
    "facility_id": "F1",
    "borrower_id": "B1",
    "borrower_type": "consumer",
    "jurisdiction": "GB",
    "currency": "GBP",
    "kind": "decrease",
    "limit_cents": 1_200_000,
    "proposed_limit_cents": 800_000,
    "rate_bp": 1800,
    "proposed_rate_bp": 1800,
    "deadline_on": None,
    "effective_on": date(2026, 12, 20),
    "decided_on": date(2026, 10, 20),
    "reply_by_on": date(2026, 12, 22),
    "reason_codes": ["late_payments", "utilisation"],
    "language": "en",
    "name": "Ann Lee",
}
"""A row of reviews/letters."""


def drafted(writer: Writer | None = None, *, change_id: str | None = CHANGE, **facts: Any) -> Letter:
    """The letter of a row that differs from ROW by `facts`, read back by the writer."""
    draft, faults = (writer or Writer(notices(), profile(), AS_OF)).checked({**ROW, **facts})
    assert faults == []
    told = {name: draft[name] for name in Letter.__dataclass_fields__ if name in draft}
    return Letter(**told, batch="one", as_of=AS_OF, text=draft["body"], change_id=change_id)


def outbox_in(folder: Path) -> list[dict[str, Any]]:
    """The lines of the outbox in a folder under out/, which tells the letters of the drafts beside it."""
    entries, drafts = (
        [json.loads(text) for text in (folder / name).read_text(encoding="utf-8").splitlines()]
        for name in ("outbox.jsonl", "drafts.jsonl")
    )
    told = [(each["draft_id"], each["text"]) for each in entries]
    assert told == [(each["draft_id"], each["body"]) for each in drafts]
    return entries
