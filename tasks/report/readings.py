"""The answers of people as tables, and the cases that wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count, islice
from typing import Any
from zoneinfo import ZoneInfo

from linewatch.case import KINDS
from linewatch.casework import Stage
from linewatch.readings import Answer, CaseHistory, Standing, answers_of
from sql.engine import Cursor

AT_ONCE = 5_000
"""Answers held in memory at once."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Period:
    """Which days are looked at, in the lender's own time."""

    since: date
    newest: date
    """The newest committed night."""
    new_since: date
    """Cases opened after this day are those by which it is told how many come."""
    zone: ZoneInfo

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    @property
    def begins(self) -> datetime:
        return datetime.combine(min(self.since, self.new_since), time(), self.zone)


@dataclass
class Waiting:
    """The open cases of a kind, and how many came of late."""

    open: int = 0
    """For somebody to decide, or to look a second time."""
    second_look: int = 0
    ready: int = 0
    opened: int = 0
    due: Counter[date] = field(default_factory=Counter)
    """Of the open ones."""

    def add(self, case: Standing) -> None:
        if case.stage is Stage.READY:
            self.ready += 1
        elif case.stage is not Stage.CLOSED:
            self.open += 1
            self.second_look += case.stage is Stage.SECOND_LOOK
            if case.due_on is not None:
                self.due[case.due_on] += 1


@dataclass(frozen=True)
class Loaded:
    """What stands beside the tables."""

    waiting: dict[str, Waiting]
    """By kind of case."""
    spelled: dict[str, str]
    """How each reader's name is written: blanks and capitals make nobody another."""


def load(db: Cursor, histories: Iterable[CaseHistory], period: Period) -> Loaded:
    """Leave `reading` and `reading_line`: the answers of the period."""
    db.create("schema/reading")
    db.create("schema/reading_line")
    loaded = Loaded({kind: Waiting() for kind in KINDS}, {})
    rows = _rows(histories, period, loaded)
    while some := list(islice(rows, AT_ONCE)):
        db.append("reading", [reading for reading, _ in some])
        db.append("reading_line", [line for _, lines in some for line in lines])
    return loaded


def _rows(
    histories: Iterable[CaseHistory], period: Period, loaded: Loaded
) -> Iterator[tuple[Row, list[Row]]]:
    """Each answer of the period with its lines, while what waits is counted."""
    number = count(1)
    for case in histories:
        answers, standing = answers_of(case)
        loaded.waiting[case.kind].opened += case.opened_on > period.new_since
        loaded.waiting[standing.kind].add(standing)
        for answer in answers:
            day = period.day_of(answer.at)
            if day >= period.since:
                reader = answer.by.strip().casefold()
                loaded.spelled[reader] = min(loaded.spelled.get(reader, answer.by), answer.by)
                row = _reading(next(number), reader, case, answer, day)
                yield row, [*_lines(row["number"], answer)]


def _reading(number: int, reader: str, case: CaseHistory, answer: Answer, day: date) -> Row:
    return {
        "number": number,
        "case_id": case.case_id,
        "borrower_id": case.borrower_id,
        "kind": answer.kind,
        "event": answer.event,
        "reader": reader,
        "at_s": int(answer.at.timestamp()),
        "began_s": int(answer.began_at.timestamp()),
        "taken": answer.taken,
        "answered_on": day,
        "stands": answer.stands,
        "settled_by": answer.settled_by,
    }


def _lines(number: int, answer: Answer) -> Iterator[Row]:
    for line in answer.lines:
        yield {
            "number": number,
            "facility_id": line["facility_id"],
            "outcome": line["outcome"],
            "first_outcome": answer.first.get(line["facility_id"]),
            "limit_cents": line.get("limit_cents"),
            "proposed_limit_cents": line.get("proposed_limit_cents"),
            "standing_limit_cents": line.get("standing_limit_cents"),
            "grade": line.get("grade"),
            "triggers": line.get("triggers") or [],
        }
