"""quotient(a, b) is a // b, whatever the size and sign of a."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql.engine import Engine

EDGES = [0, 1, 9_999, 2**63 - 2, 2**63 - 1, 2**63, 2**63 + 1, 10**30]
WHOLE = st.sampled_from([*EDGES, *(-edge for edge in EDGES)]) | st.integers(-(10**37), 10**37)


@pytest.fixture(scope="module")
def db():
    with Engine(None, threads=1) as engine, engine.cursor() as cursor:
        yield cursor.raw


@given(dividend=WHOLE, divisor=st.integers(-(2**63), 2**63 - 1).filter(bool))
def test_it_is_whole_division_towards_zero(db, dividend, divisor):
    ((found, plain),) = db.execute(
        "select quotient(a, b), a // b"
        f" from (select cast('{dividend}' as hugeint) as a, cast('{divisor}' as bigint) as b)"
    ).fetchall()
    exact = abs(dividend) // abs(divisor) * (1 if (dividend < 0) == (divisor < 0) else -1)
    assert found == plain == exact


def test_a_divisor_may_be_as_large_and_unknown_stays_unknown(db):
    asked = "select quotient(cast(7e20 as hugeint), cast(2e20 as hugeint)), quotient(null::hugeint, 3)"
    assert db.execute(asked).fetchall() == [(3, None)]
    assert db.execute("select quotient(5::hugeint, null::bigint)").fetchall() == [(None,)]


def test_by_nothing_it_is_refused(db):
    with pytest.raises(duckdb.Error, match="Division by zero"):
        db.execute("select quotient(a, b) from (select 5::hugeint as a, 0 as b)").fetchall()
