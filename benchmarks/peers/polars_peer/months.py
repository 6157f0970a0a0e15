"""How lines were used and paid over their closed months."""

from datetime import date

import polars as pl

from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import closed_months, over, share_bp

WINDOWS = {
    "balance": {"0": (0, 0), "1_2": (1, 2), "3": (3, 3), "4_5": (4, 5), "6_11": (6, 11)},
    "limit": {"0_2": (0, 2), "3_5": (3, 5), "6_11": (6, 11)},
    "paid": {"0_2": (0, 2), "3_4": (3, 4), "5": (5, 5)},
    "due": {"0": (0, 0), "1_5": (1, 5)},
    "drawdown": {"0_2": (0, 2)},
    "drawdowns": {"0_2": (0, 2)},
}
"""The parts of two years over which amounts are added up, so that every window is a sum of parts."""
WORST = {"dpd_1m": 0, "dpd_3m": 2, "dpd_6m": 5, "dpd_12m": 11}
MASKS = ("seen", "late", "late_60", "over_limit", "unpaid", "minimum_paid", "active")
"""A bit a month, so that a month counts once, however many lines it happened on."""


def line_months(source: Source, as_of: date) -> pl.DataFrame:
    """One row a line with closed months, of the last 24: what the lender and its borrower did in them.

    A month stands once for a line, so that a sum of its bits is a set of months.
    """
    months = (
        source.table(
            "facility_month",
            facility_id=pl.String,
            month=pl.Date,
            closing_balance_cents=pl.Int64,
            limit_cents=pl.Int64,
            payment_due_cents=pl.Int64,
            payment_made_cents=pl.Int64,
            days_past_due=pl.Int32,
            drawdown_count=pl.Int32,
            drawdown_cents=pl.Int64,
        )
        .join(closed_months(as_of, 24), on="month")
        .select(
            "facility_id",
            "ago",
            "bit",
            balance=over(pl.col("closing_balance_cents")),
            limit=pl.col("limit_cents"),
            due=pl.col("payment_due_cents"),
            paid=pl.col("payment_made_cents"),
            dpd=pl.col("days_past_due"),
            drawdowns=pl.col("drawdown_count"),
            drawdown=pl.col("drawdown_cents"),
        )
    )
    return months.group_by("facility_id").agg(*_sets(), *_sums(), *_worst()).collect(engine="streaming")


def _sets() -> list[pl.Expr]:
    balance, due, paid = pl.col("balance"), pl.col("due"), pl.col("paid")
    drew = pl.col("drawdowns") > 0
    met = {
        "late": pl.col("dpd") > 0,
        "late_60": pl.col("dpd") >= 60,
        "over_limit": balance > pl.col("limit"),
        "unpaid": (due > 0) & (paid <= 0),
        "minimum_paid": (due > 0) & (balance > 0) & (paid >= due) & (paid * 10 <= due * 11),
        "active": (balance > 0) | (paid > 0) | (pl.col("drawdown") > 0) | drew,
        "used": (balance > 0) | drew,
    }
    bit = pl.col("bit")
    return [bit.sum().alias("seen")] + [
        pl.when(condition).then(bit).otherwise(0).sum().alias(name) for name, condition in met.items()
    ]


def _sums() -> list[pl.Expr]:
    ago = pl.col("ago")
    return [
        pl.when(ago.is_between(first, last)).then(pl.col(amount)).otherwise(0).sum().alias(f"{amount}_{name}")
        for amount, parts in WINDOWS.items()
        for name, (first, last) in parts.items()
    ]


def _worst() -> list[pl.Expr]:
    ago, dpd = pl.col("ago"), pl.col("dpd")
    year = ago < 12
    return [
        *(pl.when(ago <= last).then(dpd).max().alias(name) for name, last in WORST.items()),
        dpd.max().alias("dpd_24m"),
        pl.when(year).then(pl.col("limit")).max().alias("highest_limit_12m_cents"),
        pl.when(year).then(share_bp(pl.col("balance"), pl.col("limit"), 30_000)).max().alias("peak"),
    ]
