"""What DuckDB takes to divide: the reason for sql/macros/quotient.sql.

python -m benchmarks.division      # nanoseconds a row, one thread, the median of five
"""

import time
from statistics import median

from sql.engine import Cursor, Engine

ROWS = 2_000_000
WAYS = {
    "BIGINT //": "cents * bp // 10000",
    "HUGEINT //": "cast(cents as hugeint) * bp // 10000",
    "quotient()": "quotient(cast(cents as hugeint) * bp, 10000)",
}


def nanoseconds(db: Cursor, expression: str) -> float:
    begun = time.perf_counter()
    db.raw.execute(f"select max({expression}) from amount").fetchall()
    return (time.perf_counter() - begun) / ROWS * 1e9


if __name__ == "__main__":
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        db.raw.execute(
            "create table amount as"
            f" select range * 4999 % 10000000019 as cents, range % 20000 as bp from range({ROWS})"
        )
        for way, expression in WAYS.items():
            print(f"{way:12} {median(nanoseconds(db, expression) for _ in range(5)):6.1f} ns")
