"""Why limits moved: the rows around them as they were and as they are, and the walk over every mixture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.again import place
from linewatch.errors import LinewatchError
from linewatch.night import Night
from tasks import again, attribute
from tasks.decide import facts_of, load_past
from tasks.features import features
from tasks.rescore import score

Once = tuple[again.Again, again.Rows]
"""An earlier night, and where its rows lie."""


@dataclass(frozen=True)
class Asked:
    """What moved, and what it was decided on."""

    lines: list[attribute.Row]
    rows: Callable[[Path], again.Rows]
    decided: Callable[[Path], Path]
    """A file with what the night decided of each line."""


@task(name="attribute", task_run_name="attribute {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def attribute_night(night: Night, revises: bool = False) -> attribute.Attributed:
    """Leave `cause_of_line`, a row for every limit that the night moves by itself; before its commit.

    What a revision moves is carried: it takes back what a night moved, and that night told the causes.
    """
    if revises:
        return attribute.all_carried(night, 0)
    return _attribute(
        night,
        Asked(
            lines=attribute.moved(night, "causes/moved"),
            rows=lambda folder: again.rows_beside(night, folder),
            decided=lambda folder: attribute.write_decided(night, folder / "decided.parquet"),
        ),
    )


def attribute_settled(night: Night) -> attribute.Attributed:
    """The same for limits that a settlement moves; what people decided otherwise than the walk is carried."""
    batch = again.standing(night.home)
    return _attribute(
        night,
        Asked(
            lines=attribute.moved(night, "settlements/moved_line"),
            rows=lambda _: again.rows_of(night.home, batch),
            decided=lambda _: attribute.decided_by(night.home, batch),
        ),
    )


def _attribute(night: Night, asked: Asked) -> attribute.Attributed:
    with place(night.work) as folder:
        lines, nights, notes = _counted_from(night, asked.lines, folder)
        if not nights:
            return replace(attribute.all_carried(night, len(lines)), notes=notes)
        now = again.same(night, folder / "now")
        try:
            again.stand(now, asked.rows(folder))
            facts = facts_of(now)
            again.narrow_night(now, [line["facility_id"] for line in lines if line["since_on"]])
            features.fn(now)
            load_past(now)
            around = attribute.begin(now, lines, asked.decided(folder))
            befores = [_before(nights[day], ids, folder) for day, ids in around.items()]
            differing = attribute.anchors(now, befores, facts)
            attribute.decide_populations(now, differing, score)
            kept = attribute.keep(now, night, folder / "causes.parquet")
            return replace(kept, notes=(*notes, *differing.notes))
        finally:
            again.end(now)


def _counted_from(
    night: Night, moved: list[attribute.Row], folder: Path
) -> tuple[list[attribute.Row], dict[date, Once], tuple[str, ...]]:
    """The lines with the night that each counts from, those nights, and which of them can be used no more."""
    known, notes = attribute.nights_before(night.home, night.as_of), []
    nights: dict[date, Once] = {}
    while True:
        lines = attribute.counted_from(moved, known)
        wanted = {line["since_on"] for line in lines if line["since_on"] is not None}
        for day in sorted(wanted - set(nights)):
            try:
                before = again.begin(night.home, known[day], folder / day.isoformat(), {})
                nights[day] = before, again.rows_of(night.home, known[day], to_decide=False)
            except LinewatchError as error:
                notes.append(f"causes are not counted from the night of {day}: {error.what}")
                del known[day]
        if wanted <= set(nights):
            return lines, {day: nights[day] for day in sorted(wanted)}, tuple(notes)


def _before(once: Once, facility_ids: list[str], folder: Path) -> attribute.Before:
    """The rows of an earlier night around the lines that are counted from it, handed over."""
    before, rows = once
    try:
        again.stand(before, rows)
        again.narrow_night(before, facility_ids)
        features.fn(before)
        return attribute.hand_over(before, folder / "was")
    finally:
        again.end(before)
