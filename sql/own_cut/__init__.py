"""Whose grade tonight's cuts would lower by themselves: those borrowers are scored with these limits."""

from __future__ import annotations

from sql.engine import Cursor

OWN = "own_cut"
"""The schema in which they are scored; what no limit enters is read where the night left it."""
READS = "own_cut/cut_now"
"""The statement that reads the walk."""
STATEMENTS = ("features/own_line", "features/own_now", "features/guarantee_cover")
"""What of the characteristics depends on the limits of own lines."""


def find(db: Cursor) -> bool:
    """Leave `grade_fall` from the cuts of `walk_stability`; whether there is any.

    Reads the accepted rows, characteristics and scores of the night, and the scorecards that gave these.
    """
    if not db.build(READS):
        return False
    with db.above(OWN) as own:
        for table in ("borrower", "facility"):
            own.drop(table)
            own.build(f"own_cut/{table}")
        for statement in STATEMENTS:
            own.build(statement)
        for subject in ("consumer", "enterprise"):
            own.build(f"features/features_{subject}")
        own.build("scores/scores")
    return bool(db.build("own_cut/grade_fall"))
