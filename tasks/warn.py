"""Early warnings: lines that would be cut at their next review, tried before it comes (docs/letters.md).

The order of the steps is in flows/warning.py. Nothing here decides: a review is tried in a scratch beside the
night's own, on the rows around the lines that it may be about (docs/adr/0032).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sql.engine as sql
from ledger import history, open_ledger
from linewatch.advice import THEIRS, AdviceTerms, EarlyWarning, last_of_month, pay_on
from linewatch.night import Night
from sql import past
from sql.stage import last_closed_month

PAST, TONIGHT, AROUND = "past_warning", "tonight.parquet", "around.parquet"
PROMISES = "promises.parquet"


@dataclass(frozen=True)
class Warned:
    """How many lines are warned tonight."""

    lines: int


def ask(night: Night, terms: EarlyWarning | None) -> list[str]:
    """Leave `past_warning`, the warnings that stood, in a revision also those of the night as it stands, and
    `warned` without a row; where the policy warns, also `candidate`, and return its lines. With nothing to
    remember and nothing to warn of, leave nothing.
    """
    before, revised = history(night.home, before=night.as_of).warnings, _revised(night)
    if terms is None and before is None and revised is None:
        return []
    with sql.cursor(night.scratch) as db:
        db.create(f"schema/{PAST}")
        db.raw.execute(f"create or replace table warned as from {PAST}")
        for path, when in ((before, "<"), (revised, "=")):
            if path is not None:
                db.parquet("told_warning", [path])
                db.raw.execute(
                    f"insert into {PAST} by name from told_warning where warned_on {when} $as_of",
                    {"as_of": night.as_of},
                )
                db.drop("told_warning")
        if terms is None:
            return []
        policy = night.documents.policy.tables()
        for table in ("pol_segment", "pol_strategy"):
            db.replace(table, policy[table])
        if not db.has("past_promise"):
            db.create("schema/past_promise")
        db.build("warnings/candidate", as_of=night.as_of, days=terms.days, segments=list(terms.segments))
        return [row[0] for row in db.raw.execute("select facility_id from candidate order by all").fetchall()]


def _revised(night: Night) -> Path | None:
    """The warnings of the night as it stands, where tonight revises it: their letters went out."""
    standing = open_ledger(night.home).night(night.as_of) if night.revise else None
    return standing.path(night.home, "warnings") if standing is not None else None


def hand_over(night: Night, folder: Path) -> None:
    """Write the candidates, and what the night decided, for their reviews to carry on from."""
    with sql.cursor(night.scratch) as db:
        columns = ", ".join(name for name in db.columns(past.TABLE) if name in db.columns("decisions"))
        db.write_to(f"select {columns} from decisions", str(folder / TONIGHT))  # noqa: S608
        db.write_to("select * from candidate", str(folder / "candidate.parquet"))
        db.write_to("select * from standing_promise", str(folder / PROMISES))


def give_due(now: Night, folder: Path) -> None:
    """Let the candidates' reviews be due tonight; the rows and the past stand."""
    with sql.cursor(now.scratch) as db:
        db.parquet("candidate", [folder / "candidate.parquet"])
        db.build("warnings/given_due")


def days(now: Night, advice: AdviceTerms, folder: Path) -> Iterator[tuple[date, Path, AdviceTerms]]:
    """The days on which lines that a review tonight would cut are reviewed; for each a folder with what a
    look ahead to that day begins from, and its terms. Leaves `foreseen` without a row.
    """
    with sql.cursor(now.scratch) as db:
        db.drop("given_due")
        db.create(f"schema/{PAST}")
        db.raw.execute(f"create or replace table foreseen as from {PAST}")
        db.build("warnings/lowered", theirs=list(THEIRS))
        db.parquet("standing_promise", [folder / PROMISES])
        db.build("advice/advised", months=advice.months)
        db.raw.execute("create or replace table all_advised as from advised")
        db.parquet("tonight", [folder / TONIGHT])
        db.write_to("select * from tonight semi join stg_facility using (facility_id)", str(folder / AROUND))
        listed = db.raw.execute("select distinct next_due_on from all_advised order by all").fetchall()
    for (day,) in listed:
        place = folder / day.isoformat()
        place.mkdir()
        shutil.copyfile(folder / AROUND, place / TONIGHT)
        shutil.copyfile(folder / PROMISES, place / PROMISES)
        with sql.cursor(now.scratch) as db:
            db.write("warnings/of_day", place / "advised.parquet", day=day)
            for table in ("advised", "all_tried"):
                db.drop(table)
        in_time = pay_on(now.as_of, advice.least_days) <= day
        yield day, place, advice if in_time else advice.model_copy(update={"parts": 1})
        shutil.rmtree(place)


def see(now: Night, day: date) -> None:
    """Add to `foreseen` the lines of a day whose review, tried as of that day, comes to the same."""
    closed_on = last_of_month(last_closed_month(day))
    before = last_of_month(last_closed_month(now.as_of))
    closed_on = closed_on if closed_on > before else now.as_of
    with sql.cursor(now.scratch) as db:
        days = db.raw.execute("select distinct review_day from unit order by all").fetchall()
        told = {"review": 1, "day": day, "closed_on": closed_on}
        db.replace("advice_review", [{**told, "review_day": number} for (number,) in days])
        db.build("advice/found")
        db.extend("foreseen", "warnings/foreseen", as_of=now.as_of, day=day)


def keep(now: Night, night: Night, path: Path) -> Warned:
    """Leave `warned` in the night's own scratch, by way of a file."""
    with sql.cursor(now.scratch) as db:
        db.write_to("select * from foreseen order by facility_id", str(path))
    with sql.cursor(night.scratch) as db:
        db.parquet("found_warning", [path])
        db.raw.execute("insert into warned by name from found_warning")
        db.drop("found_warning")
        return Warned(db.count("warned"))
