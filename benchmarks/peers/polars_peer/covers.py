"""What covers save: the terms of each, and the part that each takes of an exposure, the cheapest first."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from benchmarks.peers.polars_peer.whole import over, shift

Row = Mapping[str, Any]
OLDEST = 2_147_483_647


def terms(
    covers: pl.DataFrame, scores: pl.DataFrame, policy: Mapping[str, Sequence[Row]], as_of: date
) -> pl.DataFrame:
    """One row a cover: how much it takes at most, for how long, and what its giver loses.

    `provider_rate_e8` is null for collateral, which acts on the line's own loss; `days` where it outlasts the
    horizon.
    """
    horizon = shift(as_of, policy["pol_setting"][0]["horizon_months"])
    graded = {row["grade"]: row for row in policy["pol_provider_grade"]}
    grade = pl.col("provider_grade").fill_null("unknown")

    def of_grade(what: str) -> pl.Expr:
        return grade.replace_strict(
            {name: row[what] for name, row in graded.items()}, default=graded["unknown"][what]
        )

    is_thing = pl.col("kind") == "collateral"
    ends = pl.col("valid_until") < horizon
    worth = (
        over(pl.col("value_cents").fill_null(0))
        * (10_000 - _haircut(policy["pol_valuation_haircut"]))
        // 10_000
    )
    pd_bp = pl.max_horizontal(of_grade("pd_bp"), "pd_bp").cast(pl.Int64)
    return (
        covers.lazy()
        .join(
            scores.lazy().select("borrower_id", "pd_bp"),
            left_on="provider_id",
            right_on="borrower_id",
            how="left",
        )
        .select(
            "facility_id",
            "guarantee_id",
            "share_bp",
            "valid_until",
            most_cents=pl.when(is_thing)
            .then(pl.min_horizontal("cap_cents", worth))
            .otherwise(pl.col("cap_cents")),
            days=pl.when(ends).then((pl.col("valid_until") - pl.lit(as_of)).dt.total_days()),
            horizon_days=pl.lit((horizon - as_of).days, dtype=pl.Int64),
            provider_rate_e8=pl.when(~is_thing).then(pd_bp * of_grade("lgd_bp")),
        )
        .collect()
    )


def _haircut(rows: Sequence[Row]) -> pl.Expr:
    """By the age of the valuation; unknown is the oldest."""
    months = pl.col("valued_months").fill_null(OLDEST)
    return pl.coalesce(
        pl.when((months > (row["above_months"] or -1)) & (months <= (row["up_to_months"] or OLDEST))).then(
            row["haircut_bp"]
        )
        for row in rows
    )


def expiring(told: pl.DataFrame, as_of: date, days: Sequence[int]) -> pl.DataFrame:
    """One row a line with a cover: the last day on which one came near enough to its end."""
    nearing = [pl.col("valid_until") - timedelta(days=each) for each in days]
    since = pl.max_horizontal(pl.when(day <= as_of).then(day) for day in nearing)
    return told.group_by("facility_id").agg(security_expiring_since=since.max())


def cheaper(told: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The covers that cost less than their line, in their turn; `lines` know their own and pledged rate."""
    rate = pl.coalesce("provider_rate_e8", "pledged_rate_e8")
    return (
        told.join(lines, on="facility_id")
        .with_columns(rate_e8=rate)
        .filter(pl.col("rate_e8") < pl.col("own_loss_rate_e8"))
        .sort("line", "rate_e8", "guarantee_id")
    )


def saved(points: pl.DataFrame, covers: pl.DataFrame) -> pl.DataFrame:
    """One row a line with covers and point: the unit loss that they save of its exposure `ead_cents`.

    They take their parts in turn, together never more than the whole.
    """
    exposure, taken = pl.col("ead_cents"), pl.col("taken")
    share = exposure * pl.col("share_bp") // 10_000
    most = (
        pl.min_horizontal(share, "most_cents") * pl.coalesce("days", "horizon_days") // pl.col("horizon_days")
    )
    place = ["line", "point"]
    return (
        points.join(covers, on="line", maintain_order="right_left")
        .with_columns(taken=pl.min_horizontal(most.cum_sum().over(place), exposure))
        .with_columns(part=taken - taken.shift(1, fill_value=0).over(place))
        .group_by(place)
        .agg(saved=((pl.col("own_loss_rate_e8") - pl.col("rate_e8")) * pl.col("part")).sum())
    )
