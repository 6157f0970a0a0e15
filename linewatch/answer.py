"""A reviewer's answer to a line of a case, as it comes back in a row of the queue.

What is wrong with a row by itself is found here, all of it at once and each fault by a name; what is wrong
with it beside the record and the night (somebody else's claim, a limit that the law forbids) is asked later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from linewatch.case import OUTCOME_REASONS, OUTCOMES

MOST_CENTS = 2**53
"""No line has a larger limit, and no spreadsheet keeps a larger number exactly."""
NOTE_MOST = 4_000
IN_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
"""Commas that can be nothing but marks between thousands."""

FAULTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "case_missing": ("案件编号缺失", "The row has no case_id."),
        "line_missing": ("额度编号缺失", "The row has no facility_id."),
        "mark_missing": ("指纹缺失", "The row has no fingerprint."),
        "outcome_missing": ("缺少处理结果", "There is no outcome, though something else was answered."),
        "outcome_unknown": ("处理结果不在列表中", "The outcome is none of the list."),
        "reason_missing": ("缺少处理理由", "There is no reason for the outcome."),
        "reason_unknown": ("处理理由不在列表中", "The reason is none of the list."),
        "note_missing": ("理由为其他时须填写备注", "The reason is other, and no note says which."),
        "note_too_long": ("备注过长", "The note is longer than 4,000 characters."),
        "limit_missing": ("未填写新额度", "Another limit is asked for, and none is written."),
        "limit_not_asked_for": (
            "该结果不需要新额度",
            "A new limit is written, and the outcome is not another limit.",
        ),
        "limit_no_amount": ("新额度不是金额", "The new limit is no amount."),
        "limit_negative": ("新额度为负", "The new limit is below zero."),
        "limit_too_fine": ("新额度小数位过多", "The new limit has more decimals than its currency."),
        "limit_too_large": ("新额度过大", "The new limit is larger than any line's."),
        "reviewer_missing": ("未填写审核人", "Nobody's name stands under reviewer."),
    }
)
"""What can be wrong with a row by itself, in Chinese and English."""
ANSWERED = ("outcome", "new_limit", "outcome_reason", "note", "reviewer")
"""The cells that a reviewer writes in. A row without any of them was not answered, and is left alone."""


@dataclass(frozen=True)
class Answer:
    """What a reviewer wants done with a line, and why."""

    case_id: str
    facility_id: str
    fingerprint: str
    outcome: str
    new_limit_cents: int | None
    """Of `another_limit` alone, in the line's currency."""
    reason: str
    note: str
    reviewer: str


def is_answered(row: Mapping[str, Any]) -> bool:
    """Whether a reviewer wrote anything into the row."""
    return any(_text(row.get(name)) for name in ANSWERED)


def read(row: Mapping[str, Any], places: int) -> tuple[Answer, tuple[str, ...]]:
    """The answer of a row and the names of its faults; an answer with faults is not to be used.

    Cells are text, or numbers as a spreadsheet keeps them; `places` are the decimals of the line's currency.
    """
    found = {name: _text(row.get(name)) for name in ("case_id", "fingerprint", *ANSWERED)}
    line = row.get("facility_id")  # as the lender has it, blanks and all
    cents, fault = cents_of(row.get("new_limit"), places)
    answer = Answer(
        case_id=found["case_id"],
        facility_id="" if line is None else str(line),
        fingerprint=found["fingerprint"],
        outcome=found["outcome"],
        new_limit_cents=cents,
        reason=found["outcome_reason"],
        note=found["note"],
        reviewer=found["reviewer"],
    )
    return answer, (*_faults(answer, bool(found["new_limit"])), *([fault] if fault else []))


def _faults(answer: Answer, has_limit: bool) -> list[str]:
    wrong = {
        "case_missing": not answer.case_id,
        "line_missing": not answer.facility_id.strip(),
        "mark_missing": not answer.fingerprint,
        "outcome_missing": not answer.outcome,
        "outcome_unknown": bool(answer.outcome) and answer.outcome not in OUTCOMES,
        "reason_missing": not answer.reason,
        "reason_unknown": bool(answer.reason) and answer.reason not in OUTCOME_REASONS,
        "note_missing": answer.reason == "other" and not answer.note,
        "note_too_long": len(answer.note) > NOTE_MOST,
        "limit_missing": answer.outcome == "another_limit" and not has_limit,
        "limit_not_asked_for": has_limit and answer.outcome != "another_limit",
        "reviewer_missing": not answer.reviewer,
    }
    return [name for name, is_so in wrong.items() if is_so]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def cents_of(cell: Any, places: int) -> tuple[int | None, str]:
    """Whole minor units, or why there are none. 1,234.5 of a currency with two decimals is 123450."""
    text = _text(cell)
    if not text:
        return None, ""
    if "," in text and not IN_THOUSANDS.fullmatch(text):  # 1,5 may be meant as one and a half
        return None, "limit_no_amount"
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None, "limit_no_amount"
    if not amount.is_finite() or isinstance(cell, bool):
        return None, "limit_no_amount"
    if amount < 0:
        return None, "limit_negative"
    if amount.scaleb(places) > MOST_CENTS:
        return None, "limit_too_large"
    cents = amount.scaleb(places)
    return (int(cents), "") if cents == cents.to_integral_value() else (None, "limit_too_fine")
