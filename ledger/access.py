"""What the record holds of one borrower, table by table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa

from ledger.book import Ledger
from ledger.engine import reading
from ledger.schema import metadata, review_case, review_event
from linewatch.whereabouts import RECORD

AT_ONCE = 500
Rows = list[dict[str, Any]]


def held_of(ledger: Ledger, borrower_id: str, lines: Collection[str]) -> dict[str, Rows]:
    """The rows of every table that are of the borrower, or in whose text their key or that of a line of
    theirs stands by itself; from one view of the record, each in the order of its primary key.
    """
    with reading(ledger.engine) as connection:
        cases = _cases(connection, borrower_id, lines)
        found = {
            name: _rows(connection, name, borrower_id, lines, cases)
            for name in RECORD
            if RECORD[name].by is not None or RECORD[name].texts
        }
    return {name: rows for name, rows in found.items() if rows}


def _cases(connection: sa.Connection, borrower_id: str, lines: Collection[str]) -> list[str]:
    found = {
        case_id
        for condition in _of_borrower(review_case, borrower_id, lines)
        for case_id in connection.scalars(sa.select(review_case.c.case_id).where(condition))
    }
    return sorted(found)


def _rows(
    connection: sa.Connection, name: str, borrower_id: str, lines: Collection[str], cases: list[str]
) -> Rows:
    table = metadata.tables[name]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    by, texts = RECORD[name].by, RECORD[name].texts
    conditions: list[sa.ColumnElement[bool]] = []
    if by == "borrower":
        conditions = _of_borrower(table, borrower_id, lines)
    if by == "case":
        conditions = [review_event.c.case_id.in_(some) for some in _some(cases)]
    for condition in conditions:
        _add(found, table, connection.execute(sa.select(table).where(condition)))
    whole = [re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])") for key in (borrower_id, *lines)]
    for key in (borrower_id, *lines):
        holds = sa.or_(*(table.c[text].contains(key, autoescape=True) for text in texts))
        rows = connection.execute(sa.select(table).where(holds))
        _add(
            found,
            table,
            (row for row in rows if any(each.search(row._mapping[text]) for each in whole for text in texts)),
        )
    return [found[key] for key in sorted(found)]


def _add(found: dict[tuple[Any, ...], dict[str, Any]], table: sa.Table, rows: Any) -> None:
    for row in rows:
        told = dict(row._mapping)
        found[tuple(told[column.name] for column in table.primary_key.columns)] = told


def _of_borrower(table: sa.Table, borrower_id: str, lines: Collection[str]) -> list[sa.ColumnElement[bool]]:
    own = table.c.borrower_id == borrower_id
    return [own, *(table.c.facility_id.in_(some) for some in _some(sorted(lines)))]


def _some(keys: list[str]) -> Iterator[list[str]]:
    """A statement takes few parameters."""
    for at in range(0, len(keys), AT_ONCE):
        yield keys[at : at + AT_ONCE]
