"""Why each limit moved, in cents: the walk once more for each coalition of what differs from the anchor.

The order of the steps is in flows/attributing.py. Everything happens in a scratch beside the night's own, on
the rows around the lines that moved (docs/adr/0029).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import sql.engine as sql
from ledger import Batch, standing_ledger
from linewatch import causes
from linewatch.caps import caps_in_force
from linewatch.characteristics import characteristics
from linewatch.documents import Documents, cards_in_use, grace_rows
from linewatch.errors import DocumentRefused
from linewatch.law import Facts, Law, law_in_force
from linewatch.night import Night
from sql import populate, walk
from sql.features import build_features

OWN = "causes"
"""The schema in which populations are decided."""
MOST_LINES = 100_000
"""Lines of populations that are decided at once."""
OF_LINE = "cause_of_line"
KEPT = frozenset({"manifest", "quarantine", "quarantined_borrower"})
"""What must not have been pruned of a night whose rows are looked at again."""

Row = dict[str, Any]
Score = Callable[[sql.Cursor, Documents], object]


@dataclass(frozen=True)
class Attributed:
    """How many limits moved, and how many of them since a night that can still be looked at."""

    moved: int
    counted: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Before:
    """A night that changes are counted from, and where its rows were handed over."""

    since_on: date
    documents: Documents
    folder: Path


def moved(night: Night, statement: str) -> list[Row]:
    """The lines whose limit moves, with the day of their anchor."""
    with sql.cursor(night.scratch) as db:
        return db.rows(statement)


def nights_before(home: Path, as_of: date) -> dict[date, Batch]:
    """The committed nights before a day of which the rows are kept."""
    return {
        batch.as_of: batch
        for batch in standing_ledger(home).batches(state="committed")
        if batch.kind in ("night", "revision") and batch.as_of < as_of and _is_kept(home, batch)
    }


def _is_kept(home: Path, batch: Batch) -> bool:
    return bool(batch.snapshot) and (home / batch.snapshot).is_dir() and not KEPT & set(batch.gone)


def counted_from(rows: Iterable[Row], days: Iterable[date]) -> list[Row]:
    """Rows of `moved_line`: each counts from the night of its anchor, or the oldest of the days since."""
    known = sorted(days)
    return [{**row, "since_on": _first(known, row["anchor_on"])} for row in rows]


def _first(days: Sequence[date], anchor_on: date | None) -> date | None:
    return None if anchor_on is None else next((day for day in days if day >= anchor_on), None)


def all_carried(night: Night, moved: int) -> Attributed:
    """Leave `cause_of_line` without a row: nothing that moved can be counted from an earlier night."""
    with sql.cursor(night.scratch) as db:
        db.create(f"schema/{OF_LINE}")
    return Attributed(moved, 0)


def hand_over(before: Night, folder: Path) -> Before:
    """Write the rows of an earlier night, cut to those around the lines, for tonight to read."""
    with sql.cursor(before.scratch) as db:
        for table in populate.handed_over():
            (folder / table).mkdir(parents=True, exist_ok=True)
            populate.hand_over(db, table, str(folder / table / f"{before.as_of}.parquet"))
    return Before(before.as_of, before.documents, folder)


def begin(now: Night, lines: Sequence[Row], decided: Path) -> dict[date, list[str]]:
    """Leave the units and their members; return the lines to look at, by the night that they count from."""
    with sql.cursor(now.scratch) as db:
        db.create("schema/moved_line")
        db.append("moved_line", [{name: row[name] for name in db.columns("moved_line")} for row in lines])
        db.parquet("decided_line", [decided])
        for statement in ("unit", "member", "member_line"):
            db.build(f"causes/{statement}")
        db.build("causes/given_due")
        db.build("causes/grade_fall")
        populate.cut_standing(db)
        around: dict[date, list[str]] = {}
        for row in db.rows("causes/around"):
            around.setdefault(row["since_on"], []).append(row["facility_id"])
        return around


def anchors(now: Night, befores: Sequence[Before], facts: Facts) -> Differing:
    """What tonight's documents and those of the earlier nights differ in."""
    found = Differing(now.documents, now.as_of, facts)
    with sql.cursor(now.scratch) as db:
        for table in populate.handed_over():
            db.parquet(
                f"{populate.WAS}{table}",
                [before.folder / table / f"{before.since_on}.parquet" for before in befores],
            )
        db.replace("cause_anchor", [found.row(before) for before in befores])
        populate.note_moved(db, _drivers())
        _measure_restated(db, now)
        db.build("causes/present")
        present = [row[0] for row in db.raw.execute("select distinct present from present").fetchall()]
        for table, rows in (
            ("cause_coalition", causes.coalition_rows),
            ("cause_weight", causes.weight_rows),
            ("cause_pair", causes.pair_rows),
        ):
            db.create(f"schema/{table}")
            db.append(table, [row for each in sorted(present) for row in rows(each)])
        db.build("causes/populations")
        db.create("schema/cause_value")
    return found


def decide_populations(now: Night, documents: Differing, score: Score) -> None:
    """Leave `cause_value`: the limit that the walk leaves each moved line in each coalition.

    `score` is the night's own scoring, of what a cursor sees.
    """
    with sql.cursor(now.scratch) as db:
        runs = list(_runs(db))
    for run in runs:
        with sql.cursor(now.scratch, schema=OWN) as db:
            db.build("causes/population", **run)
            if not db.count("population"):
                continue
            populate.populate(db, _drivers())
            documents.load(db, run, score)
            walk.act(db, find_grade_falls=False)
            db.extend("cause_value", "causes/value")


def _runs(db: sql.Cursor) -> Iterator[Row]:
    """Documents and units that are decided at once."""
    parts = db.rows("causes/chunks", most_lines=MOST_LINES)
    for run in db.rows("causes/runs"):
        for part in parts:
            yield {**run, **part}


def keep(now: Night, night: Night, path: Path) -> Attributed:
    """Leave `cause_of_line` in the night's own scratch, by way of a file."""
    with sql.cursor(now.scratch) as db:
        for statement in ("counted", "part", "rounded", "spread"):
            db.build(f"causes/{statement}")
        db.write("causes/of_line", path)
        moved = db.count("moved_line")
    with sql.cursor(night.scratch) as db:
        db.create(f"schema/{OF_LINE}")
        db.parquet("causes_found", [path])
        db.raw.execute(f"insert into {OF_LINE} by name from causes_found")
        db.drop("causes_found")
        return Attributed(moved, db.count(OF_LINE))


def write_decided(night: Night, path: Path) -> Path:
    """Write what tonight decided of each line, for the populations to be decided on the same terms."""
    with sql.cursor(night.scratch) as db:
        db.write("causes/decided_line", path)
    return path


def decided_by(home: Path, batch: Batch) -> Path:
    """What a committed night decided of each line."""
    return standing_ledger(home).file(batch, "decisions")


def _drivers() -> dict[str, str]:
    return {each.name: each.driver for each in characteristics().characteristic}


class Differing:
    """Which documents each anchor had, numbered where they are not tonight's."""

    def __init__(self, documents: Documents, as_of: date, facts: Facts) -> None:
        self.as_of, self.facts = as_of, facts
        self.model: list[Documents] = [documents]
        self.policy: list[Documents] = [documents]
        self.regulation: list[Law] = [law_in_force(documents, as_of, facts)]
        self.notes: list[str] = []
        """Documents of an earlier night that do not fit tonight's facts, and so are not told apart."""

    def row(self, before: Before) -> Row:
        """A row of `cause_anchor`."""
        return {
            "since_on": before.since_on,
            "days": (self.as_of - before.since_on).days,
            "months": _months(before.since_on, self.as_of),
            "model": _place(self.model, before.documents, _cards),
            "policy": self._told_apart("policy", before, self._place_of_policy),
            "regulation": self._told_apart("law", before, self._place_of_law),
        }

    def _told_apart(self, what: str, before: Before, place: Callable[[Before], int]) -> int:
        try:
            return place(before)
        except DocumentRefused as refused:
            self.notes.append(f"the {what} of {before.since_on} is no cause tonight: {refused.what}")
            return 0

    def _place_of_policy(self, before: Before) -> int:
        self._caps(before.documents)
        return _place(self.policy, before.documents, lambda each: each.policy)

    def _place_of_law(self, before: Before) -> int:
        law = law_in_force(before.documents, before.since_on, self.facts)
        return _place(self.regulation, law, lambda each: each)

    def _caps(self, documents: Documents) -> list[Row]:
        """The hard caps of a policy, by tonight's profile."""
        under = replace(documents, profile=self.policy[0].profile)
        return caps_in_force(under, self.facts.reporting_currency)

    def load(self, db: sql.Cursor, run: Mapping[str, int], score: Score) -> None:
        """Leave the scores and the lines of the populations of a run, ready to be walked."""
        model, policy = self.model[run["model"]], self.policy[run["policy"]]
        score(db, model)
        law = self.regulation[run["regulation"]]
        walk.prepare(db, policy.policy.tables(), self._caps(policy), law=law)


def _cards(documents: Documents) -> Any:
    """The scorecards that the documents' own policy names: which one serves is the model's part."""
    return (
        {card.id: card for card in cards_in_use(documents)},
        dict(documents.former_scorecards),
        grace_rows(documents),
    )


def _place(known: list[Any], found: Any, of: Any) -> int:
    """The number of what is found among what is known, which it joins if it is not there."""
    for place, each in enumerate(known):
        if of(each) == of(found):
            return place
    known.append(found)
    return len(known) - 1


def _months(since_on: date, as_of: date) -> int:
    """Months that have closed in between."""
    first, last = (day.toordinal() + 1 for day in (since_on, as_of))
    begun, ended = date.fromordinal(first), date.fromordinal(last)
    return (ended.year - begun.year) * 12 + ended.month - begun.month


def _measure_restated(db: sql.Cursor, now: Night) -> None:
    """Leave the features of units whose history was restated, measured on either version of it."""
    populate.create_restated(db)
    ties = now.documents.policy.tables()["pol_control_group"]
    scale = characteristics().scale_rows()
    for since_on in populate.restated_since(db):
        for tonight in (False, True):
            with sql.cursor(now.scratch, schema="restated") as own:
                populate.restate(own, since_on, tonight=tonight)
                build_features(own, scale, ties)
                populate.keep_restated(own, since_on, tonight=tonight)
