"""Review cases: a referred line is a row that waits for a person, and what happens to it is events."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa

from ledger.event import Event
from ledger.rows import Batch, CaseEvent, OpenCase, SeenCase, WaitingCase, as_json
from ledger.schema import review_case, review_event
from linewatch.casework import (
    BY_PEOPLE,
    CLOSES,
    GIVES_A_DAY,
    NO_CASE,
    Casework,
    Done,
    Stage,
    step,
    why_not,
)
from linewatch.errors import NightRefused

COLUMNS = ("case_id", "facility_id", "borrower_id", "opened_on", "due_on")
SEEN_AGAIN, SENT_ON = ("seen_again",), ("sent_on",)
AT_ONCE = 1_000
"""Cases held at once: a statement takes few parameters, and a night may open half a million."""


def open_cases(event: Event, batch_seq: int, cases: Iterable[Mapping[str, Any]]) -> None:
    """Make each case known and note it opened; one known already is noted as seen again."""
    coming = iter(cases)
    while listed := list(islice(coming, AT_ONCE)):
        known = _known(event.connection, [case["case_id"] for case in listed])
        fresh = {case["case_id"]: _row(case, batch_seq) for case in listed if case["case_id"] not in known}
        event.review([_seen(case, batch_seq, case["case_id"] in known) for case in listed], fresh)


def supersede(event: Event, known: Batch, revised: Sequence[int]) -> None:
    """Close the cases that earlier versions of a revised night opened and the revision does not ask for."""
    seen = sa.exists().where(
        review_event.c.case_id == review_case.c.case_id, review_event.c.batch_seq == known.seq
    )
    query = sa.select(review_case.c.case_id).where(not_closed(), review_case.c.batch_seq.in_(revised), ~seen)
    closed = list(event.connection.scalars(query.order_by(review_case.c.case_id)))
    for start in range(0, len(closed), AT_ONCE):
        event.review([_superseded(case_id, known) for case_id in closed[start : start + AT_ONCE]], {})


def work(
    event: Event, acts: Sequence[tuple[str, Done]], past_due: date | None = None
) -> tuple[list[str], set[str]]:
    """Add what is let in; for each act why it is not, or nothing, and the kinds of those that are.

    With `past_due` nothing is done to a case whose day is not before that one.
    """
    stand = standing(event.connection, {case_id for case_id, _ in acts})
    in_time = _in_time(event.connection, stand, past_due) if past_due is not None else set()
    told: list[str] = []
    rows: list[dict[str, Any]] = []
    for case_id, act in acts:
        why = (
            "its day has not passed"
            if case_id in in_time
            else _why_not(event.connection, stand, case_id, act)
        )
        told.append(why)
        if not why:
            stand[case_id] = step(stand[case_id], act)
            rows.append(_done(case_id, act))
    for start in range(0, len(rows), AT_ONCE):
        event.review(rows[start : start + AT_ONCE], {})
    return told, {row["kind"] for row in rows}


def _why_not(connection: sa.Connection, stand: Mapping[str, Casework], case_id: str, act: Done) -> str:
    if act.kind not in BY_PEOPLE:
        raise ValueError(f"{act.kind} is not for people to do")
    if case_id not in stand:
        return NO_CASE
    if why := why_not(stand[case_id], act):
        return why
    other = _other_open(connection, case_id) if act.kind == "reopened" else None
    return f"the borrower has an open case, {other}: what they say joins it" if other else ""


def _other_open(connection: sa.Connection, case_id: str) -> str | None:
    own = sa.select(review_case.c.borrower_id).where(review_case.c.case_id == case_id).scalar_subquery()
    query = sa.select(review_case.c.case_id).where(
        review_case.c.borrower_id == own, review_case.c.case_id != case_id, not_closed()
    )
    found: str | None = connection.scalar(query.limit(1))
    return found


def _done(case_id: str, act: Done, batch_seq: int | None = None) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "batch_seq": batch_seq,
        "kind": act.kind,
        "by": act.by,
        "because": act.because,
        "content": as_json(dict(act.content)),
    }


def _in_time(connection: sa.Connection, case_ids: Collection[str], as_of: date) -> set[str]:
    """Those of the cases whose day is not before `as_of`, or that have none."""
    found: set[str] = set()
    for some in _by_thousands(case_ids):
        known, (given,) = with_last(GIVES_A_DAY, among=some)
        query = sa.select(review_case.c.case_id, review_case.c.due_on, given).select_from(known)
        for case_id, opened_with, said in connection.execute(query.where(review_case.c.case_id.in_(some))):
            day = last_day(said, opened_with)
            if day is None or day >= as_of:
                found.add(case_id)
    return found


def standing(connection: sa.Connection, case_ids: Collection[str] | None) -> dict[str, Casework]:
    """Where each of the cases stands; None: each that is open."""
    if case_ids is None:
        case_ids = {each.case_id for each in waiting(connection)}
    found: dict[str, Casework] = {}
    # What a night saw of a case is most of its bytes, and leaves it where it stands.
    content = sa.case((review_event.c.kind == "seen_again", "{}"), else_=review_event.c.content)
    columns = (
        *(review_event.c[name] for name in ("case_id", "kind", "by", "because")),
        content.label("said"),
    )
    for some in _by_thousands(sorted(case_ids)):
        query = sa.select(*columns).where(review_event.c.case_id.in_(some)).order_by(review_event.c.seq)
        for row in connection.execute(query):
            done = Done(row.kind, row.by, row.because, json.loads(row.said or "{}"))
            found[row.case_id] = step(found.get(row.case_id, Casework()), done)
    return found


def ready(connection: sa.Connection) -> dict[str, Casework]:
    """The open cases that are decided, and by two where two are asked for."""
    answered = sa.exists().where(
        review_event.c.case_id == review_case.c.case_id, review_event.c.kind.in_(("decided", "agreed"))
    )
    query = sa.select(review_case.c.case_id).where(answered, not_closed())
    found = standing(connection, set(connection.scalars(query)))
    return {case_id: work for case_id, work in found.items() if work.stage is Stage.READY}


def settle(event: Event, known: Batch, settled: Mapping[str, tuple[Casework, Done]]) -> None:
    """Close cases by the batch that takes their outcome in. Raises NightRefused where one stands otherwise
    than it did when that was made.
    """
    now = standing(event.connection, set(settled))
    changed = [case_id for case_id, (work, done) in settled.items() if now.get(case_id) != work]
    if changed or any(why_not(now[case_id], done) for case_id, (_, done) in settled.items()):
        raise NightRefused(
            f"{len(changed)} cases were worked on while they were settled.",
            what_now="Nothing was changed. Run the same command again.",
        )
    rows = [_done(case_id, done, known.seq) for case_id, (_, done) in sorted(settled.items())]
    for start in range(0, len(rows), AT_ONCE):
        event.review(rows[start : start + AT_ONCE], {})


def events_of(connection: sa.Connection, case_id: str) -> list[CaseEvent]:
    """What was done to a case, the oldest first."""
    query = sa.select(review_event).where(review_event.c.case_id == case_id).order_by(review_event.c.seq)
    return [
        CaseEvent(row.kind, row.by, row.because, json.loads(row.content or "{}"), row.recorded_at)
        for row in connection.execute(query)
    ]


def withdraw(event: Event, case_ids: Collection[str], batch_seq: int) -> None:
    """Close those of the cases that are open: there is nobody left to decide on."""
    wanted = set(case_ids)
    done = {"batch_seq": batch_seq, "kind": "withdrawn", "by": "linewatch", "because": "", "content": "{}"}
    still = [each.case_id for each in waiting(event.connection) if each.case_id in wanted]
    event.review([{"case_id": case_id, **done} for case_id in still], {})


def still_open(connection: sa.Connection) -> Iterator[OpenCase]:
    """Cases that no event has closed, the oldest first."""
    for row in _each(connection, _whole().where(not_closed())):
        yield _case(row)


def open_of(connection: sa.Connection, borrower_id: str) -> list[OpenCase]:
    """The open cases of a borrower, the oldest first."""
    own = review_case.c.borrower_id == borrower_id
    known = set(connection.scalars(sa.select(review_case.c.case_id).where(own, not_closed())))
    return sorted(named(connection, known), key=lambda each: (each.opened_on, each.case_id))


def named(connection: sa.Connection, case_ids: Iterable[str]) -> Iterator[OpenCase]:
    """Those of the cases that the record has, open or closed, in the order of their ids."""
    for some in _by_thousands(sorted(case_ids)):
        query = _whole(some).where(review_case.c.case_id.in_(some))
        for row in connection.execute(query.order_by(review_case.c.case_id)):
            yield _case(row)


def _whole(among: Collection[str] | None = None) -> sa.Select[Any]:
    """The cases with their day and kind as events left them; `among` are those that are asked for."""
    known, (given, sent) = with_last(GIVES_A_DAY, SENT_ON, among=among)
    return sa.select(review_case, given.label("given"), sent.label("sent")).select_from(known)


def _case(row: sa.Row[Any]) -> OpenCase:
    return OpenCase(
        case_id=row.case_id,
        facility_id=row.facility_id,
        borrower_id=row.borrower_id,
        opened_on=row.opened_on,
        due_on=last_day(row.given, row.due_on),
        content=json.loads(row.content or "{}"),
        sent_on_as=sent_on_as(row.sent),
    )


def waiting(connection: sa.Connection, as_known_to: Batch | None = None) -> Iterator[WaitingCase]:
    """As `still_open`, by their days alone; with a batch, as they stood when it was begun."""
    known, (given,) = with_last(GIVES_A_DAY, as_known_to=as_known_to)
    columns = (*(review_case.c[name] for name in WaitingCase._fields), given.label("given"))
    query = sa.select(*columns).select_from(known).where(not_closed(as_known_to))
    if as_known_to is not None:
        query = query.where(review_case.c.batch_seq < as_known_to.seq)
    for row in _each(connection, query):
        yield WaitingCase(row.borrower_id, row.case_id, row.opened_on, last_day(row.given, row.due_on))


def past_due(connection: sa.Connection, as_of: date) -> list[str]:
    """The open cases whose day was before `as_of`, the oldest first."""
    return [each.case_id for each in waiting(connection) if each.due_on is not None and each.due_on < as_of]


def seen(connection: sa.Connection, case_ids: Collection[str]) -> dict[str, SeenCase]:
    """Each of the cases as nights saw it, by its id."""
    found: dict[str, SeenCase] = {}
    for some in _by_thousands(case_ids):
        known, (again, sent) = with_last(SEEN_AGAIN, SENT_ON, among=some)
        query = sa.select(review_case, again.label("again"), sent.label("sent")).select_from(known)
        for row in connection.execute(query.where(review_case.c.case_id.in_(some))):
            found[row.case_id] = SeenCase(
                first=json.loads(row.content),
                last=json.loads(row.again or row.content),
                sent_on_as=sent_on_as(row.sent),
            )
    return found


def escalated(connection: sa.Connection) -> int:
    """How many open cases went up because their day passed, and were not sent on or reopened since."""
    later = review_event.alias("later")
    since = sa.exists().where(
        later.c.case_id == review_event.c.case_id,
        later.c.kind.in_(set(GIVES_A_DAY) - {"escalated"}),
        later.c.seq > review_event.c.seq,
    )
    went_up = sa.exists().where(
        review_event.c.case_id == review_case.c.case_id, review_event.c.kind == "escalated", ~since
    )
    query = sa.select(sa.func.count()).select_from(review_case).where(went_up, not_closed())
    return int(connection.scalar(query) or 0)


def closed(connection: sa.Connection, case_ids: Iterable[str]) -> set[str]:
    """Those of the cases that some event has closed."""
    found: set[str] = set()
    for some in _by_thousands(case_ids):
        query = sa.select(review_case.c.case_id).where(review_case.c.case_id.in_(some), ~not_closed())
        found.update(connection.scalars(query))
    return found


def not_closed(as_known_to: Batch | None = None) -> sa.ColumnElement[bool]:
    """Of a case, that nothing closed it, or that it was reopened since; by what a batch was made upon."""
    later = review_event.alias("later")
    reopened = sa.exists().where(
        later.c.case_id == review_event.c.case_id,
        later.c.kind == "reopened",
        later.c.seq > review_event.c.seq,
        *_known_before(later, as_known_to),
    )
    return ~sa.exists().where(
        review_event.c.case_id == review_case.c.case_id,
        review_event.c.kind.in_(CLOSES),
        ~reopened,
        *_known_before(review_event, as_known_to),
    )


def _known_before(events: sa.FromClause, batch: Batch | None) -> list[sa.ColumnElement[bool]]:
    """Of events, that they were known when a batch was begun: recorded sooner, or by an earlier batch.

    A night's own moment is also that of what is settled before it, and of what expires after it.
    """
    if batch is None:
        return []
    return [sa.or_(events.c.recorded_at < batch.recorded_at, events.c.batch_seq < batch.seq)]


def with_last(
    *kinds: Iterable[str], as_known_to: Batch | None = None, among: Collection[str] | None = None
) -> tuple[sa.FromClause, list[sa.ColumnElement[str]]]:
    """The cases, and for each lot of kinds of events the content of a case's last one of them, null without
    one, by what a batch was made upon.

    Found for all cases, or those named, at once: asked case by case PostgreSQL may go through every event.
    """
    found: sa.FromClause = review_case
    contents: list[sa.ColumnElement[str]] = []
    for each in kinds:
        known = [review_event.c.kind.in_(tuple(each)), *_known_before(review_event, as_known_to)]
        known += [review_event.c.case_id.in_(among)] if among is not None else []
        newest = sa.func.max(review_event.c.seq).label("seq")
        query = sa.select(review_event.c.case_id, newest).where(*known).group_by(review_event.c.case_id)
        last, said = query.subquery(), review_event.alias()
        found = found.outerjoin(last, last.c.case_id == review_case.c.case_id)
        found = found.outerjoin(said, said.c.seq == last.c.seq)
        contents.append(said.c.content)
    return found, contents


def last_day(given: str | None, opened_with: date | None) -> date | None:
    """The due day of a case: as the last event gave it, else as it was opened with."""
    return _day((json.loads(given) if given else {}).get("due_on")) or opened_with


def sent_on_as(content: str | None) -> str:
    return str(json.loads(content).get("kind", "")) if content else ""


def _by_thousands(case_ids: Iterable[str]) -> Iterator[list[str]]:
    coming = iter(case_ids)
    while some := list(islice(coming, AT_ONCE)):
        yield some


def _each(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    """The rows of a query on cases, the oldest first, without holding them all."""
    ordered = query.order_by(review_case.c.opened_on, review_case.c.case_id)
    yield from connection.execute(ordered, execution_options={"yield_per": AT_ONCE})


def _row(case: Mapping[str, Any], batch_seq: int) -> dict[str, Any]:
    """The columns that are asked for by themselves, and the whole case as refer wrote it."""
    picked = {name: case.get(name) for name in COLUMNS}
    days = {name: _day(picked[name]) for name in ("opened_on", "due_on")}
    return {**picked, **days, "batch_seq": batch_seq, "content": as_json(case)}


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _known(connection: sa.Connection, case_ids: Sequence[str]) -> set[str]:
    """Those of the cases that the record has."""
    query = sa.select(review_case.c.case_id).where(review_case.c.case_id.in_(case_ids))
    return set(connection.execute(query).scalars())


def _seen(case: Mapping[str, Any], batch_seq: int, known: bool) -> dict[str, Any]:
    return {
        "case_id": case["case_id"],
        "batch_seq": batch_seq,
        "kind": "seen_again" if known else "opened",
        "by": "linewatch",
        "because": "",
        "content": as_json(case) if known else "{}",
    }


def _superseded(case_id: str, known: Batch) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "batch_seq": known.seq,
        "kind": "superseded",
        "by": "linewatch",
        "because": f"The night was revised by {known.batch}.",
        "content": "{}",
    }
