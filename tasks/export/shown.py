"""The queue in a terminal: a case in a few lines, with what a reviewer looks at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import fill
from typing import Any

from linewatch.casework import Stage

WIDTH = 100

Row = Mapping[str, Any]


def told(rows: Sequence[Row], home: str) -> str:
    """The cases in order, each with its lines, and how to read more of the first."""
    if not rows:
        return "No case is open."
    lines: list[str] = []
    case = None
    for row in rows:
        if row["case_id"] != case:
            case = row["case_id"]
            lines += ["", *_case(row)] if lines else _case(row)
        lines += _line(row)
    return "\n".join([*lines, "", f"linewatch explain {rows[0]['facility_id']} --home {home}"])


def _case(row: Row) -> list[str]:
    kind = row["kind"].replace("_", " ")
    second = ", a second look" if row["stage"] == Stage.SECOND_LOOK.value else ""
    held = f", {row['holder']} has it" if row["holder"] else ""
    return [f"{row['priority']}. {kind}, due {row['due_on']}: borrower {row['borrower_id']}{second}{held}"]


def _line(row: Row) -> Iterator[str]:
    if row["limit"] is None:
        yield f"   {row['facility_id']}: closed, or without a limit tonight"
        return
    yield (
        f"   {row['facility_id']}  {row['segment']}  {row['grade'] or 'no grade'}"
        f"{', ' + row['slot'] if row['slot'] else ''}, {row['days_past_due'] or 0} days late"
    )
    to = f" to {row['proposed_limit']:,}" if row["change"] else ""
    yield _wrapped(
        f"limit {row['limit']:,} {row['currency']}, owed {row['owed']:,}; {row['action']}{to}{_beside(row)}"
    )
    yield from (_wrapped(f"- {why}") for why in _english(row["why"]))
    reasons = _english(row["reasons"])
    if reasons:
        yield _wrapped(f"because {' '.join(reasons)}")


def _beside(row: Row) -> str:
    """What applies of the rest, each in a few words."""
    parts = (
        ("advice {}", row["recommendation"]),
        ("the law alone {:,}, whatever the answer", row["law_limit"]),
        ("an offer of {:,} stands", row["offer"]),
        ("own ceiling {:,}", row["customer_limit"]),
        ("{:,} more for a time", row["temporary"]),
        ("not shown by the system of record, expected from {}", row["expected_on"]),
    )
    return "".join(f"; {words.format(value)}" for words, value in parts if value is not None)


def _english(words: Iterable[str]) -> list[str]:
    """The first half of a cell in both languages."""
    listed = list(words)
    return listed[: len(listed) // 2]


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, initial_indent="     ", subsequent_indent="       ", break_long_words=False)
