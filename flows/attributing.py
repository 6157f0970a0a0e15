"""Why limits moved: the rows around them as they were and as they are, and the walk over every mixture."""

from __future__ import annotations

from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.again import place
from linewatch.night import Night
from tasks import again, attribute
from tasks.decide import facts_of, load_past
from tasks.features import features


@task(name="attribute", task_run_name="attribute {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def attribute_night(night: Night) -> attribute.Attributed:
    """Leave `cause_of_line`, a row for every limit that the night moves by itself; before its commit."""
    lines, nights = attribute.since(night.home, night.as_of, attribute.moved(night))
    if not nights:
        return attribute.all_carried(night, len(lines))
    with place(night.work) as folder:
        now = again.same(night, folder / "now")
        try:
            again.stand(now, again.rows_beside(night, folder))
            facts = facts_of(now)
            attribute.write_decided(night, folder / "decided.parquet")
            again.narrow_night(now, [line["facility_id"] for line in lines])
            features.fn(now)
            load_past(now)
            befores = [_before(night.home, batch, lines, folder) for batch in nights.values()]
            attribute.begin(now, lines, folder / "decided.parquet", befores)
            attribute.decide_populations(now, attribute.anchors(now, befores, facts))
            return attribute.keep(now, night, folder / "causes.parquet")
        finally:
            again.end(now)


def _before(home: Path, batch: again.Batch, lines: list[attribute.Row], folder: Path) -> attribute.Before:
    """The rows of an earlier night around the lines that are counted from it, handed over."""
    before = again.begin(home, batch, folder / batch.as_of.isoformat(), {})
    try:
        again.stand(before, again.rows_of(home, batch))
        again.narrow_night(before, [line["facility_id"] for line in lines if line["since_on"] == batch.as_of])
        features.fn(before)
        return attribute.hand_over(before, folder / "was")
    finally:
        again.end(before)
