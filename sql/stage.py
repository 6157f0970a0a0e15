"""From the source's rows to accepted rows: raw_ tables are typed as stg_ views, and what a promise of the
data sets aside is left out of the views under the contract's plain names.

Static statements cannot name a column that may be absent, so these views are built from the
contract. Their names come from the contract and the source's columns, quoted; no value is pasted in.
"""

# Names cannot be bound; these come from the contract, and queries from the suites, never from data.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sql.contract import WIDENS_TO, Column, Table, contract
from sql.engine import Cursor

INT32 = (-2_147_483_648, 2_147_483_647)
BOTH_WAYS = {("control_link", "related_borrower_id")}
"""A doubtful tie of control makes the exposure of both its ends doubtful."""


def present(db: Cursor) -> dict[str, int]:
    """The contract's tables that the source has, with their rows."""
    return {name: db.count(f"raw_{name}") for name in contract() if db.has(f"raw_{name}")}


def note_source_columns(db: Cursor) -> None:
    """Leave `source_column`: how each column came, and whether the contract can take it without loss."""
    tables = [table for name, table in contract().items() if db.has(f"raw_{name}")]
    db.replace("source_column", [row for table in tables for row in _source_columns(db, table)])


def stage(db: Cursor) -> None:
    """Leave stg_<table> for every table of the contract: all its columns, typed; an absent table is empty.

    Call it when every row of `source_column` fits: the casts are then known to lose nothing.
    """
    for table in contract().values():
        db.raw.execute(f"create or replace view stg_{table.name} as {_projection(db, table)}")
        db.drop(f"bad_{table.name}")
    db.create("schema/quarantine")
    db.create("schema/quarantined_borrower")


def last_closed_month(as_of: date) -> date:
    """The first day of the last month that had ended at the end of `as_of`: of 31 October, 1 October."""
    return ((as_of + timedelta(days=1)).replace(day=1) - timedelta(days=1)).replace(day=1)


def set_terms(db: Cursor, as_of: date, freshness_days: int, reporting_currency: str | None) -> None:
    """Leave what expectations over several tables compare with: `night_terms` and `source_day`."""
    closed = last_closed_month(as_of)
    terms = {
        "night_as_of": as_of,
        "last_closed_month": closed,
        "last_closed_day": (closed + timedelta(days=31)).replace(day=1) - timedelta(days=1),
        "freshness_days": freshness_days,
        "reporting_currency": reporting_currency,
    }
    db.replace("night_terms", [terms])
    db.build("staging/source_day", as_of=as_of)


def last_day(db: Cursor) -> date | None:
    """The last day that any row of the source is dated; on or before as_of if there is one."""
    found = db.raw.execute("select coalesce(max(last_on), max(latest_on)) from source_day").fetchall()
    day: date | None = found[0][0]
    return day


def set_aside(db: Cursor, table_name: str, expectation: str, bad_rows: str) -> int:
    """Quarantine the rows whose keys `bad_rows` selects; return how many."""
    table = contract()[table_name]
    keys = ", ".join(table.key)
    bad = f"select distinct {keys} from ({bad_rows}) as bad_rows"
    db.raw.execute(f"create table if not exists bad_{table_name} as {bad} limit 0")
    db.raw.execute(f"insert into bad_{table_name} {bad}")
    owner, joined = _owner(table)
    shown = " || '|' || ".join(f"cast(bad.{column} as varchar)" for column in table.key)
    db.raw.execute(
        f"insert into quarantine select $table_name, {shown}, {owner}, $expectation"
        f" from ({bad}) as bad {joined}",
        {"table_name": table_name, "expectation": expectation},
    )
    for column in (column for name, column in BOTH_WAYS if name == table_name):
        db.raw.execute(f"insert into quarantined_borrower select distinct {column} from ({bad}) as bad")
    return int(db.raw.execute(f"select count(*) from ({bad}) as bad").fetchall()[0][0])


def accept(db: Cursor) -> dict[str, int]:
    """Leave a view of the accepted rows under each table's plain name, and `quarantined_borrower`.

    Returns the rows set aside, by table, for the tables that have any.
    """
    aside: dict[str, int] = {}
    for table in contract().values():
        keys = ", ".join(table.key)
        left_out = ""
        if db.has(f"bad_{table.name}"):
            left_out = f"anti join bad_{table.name} using ({keys})"
            counted = db.raw.execute(f"select count(*) from (select distinct {keys} from bad_{table.name})")
            aside[table.name] = int(counted.fetchall()[0][0])
        db.raw.execute(f"create or replace view {table.name} as select * from stg_{table.name} {left_out}")
    db.raw.execute(
        "create or replace table quarantined_borrower as select distinct borrower_id from "
        "(from quarantined_borrower union all select borrower_id from quarantine) as aside "
        "where borrower_id is not null order by borrower_id"
    )
    return aside


def set_aside_again(db: Cursor) -> None:
    """Set aside what an earlier night did: reads its `quarantine` and `quarantined_borrower`.

    Call it between `stage` and `accept`. Rows are found by the key as the quarantine tells it.
    """
    told = db.raw.execute("select distinct table_name from quarantine order by table_name").fetchall()
    for (table_name,) in told:
        table = contract()[table_name]
        shown = " || '|' || ".join(f"cast({column} as varchar)" for column in table.key)
        db.raw.execute(
            f"create or replace table bad_{table_name} as"
            f" select distinct {', '.join(table.key)} from stg_{table_name}"
            f" where {shown} in (select key from quarantine where table_name = $table_name)",
            {"table_name": table_name},
        )


def first_keys(db: Cursor, table_name: str, bad_rows: str, most: int = 5) -> tuple[list[str], bool]:
    """The first keys of the rows that a query gives, in order, and True; its rows as they are, which tell of
    the table's shape alone, and False if it selects no key.
    """
    names = [row[0] for row in db.raw.execute(f"describe select * from ({bad_rows}) as bad_rows").fetchall()]
    key = contract()[table_name].key
    shown = key if set(key) <= set(names) else names
    rows = db.raw.execute(
        f"select distinct {', '.join(shown)} from ({bad_rows}) as bad_rows order by all limit {int(most)}"
    ).fetchall()
    if shown == key:
        return ["|".join("null" if value is None else str(value) for value in row) for row in rows], True
    told = [", ".join(f"{name} {value}" for name, value in zip(shown, row, strict=True)) for row in rows]
    return told, False


def _source_columns(db: Cursor, table: Table) -> list[dict[str, object]]:
    source = db.columns(f"raw_{table.name}")
    pairs = {name: table.column(name) for name in source}
    losses = _losses(db, table.name, source, pairs)
    rows = []
    for name, source_type in source.items():
        column = pairs[name]
        accepted = column is None or _accepts(table, column, source_type)
        absent = not accepted and losses[name] == 0
        rows.append(
            {
                "table_name": table.name,
                "column_name": name,
                "source_type": source_type,
                "contract_type": column.type if column else None,
                "counts_as_absent": absent,
                "unfit_rows": losses.get(name, 0),
                "fits": losses.get(name, 0) == 0,
            }
        )
    return rows


def _losses(
    db: Cursor, table_name: str, source: dict[str, str], pairs: dict[str, Column | None]
) -> dict[str, int]:
    """Rows that a column's cast would change or refuse, where there could be any, in one pass.

    A column of a type that the contract does not take loses every value it has: none, if all are null.
    """
    table = contract()[table_name]
    counts = {}
    for name, column in pairs.items():
        if column is None:
            continue
        quoted = f'"{name}"'
        if not _accepts(table, column, source[name]):
            counts[name] = f"count({quoted})"
        elif column.type == "INTEGER" and source[name] == "BIGINT":
            counts[name] = f"count(*) filter (where {quoted} not between {INT32[0]} and {INT32[1]})"
        elif column.type == "DATE" and source[name] != "DATE":
            counts[name] = f"count(*) filter (where {quoted} <> date_trunc('day', {quoted}))"
    if not counts:
        return {}
    found = db.raw.execute(f"select {', '.join(counts.values())} from raw_{table_name}").fetchall()[0]
    return dict(zip(counts, map(int, found), strict=True))


def _accepts(table: Table, column: Column, source_type: str) -> bool:
    flag = (table.name, column.name, source_type) == ("borrower", "fraud_flag", "BOOLEAN")
    return flag or source_type in WIDENS_TO[column.type]


def _projection(db: Cursor, table: Table) -> str:
    if not db.has(f"raw_{table.name}"):
        return f"select {', '.join(_null(column) for column in table.columns)} where false"
    source = db.columns(f"raw_{table.name}")
    absent = {
        row[0]
        for row in db.raw.execute(
            "select column_name from source_column where table_name = ? and counts_as_absent", [table.name]
        ).fetchall()
    }
    there = set(source) - absent
    columns = [
        _cast(column, source[column.name]) if column.name in there else _null(column)
        for column in table.columns
    ]
    return f"select {', '.join(columns)} from raw_{table.name}"


def _null(column: Column) -> str:
    return f'cast(null as {column.type}) as "{column.name}"'


def _cast(column: Column, source_type: str) -> str:
    quoted = f'"{column.name}"'
    if source_type == column.type:
        return quoted
    if column.name == "fraud_flag" and source_type == "BOOLEAN":
        return f"case {quoted} when true then 'suspected' when false then 'none' end as {quoted}"
    return f"cast({quoted} as {column.type}) as {quoted}"


def _owner(table: Table) -> tuple[str, str]:
    """The expression that names a bad row's borrower, and the join that it needs."""
    names: Sequence[str] = [column.name for column in table.columns]
    if "borrower_id" in table.key:
        return "bad.borrower_id", ""
    if "borrower_id" in names:
        return "owned.borrower_id", f"left join stg_{table.name} as owned using ({', '.join(table.key)})"
    if "facility_id" in table.key:
        return "line.borrower_id", "left join stg_facility as line using (facility_id)"
    return "null", ""
