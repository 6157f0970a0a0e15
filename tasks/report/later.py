"""What nights found of lines after people had decided on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger import Batch, Ledger
from sql.engine import Cursor

WHOLE = ("night", "revision")
"""Batches that decide every line of a day; a revision stands in the night's stead."""
CHANGING = (*WHOLE, "settlement")
"""Batches whose decreases tell of a borrower; what a reversal sets back tells of a night that was wrong."""
WINDOWS = (90, 180)
"""Days after which it is looked what became of a line."""


def look_later(db: Cursor, ledger: Ledger, newest: date) -> int:
    """Leave `later_night` and `later_sign`; return how many nights were looked through.

    Of lines with a decision as old as the shortest window. Nights whose decisions were pruned are left out.
    """
    for name in ("later_night", "later_sign"):
        db.create(f"schema/{name}")
    if not db.build("reports/watched_line", days=min(WINDOWS), newest=newest):
        return 0
    (watched,) = db.rows("reports/first_watched")
    committed = ledger.batches(state="committed")
    nights = _from_before(_newest_versions(committed), watched["first_on"])
    for known in nights:
        _signs_of_a_night(db, ledger, known)
    for known in committed:
        if known.kind in CHANGING and known.as_of >= watched["first_on"] and "changes" in known.files:
            db.parquet("later_change", [ledger.file(known, "changes")])
            db.extend("later_sign", "reports/later_decreased", as_of=known.as_of, batch_seq=known.seq)
    return db.insert("later_night", [{"as_of": known.as_of} for known in nights])


def _signs_of_a_night(db: Cursor, ledger: Ledger, known: Batch) -> None:
    db.parquet("later_decision", [ledger.file(known, "decisions")])
    db.drop("later_absent")
    if "absent" in known.files:
        db.parquet("later_absent", [ledger.file(known, "absent")])
    else:
        db.create("schema/later_absent")
    for sign in ("late", "closed"):
        db.extend("later_sign", f"reports/later_{sign}", as_of=known.as_of)


def _newest_versions(committed: Sequence[Batch]) -> list[Batch]:
    """Each night that is still kept, as it was last revised, in order."""
    found = {known.as_of: known for known in committed if known.kind in WHOLE}
    return [found[as_of] for as_of in sorted(found) if "decisions" in found[as_of].files]


def _from_before(nights: Sequence[Batch], first: date) -> list[Batch]:
    """Those from the last one before a day on: it says how lines stood when they were decided."""
    before = [known.as_of for known in nights if known.as_of < first]
    return [known for known in nights if known.as_of >= max(before, default=first)]
