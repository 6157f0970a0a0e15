"""What is known of a firm: its statement, its invoices, and what visitors thought."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as f
from pyspark.sql.window import Window

from benchmarks.peers.pyspark_peer.text import bounded, day, month_after, months_ago, months_to, up

FACTORS = ("financial_strength", "political_legal", "transaction", "sponsor", "security")
FLOWS = ("revenue_cents", "ebit_cents", "interest_expense_cents", "operating_cash_flow_cents")


def statements(financial_statement: DataFrame, as_of: date) -> DataFrame:
    """One row a firm with a statement received: the one that counts, and the revenue a year before it."""
    firm = Window.partitionBy("borrower_id")
    order = (
        f.expr("period_end >= add_months(newest_end, -6)").desc(),
        f.expr("coalesce(audited, false)").desc(),
    )
    best = firm.orderBy(*order, f.expr("coalesce(consolidated, false)").desc(), f.col("period_end").desc())
    received = (
        financial_statement.withColumn("came_on", f.expr("coalesce(received_on, date_add(period_end, 180))"))
        .where(f"came_on <= {day(as_of)} and period_end <= {day(as_of)}")
        .withColumn("newest_end", f.max("period_end").over(firm))
    )
    placed = received.withColumns(
        {
            "place": f.row_number().over(best),
            "last_received_on": f.max("came_on").over(firm),
            "best": f.first(f.struct("period_end", "currency", "consolidated")).over(best),
            "months": f.expr("case when months_covered between 3 and 18 then months_covered end"),
        }
    ).withColumn(
        "before",
        f.expr(
            "case when period_end between add_months(best.period_end, -15)"
            " and add_months(best.period_end, -9)"
            " and currency <=> best.currency and consolidated <=> best.consolidated then period_end end"
        ),
    )
    earlier = {f"earlier_{name}": f.max_by(name, "before").over(firm) for name in ("revenue_cents", "months")}
    return placed.withColumns(earlier).where("place = 1").drop("place", "best", "before", "newest_end")


def statement_features(weight: str, as_of: date) -> dict[str, str]:
    """The characteristics of a statement, over a row of `statements`. Rounded toward zero but for debts."""
    assets, liabilities, revenue = "total_assets_cents", "total_liabilities_cents", "revenue_cents"

    def of_assets(part: str, whole: str = assets) -> str:
        return f"case when {assets} > 0 then ({part}) * 10000 div ({whole}) end"

    raw = {
        "working_capital_share_bp": (
            of_assets("current_assets_cents - current_liabilities_cents"),
            -20_000,
            10_000,
        ),
        "retained_earnings_share_bp": (of_assets("retained_earnings_cents"), -20_000, 10_000),
        "ebit_share_bp": (of_assets("ebit_cents * 12", f"{assets} * months"), -10_000, 10_000),
        "equity_to_liabilities_bp": (
            f"case when {liabilities} > 0 then equity_cents * 10000 div {liabilities}"
            " when equity_cents > 0 then 100000 end",
            -10_000,
            100_000,
        ),
        "current_ratio_bp": (
            "case when current_liabilities_cents > 0"
            " then current_assets_cents * 10000 div current_liabilities_cents"
            " when current_assets_cents > 0 then 100000 end",
            0,
            100_000,
        ),
        "cash_share_bp": (of_assets("cash_cents"), 0, 10_000),
        "leverage_bp": (f"case when {assets} > 0 then {up(f'{liabilities} * 10000', assets)} end", 0, 30_000),
        "interest_cover_bp": (
            "case when interest_expense_cents > 0 then ebit_cents * 10000 div interest_expense_cents"
            " when ebit_cents >= 0 then 200000 else -100000 end",
            -100_000,
            200_000,
        ),
        "cash_flow_cover_bp": (
            "case when debt_service_due_12m_cents > 0"
            " then operating_cash_flow_cents * 120000 div (debt_service_due_12m_cents * months)"
            " when debt_service_due_12m_cents = 0"
            " then if(operating_cash_flow_cents >= 0, 100000, -100000) end",
            -100_000,
            100_000,
        ),
        "margin_bp": (
            f"case when {revenue} > 0 then ebit_cents * 10000 div {revenue}"
            " when ebit_cents < 0 then -10000 end",
            -10_000,
            10_000,
        ),
        "asset_turnover_bp": (of_assets(f"{revenue} * 12", f"{assets} * months"), 0, 100_000),
        "revenue_growth_bp": (
            "case when earlier_revenue_cents > 0"
            f" then ({revenue} * earlier_months - earlier_revenue_cents * months) * 10000"
            " div (earlier_revenue_cents * months) end",
            -10_000,
            30_000,
        ),
        "revenue_usd": (f"{revenue} * 12 * {weight} div (months * 100000)", 0, 1_000_000_000_000),
        "debt_to_revenue_bp": (
            f"case when {revenue} > 0 then {up('total_debt_cents * 10000 * months', f'{revenue} * 12')}"
            " when total_debt_cents > 0 then 100000 end",
            0,
            100_000,
        ),
    }
    held = {name: bounded(f"({text})", low, high) for name, (text, low, high) in raw.items()}
    altman = (
        "(656 * working_capital_share_bp + 326 * retained_earnings_share_bp + 672 * ebit_share_bp"
        " + 105 * equity_to_liabilities_bp) div 10000"
    )
    return held | {
        "altman_z2_hundredths": altman,
        "statement_age_months": months_to("period_end", as_of),
        "statement_audited": "cast(audited as int)",
        "revenue_year_cents": bounded(f"({revenue} * 12 div months)", 0, 10_000_000_000_000),
        # The flows of a year, for the walk.
        **{name: f"{name} * 12 div months" for name in FLOWS},
    }


def trades(trade_month: DataFrame, weight: str, as_of: date) -> DataFrame:
    """One row a firm with closed trade months, in the firm's one currency: sums of the last twelve."""
    month = trade_month.where(f"month < {day(month_after(as_of))}").selectExpr(
        "*", f"{months_ago('month', as_of)} as ago", "sales_cents - sales_returns_cents as net_sales"
    )
    sums = {
        "net": ("net_sales", "ago < 12"),
        "net_before": ("net_sales", "ago between 12 and 23"),
        "gross": ("sales_cents", "ago < 12"),
        "returned": ("sales_returns_cents", "ago < 12"),
        "bought": ("purchases_cents - purchase_returns_cents", "ago < 12"),
        "invoices": ("sales_invoices", "ago < 12 and void_sales_invoices is not null"),
        "voids": ("void_sales_invoices", "ago < 12 and sales_invoices is not null"),
        "customer_sales": ("sales_cents", "ago < 12 and largest_customer_cents is not null"),
        "largest_customers": ("least(largest_customer_cents, sales_cents)", "ago < 12"),
        "supplier_purchases": ("purchases_cents", "ago < 12 and largest_supplier_cents is not null"),
        "largest_suppliers": ("least(largest_supplier_cents, purchases_cents)", "ago < 12"),
    }
    return month.groupBy("borrower_id").agg(
        f.expr("cast(least(12, 1 + max(ago)) as bigint) as known"),
        f.expr(f"max({weight}) as trade_weight"),
        f.expr("max(ago) as oldest"),
        f.expr("min(ago) as trade_age_months"),
        f.expr("count_if(ago < 12 and sales_cents > 0) as traded"),
        f.expr("count_if(ago < 12) as told"),
        f.expr("collect_list(if(ago < 12, net_sales, null)) as net_list"),
        *[f.expr(f"sum(if({met}, {amount}, null)) as {name}") for name, (amount, met) in sums.items()],
    )


def trade_features() -> dict[str, str]:
    """The characteristics of trade, over a row of `trades`; none with under six months on record."""
    # Distances from the mean times the number of months, so that nothing is divided before the end.
    distance = "aggregate(net_list, 0L, (sum, each) -> sum + abs(known * each - net))"
    spread = f"({distance} + (known - told) * net) * 10000"
    features = {
        "trade_sales_usd": "least(greatest(net, 0) * 12 * trade_weight div (known * 100000), 1000000000000)",
        "trade_sales_growth_bp": "case when oldest >= 23 and net_before > 0"
        " then least(greatest((net - net_before) * 10000 div net_before, -10000), 30000) end",
        "trade_active_months_12m": "case when known = 12 then traded end",
        "sales_volatility_bp": f"case when net > 0 then least({up(spread, 'known * net')}, 30000) end",
        "purchases_to_sales_bp": "case when net > 0 and bought > 0"
        f" then least({up('bought * 10000', 'net')}, 100000) when net > 0 then 0"
        " when bought > 0 then 100000 end",
        "sales_returns_share_bp": _trade_share("returned", "gross", 30_000),
        "void_invoices_share_bp": _trade_share("voids", "invoices", 10_000),
        "customer_concentration_bp": _trade_share("largest_customers", "customer_sales", 10_000),
        "supplier_concentration_bp": _trade_share("largest_suppliers", "supplier_purchases", 10_000),
    }
    return {
        name: f"case when trade_age_months < 12 and known >= 6 then {text} end"
        for name, text in features.items()
    } | {"trade_revenue_cents": "greatest(coalesce(net, 0), 0) * 12 div known"}


def _trade_share(part: str, whole: str, most: int) -> str:
    return f"case when {whole} > 0 then least({up(f'{part} * 10000', whole)}, {most}) end"


def assessments(assessment: DataFrame, as_of: date) -> DataFrame:
    """One row a firm assessed: the marks of its last visit that knows any, for 24 months; slotting apart."""
    visit = assessment.where(f"assessed_on <= {day(as_of)}")
    knows = "market_position is not null or management_quality is not null"
    marked = f"coalesce({', '.join(FACTORS)}) is not null"
    counts = f"add_months(max(assessed_on) filter (where {knows}), 24) > {day(as_of)}"
    marks = [
        f"case when {counts} then max_by({name}, assessed_on) filter (where {knows}) end as {name}"
        for name in ("market_position", "management_quality")
    ]
    slots = [f"max_by({name}, assessed_on) filter (where {marked}) as slot_{name}" for name in FACTORS]
    return visit.groupBy("borrower_id").agg(
        *[f.expr(text) for text in (*marks, *slots)],
        f.expr(f"max(assessed_on) filter (where {marked}) as slotted_on"),
    )
