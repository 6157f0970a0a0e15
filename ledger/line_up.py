"""The open cases as a queue needs all of them: what orders them, and where each stands.

What they hold besides is most of their bytes, and is asked for of those alone that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ledger.cases import (
    AT_ONCE,
    SENT_ON,
    last_day,
    not_closed,
    sent_on_as,
    standing,
    with_last,
)
from ledger.rows import QueuedCase
from ledger.schema import review_case, review_event
from linewatch.case import KINDS
from linewatch.casework import BY_PEOPLE, GIVES_A_DAY, UNTOUCHED


def lined_up(connection: sa.Connection, opened_until: date) -> Iterator[QueuedCase]:
    """The open cases that were opened by a day, in no order."""
    known, (given, sent) = with_last(GIVES_A_DAY, SENT_ON)
    names = ("case_id", "borrower_id", "opened_on", "due_on")
    said = (_said(connection, name) for name in ("kind", "harm_cents"))
    worked_on = sa.exists().where(
        review_event.c.case_id == review_case.c.case_id, review_event.c.kind.in_(sorted(BY_PEOPLE))
    )
    query = (
        sa.select(*(review_case.c[name] for name in names), *said, given, sent, worked_on)
        .select_from(known)
        .where(not_closed(), review_case.c.opened_on <= opened_until)
    )
    rows = iter(connection.execute(query, execution_options={"yield_per": AT_ONCE}))
    while some := list(islice(rows, AT_ONCE)):
        stand = standing(connection, {row[0] for row in some if row[-1]})
        for case_id, borrower_id, opened_on, due_on, kind, harm_cents, day, other_kind, _ in some:
            yield QueuedCase(
                case_id,
                borrower_id,
                opened_on,
                last_day(day, due_on),
                kind or list(KINDS)[-1],
                sent_on_as(other_kind),
                None if harm_cents is None else int(harm_cents),
                stand.get(case_id, UNTOUCHED),
            )


def _said(connection: sa.Connection, name: str) -> sa.ColumnElement[Any]:
    """One thing that a case said of itself as it was opened."""
    if connection.dialect.name == "sqlite":
        return sa.func.json_extract(review_case.c.content, f"$.{name}")
    text: sa.ColumnElement[Any] = sa.cast(review_case.c.content, postgresql.JSON)[name].astext
    return text
