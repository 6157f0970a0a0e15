"""The forms of Prefect's pages for review cases: one case decided, a file taken in; wrong input is hard."""

from __future__ import annotations

import re
import shutil
import typing
from pathlib import Path

import pytest
from prefect.exceptions import ParameterTypeError

from flows.settle import Outcome, Why, decide_case, settle_reviews
from ledger import open_ledger
from linewatch.case import OUTCOME_REASONS, OUTCOMES
from linewatch.casework import Stage
from linewatch.counting import counted, were
from linewatch.errors import DataRefused, NotFound
from linewatch.reasons import REVIEWED
from tests.flows.review_home import answer, committed, queue, says

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.usefixtures("prefect_harness"),
    pytest.mark.filterwarnings("ignore:Sparkline Group extension"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committed(tmp_path_factory.mktemp("reviewed"), borrowers=300)


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def test_the_lists_of_the_form_are_those_of_the_queue_but_for_what_needs_a_note() -> None:
    assert typing.get_args(Outcome) == tuple(OUTCOMES)
    assert set(typing.get_args(Why)) == set(OUTCOME_REASONS) - {"other"}


def test_the_form_says_of_each_outcome_what_it_does_and_which_reasons_a_letter_can_give() -> None:
    fields = decide_case.parameters.properties
    assert [each for each in OUTCOMES if f"`{each}`" not in fields["outcome"]["description"]] == []
    named = set(re.findall("`([a-z_]+)`", fields["reason"]["description"]))
    assert named == set(REVIEWED)
    assert "`case_id`" in fields["case"]["description"]


def test_a_case_is_decided_by_the_form_and_settled_in_the_name_of_who_filled_it_in(home: Path) -> None:
    case = queue(home)[0]["case_id"]
    state = decide_case(
        case=case, outcome="keep", reason="conduct_explained", by="wu", home=str(home), return_state=True
    )
    assert (state.name, state.message) == ("Completed", "decided: 1; settled: 1, letters drafted: 0")
    ledger = open_ledger(home)
    assert [(each.kind, each.by) for each in ledger.cases.events(case)] == [
        ("opened", "linewatch"),
        ("decided", "wu"),
        ("settled", "linewatch"),
    ]
    with pytest.raises(NotFound, match="no case"):
        decide_case(case=case, outcome="keep", reason="conduct_explained", by="wu", home=str(home))


@pytest.mark.parametrize(
    "wrong",
    [
        {"case": "../../etc"},
        {"outcome": "maybe"},
        {"reason": "other"},
        {"by": ""},
        {"new_limit": "-1"},
        {"new_limit": "a lot"},
    ],
)
def test_what_is_wrong_in_itself_never_runs(home: Path, wrong: dict[str, str]) -> None:
    given = {
        "case": "0" * 32,
        "outcome": "keep",
        "reason": "conduct_explained",
        "by": "wu",
        "home": str(home),
    }
    with pytest.raises(ParameterTypeError):
        decide_case(**{**given, **wrong})


def test_what_is_refused_is_told_whole_names_no_line_and_changes_nothing(home: Path) -> None:
    row = queue(home)[0]
    given = {"case": row["case_id"], "outcome": "freeze", "home": str(home)}
    with pytest.raises(DataRefused, match="a reason that its letter can give") as refused:
        decide_case(**given, reason="newer_information", by="wu")
    assert row["facility_id"] not in str(refused.value)
    assert row["borrower_id"] not in str(refused.value)
    with pytest.raises(DataRefused, match="registers no such reviewer"):
        decide_case(**given, reason="conduct_confirmed", by="nobody")
    assert open_ledger(home).cases.standing([row["case_id"]])[row["case_id"]].stage is Stage.WAITING


def test_a_file_is_taken_in_by_the_form_and_who_sent_it_in_is_kept(home: Path, tmp_path: Path) -> None:
    path = answer(home, tmp_path / "answered.xlsx", lambda cells: says("keep"))
    told = settle_reviews(file=str(path), by="clerk", home=str(home))
    assert told["refused"] == 0
    assert told["settlement"]["cases"] == told["decided"] > 2
    cases = open_ledger(home).cases
    for row in queue(home) or [{"case_id": each} for each in _settled(home)]:
        (decided,) = [each for each in cases.events(row["case_id"]) if each.kind == "decided"]
        assert (decided.by, decided.content["taken_in_by"]) == ("wu", "clerk")


def test_a_run_whose_rows_are_refused_fails_names_each_fault_and_no_line_and_keeps_the_rest(
    home: Path, tmp_path: Path
) -> None:
    rows = queue(home)
    refused = rows[0]["case_id"]
    path = answer(
        home,
        tmp_path / "answered.xlsx",
        lambda cells: says("maybe" if cells["case_id"] == refused else "keep"),
    )
    state = settle_reviews(file=str(path), by="clerk", home=str(home), return_state=True)
    assert state.is_failed()
    words = str(state.message)
    count = sum(row["case_id"] == refused for row in rows)
    assert (
        f"{counted(count, 'row')} {were(count)} not taken: The outcome is none of the list ({count})" in words
    )
    others = len({row["case_id"] for row in rows}) - 1
    assert f"decided: {others}; settled: {others}, letters drafted: 0" in words
    assert not [row for row in rows if row["facility_id"] in words or row["borrower_id"] in words]
    assert {row["case_id"] for row in queue(home)} == {refused}


def _settled(home: Path) -> list[str]:
    import pyarrow.parquet as pq

    path = open_ledger(home).batches()[-1].path(home, "settled")
    assert path is not None
    return pq.read_table(path)["case_id"].to_pylist()
