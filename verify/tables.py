"""The ledger's tables as plain rows, whichever database keeps them.

Days are ISO text, moments as 2026-11-22T01:15:00.000000+00:00, flags 0 and 1; rows come in the order of
their primary key.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, Callable[[], Iterable[Row]]]

LEDGER = "ledger.db"
SELECT = {
    "batch": "select * from batch order by seq",
    "document": "select * from document order by sha256, kind",
    "approval": "select * from approval order by seq",
    "publication": "select * from publication order by seq",
    "reversal": "select * from reversal order by seq",
    "promise": "select * from promise order by promise_id",
    "successor": "select * from successor order by seq",
    "review_case": "select * from review_case order by batch_seq, case_id",
    "review_event": "select * from review_event order by seq",
    "log_entry": "select * from log_entry order by seq",
    "checkpoint": "select * from checkpoint order by seq",
}
_OF_SQLITE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{6})")


class Unreadable(Exception):
    """Raised with a sentence for a person where the ledger cannot be read at all."""


@contextmanager
def of_home(home: Path) -> Iterator[Tables]:
    """The tables of the ledger in a home, as they stood at one instant, while others go on writing.

    Raises Unreadable if there is no ledger, and while rows are read if it is damaged.
    """
    path = home / LEDGER
    if not path.is_file():
        raise Unreadable("there is no ledger here")
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise Unreadable(f"the ledger cannot be opened ({error})") from None
    with closing(db):
        db.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        db.row_factory = sqlite3.Row
        try:
            # One reading transaction: what is written meanwhile is not seen.
            db.execute("begin")
            db.execute("select count(*) from sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise Unreadable(f"the ledger cannot be read ({error})") from None
        yield {table: _rows(db, statement) for table, statement in SELECT.items()}


def _rows(db: sqlite3.Connection, statement: str) -> Callable[[], Iterable[Row]]:
    def read() -> Iterator[Row]:
        try:
            for row in db.execute(statement):
                yield {name: _plain(name, row[name]) for name in row.keys()}  # noqa: SIM118 -- a Row is no dict
        except sqlite3.Error as error:
            raise Unreadable(f"the ledger cannot be read ({error})") from None

    return read


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return f"bytes {value.hex()}"
    if name == "recorded_at" and isinstance(value, str) and (found := _OF_SQLITE.fullmatch(value)):
        return f"{found[1]}T{found[2]}+00:00"
    return value


def lacking(row: Row, columns: Iterable[str]) -> list[str]:
    """Which of these columns a row does not have."""
    return [column for column in columns if column not in row]
