"""The law of a night: what was in force, what it bound, and what is not in order."""

from __future__ import annotations

from datetime import date

import pytest

from linewatch.errors import NotFound
from tasks.regulation import regulation, words
from tests.tasks.decisions_fixture import committed_home, decrease, line

CAP = "cn-microlender-consumer-200k"
RATE = "cn-microlender-cost-24pct"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    lines = [
        decrease("capped", binding_step="regulation", regulation_row=CAP, without_regulation_cents=1_200_000),
        line("dear", law_records=[RATE]),
        line("both", law_records=[RATE], regulation_row=CAP),
        line("abroad", jurisdiction="TW"),
    ]
    return committed_home(tmp_path_factory.mktemp("home"), lines)


def test_every_record_in_force_is_listed_with_what_it_bound(home):
    found = regulation(home)
    (pack,) = found["packs"]
    records = {record["id"]: record for record in pack["records"]}
    assert (records[CAP]["lines"], records[RATE]["lines"]) == (2, 2)
    (bound,) = records[CAP]["bound"]
    assert (bound["borrowers"], bound["withheld_cents"]) == (2, 400_000)
    assert records["cn-microlender-group-15pct"]["lines"] == 0
    assert "cn-microlender-cost-4lpr" not in records, "not yet in force"
    assert "cn-internet-loans-consumer-200k" not in records, "another licence"


def test_what_is_not_in_order_is_said(home):
    found = regulation(home)
    assert found["unmapped"] == {"TW": 1}
    assert found["notes"] == [
        "Decided by policy alone, for the profile maps TW to no pack: 1 of its lines.",
        "The pack cn was not approved by counsel within the last twelve months.",
    ]


def test_a_person_reads_the_same(home):
    said = words(regulation(home))
    assert f"  cap   {CAP}: borrower_limit_cents 200,000 CNY\n" in said
    assert "bound 2 lines in CNY: 400,000 cents less than without the law" in said


def test_a_night_that_is_not_there_is_named(home):
    with pytest.raises(NotFound, match="no night of 2020-01-01"):
        regulation(home, date(2020, 1, 1))
