"""The characteristics of consumers: own lines, spending and what others report of them."""

from datetime import date

import polars as pl

from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import closed_months, full_months, newest, share_bp, toward_zero, up


def borrowers(source: Source) -> pl.LazyFrame:
    """One row a borrower."""
    text, day = pl.String, pl.Date
    return source.table(
        "borrower",
        borrower_id=text,
        borrower_type=text,
        jurisdiction=text,
        onboarded_on=day,
        identity_verified_on=day,
        net_monthly_income_cents=pl.Int64,
        income_kind=text,
        income_verified_on=day,
        limit_increase=pl.Boolean,
        hardship_on=day,
        deceased_on=day,
        fraud_flag=text,
    )


def bureau(source: Source, as_of: date) -> pl.DataFrame:
    """One row a borrower with a report by `as_of`: the last one. A disputed one says nothing but its day.

    No report counts our own lines.
    """
    kinds: dict[str, type[pl.DataType]] = {
        "lender_count": pl.Int32,
        "external_balance_cents": pl.Int64,
        "external_limit_cents": pl.Int64,
        "monthly_payment_cents": pl.Int64,
        "inquiries_6m": pl.Int32,
        "worst_dpd_now": pl.Int32,
        "worst_dpd_24m": pl.Int32,
        "public_record_count": pl.Int32,
    }
    reports = source.table(
        "bureau_report", borrower_id=pl.String, pulled_on=pl.Date, disputed=pl.Boolean, **kinds
    )
    undisputed = ~pl.col("disputed").fill_null(False)
    return (
        reports.filter(pl.col("pulled_on") <= as_of)
        .filter(newest("pulled_on", "borrower_id"))
        .select(
            "borrower_id",
            pl.col("pulled_on").alias("bureau_on"),
            *(pl.when(undisputed).then(pl.col(column)) for column in kinds),
            pl.when(undisputed)
            .then((pl.lit(as_of) - pl.col("pulled_on")).dt.total_days())
            .alias("bureau_age_days"),
        )
        .with_columns(
            external_utilisation_bp=pl.when(pl.col("external_limit_cents") == 0)
            .then(pl.when(pl.col("external_balance_cents") > 0).then(30_000).otherwise(0))
            .otherwise(share_bp(pl.col("external_balance_cents"), pl.col("external_limit_cents"), 30_000))
        )
        .rename(
            {
                "lender_count": "external_lenders",
                "inquiries_6m": "external_inquiries_6m",
                "worst_dpd_now": "external_dpd_now_days",
                "worst_dpd_24m": "external_dpd_24m_days",
                "public_record_count": "public_records",
                "monthly_payment_cents": "external_payment_cents",
            }
        )
        .collect(engine="streaming")
    )


def spending(source: Source, as_of: date) -> pl.DataFrame:
    """One row a borrower with spending in the last six closed months: what the money went on."""
    parts = ("essential_cents", "discretionary_cents", "cash_like_cents")
    late = pl.col("ago") < 3
    total = pl.sum_horizontal(parts)

    def quarter(amount: pl.Expr, when: pl.Expr = late) -> pl.Expr:
        return pl.when(when).then(amount).otherwise(0).sum()

    sums = (
        source.table("spending_month", borrower_id=pl.String, month=pl.Date, **dict.fromkeys(parts, pl.Int64))
        .join(closed_months(as_of, 6), on="month")
        .group_by("borrower_id")
        .agg(
            late.sum().cast(pl.Int64).alias("months"),
            (~late).sum().cast(pl.Int64).alias("months_before"),
            quarter(pl.col("essential_cents")).alias("essential"),
            quarter(pl.col("cash_like_cents")).alias("cash_like"),
            quarter(total).alias("total"),
            quarter(total, ~late).alias("before"),
        )
    )
    spent, before, months = pl.col("total"), pl.col("before"), pl.col("months")
    trend = toward_zero((spent * pl.col("months_before") - before * months) * 10_000, before * months)
    return sums.select(
        "borrower_id",
        pl.when(spent > 0).then(up(pl.col("essential") * 10_000, spent)).alias("essential_share_3m_bp"),
        pl.when(spent > 0).then(up(pl.col("cash_like") * 10_000, spent)).alias("cash_like_share_3m_bp"),
        pl.when((before > 0) & (months > 0)).then(trend.clip(upper_bound=30_000)).alias("spending_trend_bp"),
        pl.when(months > 0).then(up(pl.col("essential"), months)).alias("essential_cents"),
    ).collect(engine="streaming")


def consumers(people: pl.LazyFrame, spent: pl.DataFrame, as_of: date) -> pl.LazyFrame:
    """One row a consumer with all their characteristics; `people` know their own lines and reports."""
    income = pl.when(pl.col("net_monthly_income_cents") >= 0).then(
        pl.col("net_monthly_income_cents").clip(lower_bound=1)
    )

    def of_income(amount: pl.Expr, most: int, months: int = 1) -> pl.Expr:
        return up(amount * 10_000, income * months).clip(upper_bound=most)

    return (
        people.filter(pl.col("borrower_type") == "consumer")
        .join(spent.lazy(), on="borrower_id", how="left")
        .with_columns(
            essential_to_income_bp=of_income(pl.col("essential_cents"), 30_000),
            external_debt_to_income_bp=of_income(pl.col("external_balance_cents"), 100_000, 12),
            debt_service_to_income_bp=of_income(
                pl.col("monthly_due_cents") + pl.col("external_payment_cents"), 30_000
            ),
            line_to_income_bp=of_income(pl.col("limit_cents"), 100_000, 12),
            tenure_months=full_months(pl.coalesce("onboarded_on", "first_opened_on"), as_of),
        )
    )
