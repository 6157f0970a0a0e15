"""Reading a generated lender back, for its tests."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sql.contract import contract


def rows(out: Path, query: str, *nights: date) -> list[tuple[Any, ...]]:
    """The query's rows; {table_0} is a contract table of the first night given, {table_1} of the second."""
    with duckdb.connect() as db:
        for number, night in enumerate(nights):
            for table in contract():
                path = out / night.isoformat() / f"{table}.parquet"
                db.read_parquet(str(path)).create_view(f"{table}_{number}")
        return db.execute(query).fetchall()
