"""What stands beside the lines that get letters: what was measured of their borrowers, causes and advice."""

# Names come from our own lists and from tables that our own statements leave, and are checked to be plain.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sql.engine import Cursor, checked_name

FEATURES = ("features_consumer", "features_enterprise")
OPTIONAL = ("cause_of_line", "advice")
"""Tables that a night may have left; without them no letter says such a thing."""


def leave_beside(db: Cursor, names: Sequence[str], as_of: date) -> None:
    """Leave the views `measured` and `bureau_of`, a row a borrower, and `told_of_line`, a row a line.

    `measured` has the characteristics of these names as one struct, null where nobody measured them, and
    whether a bureau's report was among what was measured.
    """
    parts = [_measured(names, table, db.columns(table)) for table in FEATURES if db.has(table)]
    none = f"{_measured(names, None, {})} limit 0"
    db.raw.execute(f"create or replace view measured as {' union all '.join(parts) or none}")
    reports = (
        "select borrower_id, first(provider order by pulled_on desc, provider) as provider from bureau_report"
        f" where pulled_on <= date '{as_of.isoformat()}' group by borrower_id"
        if db.has("bureau_report")
        else "select cast(null as varchar) as borrower_id, cast(null as varchar) as provider limit 0"
    )
    db.raw.execute(f"create or replace view bureau_of as {reports}")
    # A line may come to the limit by the matrix alone, whose borrower did not do what was asked.
    kept = (
        "select facility_id, made_on as promised_on from promises where state = 'kept' and because = 'set'"
        " and facility_id in (select facility_id from promise_now where due_promise_cents is not null)"
        if db.has("promises")
        else "select cast(null as varchar) as facility_id, cast(null as date) as promised_on limit 0"
    )
    db.raw.execute(f"create or replace view kept_promise as {kept}")
    _leave_told(db)


def _leave_told(db: Cursor) -> None:
    """What a night has not looked at it must not seem to have: an empty table stands no longer than this."""
    absent = [table for table in OPTIONAL if not db.has(table)]
    for table in absent:
        db.create(f"schema/{table}")
    db.build("letters/told_of_line")
    for table in absent:
        db.drop(table)


def _measured(names: Sequence[str], table: str | None, held: dict[str, str]) -> str:
    fields = ", ".join(
        f"{checked_name(name)} := cast({name if name in held else 'null'} as bigint)" for name in names
    )
    reported = [name for name in held if name.startswith("external_") or name == "public_records"]
    used = " or ".join(f"{checked_name(name)} is not null" for name in reported) or "false"
    key = "borrower_id" if table else "cast(null as varchar) as borrower_id"
    source = f" from {checked_name(table)}" if table else ""
    return f"select {key}, struct_pack({fields}) as figures, ({used}) as bureau_used{source}"
