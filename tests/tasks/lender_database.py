"""A lender's tables in a real PostgreSQL, for tests of what is read there and what is published."""

from __future__ import annotations

import io
from pathlib import Path

import psycopg
import pyarrow.csv as csv
import pyarrow.parquet as pq

from sql.contract import contract
from tests.postgres import fresh_database

TYPES = {"INTEGER": "integer", "BIGINT": "bigint", "VARCHAR": "text", "TIMESTAMP": "timestamp"}
FACILITY = "facility_id text, borrower_id text, credit_limit_cents bigint, drawn_cents bigint, status text"


def address(name: str = "lender") -> str:
    """An empty database's, as it may stand in a SPEC: its superuser has no password, and needs none."""
    return fresh_database(name).replace("postgres:@", "postgres@")


def run(where: str, *statements: str) -> None:
    with psycopg.connect(where) as db:
        for statement in statements:
            db.execute(statement)


def rows(where: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(where) as db:
        return db.execute(query).fetchall()


def as_user(where: str, user: str) -> str:
    return where.replace("postgres@", f"{user}@")


def small(where: str) -> str:
    """Two lines of one borrower."""
    run(
        where,
        f"create table facility ({FACILITY}, colour text)",
        "create table borrower (borrower_id text, borrower_type text, jurisdiction text)",
        "insert into facility values ('F2', 'B1', 500000, -1200, 'active', 'red'),"
        " ('F1', 'B1', 1000000, 250000, 'active', 'blue')",
        "insert into borrower values ('B1', 'consumer', 'CN')",
    )
    return where


def filled(where: str, folder: Path) -> str:
    """Every table of a folder of Parquet files, in the contract's types."""
    with psycopg.connect(where) as db:
        for table in contract().values():
            path = folder / f"{table.name}.parquet"
            if not path.exists():
                continue
            with pq.ParquetFile(path) as file:
                names = file.schema_arrow.names
                columns = [f"{each.name} {TYPES.get(each.type, each.type)}" for each in table.columns]
                kept = [column for column in columns if column.split()[0] in names]
                db.execute(f"create table {table.name} ({', '.join(kept)})")
                with db.cursor().copy(
                    f"copy {table.name} ({', '.join(names)}) from stdin (format csv)"
                ) as copy:
                    for batch in file.iter_batches(100_000):
                        sink = io.BytesIO()
                        csv.write_csv(batch, sink, csv.WriteOptions(include_header=False))
                        copy.write(sink.getvalue())
    return where
