"""Statements of the 31st: one that came on the last of a shorter month is followed by some on the 31st."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd

from tasks.demo import write_demo
from tests.flows.later_source import Told, generous, of, source_of
from tests.flows.test_advice import rounds
from tests.whole_night import run_night

AS_OF = date(2026, 11, 30)
STATEMENTS = (date(2026, 12, 31), date(2027, 1, 31))


def told_at_month_end(place: Path) -> Told:
    (night,) = write_demo(place / "lender", borrowers=400, seed=5, last_as_of=AS_OF)
    path = night.folder / "facility.parquet"
    pd.read_parquet(path).assign(statement_day=31).to_parquet(path, index=False)
    documents = generous(AS_OF)
    receipt = run_night(night.folder, AS_OF, place / "home", documents=documents, advice=True, promises=False)
    batch = place / "home" / "batches" / receipt.batch
    tables = {path.stem: pd.read_parquet(path) for path in sorted(night.folder.glob("*.parquet"))}
    return Told(place / "home", AS_OF, tables, of(batch, "decisions"), of(batch, "advice"), documents)


def test_advice_of_a_month_end_leads_to_the_limit_that_it_names_on_the_day_of_a_statement(
    tmp_path: Path,
) -> None:
    told = told_at_month_end(tmp_path)
    seen = 0
    for number, done in enumerate(rounds(told)):
        home = Path(shutil.copytree(told.home, tmp_path / f"home-{number}"))
        for day in STATEMENTS:
            source = source_of(told, home, day, done, tmp_path / f"source-{number}" / day.isoformat())
            receipt = run_night(source, day, home, documents=told.documents, promises=False)
            lines = of(home / "batches" / receipt.batch, "decisions").set_index("facility_id")
            for row in (row for row in done if row["counts_on"] == day):
                assert lines.proposed_limit_cents[row["facility_id"]] == row["limit_cents"], row
                seen += 1
    assert seen >= 3
