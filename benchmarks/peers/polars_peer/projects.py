"""Project lines: their last report, and the slot that an assessment's marks put them in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from benchmarks.peers.polars_peer.business import SLOTS
from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import last_due, newest

Row = Mapping[str, Any]


def project_reports(source: Source, as_of: date) -> pl.LazyFrame:
    """One row a line with a report by `as_of`: the last one."""
    columns = source.table(
        "project_status",
        facility_id=pl.String,
        reported_on=pl.Date,
        phase=pl.String,
        covenant_breached=pl.Boolean,
        draw_stop=pl.Boolean,
    )
    return columns.filter(pl.col("reported_on") <= as_of).filter(newest("reported_on", "facility_id"))


def with_slots(
    lines: pl.DataFrame, source: Source, as_of: date, slotting: Row, slots: Sequence[Row]
) -> pl.DataFrame:
    """Lines rated by slot: `rating` is the slot's place in `slots`, `slot_el_bp` its loss."""
    counts = pl.col("slotted_on") > last_due(as_of, slotting["assessment_months"])
    unknown = slotting["unknown_counts"]
    score = pl.sum_horizontal(
        pl.when(counts).then(pl.col(name)).fill_null(unknown) * slotting[f"{name}_weight_bp"]
        for name in SLOTS
    )
    names = [slot["slot"] for slot in slots]
    by_score = sorted(
        (slot["from_bp"], place) for place, slot in enumerate(slots) if slot["from_bp"] is not None
    )
    is_default = pl.col("in_default") | pl.col("phase").is_in(slotting["default_phases"]).fill_null(False)
    reached = pl.coalesce(
        pl.when(is_default).then(names.index("default")),
        *(pl.when(score >= least).then(place) for least, place in reversed(by_score)),
        names.index("weak"),
    )
    losses = pl.Series([slot["el_bp"] for slot in slots], dtype=pl.Int64)
    return (
        lines.lazy()
        .join(project_reports(source, as_of), on="facility_id", how="left")
        .with_columns(pl.col("draw_stop", "covenant_breached").fill_null(False), rating=reached)
        .with_columns(slot_el_bp=pl.lit(losses).gather("rating"))
        .collect()
    )
