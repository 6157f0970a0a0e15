"""A lender of six borrowers that keeps every promise: tables for tests to break."""

from datetime import date
from pathlib import Path

from sql.contract import contract
from sql.engine import Cursor, Engine

AS_OF = date(2026, 10, 31)
FRESHNESS_DAYS = 3
REPORTING_CURRENCY = "CNY"


def small_lender(as_of: date = AS_OF, engine: Engine | None = None) -> Engine:
    """A DuckDB, in memory if none is given, with every raw_ table, `night` and `last_night_rows`."""
    engine = engine or Engine(None)
    with engine.cursor() as db:
        for table in contract().values():
            columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
            db.raw.execute(f"create table raw_{table.name} ({columns})")
        db.raw.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
        db.raw.execute("create table night (as_of date, previous_as_of date, freshness_days integer)")
        db.raw.execute("insert into night values (?, null, ?)", [as_of, FRESHNESS_DAYS])
        db.raw.execute("create table last_night_rows (table_name varchar, rows bigint)")
    return engine


def run(engine: Engine, statements: str) -> None:
    with engine.cursor() as db:
        db.raw.execute(statements)


def rows(engine: Engine, query: str) -> list[tuple]:
    with engine.cursor() as db:
        return db.raw.execute(query).fetchall()


def fill(engine: Engine, lines: int) -> None:
    """Add lines X000000, X000001 … to borrower B1, like F7 but active."""
    run(
        engine,
        f"""insert into raw_facility
        select line.* replace ('X' || lpad(cast(i as varchar), 6, '0') as facility_id, 'active' as status)
        from raw_facility as line cross join range({lines}) as made (i) where facility_id = 'F7'""",
    )


def remember(engine: Engine, tables: list[str]) -> None:
    """Keep a clean copy of raw tables, so that `restore` can undo what a test does to them."""
    run(engine, "create schema if not exists clean")
    for table in tables:
        run(engine, f"create table clean.raw_{table} as from raw_{table}")


def restore(db: Cursor, table: str) -> None:
    db.raw.execute(f"create or replace table raw_{table} as from clean.raw_{table}")
