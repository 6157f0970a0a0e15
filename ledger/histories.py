"""Review cases with all that was ever done to them: for reports, which read many at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ledger.cases import AT_ONCE, not_closed
from ledger.schema import review_case, review_event
from linewatch.readings import SAYS, CaseHistory, Dated

FEW = 100


def histories(connection: sa.Connection, since: datetime) -> Iterator[CaseHistory]:
    """The cases that are open, and those to which anything was done since a moment, each with all that ever
    was, but for what later nights saw of it. One that was erased tells nothing any more, and is left out.
    """
    touched = sa.select(review_event.c.case_id).where(review_event.c.recorded_at >= since)
    still_open = sa.select(review_case.c.case_id).where(not_closed())
    wanted = sorted({*connection.scalars(touched), *connection.scalars(still_open)})
    for start in range(0, len(wanted), AT_ONCE):
        yield from _some(connection, wanted[start : start + AT_ONCE])


def _some(connection: sa.Connection, case_ids: Sequence[str]) -> Iterator[CaseHistory]:
    names = ("case_id", "borrower_id", "opened_on", "due_on")
    query = sa.select(*(review_case.c[name] for name in names), _kind(connection).label("kind")).where(
        review_case.c.case_id.in_(case_ids), review_case.c.borrower_id != ""
    )
    cases = {row.case_id: row for row in connection.execute(query).all()}
    # What a night saw of a case is most of its bytes, and is read nowhere.
    content = sa.case((review_event.c.kind.in_(sorted(SAYS)), review_event.c.content), else_="")
    columns = (review_event.c[name] for name in ("case_id", "kind", "by", "recorded_at", "batch_seq"))
    events = sa.select(*columns, content).where(
        review_event.c.case_id.in_(list(cases)), review_event.c.kind != "seen_again"
    )
    rows = connection.execute(events.order_by(review_event.c.case_id, review_event.c.seq))
    # Few rows at once: of many that live long, Python's collector would go through all again and again.
    for case_id, own in groupby(chain.from_iterable(rows.partitions(FEW)), key=itemgetter(0)):
        case = cases[case_id]
        yield CaseHistory(
            case_id=case_id,
            borrower_id=case.borrower_id,
            kind=case.kind or "desk_review",
            opened_on=case.opened_on,
            due_on=case.due_on,
            events=tuple(_dated(*row) for row in own),
        )


def _dated(case_id: str, kind: str, by: str, at: datetime, batch_seq: int | None, said: str) -> Dated:
    return Dated(kind, by, content=json.loads(said) if said else {}, at=at, batch_seq=batch_seq)


def _kind(connection: sa.Connection) -> sa.ColumnElement[Any]:
    """What a case said of itself as it was opened: all of it is a hundred times as long."""
    if connection.dialect.name == "sqlite":
        return sa.func.json_extract(review_case.c.content, "$.kind", type_=sa.String)
    return sa.cast(sa.cast(review_case.c.content, postgresql.JSON)["kind"].astext, sa.String)
