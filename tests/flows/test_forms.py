"""The forms of Prefect's pages: what people decide of whole nights, as flows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.exceptions import ParameterTypeError

import sql.engine as sql
from flows.forms import approve_night, discard_night, reverse_night
from ledger import open_ledger
from linewatch.errors import DataRefused, NotFound
from tasks.commit import commit_night
from tasks.demo import write_demo
from tests.letters.letters_fixture import outbox_in
from tests.tasks.record_fixture import AS_OF, decided, small_folder
from tests.tasks.record_fixture import night as a_night
from tests.whole_night import run_night

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect_harness")]
WHY = "Read the report and the data."


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """A home with a held night in it."""
    made = a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    decided(made)
    commit_night(made, ("too many decreases",))
    sql.close_engine(made.scratch)
    shutil.rmtree(made.work)
    yield made.home
    sql.close_engine(made.scratch)


def given(home: Path, by: str = "wu", **more: object) -> dict[str, object]:
    return {"as_of": AS_OF, "by": by, "because": WHY, "confirm": True, "home": str(home), **more}


def test_a_form_that_is_not_confirmed_does_nothing(held: Path) -> None:
    for flow in (approve_night, discard_night):
        with pytest.raises(DataRefused, match="`confirm` is not set"):
            flow(**given(held, confirm=False))
    assert open_ledger(held).held() is not None


@pytest.mark.parametrize("answer", [{"by": ""}, {"because": "ok"}, {"as_of": "soon"}])
def test_a_form_takes_no_empty_answer(held: Path, answer: dict[str, str]) -> None:
    with pytest.raises(ParameterTypeError):
        approve_night(**given(held, **answer))
    assert open_ledger(held).held() is not None


def test_a_night_is_discarded_in_the_name_of_who_filled_in_the_form(held: Path) -> None:
    assert discard_night(**given(held, by="li"))["status"] == "discarded"
    ledger = open_ledger(held)
    (known,) = ledger.batches()
    assert [(who.action, who.by, who.because) for who in ledger.approvals(known)] == [("discard", "li", WHY)]
    with pytest.raises(NotFound, match="is not held"):
        discard_night(**given(held))


def test_a_held_night_is_let_through_or_its_blocks_alone(held: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(held, tmp_path / "other"))
    protected = approve_night(**given(other, protective_only=True))
    assert (protected["status"], protected["blocked"]) == ("protected", 4)
    assert (other / "out" / AS_OF.isoformat() / protected["batch"][11:] / "limit_changes.csv").exists()
    assert len(outbox_in(other / "out" / AS_OF.isoformat() / protected["batch"][11:])) == protected["drafts"]
    assert open_ledger(other).held() is None


def test_a_night_is_undone_by_two_people_at_two_forms(tmp_path: Path) -> None:
    (night,) = write_demo(tmp_path / "demo", borrowers=60, seed=3)
    home = tmp_path / "home"
    run_night(night.folder, night.as_of, home, promises=False)
    asked = reverse_night(**given(home, as_of=night.as_of, confirm=False), return_state=True)
    assert (asked.name, asked.type.value) == ("Held", "COMPLETED")
    with pytest.raises(DataRefused, match="it takes two people"):
        reverse_night(**given(home, as_of=night.as_of))
    done = reverse_night(**given(home, by="li", as_of=night.as_of))
    assert (done["status"], done["undone"]) == ("reversed", asked.result()["undone"])
    assert Path(done["paths"]["repairs"]).exists()
