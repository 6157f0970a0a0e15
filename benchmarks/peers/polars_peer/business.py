"""The characteristics of enterprises: statements, trade, visits, and the covers of their lines."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import full_months, last_due, up

SLOTS = ("financial_strength", "political_legal", "transaction", "sponsor", "security")


def assessments(source: Source, as_of: date) -> pl.DataFrame:
    """One row a borrower assessed by `as_of`: the last marks of the firm and of its projects."""
    marks = ("market_position", "management_quality")
    visits = (
        source.table(
            "assessment",
            borrower_id=pl.String,
            assessed_on=pl.Date,
            **dict.fromkeys((*marks, *SLOTS), pl.Int64),
        )
        .filter(pl.col("assessed_on") <= as_of)
        .with_columns(pl.when(pl.col(slot).is_between(1, 4)).then(pl.col(slot)) for slot in SLOTS)
        .sort("borrower_id", "assessed_on")
        .collect()
    )
    counts = pl.col("assessed_on") > last_due(as_of, 24)
    firm = (
        visits.filter(pl.any_horizontal(pl.col(*marks).is_not_null()))
        .unique("borrower_id", keep="last")
        .select("borrower_id", *(pl.when(counts).then(pl.col(mark)).alias(mark) for mark in marks))
    )
    project = (
        visits.filter(pl.any_horizontal(pl.col(*SLOTS).is_not_null()))
        .unique("borrower_id", keep="last")
        .select("borrower_id", pl.col("assessed_on").alias("slotted_on"), *SLOTS)
    )
    return firm.join(project, on="borrower_id", how="full", coalesce=True)


def enterprises(
    people: pl.LazyFrame,
    told: Iterable[pl.DataFrame],
    as_of: date,
) -> pl.LazyFrame:
    """One row an enterprise with all its characteristics; `people` know their own lines and reports."""
    firms = people.filter(pl.col("borrower_type") == "enterprise")
    for table in told:
        firms = firms.join(table.lazy(), on="borrower_id", how="left")
    revenue = pl.col("revenue_year_cents").clip(0, 10**13)
    return firms.with_columns(
        tenure_months=full_months(pl.coalesce("onboarded_on", "first_opened_on"), as_of),
        line_to_revenue_bp=pl.when((revenue > 0) & (pl.col("statement_currency") == pl.col("currency"))).then(
            up(pl.col("limit_cents") * 10_000, revenue).clip(upper_bound=100_000)
        ),
    )
