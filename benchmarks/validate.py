"""How long a million borrowers with twelve months take to validate, and how much memory.

    python -m benchmarks.validate [BORROWERS]

The rows are made by DuckDB and lie in Parquet, as a pull leaves them. Importing Great Expectations is timed
apart: a night does it while it pulls.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from expectations import checker
from sql.contract import contract
from sql.engine import Engine

MONTHS = 12

BORROWERS = """
select
    'B' || lpad(cast(i as varchar), 9, '0') as borrower_id,
    case when i % 20 = 0 then 'enterprise' else 'consumer' end as borrower_type, 'CN' as jurisdiction,
    date '2020-01-01' as onboarded_on, date '2020-01-01' as identity_verified_on,
    10000000 + i as annual_income_cents, 700000 as net_monthly_income_cents, 'verified' as income_kind,
    date '2026-05-01' as income_verified_on, 100000 as housing_cents, 'zh' as language, true as profile_use,
    true as limit_increase, cast(null as varchar) as industry_code, false as under_21, false as student,
    cast(null as date) as hardship_on, cast(null as date) as deceased_on, 'none' as fraud_flag,
    timestamp '2026-10-31 03:00:00' as recorded_at
from range(BORROWERS) as made (i)
"""
FACILITIES = """
select
    'F' || borrower_id as facility_id, borrower_id,
    case when borrower_type = 'consumer' then 'revolving_consumer' else 'working_capital' end as product,
    'CNY' as currency, 5000000 as credit_limit_cents, hash(borrower_id) % 5000000 as drawn,
    cast(drawn as bigint) as drawn_cents, cast(0 as bigint) as pending_cents, 1800 as annual_rate_bp,
    date '2020-01-01' as opened_on, 'active' as status, 0 as days_past_due,
    cast(0 as bigint) as past_due_cents, timestamp '2026-10-31 03:00:00' as recorded_at
from borrower
"""
FACILITY_MONTHS = """
select
    facility_id, cast(date '2025-11-01' + to_months(cast(m as integer)) as date) as month,
    drawn_cents as closing_balance_cents, cast(credit_limit_cents as bigint) as limit_cents,
    cast(100000 as bigint) as payment_due_cents, cast(120000 as bigint) as payment_made_cents,
    0 as days_past_due, 1 as drawdown_count, drawn_cents // 10 as drawdown_cents
from facility cross join range(MONTHS) as made (m)
"""


def made(folder: Path, borrowers: int) -> None:
    """Leave the three tables as Parquet under `folder`."""
    with Engine(folder / "spill") as engine, engine.cursor() as db:
        for table, query in (
            ("borrower", BORROWERS),
            ("facility", FACILITIES),
            ("facility_month", FACILITY_MONTHS),
        ):
            query = query.replace("BORROWERS", str(borrowers)).replace("MONTHS", str(MONTHS))
            db.raw.execute(f"create table {table} as {query}")
            listed = ", ".join(name for name in db.columns(table) if contract()[table].column(name))
            order = ", ".join(contract()[table].key)
            db.raw.execute(
                f"copy (select {listed} from {table} order by {order}) to '{folder / table}.parquet'"
                " (format parquet, compression zstd)"
            )


def main(borrowers: int) -> dict[str, object]:
    begun = time.perf_counter()
    checker.load()
    from tasks.validate import validate_tables

    imported = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(folder, borrowers)
        with Engine(folder / "spill") as engine:
            with engine.cursor() as db:
                for table in ("borrower", "facility", "facility_month"):
                    db.parquet(f"raw_{table}", [folder / f"{table}.parquet"])
                db.raw.execute("create table night (as_of date, previous_as_of date, freshness_days integer)")
                db.raw.execute("insert into night values ('2026-10-31', null, 3)")
                db.raw.execute("create table last_night_rows (table_name varchar, rows bigint)")
            begun, begun_cpu = time.perf_counter(), time.process_time()
            validated = validate_tables(engine)
            seconds, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    return {
        "rows": sum(validated.rows.values()),
        "expectations": len(validated.results),
        "broken": sum(not result["success"] for result in validated.results),
        "import_seconds": round(imported, 1),
        "validate_seconds": round(seconds, 1),
        "processor_seconds": round(cpu, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
