"""After a settlement an owner, an agent and a letter say the same: what people decided, from when, by which
reference.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.cli import run
from ledger import Batch, open_ledger, standing_ledger
from tasks.borrower_view import borrower_view
from tasks.borrower_view.figures import Figures
from tasks.explain import explain
from tasks.log_proof import prove
from tests.flows.review_home import AT, answer, committed, says, settlements, taken

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")
REFERENCE = ("Reference: ", "编号：")

Row = dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One night; of three cases one is approved, one keeps its limit, one is still open."""
    place = tmp_path_factory.mktemp("since")
    home = committed(place)
    taken(home, answer(home, place / "answered.xlsx", _answers), AT)
    return home


def _answers(cells: Any) -> Any:
    return (None, says("approve"), says("keep"))[int(cells["priority"]) % 3]


@pytest.fixture(scope="module")
def settlement(home: Path) -> Batch:
    (found,) = settlements(open_ledger(home))
    assert isinstance(found, Batch)
    return found


def rows(home: Path, batch: Batch, name: str) -> dict[str, Row]:
    path = batch.path(home, name)
    assert path is not None
    return {row["facility_id"]: row for row in pq.read_table(path).to_pylist()}


def last_line(body: str) -> str:
    line = body.rstrip("\n").split("\n")[-1]
    (reference,) = [line.removeprefix(each) for each in REFERENCE if line.startswith(each)]
    return reference


def test_the_owner_is_told_that_a_person_has_decided_since_and_what_stands(
    home: Path, settlement: Batch
) -> None:
    letters, moved = rows(home, settlement, "drafts"), 0
    for line, row in list(rows(home, settlement, "settled").items())[:24]:
        told = explain(home, line)
        since = told.content["since"]
        assert (since["outcome"], since["new_limit_cents"]) == (row["outcome"], row["new_limit_cents"])
        assert since["effective_on"] == row["effective_on"].isoformat()
        assert "nothing moves meanwhile" not in told.text
        assert "nothing is done before a person has decided" not in " ".join(told.text.split())
        if told.content["route"] == "referred":
            assert "waited for a person, who has decided since" in " ".join(told.text.split())
        assert told.content["case"]["closed_on"] is not None
        assert ", due " not in told.text.split("Why a person is asked")[-1]
        if line in letters:
            assert since["reference"] == last_line(letters[line]["body"])
            assert f"reference {since['reference']}" in told.text
        if row["action"] == "decrease":
            assert f"from {row['effective_on']}, " in told.text
            moved += 1
    assert moved


def test_a_line_whose_borrower_has_an_open_case_names_it_even_where_it_was_held(home: Path) -> None:
    decided = rows(home, standing_ledger(home).standing(), "decisions")
    held = 0
    for case in list(standing_ledger(home).cases.open())[:12]:
        for line in (name for name, row in decided.items() if row["borrower_id"] == case.borrower_id):
            told = explain(home, line)
            assert told.content["case"]["case_id"] == case.case_id
            assert told.content["case"]["due_on"] == case.due_on.isoformat()
            assert told.content["case"]["closed_on"] is told.content["since"] is None
            assert f"opened {case.opened_on}, due {case.due_on}" in " ".join(told.text.split())
            held += line not in case.content["facility_ids"]
    assert held


def test_the_agent_sees_the_reference_and_the_day_that_the_letter_bears(
    home: Path, settlement: Batch, tmp_path: Path
) -> None:
    letters, decided = rows(home, settlement, "drafts"), rows(home, settlement, "settled")
    assert letters
    for line, letter in letters.items():
        view = borrower_view(home, letter["borrower_id"])
        shown = next(each for each in view.content["letters"] if each["facility_id"] == line)
        assert shown["reference"] == last_line(letter["body"])
        assert shown["reference"] in view.text
        figures = Figures(letter["language"], view.content["borrower"]["jurisdiction"])
        day = decided[line]["effective_on"].__class__.fromisoformat(shown["on"])
        assert letter["body"].split("\n")[-3] == figures.day(day)
    line, letter = sorted(letters.items())[0]
    proven = prove(home, letter["reference"].lower(), tmp_path)
    assert proven.change_id == rows(home, settlement, "changes")[line]["change_id"]


def test_a_letter_is_shown_with_the_reference_that_it_ends_with(
    home: Path, settlement: Batch, capfd: pytest.CaptureFixture[str]
) -> None:
    line, letter = sorted(rows(home, settlement, "drafts").items())[0]
    assert run(["letters", "show", letter["reference"], "--home", str(home)]) == 0
    said = capfd.readouterr().out
    assert f"reference   {letter['reference']}\n" in said
    assert f"change_id   {rows(home, settlement, 'changes')[line]['change_id']}\n" in said
    assert f"draft_id    {letter['draft_id']}\n" in said


def test_a_line_that_people_lowered_is_not_told_among_those_that_were_not_raised(
    home: Path, settlement: Batch
) -> None:
    owner = {
        line: row["borrower_id"]
        for line, row in rows(home, standing_ledger(home).standing(), "decisions").items()
    }
    lowered = kept = 0
    for line, row in rows(home, settlement, "settled").items():
        view = borrower_view(home, owner[line], language="en")
        holds = [each for each in view.content["holds"] if each["facility_id"] == line]
        if row["new_limit_cents"] != row["standing_limit_cents"]:
            assert holds == []
            lowered += 1
        elif holds and view.content["more_may_be_told"]:
            assert f"{line}: A person has decided on it since, and the limit stays." in view.text
            assert f"{line}: A person decides on this line" not in view.text
            kept += 1
    assert lowered
    assert kept


def test_amounts_over_several_lines_are_in_the_currency_in_which_the_night_added_them_up(
    home: Path,
) -> None:
    decided = rows(home, standing_ledger(home).standing(), "decisions")
    foreign = [
        line
        for line, row in decided.items()
        if row["currency"] != "CNY" and row["own_loss_rate_e8"] is not None
    ]
    assert foreign
    told = explain(home, foreign[0])
    assert told.content["lender_currency"] == "CNY"
    costs, total = (" ".join(told.text.split(f"\n  {name} ")[1].split("\n")[0].split()) for name in COSTS)
    assert costs.startswith("CN¥")
    assert total.startswith("CN¥")
    assert "the appetite is CN¥" in " ".join(told.text.split())


COSTS = ("Costs", "All lines")
