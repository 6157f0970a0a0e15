"""What was promised to a borrower, and what would help them today."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ledger import Batch
from linewatch.recorded import Recorded
from tasks.borrower_view.figures import Figures
from tasks.borrower_view.reading import WHOLE, Read, Row
from tasks.borrower_view.words import Language

NAMES = ("facility_id", "standing", "code", "amount_cents", "by_on", "counts_on", "limit_cents")
STANDS = ("made", "live", "extended", "offered")
FIELD = re.compile(r"\{\{ (\w+) \}\}")

Notices = Callable[[Batch], Recorded]
"""The words that were in force for a batch."""


def promises_of(
    read: Read, notices: Notices, figures: Figures, language: Language, *, barred: bool
) -> list[Row]:
    """The promises that stand, in the words of the letters that made them; nothing to who is barred."""
    if barred:
        return []
    made = {batch.as_of: batch for batch in read.batches if batch.kind in WHOLE}
    told = [
        {
            "facility_id": row["facility_id"],
            "promised_on": row["made_on"],
            "due_on": row["due_on"],
            "text": _text(
                {**row, "standing": "promise", "counts_on": row["due_on"]},
                read.now[row["facility_id"]]["currency"],
                notices(made.get(row["made_on"], read.night)),
                figures,
                language,
            ),
        }
        for row in read.promises
        if row["state"] in STANDS and row["facility_id"] in read.now
    ]
    return sorted(told, key=lambda row: row["facility_id"])


def advice_of(
    read: Read, history: list[Row], notices: Notices, figures: Figures, language: Language, *, barred: bool
) -> list[Row]:
    """What would still help each line, in the words of its letter; nothing to who is barred.

    A night advises on a line that it lowers: that stands until the line is changed again, or its day is over.
    What an early warning advised stands with it, and is newer.
    """
    if barred:
        return []
    last = {row["facility_id"]: row["seq"] for row in reversed(history)}
    advised = [
        (batch, row)
        for batch, row in read.advice
        if row["standing"] != "promise"  # told among the promises
        and last.get(row["facility_id"], batch.seq) == batch.seq
    ]
    warned = [
        (batch, {"facility_id": row["facility_id"]} | {name: row[f"advice_{name}"] for name in NAMES[1:]})
        for batch, row in read.warned
        if last.get(row["facility_id"], batch.seq) <= batch.seq
    ]
    told = {
        row["facility_id"]: {
            **{name: row[name] for name in NAMES},
            "on": batch.as_of,
            "text": _text(row, read.now[row["facility_id"]]["currency"], notices(batch), figures, language),
        }
        for batch, row in (*advised, *warned)
        if row["facility_id"] in read.now and (row["by_on"] is None or row["by_on"] > read.night.as_of)
    }
    return [told[line] for line in sorted(told)]


def _text(row: Row, currency: str, notices: Recorded, figures: Figures, language: Language) -> str:
    """One sentence: why there is nothing, or the action within what it leads to, as letters put it."""
    words = notices.words("advice", row["code"], language)
    if row["standing"] == "nothing":
        return words
    amount = "" if row["amount_cents"] is None else figures.money(row["amount_cents"], currency)
    action = _filled(words, {"amount": amount, "by_on": figures.day(row["by_on"])})
    leads_to = {
        "action": action,
        "limit": figures.money(row["limit_cents"], currency),
        "counts_on": figures.day(row["counts_on"]),
    }
    return _filled(notices.words("standing", row["standing"], language), leads_to)


def _filled(words: str, fields: Mapping[str, str]) -> str:
    return FIELD.sub(lambda found: fields.get(found[1], found[0]), words)
