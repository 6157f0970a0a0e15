"""What came back from reviewers, beside the record: the cases that it decides, and the rows refused.

A case is taken in whole: all of its lines answered, by one person, or none of it. Every fault has a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from linewatch import answer
from linewatch.answer import Answer
from linewatch.case import fingerprint
from linewatch.casework import Casework, Done, Stage
from linewatch.errors import DataRefused
from linewatch.people import Register, other_than

BESIDE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "case_unknown": ("没有该案件", "There is no such case."),
        "case_closed": ("案件已结案", "The case is closed; an appeal of the borrower reopens it."),
        "line_not_of_case": ("该额度不属于此案件", "The line is none of the case's."),
        "line_gone": ("额度已关闭，只能维持", "The line is closed by now: it can only be kept."),
        "row_changed": ("关键栏位被修改", "A key or figure of the row is not what was sent out."),
        "row_stale": ("案件情况已变化", "The line is not as the row shows it any more: see the new queue."),
        "answered_twice": ("同一额度填写了两次", "The file answers this line twice."),
        "line_unanswered": ("案件中有额度未填写", "Another line of the case is not answered."),
        "people_differ": ("同一案件有不同审核人", "The lines of the case are answered by different people."),
        "outcomes_mixed": (
            "补充材料或走访须适用于整个案件",
            "To ask for more, or for a visit, is for all lines of a case.",
        ),
        "claimed_by_other": ("案件已被他人领取", "Somebody else has claimed the case."),
        "decided_already": ("案件已有决定", "The case is decided, and the next settlement takes it in."),
        "own_second_look": ("复核须由他人进行", "You decided it: somebody else has to look."),
        "reviewer_unknown": ("审核人未登记", "The profile registers no such reviewer."),
        "over_amount_limit": ("超过审核人权限", "It moves more than the reviewer may decide on."),
        "reason_not_told": (
            "下调或暂停需要可告知的理由",
            "A cut or block needs a reason that its letter can give.",
        ),
        "bound": ("超出今日的上限或规定", "Tonight's caps, law or status do not let it end so."),
        "changed_meanwhile": ("案件在此期间被处理", "Somebody worked on the case meanwhile."),
        "other_row": ("同案件的其他行有误", "Another row of the case has a fault: a case is taken in whole."),
    }
)
"""What can be wrong with a row beside the record, in Chinese and English."""
FAULTS: Mapping[str, tuple[str, str]] = MappingProxyType({**answer.FAULTS, **BESIDE})
WHOLE_CASE = ("ask_more", "site_visit")
"""Outcomes that are about a case and not about its lines."""
STILL = ("keep", "approve")
"""What may be answered of a line that is gone."""


@dataclass(frozen=True)
class CaseLine:
    """A line of an open case, as the newest night shows it."""

    facility_id: str
    is_open: bool
    """Whether the night decided it: a line that has closed since is not."""
    currency: str | None = None
    limit_cents: int | None = None
    proposed_limit_cents: int | None = None
    grade: str | None = None
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the record and the newest night say of the cases of a file."""

    batches: Sequence[str]
    """Names of committed nights, the newest first: whose queue a row may be from."""
    cases: Mapping[str, Casework]
    lines: Mapping[str, Mapping[str, CaseLine]]
    """By case and line."""
    register: Register
    calendar: str = ""
    """The profile's, whose working days count."""
    taken_in_by: str = ""
    """Who sent the file in, where that is somebody else than its reviewers."""


@dataclass(frozen=True)
class Row:
    """An answered row of a file."""

    where: str
    cells: Mapping[str, Any]
    """As they came, by column."""
    answer: Answer
    limit_cents: int | None
    proposed_limit_cents: int | None
    """As the row shows them: what the reviewer looked at."""
    faults: tuple[str, ...] = ()
    """Of the row by itself."""


@dataclass(frozen=True)
class Fault:
    """Why a row is refused."""

    code: str
    detail: str = ""
    """What of it: a name, a record."""
    told_home: str = ""
    """What of it besides that names lines or amounts: for the lender's files, not for Prefect's pages."""


@dataclass
class Intake:
    """A file gone through: cases to be decided, rows refused, cases that say what is known already."""

    rows: dict[str, list[Row]]
    """Of the cases that are still to be taken in, by case."""
    refused: list[tuple[Row, list[Fault]]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def refuse(self, case_id: str, faults: Mapping[str, Fault]) -> None:
        """Refuse a case, for faults of these lines; its other rows are told so."""
        for row in self.rows.pop(case_id):
            fault = faults.get(row.answer.facility_id)
            self.refused.append((row, [fault or Fault("other_row")]))


def read(where: str, cells: Mapping[str, Any], places: int) -> Row:
    """An answered row; `places` are the decimals of its currency."""
    found, faults = answer.read(cells, places)
    limit, limit_fault = answer.cents_of(cells.get("limit"), places)
    proposed, proposed_fault = answer.cents_of(cells.get("proposed_limit"), places)
    if limit_fault or proposed_fault:  # none was sent so, and it has the mark of an empty cell
        faults = (*faults, "row_changed")
    return Row(where, cells, found, limit, proposed, faults)


def check(rows: Iterable[Row], known: Known) -> Intake:
    """Sort the rows of a file: cases that may be decided as far as the record says, and rows refused."""
    by_case: dict[str, list[Row]] = {}
    for row in rows:
        by_case.setdefault(row.answer.case_id, []).append(row)
    intake = Intake(by_case)
    for case_id, some in list(by_case.items()):
        if _is_unchanged(known.cases.get(case_id), some):
            intake.unchanged.append(case_id)
            del by_case[case_id]
            continue
        found = [_faults(row, some, known) for row in some]
        if any(found):
            del by_case[case_id]
            intake.refused += [
                (row, faults or [Fault("other_row")]) for row, faults in zip(some, found, strict=True)
            ]
    return intake


def told(row: Row, line: CaseLine) -> dict[str, Any]:
    """A line of what was answered of a case, as its event keeps it."""
    given = row.answer
    return {
        "facility_id": given.facility_id,
        "outcome": given.outcome,
        "limit_cents": given.new_limit_cents,
        "reason": given.reason,
        "note": given.note,
        "mark": given.fingerprint,
        "proposed_limit_cents": line.proposed_limit_cents,
        "standing_limit_cents": line.limit_cents,
        "grade": line.grade,
        "triggers": list(line.triggers),
    }


def overtaken(decided: Sequence[Mapping[str, Any]], lines: Mapping[str, CaseLine]) -> dict[str, str]:
    """Why a decided case must be looked at again before it is settled, by line: a night came in between.

    Whoever decided it did not answer a line that the case has now, or approved another proposal than stands.
    """
    approved = {
        line["facility_id"]: line.get("proposed_limit_cents")
        for line in decided
        if line["outcome"] == "approve"
    }
    answered = {line["facility_id"] for line in decided}
    still = {name: line for name, line in lines.items() if line.is_open}
    return {
        **{name: "line_unanswered" for name in still if name not in answered},
        **{
            name: "row_stale"
            for name, line in still.items()
            if approved.get(name) not in (None, line.proposed_limit_cents)
        },
    }


def same_outcome(lines: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two people want the same done with every line, whatever their reasons."""
    return _wanted(lines) == _wanted(others)


def _wanted(lines: Sequence[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
    return {(line["facility_id"], line["outcome"], line["limit_cents"]) for line in lines}


def _is_unchanged(work: Casework | None, rows: Sequence[Row]) -> bool:
    """Whether the case was answered just so by this person already: the file came twice."""
    if work is None:
        return False
    given = {
        (a.facility_id, a.outcome, a.new_limit_cents, a.reason, a.note, a.fingerprint)
        for a in (row.answer for row in rows)
    }
    return any(
        not other_than(done.by, rows[0].answer.reviewer) and _as_given(done) == given
        for done in (work.decided, work.agreed, work.last)
        if done is not None
    )


def _as_given(done: Done) -> set[tuple[Any, ...]]:
    names = ("facility_id", "outcome", "limit_cents", "reason", "note", "mark")
    return {tuple(line.get(name) for name in names) for line in done.content.get("lines", ())}


def _faults(row: Row, rows: Sequence[Row], known: Known) -> list[Fault]:
    if row.faults:
        return [Fault(name) for name in row.faults]
    work = known.cases.get(row.answer.case_id)
    if work is None:
        return [Fault("case_unknown")]
    if work.stage is Stage.CLOSED:
        return [Fault("case_closed")]
    line = known.lines[row.answer.case_id].get(row.answer.facility_id)
    if line is None:
        return [Fault("line_not_of_case")]
    return [
        *_of_the_row(row, line, known),
        *_of_the_case(row, rows, known),
        *_of_the_person(row, work, known.register),
    ]


def _of_the_row(row: Row, line: CaseLine, known: Known) -> Iterable[Fault]:
    given = row.answer
    marks = (
        fingerprint(batch, given.case_id, given.facility_id, row.limit_cents, row.proposed_limit_cents)
        for batch in known.batches
    )
    other_money = line.currency is not None and row.cells.get("currency") != line.currency
    if given.fingerprint not in marks or other_money:
        yield Fault("row_changed")
    elif line.is_open and (line.limit_cents, line.proposed_limit_cents) != (
        row.limit_cents,
        row.proposed_limit_cents,
    ):
        yield Fault("row_stale")
    if not line.is_open and given.outcome not in STILL:
        yield Fault("line_gone")


def _of_the_case(row: Row, rows: Sequence[Row], known: Known) -> Iterable[Fault]:
    times = Counter(each.answer.facility_id for each in rows)
    if times[row.answer.facility_id] > 1:
        yield Fault("answered_twice")
    lines = known.lines[row.answer.case_id]
    missing = sorted(name for name, line in lines.items() if line.is_open and name not in times)
    if missing:
        yield Fault("line_unanswered", told_home=", ".join(missing))
    if any(other_than(each.answer.reviewer, rows[0].answer.reviewer) for each in rows):
        yield Fault("people_differ")
    outcomes = {each.answer.outcome for each in rows}
    if len(outcomes) > 1 and outcomes & set(WHOLE_CASE):
        yield Fault("outcomes_mixed")


def _of_the_person(row: Row, work: Casework, register: Register) -> Iterable[Fault]:
    by = row.answer.reviewer
    try:
        register.check_reviewer(by)
    except DataRefused:
        yield Fault("reviewer_unknown", by)
    if work.holder and other_than(work.holder, by):
        yield Fault("claimed_by_other", work.holder)
    if work.stage is Stage.READY:
        yield Fault("decided_already")
    if work.stage is Stage.SECOND_LOOK and work.decided and not other_than(work.decided.by, by):
        yield Fault("own_second_look")
