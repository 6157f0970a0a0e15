"""What would help: what borrowers could do is tried on the rows of reviews to come, by the night's own walk.

The order of the steps is in flows/advising.py. Everything happens in a scratch beside the night's own, on the
rows around the lines that are told of a cut (docs/adr/0030).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sql.engine as sql
from linewatch.advice import THEIRS, AdviceTerms, last_of_month, months_later, pay_on
from linewatch.caps import caps_in_force
from linewatch.characteristics import characteristics
from linewatch.documents import Documents
from linewatch.law import Facts, law_in_force
from linewatch.night import Night
from sql import past, project, walk
from sql.features import build_features
from sql.stage import last_closed_month

PROMISES = "promises.parquet"
OWN = "projected"
"""The schema in which later reviews are decided."""

MOST_LINES = 25_000
"""Lines that are decided at once: each thing that is tried is a copy of the rows around its line."""

FEW_LINES = 10_000
"""Up to so many, all is tried at once."""

Score = Callable[[sql.Cursor, Documents], object]


@dataclass(frozen=True)
class Advised:
    """How many lines are told of a cut, and how many of them what would help."""

    lines: int
    helped: int


def none(night: Night) -> Advised:
    """Leave `advice` without a row: the policy has no terms for it."""
    with sql.cursor(night.scratch) as db:
        db.create("schema/advice")
    return Advised(0, 0)


def ask(night: Night, terms: AdviceTerms, lowered: str = "advice/lowered") -> list[str]:
    """Leave `advised`, the lines that are told of a cut; return those of which something is to be tried.

    `standing_promise` stands.
    """
    with sql.cursor(night.scratch) as db:
        for name in ("advice_found", "promise_made"):
            db.create(f"schema/{name}")
        db.replace("pol_segment", night.documents.policy.tables()["pol_segment"])
        db.build(lowered, theirs=list(THEIRS))
        db.build("advice/advised", months=terms.months)
        return [row["facility_id"] for row in db.rows("advice/asked")]


def hand_over(night: Night, folder: Path) -> None:
    """Write what the night decided, and whom it tells of a cut, for later reviews to carry on from."""
    with sql.cursor(night.scratch) as db:
        columns = ", ".join(name for name in db.columns(past.TABLE) if name in db.columns("decisions"))
        db.write_to(f"select {columns} from decisions", str(folder / "tonight.parquet"))  # noqa: S608
        _hand_over_told(db, folder)


def hand_over_settled(night: Night, settled_on: date, folder: Path) -> None:
    """The same of a settlement: what is in force, and as the settlement leaves the lines that it is about."""
    with sql.cursor(night.scratch) as db:
        db.build("settlements/changing_line")
        db.build("settlements/state", as_of=night.as_of, settled_on=settled_on)
        db.write_to(
            "select * from in_force anti join state using (facility_id) union all by name from state",
            str(folder / "tonight.parquet"),
        )
        _hand_over_told(db, folder)


def _hand_over_told(db: sql.Cursor, folder: Path) -> None:
    db.write_to("select * from advised", str(folder / "advised.parquet"))
    db.write_to("select * from standing_promise", str(folder / PROMISES))


def begin(now: Night, terms: AdviceTerms, folder: Path, told_on: date) -> None:
    """Leave `tried`, a row for everything that is tried, and what the first review carries on from.

    `told_on` is the day of the letter.
    """
    with sql.cursor(now.scratch) as db:
        db.parquet("advised", [folder / "advised.parquet"])
        db.parquet(project.TONIGHT, [folder / "tonight.parquet"])
        db.parquet(project.PROMISES, [folder / PROMISES])
        for statement in ("unit", "member", "member_line"):
            db.build(f"advice/{statement}")
        db.build(
            "advice/tried",
            steps=terms.parts,
            income_share_bp=terms.income_share_bp,
            pay_on=pay_on(told_on, terms.least_days),
        )
        db.raw.execute("alter table tried rename to all_tried")
        db.replace("advice_night", [{"as_of": now.as_of, "closed": last_closed_month(now.as_of)}])
        days = db.raw.execute("select distinct review_day from unit order by all").fetchall()
        dated = [
            _dated(now.as_of, day, *each) for (day,) in days for each in reviews(now.as_of, terms.months, day)
        ]
        db.replace("advice_review", dated)
        db.create("schema/advice_value")


def choices(now: Night) -> Iterator[None]:
    """Leave in `chosen` the most of each kind of thing that a unit's borrower could do, then less of it.

    Where few lines are decided for it, all is tried at once: looking at less later costs as many statements.
    """
    with sql.cursor(now.scratch) as db:
        ((lines,),) = db.raw.execute(
            "select count(*) from all_tried inner join member_line using (unit)"
        ).fetchall()
        few = lines <= FEW_LINES
        _choose(db, "all_tried" if few else "most_tried")
        yield
        _weigh(db)
        if not few:
            _choose(db, "less_tried")
            yield
            _weigh(db)


def _choose(db: sql.Cursor, tried: str) -> None:
    if tried != "all_tried":
        db.build(f"advice/{tried}")
    db.raw.execute(f"create or replace table chosen as from {tried}")


def _weigh(db: sql.Cursor) -> None:
    """Leave in `reached` what does something, and in `helping` of what less may do too."""
    db.build("advice/reached")
    db.build("advice/helping")


def batches(now: Night) -> list[tuple[int, int, int]]:
    """First and last of the units of which what is chosen is tried at once, and on which day of a month."""
    with sql.cursor(now.scratch) as db:
        rows = db.rows("advice/batches", most_lines=MOST_LINES)
        return [(row["first_unit"], row["last_unit"], row["review_day"]) for row in rows]


def take(now: Night, first: int, last: int) -> None:
    """Leave in `tried` what is tried of some units, and what their first review carries on from."""
    with sql.cursor(now.scratch) as db:
        db.build("advice/some_tried", first=first, last=last)
        db.drop("tried")
        db.raw.execute("alter table some_tried rename to tried")
        project.begin(db)


def reviews(as_of: date, months: int, review_day: int) -> Iterator[tuple[int, date, date]]:
    """Number, day and day before of the reviews that are tried, on one day of each month."""
    previous = as_of
    for number in range(1, months + 1):
        day = months_later(as_of, number, review_day)
        yield number, day, previous
        previous = day


def review(now: Night, number: int, day: date, previous: date, facts: Facts, score: Score) -> None:
    """Add to `advice_value` what each line comes to on a later day, under tonight's documents.

    `score` is the night's own scoring, of what a cursor sees.
    """
    documents = now.documents
    policy = documents.policy.tables()
    with sql.cursor(now.scratch, schema=OWN) as db:
        project.project(db, day, previous, _closed(now.as_of, day))
        build_features(db, characteristics().scale_rows(), policy["pol_control_group"])
        score(db, documents)
        caps = caps_in_force(documents, facts.reporting_currency)
        walk.prepare(db, policy, caps, law=law_in_force(documents, now.as_of, facts))
        walk.decide_untold(db)
        db.extend("advice_value", "advice/value", review=number)
        project.carry_on(db)


def _dated(as_of: date, review_day: int, number: int, day: date, previous: date) -> dict[str, Any]:
    """A row of `advice_review`."""
    closed = _closed(as_of, day)
    closed_on = last_of_month(closed[-1]) if closed else previous
    return {"review": number, "review_day": review_day, "day": day, "closed_on": closed_on}


def _closed(as_of: date, day: date) -> list[date]:
    """The months that close after the night and up to a day."""
    months, month = [], last_closed_month(as_of)
    last = last_closed_month(day)
    while month < last:
        month = last_of_month(month) + timedelta(days=1)
        months.append(month)
    return months


def keep(now: Night, night: Night, path: Path) -> None:
    """Leave in the night's own scratch what helps, by way of a file."""
    with sql.cursor(now.scratch) as db:
        db.write("advice/found", path)
    with sql.cursor(night.scratch) as db:
        db.parquet("found", [path])
        db.raw.execute("insert into advice_found by name from found")
        db.drop("found")


def tell(night: Night) -> Advised:
    """Leave `advice`: what helps, or why there is nothing to advise."""
    with sql.cursor(night.scratch) as db:
        db.build("advice/advice")
        (row,) = db.rows("advice/counts")
        return Advised(**row)
