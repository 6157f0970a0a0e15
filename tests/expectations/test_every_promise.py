"""For every expectation of every suite: cases that break it and cases on the border that keep it.

The cases are data, cases/<table>.toml: statements against the small lender, each tried alone by Great
Expectations itself. What is the same for every table (columns, types, row counts) is tried below for each.
"""

import re
import tomllib
from pathlib import Path

import pytest

from expectations.checker import Checker, Outcome
from expectations.promises import Promise, promises, tables
from sql import stage
from sql.contract import Column, contract
from sql.engine import Engine
from tasks.validate import RELATION, parameters
from tests.expectations.small_lender import (
    AS_OF,
    FRESHNESS_DAYS,
    REPORTING_CURRENCY,
    remember,
    restore,
    small_lender,
)

CASES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
}
FOR_EACH_TABLE = ("columns_are_there", "types_fit", "rows_hold", "rows_are_usual")
HERE = ("protected_attributes_stay_apart",)
PROMISES = {(table, promise.name): promise for table in tables() for promise in promises(table)}


class Bench:
    """The small lender with Great Expectations beside it; every trial starts from the clean tables."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.checker = Checker(lambda: engine.connection.cursor())
        remember(engine, list(contract()))
        with self.engine.cursor() as db:
            stage.note_source_columns(db)
            stage.stage(db)
            stage.set_terms(db, AS_OF, FRESHNESS_DAYS, REPORTING_CURRENCY)

    def outcome(self, promise: Promise, *, last_rows: int = 0) -> Outcome:
        with self.engine.cursor() as db:
            total = db.count(f"raw_{promise.table}")
        (outcome,) = self.checker.check(
            RELATION[promise.phase].format(promise.table),
            [promise],
            key=contract()[promise.table].key,
            parameters=parameters(AS_OF, last_rows),
            total_rows=total,
        )
        return outcome

    def after(self, statements: str, promise: Promise) -> Outcome:
        """The outcome after the statements, which are then undone."""
        with self.engine.cursor() as db:
            try:
                db.raw.execute(statements)
                if promise.name.startswith("source_"):
                    db.build("staging/source_day", as_of=AS_OF)
                outcome = self.outcome(promise)
                if outcome.bad_rows_query:
                    assert stage.first_keys(db, promise.table, outcome.bad_rows_query)[0]
            finally:
                for table in sorted(set(re.findall(r"\braw_(\w+)", statements))):
                    restore(db, table)
                if "night_terms" in statements:
                    stage.set_terms(db, AS_OF, FRESHNESS_DAYS, REPORTING_CURRENCY)
        return outcome

    def reshaped(self, table: str, columns: str, promise: Promise) -> Outcome:
        """The outcome for a raw table of other columns, which is then put back."""
        with self.engine.cursor() as db:
            db.raw.execute(f"create or replace table raw_{table} as select {columns} from clean.raw_{table}")
            if not promise.name.endswith("_columns_are_there"):
                stage.note_source_columns(db)
            outcome = self.outcome(promise)
            restore(db, table)
        return outcome


@pytest.fixture(scope="module")
def bench():
    with small_lender() as engine:
        yield Bench(engine)


def test_every_expectation_has_a_case_that_breaks_it_and_one_on_the_border():
    missing = []
    for table, name in PROMISES:
        if name in HERE or name in {f"{table}_{same}" for same in FOR_EACH_TABLE}:
            continue
        case = CASES.get(table, {}).get(name, {})
        missing += [f"{table}.{name}: {part}" for part in ("breaks", "keeps") if not case.get(part)]
    assert missing == []


def test_every_case_is_of_an_expectation():
    assert [(table, name) for table in CASES for name in CASES[table] if (table, name) not in PROMISES] == []


@pytest.mark.parametrize(("table", "name"), [(table, name) for table in CASES for name in CASES[table]])
def test_an_expectation_sees_what_breaks_it_and_lets_the_border_pass(bench, table, name):
    promise = PROMISES[table, name]
    for statements in CASES[table][name]["breaks"]:
        broken = bench.after(statements, promise)
        assert (broken.success, broken.evaluated, broken.fault) == (False, True, ""), statements
        assert broken.unexpected_rows == CASES[table][name]["rows"], statements
    for statements in CASES[table][name]["keeps"]:
        kept = bench.after(statements, promise)
        assert (kept.success, kept.fault) == (True, ""), statements


@pytest.mark.parametrize("table", contract())
def test_a_required_column_must_be_there_and_every_other_may_be_absent(bench, table):
    promise = PROMISES[table, f"{table}_columns_are_there"]
    required = [column.name for column in contract()[table].columns if column.required]
    for name in required:
        broken = bench.reshaped(table, f'* exclude ("{name}")', promise)
        assert (broken.success, broken.evaluated) == (False, True)
        assert broken.observed.startswith(f"missing {name};")
    assert bench.reshaped(table, ", ".join(f'"{name}"' for name in required), promise).success
    assert bench.reshaped(table, "*, 1 as a_column_of_their_own", promise).success


@pytest.mark.parametrize("table", contract())
def test_text_in_a_number_and_numbers_in_text_are_refused(bench, table):
    promise = PROMISES[table, f"{table}_types_fit"]
    columns = contract()[table].columns
    wrong = bench.reshaped(table, ", ".join(_of_another_type(column) for column in columns), promise)
    assert wrong.unexpected_rows == len(columns)


@pytest.mark.parametrize("table", contract())
def test_narrower_numbers_and_dates_with_a_zero_time_are_taken(bench, table):
    promise = PROMISES[table, f"{table}_types_fit"]
    columns = contract()[table].columns
    assert bench.reshaped(table, ", ".join(_narrower(column) for column in columns), promise).success
    nulls = ", ".join(f'cast(null as integer[]) as "{column.name}"' for column in columns)
    assert bench.reshaped(table, nulls, promise).success


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ("* replace (cast(2147483648 as bigint) as days_past_due)", 1),
        ("* replace (cast(-2147483649 as bigint) as days_past_due)", 1),
        ("* replace (cast(2147483647 as bigint) as days_past_due)", 0),
        ("* replace (timestamp '2020-01-01 00:00:01' as opened_on)", 1),
        ("* replace (timestamp '2020-01-01 00:00:00' as opened_on)", 0),
        ("* replace (cast(credit_limit_cents as double) as credit_limit_cents)", 1),
        ("* replace (cast(credit_limit_cents as decimal(18, 2)) as credit_limit_cents)", 1),
    ],
)
def test_a_value_that_the_contract_cannot_hold_is_refused(bench, columns, rows):
    broken = bench.reshaped("facility", columns, PROMISES["facility", "facility_types_fit"])
    assert broken.unexpected_rows == rows


@pytest.mark.parametrize("table", contract())
def test_a_table_of_less_than_a_tenth_of_last_night_is_refused(bench, table):
    promise = PROMISES[table, f"{table}_rows_hold"]
    rows = bench.outcome(promise).total_rows
    assert bench.outcome(promise, last_rows=10 * rows).success
    broken = bench.outcome(promise, last_rows=10 * rows + 1)
    assert (broken.success, broken.observed) == (False, f"observed {rows}")


def test_a_table_that_shrank_by_a_fifth_or_grew_by_half_is_reported(bench):
    promise = PROMISES["facility_month", "facility_month_rows_are_usual"]
    rows = bench.outcome(promise).total_rows
    assert rows == 72
    assert [bench.outcome(promise, last_rows=last).success for last in (90, 91)] == [True, False]
    assert [bench.outcome(promise, last_rows=last).success for last in (48, 47)] == [True, False]


@pytest.mark.parametrize("table", contract())
def test_the_usual_number_of_rows_is_told_for_every_table(bench, table):
    promise = PROMISES[table, f"{table}_rows_are_usual"]
    rows = bench.outcome(promise).total_rows
    assert bench.outcome(promise, last_rows=rows).success
    assert not bench.outcome(promise, last_rows=2 * rows).success


def test_what_the_law_protects_is_refused_anywhere_but_in_its_own_table(bench):
    promise = PROMISES["borrower", "protected_attributes_stay_apart"]
    assert bench.outcome(promise).success
    broken = bench.reshaped("facility", "*, 'f' as Sex, 40 as age", promise)
    assert broken.unexpected_rows == 2
    assert bench.reshaped("facility", "*, 40 as age_of_the_line", promise).success


def _of_another_type(column: Column) -> str:
    value = "1" if column.type == "VARCHAR" else "'1'"
    return f'{value} as "{column.name}"'


def _narrower(column: Column) -> str:
    value = {
        "BIGINT": "cast(1 as utinyint)",
        "INTEGER": "cast(1 as smallint)",
        "DATE": "timestamp '2020-01-01'",
        "TIMESTAMP": "date '2020-01-01'",
    }.get(column.type, f'"{column.name}"')
    return f'{value} as "{column.name}"'
