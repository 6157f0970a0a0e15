"""Staged rows cut down to those that a few lines are decided from, and copies of them that may be edited."""

# Names cannot be bound; these come from the contract, never from data.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sql.contract import contract
from sql.engine import Cursor, checked_name

OTHER_ENDS = ("related_borrower_id",)
"""Columns in which a row may name a wanted borrower too."""


def narrow(db: Cursor, facility_ids: Sequence[str]) -> int:
    """Leave in every stg_ table the rows of the borrowers around some lines; return how many these are.

    Call it between `stage` and `accept`. Tables that belong to nobody, as rates do, stay whole.
    """
    db.view("again/tie")
    count = db.build("again/wanted", facility_ids=list(facility_ids))
    db.raw.execute(
        "create or replace table wanted_line as"
        " select facility_id from stg_facility where borrower_id in (select borrower_id from wanted)"
    )
    for table in contract().values():
        names = {column.name for column in table.columns}
        ends = [name for name in ("borrower_id", *OTHER_ENDS) if name in names]
        if ends:
            kept = " or ".join(f"{name} in (select borrower_id from wanted)" for name in ends)
        elif "facility_id" in names:
            kept = "facility_id in (select facility_id from wanted_line)"
        else:
            continue
        _copy(db, table.name, f"where {kept}")
    return count


def copy(db: Cursor, table: str) -> None:
    """Leave a staged table as rows of its own, which may be edited."""
    if not db.has(f"own_{checked_name(table)}_rows"):
        _copy(db, table, "")


def rows(db: Cursor, table: str, where: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The staged rows that a condition over bound values finds, in the order of their keys."""
    order = ", ".join(contract()[table].key)
    result = db.raw.execute(f"select * from stg_{checked_name(table)} where {where} order by {order}", values)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def set_column(db: Cursor, table: str, column: str, row: dict[str, Any], value: Any) -> None:
    """Give one row, found by its key, another value."""
    copy(db, table)
    key = contract()[table].key
    where = " and ".join(f"{name} = ${name}" for name in key)
    named = {name: row[name] for name in key}
    db.raw.execute(
        f"update own_{checked_name(table)}_rows set {checked_name(column)} = $value_ where {where}",
        {**named, "value_": value},
    )


def _copy(db: Cursor, table: str, where: str) -> None:
    db.raw.execute(
        f"create or replace table own_{checked_name(table)}_rows as select * from stg_{table} {where}"
    )
    db.raw.execute(f"create or replace view stg_{table} as from own_{table}_rows")
