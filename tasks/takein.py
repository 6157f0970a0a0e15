"""Take reviewers' answers in: each row checked beside the record, good cases decided, bad rows given back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.numbers import UnknownCurrencyError, get_currency_precision

from ledger import Batch, Ledger, standing_ledger
from linewatch import intake
from linewatch.answer import is_answered
from linewatch.case import due_on
from linewatch.casework import Casework, Done, Stage
from linewatch.documents import Documents
from linewatch.intake import CaseLine, Fault, Intake, Known, Row
from linewatch.people import register_of
from linewatch.reasons import REVIEWED
from linewatch.second_look import DecidedLine, moved_cents, second_look
from sql.engine import Cursor
from sql.passing import passing

WHOLE = ("night", "revision")
NO_PLACES = 2
"""Of a row whose currency is not known: its mark does not fit anyway."""


@dataclass(frozen=True)
class Taken:
    """What became of a file."""

    decided: Sequence[str]
    second_look: Sequence[str]
    """Cases that somebody else has to look at."""
    agreed: Sequence[str]
    disagreed: Sequence[str]
    asked: Sequence[str]
    """Cases of which more is asked, or a visit."""
    unchanged: Sequence[str]


def check(home: Path, returned: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[Intake, Known]:
    """The answered rows of a file, each with where it stands, beside the record and the newest night."""
    ledger = standing_ledger(home)
    batch = ledger.standing(held_too=False)
    rows = [
        intake.read(where, cells, _places(cells.get("currency")))
        for where, cells in returned
        if is_answered(cells)
    ]
    known = _known(ledger, batch, {row.answer.case_id for row in rows if row.answer.case_id})
    return intake.check(rows, known), known


def answered(found: Intake, known: Known) -> dict[str, list[dict[str, Any]]]:
    """By case the lines to be weighed: of those that are decided, the ones that are still open."""
    return {
        case_id: [
            intake.told(row, line)
            for row in rows
            if (line := known.lines[case_id][row.answer.facility_id]).is_open
        ]
        for case_id, rows in found.rows.items()
        if rows[0].answer.outcome not in intake.WHOLE_CASE
    }


def weigh(found: Intake, known: Known, weighed: Sequence[Mapping[str, Any]]) -> None:
    """Refuse cases that cannot end so tonight, whose letter would have no reason, or that are too large."""
    by_case: dict[str, list[Mapping[str, Any]]] = {}
    for line in weighed:
        by_case.setdefault(line["case_id"], []).append(line)
    for case_id, lines in by_case.items():
        faults = {line["facility_id"]: fault for line in lines if (fault := _bound(line)) is not None}
        by = found.rows[case_id][0].answer.reviewer
        if not faults and (over := _over(lines, by, known)):
            faults = {line["facility_id"]: over for line in lines}
        if faults:
            found.refuse(case_id, faults)


def record(
    home: Path,
    found: Intake,
    known: Known,
    weighed: Sequence[Mapping[str, Any]],
    documents: Documents | None,
    recorded_at: datetime,
) -> Taken:
    """Put on record what is left of the file. Of a case that somebody worked on meanwhile rows are refused.

    `documents` are those that the lines were weighed under; None where none had to be.
    """
    ledger = standing_ledger(home)
    batch = ledger.standing(held_too=False)
    sizes: dict[str, list[Mapping[str, Any]]] = {}
    for line in weighed:
        sizes.setdefault(line["case_id"], []).append(line)
    teller = _Teller(known, batch, documents)
    acts = [
        (case_id, teller.act(case_id, rows, sizes.get(case_id, []))) for case_id, rows in found.rows.items()
    ]
    answers = ledger.cases.work(acts, recorded_at) if acts else []
    done: dict[str, list[str]] = {}
    for (case_id, act), why in zip(acts, answers, strict=True):
        if why:
            lines = [row.answer.facility_id for row in found.rows[case_id]]
            found.refuse(case_id, {line: Fault("changed_meanwhile", why) for line in lines})
        else:
            key = "second_look" if act.content.get("second_look") else act.kind
            done.setdefault(key, []).append(case_id)
    return Taken(
        decided=done.get("decided", []),
        second_look=done.get("second_look", []),
        agreed=done.get("agreed", []),
        disagreed=done.get("disagreed", []),
        asked=[*done.get("more_asked", []), *done.get("sent_on", [])],
        unchanged=found.unchanged,
    )


def overtaken(home: Path, decided: Mapping[str, Casework]) -> dict[str, list[dict[str, Any]]]:
    """Of decided cases those that a night has made other cases since, each with the lines it did so by."""
    ledger = standing_ledger(home)
    batch = ledger.standing(held_too=False)
    with passing(home) as engine, engine.cursor() as db:
        lines = _lines(db, ledger, batch, decided)
    found: dict[str, list[dict[str, Any]]] = {}
    for case_id, work in sorted(decided.items()):
        assert work.decided is not None
        of_case = lines.get(case_id, {})
        for name, why in sorted(intake.overtaken(work.decided.content["lines"], of_case).items()):
            ends = of_case[name].proposed_limit_cents
            found.setdefault(case_id, []).append(
                {"facility_id": name, "bound_by": why, "ends_at_cents": ends if why == "row_stale" else None}
            )
    return found


def folder(home: Path) -> Path:
    """Of decided cases those that a night has made other cases since, each with the lines it did so by."""
    return standing_ledger(home).standing(held_too=False).out(home)


class _Teller:
    """Says what was done to a case, from the rows that answered it."""

    def __init__(self, known: Known, batch: Batch, documents: Documents | None) -> None:
        self.known = known
        self.batch = batch
        self.documents = documents

    def act(self, case_id: str, rows: Sequence[Row], weighed: Sequence[Mapping[str, Any]]) -> Done:
        given = rows[0].answer
        lines = [intake.told(row, self.known.lines[case_id][row.answer.facility_id]) for row in rows]
        content: dict[str, Any] = {"registered": bool(self.known.register.people), "lines": lines}
        if self.known.taken_in_by:
            content["taken_in_by"] = self.known.taken_in_by
        work = self.known.cases[case_id]
        if work.stage is Stage.SECOND_LOOK and work.decided is not None:
            same = intake.same_outcome(lines, work.decided.content["lines"])
            return Done("agreed" if same else "disagreed", given.reviewer, "", content)
        if given.outcome == "ask_more":
            return Done("more_asked", given.reviewer, "", content)
        if given.outcome == "site_visit":
            return Done("sent_on", given.reviewer, "", {**content, **self._visit()})
        return Done("decided", given.reviewer, "", {**content, "second_look": self._why(case_id, weighed)})

    def _visit(self) -> dict[str, Any]:
        due = due_on(self.batch.as_of, "site_visit", self.known.calendar)
        return {"kind": "site_visit", "due_on": due.isoformat()}

    def _why(self, case_id: str, weighed: Sequence[Mapping[str, Any]]) -> str:
        if self.documents is None:
            return ""
        grades = self.known.lines[case_id]
        return second_look(
            self.documents.policy.review,
            [_decided(line, grades[line["facility_id"]].grade) for line in weighed],
            as_of=self.batch.as_of,
            test_digit_key=self.documents.policy.test_digit_key,
            case_id=case_id,
        )


def _decided(line: Mapping[str, Any], grade: str | None = None) -> DecidedLine:
    return DecidedLine(
        outcome="freeze" if line["asks_block"] else "another_limit",
        standing_limit_cents=line["standing_limit_cents"],
        proposed_limit_cents=None,
        limit_cents=line["asked_limit_cents"],
        grade=grade,
        rate_ppm=line["rate_ppm"],
    )


def _bound(line: Mapping[str, Any]) -> Fault | None:
    if line["bound_by"] is not None:
        ends = line["ends_at_cents"]
        return Fault("bound", line["bound_by"], "" if ends is None else f"it would end at {ends} cents")
    if line["action"] in ("decrease", "freeze") and not _is_told(line):
        return Fault("reason_not_told", ", ".join(sorted(REVIEWED)))
    return None


def _is_told(line: Mapping[str, Any]) -> bool:
    """Whether the letter of a cut has a reason: the reviewer's own, or the night's that they share."""
    shares = line["outcome"] == "approve" or line["reason"] == "agree_with_model"
    return line["reason"] in REVIEWED or (shares and bool(line["night_reasons"]))


def _over(lines: Sequence[Mapping[str, Any]], by: str, known: Known) -> Fault | None:
    person = known.register.people.get(by)
    if person is None:
        return None
    moved = moved_cents([_decided(line) for line in lines])
    most = int(person.get("amount_limit_cents", 0))
    if moved is not None and moved <= most:
        return None
    return Fault("over_amount_limit", f"{by}: {most} cents")


def _known(ledger: Ledger, batch: Batch, case_ids: set[str]) -> Known:
    cases = ledger.cases.standing(case_ids)
    nights = [each for each in ledger.batches(state="committed") if each.kind in WHOLE]
    with passing(ledger.home) as engine, engine.cursor() as db:
        lines = _lines(db, ledger, batch, cases)
    profile = ledger.document_of(batch, "profile")
    return Known(
        batches=[each.batch for each in reversed(nights)],
        cases=cases,
        lines=lines,
        register=register_of(profile),
        calendar=str(tomllib.loads(profile or "").get("calendar", "")),
    )


def _lines(
    db: Cursor, ledger: Ledger, batch: Batch, case_ids: Iterable[str]
) -> dict[str, dict[str, CaseLine]]:
    for name in ("decisions", "cases"):
        db.parquet(name, [ledger.file(batch, name)])
    db.create("schema/named_case")
    db.append(
        "named_case",
        [
            {
                "case_id": case.case_id,
                "facility_ids": case.content.get("facility_ids", [case.facility_id]),
            }
            for case in ledger.cases.named(case_ids)
        ],
    )
    found: dict[str, dict[str, CaseLine]] = {}
    for part in db.batches("reviews/case_line"):
        for row in part.to_pylist():
            found.setdefault(row["case_id"], {})[row["facility_id"]] = CaseLine(
                facility_id=row["facility_id"],
                is_open=row["is_open"],
                currency=row["currency"],
                limit_cents=row["limit_cents"],
                proposed_limit_cents=row["proposed_limit_cents"],
                grade=row["grade"],
                triggers=tuple(row["triggers"] or ()),
            )
    return found


def _places(currency: Any) -> int:
    try:
        return int(get_currency_precision(str(currency)))
    except UnknownCurrencyError:
        return NO_PLACES
