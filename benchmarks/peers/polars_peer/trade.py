"""What the invoices of enterprises tell of a year."""

from datetime import date

import polars as pl

from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import month_after, over, toward_zero, up


def trade(source: Source, as_of: date, currency_scale: dict[str, int]) -> pl.DataFrame:
    """One row a borrower with a closed trade month: what its invoices tell, in its one currency.

    From the first month on record a month without a row had no trade.
    """
    amounts = (
        "sales",
        "sales_returns",
        "purchases",
        "purchase_returns",
        "largest_customer",
        "largest_supplier",
    )
    first = month_after(as_of)
    months_back = pl.col("month").dt.year().cast(pl.Int32) * 12 + pl.col("month").dt.month()
    months = (
        source.table(
            "trade_month",
            borrower_id=pl.String,
            month=pl.Date,
            currency=pl.String,
            sales_invoices=pl.Int64,
            void_sales_invoices=pl.Int64,
            **dict.fromkeys([f"{name}_cents" for name in amounts], pl.Int64),
        )
        .rename({f"{name}_cents": name for name in amounts})
        .filter(pl.col("month") < first)
        .with_columns(
            ago=(first.year * 12 + first.month - 1 - months_back).cast(pl.Int64),
            net=pl.col("sales") - pl.col("sales_returns"),
        )
        .collect()
    )
    sums = _traded(months)
    year = (
        months.lazy()
        .filter(pl.col("ago") < 12)
        .join(sums.lazy().select("borrower_id", "known", total="net"), on="borrower_id")
    )
    spread = year.group_by("borrower_id").agg(
        distance=(pl.col("known") * pl.col("net") - pl.col("total")).abs().sum()
    )
    return (
        sums.lazy()
        .join(spread, on="borrower_id", how="left")
        .select("borrower_id", *_trade_told(currency_scale))
        .collect()
    )


def _traded(months: pl.DataFrame) -> pl.DataFrame:
    ago = pl.col("ago")
    year = ago < 12

    def summed(amount: pl.Expr, when: pl.Expr = year) -> pl.Expr:
        return pl.when(when).then(amount).sum()

    sales, purchases = pl.col("sales"), pl.col("purchases")
    return (
        months.lazy()
        .group_by("borrower_id")
        .agg(
            pl.col("currency").first().alias("trade_currency"),
            known=(ago.max() + 1).clip(upper_bound=12),
            oldest=ago.max(),
            trade_age_months=ago.min(),
            active=(year & (sales > 0)).sum().cast(pl.Int64),
            told=year.sum().cast(pl.Int64),
            net=summed(pl.col("net")),
            net_before=summed(pl.col("net"), ago.is_between(12, 23)),
            gross=summed(sales),
            returned=summed(pl.col("sales_returns")),
            bought=summed(purchases - pl.col("purchase_returns")),
            invoices=summed(pl.col("sales_invoices"), year & pl.col("void_sales_invoices").is_not_null()),
            voids=summed(pl.col("void_sales_invoices"), year & pl.col("sales_invoices").is_not_null()),
            customer_sales=summed(sales, year & pl.col("largest_customer").is_not_null()),
            largest_customers=summed(
                pl.min_horizontal("largest_customer", "sales"),
                year & pl.col("largest_customer").is_not_null(),
            ),
            supplier_purchases=summed(purchases, year & pl.col("largest_supplier").is_not_null()),
            largest_suppliers=summed(
                pl.min_horizontal("largest_supplier", "purchases"),
                year & pl.col("largest_supplier").is_not_null(),
            ),
        )
        .collect()
    )


def _trade_told(currency_scale: dict[str, int]) -> list[pl.Expr]:
    net, known, bought = pl.col("net"), pl.col("known"), pl.col("bought")
    tells = (pl.col("trade_age_months") < 12) & (known >= 6)
    weight = pl.col("trade_currency").replace_strict(currency_scale, default=None, return_dtype=pl.Int64)
    before = pl.col("net_before")
    growth = toward_zero((net - before) * 10_000, before).clip(-10_000, 30_000)
    uneven = up((pl.col("distance") + (known - pl.col("told")) * net) * 10_000, known * net)

    def share(part: str, whole: str) -> pl.Expr:
        return pl.when(tells & (pl.col(whole) > 0)).then(up(pl.col(part) * 10_000, pl.col(whole)))

    return [
        pl.col("trade_currency"),
        known.alias("trade_months"),
        pl.col("trade_age_months"),
        (over(net.fill_null(0)) * 12 // known).alias("trade_revenue_cents"),
        pl.when(tells)
        .then((over(net) * 12 * weight // (known * 100_000)).clip(upper_bound=10**12))
        .alias("trade_sales_usd"),
        pl.when(tells & (pl.col("oldest") >= 23) & (before > 0)).then(growth).alias("trade_sales_growth_bp"),
        pl.when(tells & (known == 12)).then(pl.col("active")).alias("trade_active_months_12m"),
        pl.when(tells & (net > 0)).then(uneven.clip(upper_bound=30_000)).alias("sales_volatility_bp"),
        pl.when(tells & (net > 0))
        .then(up(over(bought) * 10_000, net).clip(upper_bound=100_000))
        .when(tells & (bought > 0))
        .then(100_000)
        .alias("purchases_to_sales_bp"),
        share("returned", "gross").clip(upper_bound=30_000).alias("sales_returns_share_bp"),
        share("voids", "invoices").clip(upper_bound=10_000).alias("void_invoices_share_bp"),
        share("largest_customers", "customer_sales").alias("customer_concentration_bp"),
        share("largest_suppliers", "supplier_purchases").alias("supplier_concentration_bp"),
    ]
