"""What the revision of a night stands beside: what its earlier versions decided, told and left in force."""

# The names come from our own schema file and statements, never from data.

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sql.engine import Cursor
from sql.past import TABLE, known, leave_past

EARLIER = ("decision", "change", "draft")


def leave_earlier(db: Cursor, files: Sequence[dict[str, Path | None]]) -> None:
    """Leave `first_decision`, a row a line as the latest version that decided it has it, `first_change` and
    `first_draft`, all rows of every version. `files` are theirs, in order, by the names in EARLIER.
    """
    for name in EARLIER:
        paths = [path for each in files if (path := each[name]) is not None]
        db.drop(f"first_{name}")
        if name != "decision":
            if paths:
                db.parquet(f"first_{name}", paths)
            else:
                _leave_none(db, f"first_{name}", "past_change" if name == "change" else "drafts")
            continue
        db.parquet("version_1", [paths[-1]])
        db.raw.execute("create or replace table first_decision as from version_1")
        for path in reversed(paths[:-1]):
            db.parquet("version_1", [path])
            db.raw.execute(
                "insert into first_decision by name"
                " select * from version_1 where facility_id not in (select facility_id from first_decision)"
            )
        db.drop("version_1")


def leave_in_force(db: Cursor, aside: Cursor, decisions: Path | None, states: Sequence[Path]) -> None:
    """Leave `in_force`, how each line stands now, in the columns that a night carries on.

    `aside` is a cursor of a schema of its own: what tonight carries on from must stay.
    """
    leave_past(aside, decisions, states)
    db.raw.execute(f"create or replace table in_force as from {aside.schema}.{TABLE}")


def leave_revised_past(db: Cursor, aside: Cursor) -> None:
    """Leave `revised_past`: in those columns what the revision decided, what its source left out, and lines
    that the night alone knew.
    """
    if not db.has("absent"):
        db.raw.execute("create table absent as from in_force limit 0")
    columns = aside.columns(TABLE)
    listed = [known(db, name, columns) for name in ("decisions", "absent", "in_force")]
    listed[2] += " anti join decisions using (facility_id) anti join absent using (facility_id)"
    db.raw.execute(f"create or replace view revised_past as {' union all '.join(listed)}")


def _leave_none(db: Cursor, name: str, schema: str) -> None:
    with Cursor(db.raw.cursor(), "nothing") as nothing:
        nothing.create(f"schema/{schema}")
    db.raw.execute(f"create or replace view {name} as from nothing.{schema}")
