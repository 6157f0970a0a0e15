"""What the financial statements of enterprises tell: which one counts, and its ratios."""

from datetime import date, timedelta

import polars as pl

from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import full_months, toward_zero, up

FLOWS = ("revenue", "ebit", "interest_expense", "operating_cash_flow")
AMOUNTS = (
    "total_assets",
    "current_assets",
    "current_liabilities",
    "total_liabilities",
    "equity",
    "retained_earnings",
    *FLOWS,
    "cash",
    "total_debt",
    "debt_service_due_12m",
)


def statements(source: Source, as_of: date, currency_scale: dict[str, int]) -> pl.DataFrame:
    """One row a borrower with a statement received by `as_of`: the one that counts, and its ratios."""
    received = (
        source.table(
            "financial_statement",
            borrower_id=pl.String,
            period_end=pl.Date,
            received_on=pl.Date,
            months_covered=pl.Int64,
            audited=pl.Boolean,
            consolidated=pl.Boolean,
            currency=pl.String,
            **dict.fromkeys([f"{name}_cents" for name in AMOUNTS], pl.Int64),
        )
        .rename({f"{name}_cents": name for name in AMOUNTS})
        .with_columns(
            pl.coalesce("received_on", pl.col("period_end") + timedelta(days=180)),
            months=pl.when(pl.col("months_covered").is_between(3, 18)).then(pl.col("months_covered")),
        )
        .filter(pl.col("received_on") <= as_of, pl.col("period_end") <= as_of)
        .collect()
    )
    chosen = _chosen(received)
    earlier = _year_before(chosen, received)
    weight = pl.col("currency").replace_strict(currency_scale, default=None, return_dtype=pl.Int64)
    rated = chosen.join(earlier, on="borrower_id", how="left").with_columns(
        statement_age_months=full_months(pl.col("period_end"), as_of),
        statement_audited=pl.col("audited").cast(pl.Int32),
        revenue_usd=_bounded(pl.col("revenue") * 12 * weight // (pl.col("months") * 100_000), 0, 10**12),
        **{f"{flow}_year_cents": toward_zero(pl.col(flow) * 12, pl.col("months")) for flow in FLOWS},
        **_ratios(),
        altman_z2_hundredths=_altman(),
    )
    return rated.rename({"currency": "statement_currency"}).drop(set(AMOUNTS) - {"debt_service_due_12m"})


def _chosen(received: pl.DataFrame) -> pl.DataFrame:
    """The newest statements of half a year: an audited one first, then a consolidated, then the newest."""
    newest = pl.col("period_end").max().over("borrower_id")
    return (
        received.with_columns(
            is_recent=pl.col("period_end") >= newest.dt.offset_by("-6mo"),
            last_received_on=pl.col("received_on").max().over("borrower_id"),
        )
        .sort(
            pl.col("borrower_id"),
            pl.col("is_recent"),
            pl.col("audited").fill_null(False),
            pl.col("consolidated").fill_null(False),
            pl.col("period_end"),
            descending=[False, True, True, True, True],
        )
        .unique("borrower_id", keep="first", maintain_order=True)
        .drop("is_recent")
    )


def _year_before(chosen: pl.DataFrame, received: pl.DataFrame) -> pl.DataFrame:
    """The statement of about a year before the chosen one, in its currency and of its kind."""
    columns = ["borrower_id", "currency", "consolidated", "period_end", "revenue", "months"]
    pairs = chosen.select(columns[:4]).join(
        received.select(columns), on=columns[:3], nulls_equal=True, suffix="_before"
    )
    begun, ended = (pl.col("period_end").dt.offset_by(f"-{months}mo") for months in (15, 9))
    return (
        pairs.filter(pl.col("period_end_before").is_between(begun, ended))
        .sort("borrower_id", "period_end_before")
        .unique("borrower_id", keep="last")
        .select(
            "borrower_id", pl.col("revenue").alias("revenue_before"), pl.col("months").alias("months_before")
        )
    )


def _bounded(value: pl.Expr, least: int, most: int) -> pl.Expr:
    return value.clip(least, most)


def _ratios() -> dict[str, pl.Expr]:
    """Bounded ratios in basis points; flows are brought to twelve months by the statement's own."""
    assets, current_assets, current_due, liabilities = map(
        pl.col, ("total_assets", "current_assets", "current_liabilities", "total_liabilities")
    )
    equity, revenue, ebit, months = map(pl.col, ("equity", "revenue", "ebit", "months"))
    interest, cash_flow = pl.col("interest_expense"), pl.col("operating_cash_flow")
    service, debt = pl.col("debt_service_due_12m"), pl.col("total_debt")
    before = pl.col("revenue_before") * months

    def of_assets(amount: pl.Expr, least: int, most: int, whole: pl.Expr = assets) -> pl.Expr:
        return pl.when(assets > 0).then(_bounded(toward_zero(amount * 10_000, whole), least, most))

    def of(amount: pl.Expr, whole: pl.Expr) -> pl.Expr:
        return toward_zero(amount * 10_000, whole)

    annual = assets * months
    return {
        "working_capital_share_bp": of_assets(current_assets - current_due, -20_000, 10_000),
        "retained_earnings_share_bp": of_assets(pl.col("retained_earnings"), -20_000, 10_000),
        "ebit_share_bp": of_assets(ebit * 12, -10_000, 10_000, annual),
        "equity_to_liabilities_bp": pl.when(liabilities > 0)
        .then(_bounded(of(equity, liabilities), -10_000, 100_000))
        .when(equity > 0)
        .then(100_000),
        "current_ratio_bp": pl.when(current_due > 0)
        .then(_bounded(of(current_assets, current_due), 0, 100_000))
        .when(current_assets > 0)
        .then(100_000),
        "cash_share_bp": of_assets(pl.col("cash"), 0, 10_000),
        "leverage_bp": pl.when(assets > 0).then(_bounded(up(liabilities * 10_000, assets), 0, 30_000)),
        "interest_cover_bp": pl.when(interest > 0)
        .then(_bounded(of(ebit, interest), -100_000, 200_000))
        .when(ebit >= 0)
        .then(200_000)
        .otherwise(-100_000),
        "cash_flow_cover_bp": pl.when(service > 0)
        .then(_bounded(of(cash_flow * 12, service * months), -100_000, 100_000))
        .when((service == 0) & (cash_flow >= 0))
        .then(100_000)
        .when(service == 0)
        .then(-100_000),
        "margin_bp": pl.when(revenue > 0)
        .then(_bounded(of(ebit, revenue), -10_000, 10_000))
        .when(ebit < 0)
        .then(-10_000),
        "asset_turnover_bp": of_assets(revenue * 12, 0, 100_000, annual),
        "revenue_growth_bp": pl.when(pl.col("revenue_before") > 0).then(
            _bounded(of(revenue * pl.col("months_before") - before, before), -10_000, 30_000)
        ),
        "debt_to_revenue_bp": pl.when(revenue > 0)
        .then(_bounded(up(debt * 10_000 * months, revenue * 12), 0, 100_000))
        .when(debt > 0)
        .then(100_000),
    }


def _altman() -> pl.Expr:
    """Altman's Z'' in hundredths, of four shares in basis points."""
    assets, liabilities, equity = map(pl.col, ("total_assets", "total_liabilities", "equity"))

    def part(amount: pl.Expr, whole: pl.Expr = assets) -> pl.Expr:
        return pl.when(assets > 0).then(toward_zero(amount * 10_000, whole))

    capital = part(pl.col("current_assets") - pl.col("current_liabilities"))
    earned = part(pl.col("ebit") * 12, assets * pl.col("months"))
    backed = (
        pl.when(liabilities > 0)
        .then(toward_zero(equity * 10_000, liabilities))
        .when(equity > 0)
        .then(100_000)
    )
    return toward_zero(
        656 * capital.clip(-20_000, 10_000)
        + 326 * part(pl.col("retained_earnings")).clip(-20_000, 10_000)
        + 672 * earned.clip(-10_000, 10_000)
        + 105 * backed.clip(-10_000, 100_000),
        10_000,
    )
