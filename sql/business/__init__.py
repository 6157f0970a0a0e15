"""What counts of a firm's statements and assessments on a night: one choice, which features and walk read."""

from __future__ import annotations

from sql.engine import Cursor

STEPS = ("statement_now", "assessment_now")


def build_business(db: Cursor) -> None:
    """Leave `statement_now` and `assessment_now`, from `night` and the accepted tables."""
    for step in STEPS:
        db.build(f"business/{step}")
