"""What a person's own command left of a held night, where it was cut off before all was handed out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ledger import receipt, standing_ledger
from linewatch.people import other_than
from linewatch.receipt import Receipt
from tasks.approve.blocks import KIND


def done_before(home: Path, as_of: date, action: str, by: str) -> Receipt | None:
    """What the newest night of `as_of` came to, if the last thing anybody did to it is this, by this person:
    `approve`, `discard` or `protective`, whose blocks are meant then. None otherwise, also while it is held.
    """
    ledger = standing_ledger(home)
    known = ledger.batches()
    nights = [each for each in known if each.kind == "night" and each.as_of == as_of]
    signed = ledger.approvals(nights[-1]) if nights else []
    if action == "protective":
        nights = [
            each for each in known if each.kind == KIND and nights and each.counts["of"] == nights[-1].seq
        ]
        signed = ledger.approvals(nights[-1]) if nights else []
    if not signed or signed[-1].action != action or other_than(signed[-1].by, by):
        return None
    return receipt(home, nights[-1])
