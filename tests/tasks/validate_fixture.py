"""The small lender of the promises, validated: held to them or refused by them."""

import pytest

from linewatch.errors import ExpectationFailed
from sql.contract import contract
from tasks.validate import validate_tables
from tests.expectations.small_lender import REPORTING_CURRENCY, rows, run

CORE = ("borrower", "facility", "facility_month")


def only(engine, *kept):
    for table in contract():
        if table not in kept:
            run(engine, f"drop table raw_{table}")
    run(engine, "update raw_facility set currency = 'CNY'")


def held(engine, **given):
    return validate_tables(engine, reporting_currency=REPORTING_CURRENCY, **given)


def refused(engine, kind=ExpectationFailed, **given):
    with pytest.raises(kind) as caught:
        held(engine, **given)
    assert caught.value.exit_code == 2
    assert rows(engine, "from information_schema.tables where table_name = 'facility'") == []
    return caught.value.shown
