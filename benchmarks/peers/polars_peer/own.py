"""What is known of borrowers from their own lines: as they stand tonight, and over their closed months."""

from datetime import date

import polars as pl

from benchmarks.peers.polars_peer.months import MASKS, WINDOWS, WORST, line_months
from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import over, share_bp

SUMS = [f"{amount}_{part}" for amount, parts in WINDOWS.items() for part in parts]

OF_BORROWERS = {*MASKS, *SUMS, *WORST, "peak", "opened_on", "minimum_due_cents"} - {
    "seen",
    "balance_0",
    "balance_1_2",
}
"""What nobody asks of a single line once its borrower's are added up."""


def credit_lines(source: Source, as_of: date) -> pl.DataFrame:
    """One row a line, closed ones too, with what `line_months` knows of it."""
    whole, day, text, flag = pl.Int64, pl.Date, pl.String, pl.Boolean
    facilities = source.table(
        "facility",
        facility_id=text,
        borrower_id=text,
        product=text,
        currency=text,
        credit_limit_cents=whole,
        drawn_cents=whole,
        pending_cents=whole,
        annual_rate_bp=whole,
        opened_on=day,
        matures_on=day,
        status=text,
        days_past_due=pl.Int32,
        minimum_due_cents=whole,
        statement_day=pl.Int32,
        last_limit_change_on=day,
        last_change_by=text,
        last_reviewed_on=day,
        drawdown_blocked=flag,
        commitment=text,
        revolving=flag,
        scheduled_limit_cents=whole,
        temporary_limit_cents=whole,
        temporary_until=day,
    ).with_columns(is_open=pl.col("status") != "closed")
    months = line_months(source, as_of).lazy()
    return facilities.join(months, on="facility_id", how="left").collect()


def own_lines(lines: pl.DataFrame, currency_scale: dict[str, int]) -> pl.DataFrame:
    """One row a borrower with a line: every characteristic of their own lines.

    All lines of a borrower are in one currency.
    """
    is_open = pl.col("is_open")

    def still_open(column: str) -> pl.Expr:
        return pl.when(is_open).then(pl.col(column))

    sums = (
        lines.lazy()
        .group_by("borrower_id")
        .agg(
            pl.col("currency").first(),
            pl.col("opened_on").min().alias("first_opened_on"),
            still_open("days_past_due").max().alias("dpd_now_days"),
            is_open.sum().alias("open_lines"),
            still_open("credit_limit_cents").sum().alias("limit_cents"),
            over(still_open("drawn_cents")).sum().alias("drawn_cents"),
            still_open("minimum_due_cents").sum().alias("minimum_due_cents"),
            still_open("minimum_due_cents").count().alias("minimum_dues"),
            *(pl.col(name).fill_null(0).bitwise_or() for name in MASKS),
            *(pl.col(name).sum() for name in SUMS),
            *(pl.col(name).max() for name in (*WORST, "peak")),
        )
    )
    told = (*_now(currency_scale), *_counts(), *_ratios())
    return sums.select("borrower_id", "currency", "first_opened_on", *told).collect(engine="streaming")


def _now(currency_scale: dict[str, int]) -> list[pl.Expr]:
    has_open = pl.col("open_lines") > 0
    limit = pl.col("limit_cents")
    weight = pl.col("currency").replace_strict(currency_scale, default=None, return_dtype=pl.Int64)
    return [
        pl.col("dpd_now_days"),
        pl.when(has_open).then(limit).alias("limit_cents"),
        pl.when(pl.col("minimum_dues") > 0)
        .then(pl.col("minimum_due_cents"))
        .when(_seen(1))
        .then(pl.col("due_0"))
        .alias("monthly_due_cents"),
        pl.when(has_open).then(share_bp(pl.col("drawn_cents"), limit, 30_000)).alias("utilisation_now_bp"),
        pl.when(has_open).then(limit * weight // 100_000).alias("line_size_usd"),
    ]


def _seen(months: int) -> pl.Expr:
    return (pl.col("seen") & months) > 0


def _count(name: str, months: int) -> pl.Expr:
    return pl.when(_seen(months)).then((pl.col(name) & months).bitwise_count_ones().cast(pl.Int32))


def _counts() -> list[pl.Expr]:
    """Months, by what happened in them."""
    quarter, half, year = 7, 63, 4095
    late = pl.col("late")
    return [
        pl.when(_seen(-1)).then(pl.col("seen").bitwise_count_ones().cast(pl.Int32)).alias("history_months"),
        *(pl.col(name).alias(f"worst_{name}_days") for name in WORST),
        _count("late", quarter).alias("late_months_3m"),
        _count("late", half).alias("late_months_6m"),
        _count("late", year).alias("late_months_12m"),
        _count("late_60", year).alias("late_60_months_12m"),
        pl.when(_seen(-1))
        .then(pl.when(late != 0).then(late.bitwise_trailing_zeros().cast(pl.Int32)).otherwise(24))
        .alias("months_since_late"),
        pl.col("peak").alias("utilisation_peak_12m_bp"),
        _count("minimum_paid", half).alias("minimum_payment_months_6m"),
        _count("unpaid", half).alias("zero_payment_months_6m"),
        _count("over_limit", half).alias("over_limit_months_6m"),
        (_count("seen", year) - _count("active", year)).alias("inactive_months_12m"),
        pl.when(_seen(quarter)).then(pl.col("drawdowns_0_2")).alias("drawdowns_3m"),
    ]


def _ratios() -> list[pl.Expr]:
    """Shares of limits, balances and dues, in basis points: null where no month of the window is known."""

    def total(amount: str, *parts: str) -> pl.Expr:
        return pl.sum_horizontal(f"{amount}_{part}" for part in parts)

    balance_3m, balance_before = total("balance", "0", "1_2"), total("balance", "3", "4_5")
    used_3m = share_bp(balance_3m, pl.col("limit_0_2"), 30_000)
    used_before = share_bp(balance_before, pl.col("limit_3_5"), 30_000)
    year = balance_3m + balance_before + pl.col("balance_6_11")
    due = total("due", "0", "1_5")
    return [
        used_3m.alias("utilisation_3m_bp"),
        share_bp(balance_3m + balance_before, total("limit", "0_2", "3_5"), 30_000).alias(
            "utilisation_6m_bp"
        ),
        share_bp(year, total("limit", "0_2", "3_5", "6_11"), 30_000).alias("utilisation_12m_bp"),
        (used_3m - used_before).alias("utilisation_trend_bp"),
        pl.when(_seen(63))
        .then(_paid(total("paid", "0_2", "3_4", "5"), due))
        .alias("payment_share_due_6m_bp"),
        pl.when(_seen(7) & _seen(14))
        .then(_paid(pl.col("paid_0_2"), total("balance", "1_2", "3")))
        .alias("payment_share_balance_3m_bp"),
        pl.when(_seen(31) & _seen(62))
        .then(_paid(total("paid", "0_2", "3_4"), total("balance", "1_2", "3", "4_5")))
        .alias("payment_share_balance_6m_bp"),
        share_bp(over(pl.col("drawdown_0_2")), pl.col("limit_0_2"), 30_000).alias("drawdown_share_3m_bp"),
    ]


def _paid(paid: pl.Expr, of: pl.Expr) -> pl.Expr:
    share = (over(paid) * 10_000 // of).clip(upper_bound=20_000)
    return pl.when(of > 0).then(share).when(of == 0).then(10_000)
