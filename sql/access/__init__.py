"""The rows of one borrower in files of a home: each file is read by a filter, never whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from sql.engine import Cursor

Rows = list[dict[str, Any]]


class Unreadable(RuntimeError):
    """Raised for a file that is damaged, or is none of its ending."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path.name)


def seek(db: Cursor, borrower: Iterable[str], lines: Iterable[str]) -> None:
    """Say who is looked for, by each way in which a file may write their key and those of their lines; to be
    called before the functions below, and again when more lines are known.
    """
    db.replace("sought_borrower", [{"borrower_id": each} for each in sorted(set(borrower))])
    db.replace("sought_line", [{"facility_id": each} for each in sorted(set(lines))])


def rows_of(db: Cursor, path: Path, by: str) -> Rows:
    """The rows of a file that are of the borrower. Raises Unreadable."""
    return _read(db, path, f"access/by_{by}")


def rows_naming(db: Cursor, path: Path, column: str) -> Rows:
    """The rows of others that name the borrower in a column, none where the file has no such column."""
    _look(db, path)
    return _read(db, path, f"access/naming_{column}") if column in db.columns("held") else []


def lines_of(db: Cursor, path: Path) -> list[str]:
    """The lines that a file says are the borrower's. Raises Unreadable."""
    return [row["facility_id"] for row in _read(db, path, "access/line")]


def taken_lines_of(db: Cursor, path: Path) -> list[str]:
    """Those of the lines looked for that a file says are another borrower's. Raises Unreadable."""
    return [row["facility_id"] for row in _read(db, path, "access/taken_line")]


def _read(db: Cursor, path: Path, statement: str) -> Rows:
    _look(db, path)
    try:
        return db.rows(statement)
    except (RuntimeError, duckdb.Error):
        raise Unreadable(path) from None


def _look(db: Cursor, path: Path) -> None:
    try:
        if path.suffix == ".csv":
            text = db.raw.read_csv(
                str(path),
                header=True,
                all_varchar=True,
                auto_detect=False,
                delimiter=",",
                quotechar='"',
                escapechar='"',
                columns=dict.fromkeys(_header(path), "VARCHAR"),
            )
            text.create_view("held", replace=True)
        else:
            db.parquet("held", [path])
    except (duckdb.Error, OSError, UnicodeDecodeError):
        raise Unreadable(path) from None


def _header(path: Path) -> list[str]:
    """The names in the first line; ours are plain words, some in quotes."""
    with path.open(encoding="utf-8-sig") as file:
        return [name.strip().strip('"') for name in file.readline().split(",")]


def write_left(db: Cursor, path: Path, by: str, borrower_id: str, lines: Iterable[str], to: Path) -> int:
    """Write what is left of a Parquet file without the borrower, in its order; return how many rows.

    Raises Unreadable.
    """
    _look(db, path)
    return db.write(f"access/left_of_{by}", to, **_named(borrower_id, lines))


def places_of(db: Cursor, path: Path, lines: Iterable[str]) -> list[int]:
    """The places of the rows of some lines in a file, the first at 0. Raises Unreadable."""
    return _places(db, path, "access/place_of_line", "", lines)


def leaning_places(db: Cursor, path: Path, borrower_id: str, lines: Iterable[str]) -> list[int]:
    """The places of decisions on others' lines that leant on rows of the borrower. Raises Unreadable."""
    return _places(db, path, "access/leaning_line", borrower_id, lines)


def _places(db: Cursor, path: Path, statement: str, borrower_id: str, lines: Iterable[str]) -> list[int]:
    _look(db, path)
    return [int(row["place"]) for row in db.rows(statement, **_named(borrower_id, lines))]


def _named(borrower_id: str, lines: Iterable[str]) -> dict[str, list[str]]:
    return {"borrowers": [borrower_id], "lines": sorted(lines)}
