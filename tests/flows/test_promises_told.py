"""What letters say of promises: only of those that stand, and of a kept one where what was asked was done."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from flows.settling import settle_all
from ledger import open_ledger
from tasks.demo import REFERENCE_ON
from tests.flows import review_home
from tests.flows.later_source import Told, generous, of, source_of, told_night
from tests.whole_night import run_night

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension")
BUDGET_CENTS = 10**13


@dataclass(frozen=True)
class After:
    """What a later night left of the promises that the first one made, by line, with its letters."""

    made: pd.DataFrame
    promises: pd.DataFrame
    advice: pd.DataFrame
    letters: pd.DataFrame


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    place = tmp_path_factory.mktemp("promised")
    return told_night(place, 700, generous(REFERENCE_ON, BUDGET_CENTS))


def made_by(told: Told) -> pd.DataFrame:
    (batch,) = (told.home / "batches").iterdir()
    return of(batch, "promises")


def after(told: Told, day: date, place: Path, lines: Iterable[str], **says: int) -> After:
    """A night of `day`: all did as was asked, and the borrowers of some lines are reported elsewhere."""
    made = made_by(told)
    rows = [{**row, "by_on": row["due_on"]} for row in made.to_dict("records")]

    def befall(tables: dict[str, pd.DataFrame]) -> None:
        bureau = tables["bureau_report"]
        for row in (row for row in rows if row["facility_id"] in lines):
            own = bureau[bureau.borrower_id == row["borrower_id"]].sort_values("pulled_on").index[-1]
            for name, value in {**says, "pulled_on": day}.items():
                bureau.loc[own, name] = value

    home = Path(shutil.copytree(told.home, place / "home"))
    source = source_of(told, home, day, rows, place / "source", befall)
    receipt = run_night(source, day, home, documents=generous(day, BUDGET_CENTS), advice=True, promises=False)
    folder = home / "batches" / receipt.batch
    tables = [of(folder, name).set_index("facility_id") for name in ("promises", "advice", "drafts")]
    return After(made.set_index("facility_id"), *tables)


def test_a_promise_that_tonight_breaks_is_not_made_again_in_the_letter_of_the_cut(
    told: Told, tmp_path: Path
) -> None:
    lines = set(made_by(told).facility_id)
    found = after(
        told, told.as_of + timedelta(days=1), tmp_path, lines, worst_dpd_now=90, public_record_count=9
    )
    broken = found.promises[found.promises.state == "broken"].index.intersection(found.advice.index)
    assert len(broken) > 3
    assert not (found.advice.loc[broken].standing == "promise").any()
    for line in broken:
        assert not {"We promise", "我们承诺"} & said(found.letters.body[line]), line


def said(body: str) -> set[str]:
    return {words for words in ("We promise", "我们承诺") if words in body}


def test_a_rise_that_the_matrix_gives_to_whoever_broke_a_promise_keeps_none(
    told: Told, tmp_path: Path
) -> None:
    made = made_by(told)
    first = made[made.due_on == made.due_on.min()].sort_values("facility_id")
    assert len(first) > 1
    late = first.facility_id.iloc[0]
    found = after(told, first.due_on.iloc[0], tmp_path, {late}, worst_dpd_now=30)
    kinds = found.letters.kind
    assert found.promises.state[late] == "kept"
    assert kinds[late] == "increase"
    assert (kinds.loc[first.facility_id[1:]] == "promise_kept").any()


def test_a_cut_that_people_decided_is_told_the_promise_that_stands(told: Told, tmp_path: Path) -> None:
    made = made_by(told)
    day, at = date(2026, 12, 21), datetime(2026, 12, 22, 9, 0, tzinfo=UTC)
    rows = [{**row, "by_on": row["due_on"]} for row in made.to_dict("records")]

    def complain(tables: dict[str, pd.DataFrame]) -> None:
        owners = made.borrower_id.drop_duplicates().to_frame()
        said = owners.assign(kind="complaint", valid_from=date(2026, 12, 1))
        tables["treatment"] = pd.concat([tables["treatment"], said], ignore_index=True)

    home = Path(shutil.copytree(told.home, tmp_path / "home"))
    source = source_of(told, home, day, rows, tmp_path / "source", complain)
    given = generous(day, BUDGET_CENTS)
    alone = replace(given, policy=given.policy.model_copy(update={"review": None}))
    run_night(source, day, home, documents=alone, advice=True, promises=False)
    answers = review_home.answer(home, tmp_path / "answers.xlsx", lambda _: review_home.says("approve"))
    review_home.taken(home, answers, at)
    settle_all(home, at)
    ledger = open_ledger(home)
    (batch,) = review_home.settlements(ledger)
    advice = pd.read_parquet(ledger.file(batch, "advice")).set_index("facility_id")
    promised = made.set_index("facility_id").loc[advice.index.intersection(made.facility_id)]
    assert len(promised)
    told_again = advice.loc[promised.index]
    assert (told_again.standing == "promise").all()
    assert (told_again.limit_cents == promised.limit_cents).all()
