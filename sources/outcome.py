"""Reads what came of borrowers: for checks of scorecards and for simulations; no night reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from sources import mapping
from sources.table import SourceRefused
from sql.engine import Cursor

FLAGS = ("defaulted", "defaulted_12m")
"""What the column of an outcome file may be called."""


def load_file(db: Cursor, path: Path) -> date | None:
    """Leave `check_outcome` from a Parquet or CSV file; the latest day in its column as_of, if it has one."""
    table = _read(path)
    flags = [column for column in table.column_names if column in FLAGS]
    if "borrower_id" not in table.column_names or len(flags) != 1:
        raise SourceRefused(
            f"{path}: an outcome has the columns borrower_id and {' or '.join(FLAGS)};"
            f" this has {', '.join(table.column_names)}"
        )
    rows = table.select(["borrower_id", flags[0]]).rename_columns(["borrower_id", "defaulted"]).to_pylist()
    _refuse_twice(path, [row["borrower_id"] for row in rows])
    db.create("schema/check_outcome")
    known = [row for row in rows if row["defaulted"] is not None]
    db.append("check_outcome", [{**row, "defaulted": bool(row["defaulted"])} for row in known])
    days = table["as_of"].to_pylist() if "as_of" in table.column_names else []
    return max((day for day in days if isinstance(day, date)), default=None)


def load_mapped(db: Cursor, name: str, path: Path, *, as_of: date | None = None) -> None:
    """Leave `check_outcome`, and `check_rating` where there is one, from a public data set."""
    mapping.read_outcome(name, path, db, as_of=as_of)
    db.create("schema/check_outcome")
    db.raw.execute(
        "insert into check_outcome select borrower_id, defaulted from mapped_outcome"
        " where defaulted is not null"
    )
    db.create("schema/check_rating")
    if "rating" in db.columns("mapped_outcome"):
        db.raw.execute(
            "insert into check_rating select borrower_id, rating from mapped_outcome where rating is not null"
        )


def load_own(db: Cursor, source: str, *, as_of: date | None = None) -> str | None:
    """Leave `check_outcome` as the source itself has it, and say where; empty, and None, if it has none."""
    name, colon, rest = source.partition(":")
    if colon and not Path(source).exists():
        if name in mapping.names() and Path(rest).exists():
            try:
                load_mapped(db, name, Path(rest), as_of=as_of)
            except SourceRefused:
                pass
            else:
                return source
    elif (own := beside(Path(source))).is_file():
        load_file(db, own)
        return str(own)
    db.create("schema/check_outcome")
    return None


def beside(source: Path) -> Path:
    """The outcome file of a folder: in it, or over it where it is one night of several."""
    inside = source / "outcome.parquet"
    return inside if inside.is_file() else source.parent / "outcome.parquet"


def _read(path: Path) -> pa.Table:
    try:
        if path.suffix == ".csv":
            as_text = pyarrow.csv.ConvertOptions(column_types={"borrower_id": pa.string()})
            return pyarrow.csv.read_csv(path, convert_options=as_text)
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise SourceRefused(f"{path}: no outcome can be read: {error}") from error


def _refuse_twice(path: Path, borrowers: Sequence[str]) -> None:
    if len(set(borrowers)) < len(borrowers):
        raise SourceRefused(f"{path}: a borrower stands there more than once")
