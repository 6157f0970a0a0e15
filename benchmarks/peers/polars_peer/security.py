"""Control groups, defaults, and the covers of lines that count tonight."""

from datetime import date

import polars as pl

from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import full_months, over

NO_CAP = 10**13


def in_force(frame: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Rows valid on `as_of`."""
    until = pl.col("valid_until")
    return frame.filter(pl.col("valid_from") <= as_of, until.is_null() | (until >= as_of))


def treatments(source: Source, as_of: date) -> pl.DataFrame:
    """One row a borrower and treatment in force."""
    columns = source.table(
        "treatment", borrower_id=pl.String, kind=pl.String, valid_from=pl.Date, valid_until=pl.Date
    )
    return in_force(columns, as_of).select("borrower_id", "kind").collect()


def control_groups(source: Source, as_of: date, least: dict[str, int]) -> pl.DataFrame:
    """One row a borrower tied to another: the group is named after its first member."""
    links = source.table(
        "control_link",
        borrower_id=pl.String,
        related_borrower_id=pl.String,
        kind=pl.String,
        share_bp=pl.Int64,
        valid_from=pl.Date,
        valid_until=pl.Date,
    )
    enough = (
        pl.when(pl.col("kind") == "economic_dependence")
        .then(least["dependence_share_bp"])
        .otherwise(least["control_share_bp"])
    )
    ties = in_force(links, as_of).filter(
        pl.col("share_bp").is_null() | (pl.col("share_bp") >= enough),
        pl.col("borrower_id") != pl.col("related_borrower_id"),
    )
    one = ties.select(
        pl.col("borrower_id").alias("one"), pl.col("related_borrower_id").alias("other")
    ).collect()
    edges = pl.concat([one, one.select(one="other", other="one")]).unique()
    names = edges.group_by("one").agg(
        pl.min_horizontal(pl.col("other").min(), pl.col("one").first()).alias("group_id")
    )
    while True:
        heard = (
            edges.join(names, left_on="other", right_on="one")
            .group_by("one")
            .agg(heard=pl.col("group_id").min())
        )
        nearer = names.join(heard, on="one").select("one", group_id=pl.min_horizontal("group_id", "heard"))
        # Each also takes the name of the one it is named after, so that a chain shortens by halves.
        jumped = nearer.join(nearer, left_on="group_id", right_on="one", suffix="_next").select(
            "one", group_id=pl.min_horizontal("group_id", "group_id_next")
        )
        if jumped.sort("one").equals(names.sort("one")):
            return jumped.rename({"one": "borrower_id"})
        names = jumped


def in_default(lines: pl.DataFrame, treated: pl.DataFrame, kinds: list[str]) -> pl.DataFrame:
    """One row a borrower in default: 90 days behind on an open line, or under a treatment that is one."""
    behind = lines.filter("is_open", pl.col("days_past_due") >= 90).select("borrower_id")
    return pl.concat([behind, treated.filter(pl.col("kind").is_in(kinds)).select("borrower_id")]).unique()


def covers_now(
    source: Source,
    as_of: date,
    lines: pl.DataFrame,
    groups: pl.DataFrame,
    void: pl.DataFrame,
) -> pl.DataFrame:
    """One row a cover that counts: not by the borrower's own group, nor by one whose word is `void`."""
    guarantees = source.table(
        "guarantee",
        facility_id=pl.String,
        guarantee_id=pl.String,
        kind=pl.String,
        provider_id=pl.String,
        provider_grade=pl.String,
        covered_share_bp=pl.Int64,
        cap_cents=pl.Int64,
        value_cents=pl.Int64,
        valued_on=pl.Date,
        valid_from=pl.Date,
        valid_until=pl.Date,
        status=pl.String,
    )
    by_word = pl.col("kind").is_in(["guarantor", "insurance"])
    own, theirs = pl.col("group_id"), pl.col("provider_group")
    return (
        in_force(guarantees, as_of)
        .filter(pl.col("status").fill_null("active") == "active")
        .join(lines.lazy().select("facility_id", "borrower_id"), on="facility_id")
        .join(groups.lazy(), on="borrower_id", how="left")
        .join(
            groups.lazy().select(provider_id="borrower_id", provider_group="group_id"),
            on="provider_id",
            how="left",
        )
        .join(void.lazy().select(provider_id="borrower_id", is_void=True), on="provider_id", how="left")
        .filter(
            (pl.col("kind") == "collateral")
            | (
                by_word
                & pl.col("provider_id").ne_missing(pl.col("borrower_id"))
                & (theirs.is_null() | theirs.ne_missing(own))
                & pl.col("is_void").is_null()
            )
        )
        .select(
            "facility_id",
            "guarantee_id",
            "kind",
            "provider_id",
            "provider_grade",
            "cap_cents",
            "value_cents",
            "valid_until",
            share_bp=pl.col("covered_share_bp").fill_null(0).clip(0, 10_000),
            valued_months=full_months(pl.col("valued_on"), as_of),
        )
        .collect()
    )


def guarantee_cover(lines: pl.DataFrame, borrowers: pl.LazyFrame, covers: pl.DataFrame) -> pl.DataFrame:
    """One row an enterprise with open lines: the share of their limits that covers take, rounded down."""
    limit = pl.col("credit_limit_cents")
    most = pl.min_horizontal(pl.col("cap_cents").fill_null(NO_CAP), pl.col("value_cents").fill_null(NO_CAP))
    firms = borrowers.filter(pl.col("borrower_type") == "enterprise")
    of_firms = lines.lazy().filter("is_open").join(firms, on="borrower_id", how="semi")
    open_lines = of_firms.select("facility_id", "borrower_id", "credit_limit_cents")
    covered = (
        covers.lazy()
        .join(open_lines, on="facility_id")
        .group_by("facility_id")
        .agg(covered=pl.min_horizontal(limit * pl.col("share_bp") // 10_000, most).sum())
    )
    sums = (
        open_lines.join(covered, on="facility_id", how="left")
        .group_by("borrower_id")
        .agg(limit.sum(), covered=pl.min_horizontal(pl.col("covered").fill_null(0), limit).sum())
    )
    share = over(pl.col("covered")) * 10_000 // limit
    return sums.select("borrower_id", guarantee_cover_bp=pl.when(limit > 0).then(share)).collect()
