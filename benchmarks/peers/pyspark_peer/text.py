"""Pieces of Spark SQL text that many steps share: whole-number division and whole months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Row = Mapping[str, Any]
Policy = Mapping[str, Sequence[Row]]
"""The tables of the policy, by name."""


def up(part: str, whole: str) -> str:
    """`part` divided by `whole`, both at least 0, rounded up."""
    return f"(({part}) + ({whole}) - 1) div ({whole})"


def share(part: str, whole: str, most: int) -> str:
    """A share in basis points, rounded up and at most `most`; of nothing: `most`, or unknown of nothing."""
    bounded = f"least({up(f'({part}) * 10000', whole)}, {most})"
    return f"case when ({whole}) > 0 then {bounded} when ({part}) > 0 then {most} end"


def bounded(value: str, lowest: int, highest: int) -> str:
    """`value` held between two bounds; unknown stays unknown, which least and greatest pass over."""
    return (
        f"case when {value} < {lowest} then {lowest} when {value} > {highest} then {highest} else {value} end"
    )


def months_to(column: str, as_of: date) -> str:
    """Whole months from a day on or before `as_of` to it; on a month's last day every month is whole."""
    plain = f"({as_of.year * 12 + as_of.month} - year({column}) * 12 - month({column}))"
    if (as_of + timedelta(days=1)).day == 1:
        return plain
    return f"({plain} - if(day({column}) > {as_of.day}, 1, 0))"


def month_after(as_of: date) -> date:
    """The first day of the month that is not closed at the end of `as_of`."""
    return (as_of + timedelta(days=1)).replace(day=1)


def months_ago(column: str, as_of: date) -> str:
    """Calendar months back from the last closed month, which is 0; `column` is the first day of a month."""
    after = month_after(as_of)
    return f"({after.year * 12 + after.month - 1} - year({column}) * 12 - month({column}))"


def day(on: date) -> str:
    return f"date'{on}'"


def chosen(column: str, values: Mapping[str, object]) -> str:
    """What a small table of a document says of a name; unknown for a name that it has not."""
    cases = " ".join(f"when '{name}' then {value}" for name, value in values.items())
    return f"case {column} {cases} end"


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def named(texts: Mapping[str, str]) -> list[str]:
    """Columns by name from the text that computes each."""
    return [f"{text} as {name}" for name, text in texts.items()]
