"""Facts about security, told once: the characteristics and the walk read the same covers."""

from __future__ import annotations

from sql.engine import Cursor

STEPS = ("security/in_default", "security/provider_default", "security/cover_now")


def build_covers(db: Cursor) -> int:
    """Leave `in_default`, a row a borrower, and `cover_now`, a row a cover that counts tonight.

    Reads `exposure_group`, `pol_control_group`, `quarantined_borrower` and what the source has.
    """
    for step in STEPS:
        db.build(step)
    return db.count("cover_now")
