"""What is told of DuckDB's errors: never a value."""

import duckdb
import pytest

from sql.engine import Engine, StatementFailed, words_of


def test_a_fault_of_its_own_is_told_without_what_it_quotes():
    error = duckdb.InternalException("INTERNAL Error: value 6222 of 'Wu Li' is outside [0, 255]\nstack trace")
    assert words_of(error) == "InternalException: INTERNAL Error: value # of # is outside [#, #]"


def test_of_a_value_only_the_kind_of_error_is_told():
    with Engine(None, threads=1) as engine, engine.cursor() as db, pytest.raises(StatementFailed) as failed:
        db.build_written("one", "select cast('Wu Li' as integer) as one")
    assert "ConversionException" in str(failed.value)
    assert "Wu Li" not in str(failed.value)


def test_a_statement_that_streams_fails_by_its_name_and_without_a_value():
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        db.raw.execute("create table open_now as select ['F1'] as facility_ids, 1 as priority")
        with pytest.raises(StatementFailed, match="reviews/fitting_cases") as failed:
            list(db.batches("reviews/fitting_cases", rows="Wu Li"))
        assert "Wu Li" not in str(failed.value)
