"""The outbox: the letters of a committed batch as a mailer takes them, a JSON object each."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from ledger import Batch, standing_ledger
from linewatch.room import whole
from sql.passing import passing
from tasks.letters.letter import Letter, letters_of
from tasks.letters.look import of_night
from tasks.letters.page import page_of

FORMAT = "linewatch-letter/1"
FILE = "outbox.jsonl"


def write_outbox(home: Path, batch: Batch) -> Path:
    """Leave outbox.jsonl among what people open of a committed batch; the same letters give the same bytes.

    It appears whole or not at all. Nothing is sent.
    """
    path = batch.out(home) / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        passing(home) as engine,
        engine.cursor() as db,
        whole(path) as half,
        half.open("w", encoding="utf-8", newline="\n") as file,
    ):
        for letter in letters_of(db, home, batch):
            file.write(json.dumps(entry(letter), ensure_ascii=False) + "\n")
    return path


def entry(letter: Letter) -> dict[str, Any]:
    """A letter as a line of the outbox has it, its fields in their order."""
    return {
        "format": FORMAT,
        "draft_id": letter.draft_id,
        "batch": letter.batch,
        "facility_id": letter.facility_id,
        "borrower_id": letter.borrower_id,
        "kind": letter.kind,
        "language": letter.language,
        "effective_on": _iso(letter.effective_on),
        "deadline_on": _iso(letter.deadline_on),
        "change_id": letter.change_id,
        "subject": letter.subject,
        "text": letter.text,
        "html": page_of(letter),
    }


def write_outboxes(home: Path, as_of: date | None) -> list[Path]:
    """The outbox of a committed night and of each batch upon it; None: the newest night. Raises NotFound."""
    return [write_outbox(home, batch) for batch in of_night(standing_ledger(home), as_of, held_too=False)]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
