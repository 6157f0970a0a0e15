"""What would have been decided if a fact were another: the line decided again, both receipts side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.what_if import answer
from linewatch.errors import DataRefused, NotFound
from sources import snapshot
from sql.engine import Engine
from tasks.again import standing
from tasks.demo import write_demo
from tasks.edit import edits_of
from tests.flows.console import linewatch
from tests.whole_night import run_night


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lender")
    for _ in range(2):
        (night,) = write_demo(
            place / "lender", borrowers=300, seed=4, nights=2, every="month", feedback=place / "home"
        )
        run_night(night.folder, night.as_of, place / "home", promises=False)
    return place / "home"


@pytest.fixture(scope="module")
def decisions(home: Path) -> list[dict[str, Any]]:
    path = standing(home).path(home, "decisions")
    assert path is not None
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def asked(home: Path, facility: str, *words: str) -> dict[str, Any]:
    return answer(home, facility, None, words).content


def one(decisions: list[dict[str, Any]], **facts: Any) -> str:
    """The first line with these facts."""
    found = (row for row in decisions if all(row[key] == value for key, value in facts.items()))
    return str(next(found)["facility_id"])


def tables(home: Path, name: str) -> list[dict[str, Any]]:
    taken = snapshot.look(home / standing(home).snapshot)
    assert taken is not None
    with Engine(None) as engine, engine.cursor() as db:
        snapshot.leave_tables(db, {name: taken.tables[name]})
        rows: list[dict[str, Any]] = db.raw.table(f"raw_{name}").to_arrow_table().to_pylist()
    return rows


def test_fraud_would_have_blocked_the_line_at_the_gate(home: Path, decisions: list[dict[str, Any]]) -> None:
    facility = one(decisions, action="hold", borrower_type="consumer", days_past_due=0, due=True)
    told = asked(home, facility, "fraud_flag=first_party")
    assert told["was"]["action"] == "hold"
    assert told["would_be"]["action"] == "freeze"
    assert told["would_be"]["walk"][0]["row"] == "first_party_fraud"
    assert told["first_difference"] == "gate"
    late = asked(home, facility, "days_past_due=95")
    assert late["would_be"]["walk"][0]["row"] == "default_90_dpd"
    assert late["first_difference"] == "score"


def test_an_income_too_small_stops_at_affordability_and_its_year_follows(
    home: Path, decisions: list[dict[str, Any]]
) -> None:
    known = {row["borrower_id"] for row in tables(home, "borrower") if row["annual_income_cents"]}
    known &= {row["borrower_id"] for row in tables(home, "spending_month")}
    rises = [row for row in decisions if row["action"] == "increase" and row["borrower_id"] in known]
    facility = next(row["facility_id"] for row in rises if row["borrower_type"] == "consumer")
    told = asked(home, facility, "net_monthly_income_cents=100")
    steps = {step["step"]: step for step in told["would_be"]["walk"]}
    assert steps["affordability"]["row"] == "capacity"
    assert told["would_be"]["action"] != "increase"
    follows = {each["column"] for each in told["set"] if each["follows"]}
    assert follows == {"annual_income_cents"}


def test_what_is_drawn_touches_the_line_alone_for_closed_months_are_past(
    home: Path, decisions: list[dict[str, Any]]
) -> None:
    facility = one(decisions, action="hold", product="revolving_consumer")
    told = asked(home, facility, "drawn_cents=0")
    assert [(each["table"], each["column"]) for each in told["set"]] == [("facility", "drawn_cents")]
    assert told["would_be"]["utilisation_bp"] == told["was"]["utilisation_bp"]
    months = asked(home, facility, "closing_balance_cents=0")
    assert {each["table"] for each in months["set"]} == {"facility_month"}
    assert months["would_be"]["utilisation_bp"] == 0


def test_the_same_fact_again_changes_nothing_and_says_so(home: Path, decisions: list[dict[str, Any]]) -> None:
    row = next(row for row in decisions if row["action"] == "decrease")
    reply = answer(home, row["facility_id"], None, [f"drawn_cents={row['drawn_cents']}"])
    assert reply.content["first_difference"] is None
    assert reply.content["was"] == reply.content["would_be"]
    assert "Nothing would have been decided otherwise." in reply.words


def test_lines_with_others_around_them_are_decided_as_in_the_night_by_their_group_alone(
    home: Path, decisions: list[dict[str, Any]]
) -> None:
    grouped = [row for row in decisions if row["group_id"] != row["borrower_id"]]
    covered = {row["facility_id"] for row in tables(home, "guarantee")}
    chosen = [*grouped[:1], *(row for row in decisions if row["facility_id"] in covered)][:2]
    assert len(chosen) == 2
    for row in chosen:
        told = asked(home, row["facility_id"], f"drawn_cents={row['drawn_cents']}")
        assert (told["decided_again"], told["first_difference"]) == ("the line's group", None)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["drwn_cents=1"], "drwn_cents: no column of that name"),
        (["drawn_cents"], "write COLUMN=VALUE"),
        (["drawn_cents=much"], "'much' is not a whole number"),
        (["credit_limit_cents=-1"], "may not be under 0"),
        (["credit_limit_cents=null"], "must be known"),
        (["hardship_on=yesterday"], "is not a date as 2026-01-31"),
        (["limit_increase=perhaps"], "is not true or false"),
        (["income_kind=guessed"], "is not one of verified, stated, modelled"),
        (["borrower_id=B2"], "no column of that name may be set"),
    ],
)
def test_what_cannot_be_set_is_refused_with_what_can(words: list[str], says: str) -> None:
    with pytest.raises(DataRefused) as refused:
        edits_of(words)
    assert says in refused.value.where
    misnamed = "no column of that name" in says
    assert ("facility (the line): " in refused.value.what_now) is misnamed
    assert "null for unknown" in refused.value.what_now


def test_every_fault_of_the_edits_is_named_at_once() -> None:
    with pytest.raises(DataRefused) as refused:
        edits_of(["a=1", "b=2", "drawn_cents=3"])
    assert len(refused.value.where.splitlines()) == 2


def test_a_breached_covenant_would_have_changed_the_advice_on_a_project_and_nothing_else(
    home: Path, decisions: list[dict[str, Any]]
) -> None:
    projects = [row for row in decisions if row["recommendation"] == "hold" and row["product"] == "project"]
    told = asked(home, projects[0]["facility_id"], "covenant_breached=true")
    assert (told["was"]["recommendation"], told["would_be"]["recommendation"]) == ("hold", "draw_stop")
    assert told["first_difference"] == "recommendation"


def test_a_withdrawn_consent_would_have_forbidden_the_rise(
    home: Path, decisions: list[dict[str, Any]]
) -> None:
    asked_for = {row["borrower_id"] for row in tables(home, "consent") if row["kind"] == "limit_increase"}
    rises = [row for row in decisions if row["action"] == "increase" and row["borrower_id"] in asked_for]
    told = asked(home, rises[0]["facility_id"], "withdrawn_on=2026-09-01")
    assert (told["was"]["action"], told["would_be"]["action"]) == ("increase", "hold")


def test_a_column_is_the_lines_own_where_the_line_has_it() -> None:
    (edit,) = edits_of(["days_past_due=3"])
    assert edit.table == "facility"
    (edit,) = edits_of(["facility_month.days_past_due=3"])
    assert edit.table == "facility_month"
    (edit,) = edits_of(["income_verified_on=2026-01-31"])
    assert edit.value == date(2026, 1, 31)


def test_a_row_that_is_not_there_cannot_be_edited(home: Path, decisions: list[dict[str, Any]]) -> None:
    with pytest.raises(DataRefused, match="no row for the newest statement"):
        asked(home, one(decisions, borrower_type="consumer"), "revenue_cents=1")


def test_a_line_that_was_not_decided_is_not_there(home: Path) -> None:
    with pytest.raises(NotFound, match="decided no line"):
        asked(home, "NOBODY", "drawn_cents=1")


def test_the_command_shows_both_receipts_and_leaves_the_home_as_it_was(
    home: Path, decisions: list[dict[str, Any]]
) -> None:
    before = dict(hashes(home))
    facility = one(decisions, action="hold", borrower_type="consumer", due=True)
    said = linewatch("explain", facility, "--if", "fraud_flag=victim", "--home", home)
    assert said.exit_code == 0, said.err
    assert "as decided" in said.out
    assert "They part at: gate." in said.out
    assert dict(hashes(home)) == before
    refused = linewatch("explain", facility, "--if", "x=1", "--home", home, "--json")
    assert refused.exit_code == 2
    assert "What may be set" in refused.answer["error"]["what_now"]


def hashes(home: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(home.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        yield str(path.relative_to(home)), hashlib.sha256(content).hexdigest()
