"""The suites as data, and the dialect that lets Great Expectations read DuckDB's answers."""

import json
import re

import pytest
import sqlalchemy as sa

from expectations import dialect
from expectations.promises import PHASES, SEVERITIES, SUITES, promises, tables
from sql.contract import contract
from sql.engine import Engine

EVERY = [promise for table in tables() for promise in promises(table)]


@pytest.fixture
def engine():
    with Engine(None) as engine:
        dialect.register()
        beside = sa.create_engine(dialect.URL, creator=lambda: engine.connection.cursor())
        yield beside
        beside.dispose()


def test_every_table_of_the_contract_has_a_suite():
    assert tables() == tuple(contract())


@pytest.mark.parametrize("table", tables())
def test_great_expectations_loads_a_suite_as_it_lies_there(table):
    from great_expectations import ExpectationSuite

    written = json.loads((SUITES / f"{table}.json").read_text(encoding="utf-8"))
    suite = ExpectationSuite(**written)
    assert suite.name == table
    assert [(e.meta["name"], e.severity) for e in suite.expectations] == [
        (promise.name, promise.severity) for promise in promises(table)
    ]


def test_there_are_enough_promises_of_enough_kinds():
    assert len(EVERY) >= 80
    assert len({promise.kind for promise in EVERY}) >= 8


def test_every_promise_has_its_own_name_a_reason_and_a_limit_that_fits_its_severity():
    names = [promise.name for promise in EVERY]
    assert sorted(set(names)) == sorted(names)
    for promise in EVERY:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", promise.name)
        assert promise.severity in SEVERITIES
        assert promise.phase in PHASES
        assert re.fullmatch(r"[A-Z].*[.]", promise.because), promise.name
        warns = promise.severity == "warning"
        assert (promise.limit_rows > 0, promise.limit_share_bp > 0) == (warns, warns), promise.name


def test_every_query_names_the_batch_once_or_more_and_gives_keys_or_no_value_of_a_row():
    for promise in EVERY:
        query = promise.configuration["kwargs"].get("unexpected_rows_query", "{batch}")
        assert "{batch}" in query, promise.name
    wide = {p.name for p in EVERY if p.kind.startswith("unexpected") and not _selects_the_key(p)}
    assert {name for name in wide if not name.endswith("_types_fit")} == {
        "protected_attributes_stay_apart",
        "currencies_can_be_added",
        "source_reaches_as_of",
        "source_is_not_all_after_as_of",
        "source_is_dated",
    }


def test_a_warning_is_about_rows_that_can_be_set_aside():
    for promise in EVERY:
        if promise.severity == "warning":
            assert not promise.kind.startswith("expect_table_"), promise.name
            if promise.kind.startswith("unexpected"):
                assert _selects_the_key(promise), promise.name


def test_the_limit_is_the_larger_of_count_and_share():
    (promise,) = [promise for promise in EVERY if promise.name == "status_is_known"]
    assert (promise.limit_rows, promise.limit_share_bp) == (20, 100)
    assert [promise.allowed(total) for total in (7, 2_000, 2_100, 1_000_000)] == [20, 20, 21, 10_000]


@pytest.mark.parametrize("table", contract())
def test_the_required_columns_of_a_suite_are_those_of_the_contract(table):
    (columns,) = [p for p in promises(table) if p.name == f"{table}_columns_are_there"]
    required = [column.name for column in contract()[table].columns if column.required]
    assert columns.configuration["kwargs"]["column_set"] == required


@pytest.mark.parametrize("table", contract())
def test_keys_are_critical_and_every_required_column_is_held_to_be_given(table):
    by_name = {promise.name: promise for promise in promises(table)}
    assert by_name[f"{table}_is_unique"].severity == "critical"
    given = {
        p.configuration["kwargs"]["column"]: p.severity
        for p in by_name.values()
        if p.kind == "expect_column_values_to_not_be_null"
    }
    for column in contract()[table].columns:
        if column.name in contract()[table].key:
            assert given[column.name] == "critical"
        elif column.required and table != "financial_statement":
            assert given[column.name] == "warning"
    if table == "financial_statement":
        query = by_name["statement_amounts_are_given"].configuration["kwargs"]["unexpected_rows_query"]
        amounts = [
            c.name for c in contract()[table].columns if c.required and c.name not in contract()[table].key
        ]
        assert re.findall(r"(\w+) is null", query) == amounts


def test_an_answer_outlives_its_connection(engine):
    with engine.connect() as connection:
        result = connection.execute(sa.text("select 1 union all select 2 order by 1"))
    assert result.fetchall() == [(1,), (2,)]


def test_no_answer_brings_a_whole_table_out_of_duckdb(engine):
    with engine.connect() as connection:
        result = connection.execute(sa.text("select * from range(1000000)"))
    assert len(result.fetchall()) == dialect.MOST_ROWS


def test_values_stand_in_the_statement_and_a_second_run_has_its_own(engine):
    numbers = sa.select(sa.literal_column("i")).select_from(sa.text("range(10) as made (i)"))
    for least in (2, 7):
        statement = numbers.where(sa.literal_column("i") >= least)
        assert str(statement.compile(engine)).endswith(f"i >= {least}")
        with engine.connect() as connection:
            assert len(connection.execute(statement).fetchall()) == 10 - least


def test_the_nights_own_cursors_stay_usable_beside_it():
    with Engine(None) as night:
        dialect.register()
        beside = sa.create_engine(dialect.URL, creator=lambda: night.connection.cursor())
        with night.cursor() as db:
            db.raw.execute("create table kept as select 1 as one")
            with beside.connect() as connection:
                assert connection.execute(sa.text("select one from kept")).fetchall() == [(1,)]
            beside.dispose()
            assert db.count("kept") == 1


def _selects_the_key(promise) -> bool:
    query = promise.configuration["kwargs"]["unexpected_rows_query"]
    selected = query.split(" from ")[-2 if query.startswith("with ") else 0].rsplit("select ", 1)[-1]
    names = [name.split(".")[-1].strip() for name in selected.split(",")]
    return names == list(contract()[promise.table].key)
