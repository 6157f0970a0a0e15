"""A line on which the statements and the page part, as a receipt: both walks side by side, and its inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.oracle.book import Book, Row
from tests.oracle.step import STEPS

Decision = Mapping[str, Any]
ABSENT = "no such column"
MOST_ROWS = 4
"""Months and bureau reports: the newest."""
WIDTH = 44


def receipt(book: Book, name: str, said: Decision, meant: Decision) -> str:
    """What both sides did to a line, from its limit to the end, and from what."""
    head = [f"line {name} on {book.as_of}", f"{'':22}{'the statements':{WIDTH}}the page"]
    return "\n".join([*head, *_walk(said, meant), *_others(said, meant), *_inputs(book, name)])


def differing(said: Decision, meant: Decision) -> list[str]:
    """The columns in which they part."""
    columns = dict.fromkeys([*said, *meant])
    return [column for column in columns if said.get(column, ABSENT) != meant.get(column, ABSENT)]


def _pair(label: str, left: str, right: str) -> str:
    return f"{'  ' if left == right else '* '}{label:20}{left:{WIDTH}}{right}"


def _walk(said: Decision, meant: Decision) -> Iterator[str]:
    yield _pair("current", str(said.get("limit_cents")), str(meant.get("limit_cents")))
    for step in STEPS:
        yield _pair(step, _step(said, step), _step(meant, step))
    for column in ("proposed_limit_cents", "action", "route", "committed_limit_cents"):
        yield _pair(column.removesuffix("_cents"), str(said.get(column)), str(meant.get(column)))


def _step(decision: Decision, step: str) -> str:
    after, row, value = (decision.get(key) for key in (f"after_{step}_cents", f"{step}_row", f"{step}_value"))
    return f"{after}" if row is None else f"{after} {row} {'' if value is None else value}".rstrip()


def _others(said: Decision, meant: Decision) -> Iterator[str]:
    shown = {f"{step}_row" for step in STEPS} | {f"{step}_value" for step in STEPS}
    shown |= {f"after_{step}_cents" for step in STEPS}
    for column in differing(said, meant):
        if column not in shown:
            yield f"* {column}:"
            yield f"    the statements say {said.get(column, ABSENT)!r}"
            yield f"    the page           {meant.get(column, ABSENT)!r}"


def _inputs(book: Book, name: str) -> Iterator[str]:
    """Every row that speaks of the line or its borrower; unknown columns are left out."""
    line = next((row for row in book.lines if row["facility_id"] == name), {})
    borrower = line.get("borrower_id")
    yield "from"
    rows: list[tuple[str, Row]] = [("facility", line)]
    for table in book.tables:
        key, value = ("facility_id", name) if _of_lines(book, table) else ("borrower_id", borrower)
        if table != "facility":
            rows += [(table, row) for row in _newest(book.of(table, key, value))]
    others = [row for row in book.lines if row["borrower_id"] == borrower and row["facility_id"] != name]
    rows += [("another line", row) for row in others]
    rows += [("score", row) for row in book.scores if row["borrower_id"] == borrower]
    rows += [("last night", row) for row in book.past if row["facility_id"] == name]
    rows += [("a change of ours", row) for row in book.changes_of.get(name, [])]
    for table, row in rows:
        yield f"  {table}: " + ", ".join(f"{key} {value}" for key, value in row.items() if value is not None)
    yield f"  group {book.group_of.get(str(borrower), borrower)}"


def _newest(rows: Sequence[Row]) -> list[Row]:
    """The last few of what comes month after month; all of the rest."""
    day = next((key for key in ("month", "pulled_on") if rows and key in rows[0]), None)
    return list(rows) if day is None else sorted(rows, key=lambda row: row[day])[-MOST_ROWS:]


def _of_lines(book: Book, table: str) -> bool:
    rows = book.tables[table]
    return bool(rows) and "facility_id" in rows[0] and "borrower_id" not in rows[0]
