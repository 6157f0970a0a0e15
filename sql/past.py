"""What a night carries on from: the last night's rows, as later batches left the lines that they touched."""

# The names come from our own schema file, never from data.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sql.engine import Cursor

TABLE = "past_decision"
LATER_COLUMNS = {
    "grounds": "struct(step varchar, row varchar, kind varchar, class_share_bp integer, cents bigint)[]",
    "requested_limit_cents": "bigint",
}
"""Of `decisions`, what the first nights did not keep and a settlement asks for."""


def leave_past(db: Cursor, decisions: Path | None, states: Sequence[Path], table: str = TABLE) -> None:
    """Leave `past_decision`, or another table of its columns, one row a line.

    `decisions` is the file of the last committed night. `states` are the files of the batches committed upon
    it, in order: a line that stands in one of them is as the last of them left it.
    """
    for name in (table, f"{table}_night", f"{table}_later", TABLE):
        db.drop(name)
    db.create(f"schema/{TABLE}")
    columns = db.columns(TABLE)
    names = ", ".join(columns)
    db.raw.execute(f"create or replace table {table}_later as from {TABLE}")
    for path in states:
        db.parquet(f"{table}_state", [path])
        db.raw.execute(
            f"delete from {table}_later where facility_id in (select facility_id from {table}_state)"
        )
        db.raw.execute(f"insert into {table}_later by name {known(db, f'{table}_state', columns)}")
        db.drop(f"{table}_state")
    db.drop(TABLE)
    later = f"select {names} from {table}_later"
    if decisions is None:
        db.raw.execute(f"create view {table} as {later}")
        return
    db.parquet(f"{table}_night", [decisions])
    night = known(db, f"{table}_night", columns)
    if states:
        night += f" anti join {table}_later using (facility_id) union all {later}"
    db.raw.execute(f"create view {table} as {night}")


def leave_decided(db: Cursor, decisions: Path, view: str) -> None:
    """Leave a view of all that a night decided; of one of an older version LATER_COLUMNS are unknown."""
    file = f"{view}_file"
    db.parquet(file, [decisions])
    written = db.columns(file)
    added = "".join(
        f", cast(null as {type}) as {name}" for name, type in LATER_COLUMNS.items() if name not in written
    )
    db.drop(view)
    db.raw.execute(f"create view {view} as select *{added} from {file}")


def known(db: Cursor, file: str, columns: Mapping[str, str]) -> str:
    """The columns of a file, in the table's order; one that an older version did not write is unknown."""
    written = db.columns(file)
    picked = (
        name if name in written else f"cast(null as {type}) as {name}" for name, type in columns.items()
    )
    return f"select {', '.join(picked)} from {file}"
