"""The open cases in the order to look at them, from what a night left and what the record says of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sql.engine import Cursor

AT_ONCE = 10_000


def leave_meetings(db: Cursor, triggers: Sequence[Mapping[str, Any]]) -> None:
    """Leave `meeting_of_segment`: which of a policy's triggers, as rows of `pol_trigger`, invite to what."""
    db.replace("pol_trigger", triggers)
    db.build("reviews/meeting_of_segment")


def in_order(db: Cursor, cases: Path, lined_up: Iterable[Mapping[str, Any]], kinds: Sequence[str]) -> int:
    """Leave `open_now`: of these kinds the cases that are not left out, first those to look at first.

    `cases` is the file of a night; `lined_up` has a row for each open case of the record, as
    schema/lined_up.sql says. Also left is `in_line`, of all of them. Returns how many are not left out.
    """
    db.parquet("cases", [cases])
    db.create("schema/lined_up")
    coming = iter(lined_up)
    while some := list(islice(coming, AT_ONCE)):
        db.append("lined_up", some)
    db.build("reviews/in_line")
    return db.build("reviews/open_now", kinds=list(kinds))


def first_keys(db: Cursor, most: int | None) -> list[str]:
    """The keys of the first so many cases of `open_now`, all if None, in order."""
    return [row["case_id"] for row in db.rows("reviews/first_keys", most=most)]
