"""Facts about security, told once: the characteristics and the walk read the same covers."""

from __future__ import annotations

from sql.engine import Cursor

STEPS = ("security/provider_default", "security/cover_now")


def build_covers(db: Cursor) -> int:
    """Leave `cover_now`, a row a cover that counts tonight; reads `exposure_group` and accepted tables."""
    for step in STEPS:
        db.build(step)
    return db.count("cover_now")
