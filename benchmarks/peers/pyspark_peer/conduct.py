"""How the lines were used and paid: closed months summed a line, and the lines a borrower.

Month 0 is the last closed one. A set of months is a number with a bit a month, so that a month counts once on
however many lines something happened in it. Sums are 0 and not unknown where no month is in their window.
"""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from benchmarks.peers.pyspark_peer.text import day, month_after, months_ago, share

SETS = {
    "seen": "true",
    "late": "days_past_due > 0",
    "late_60": "days_past_due >= 60",
    "over_limit": "balance > limit_cents",
    "unpaid": "due > 0 and paid <= 0",
    "minimum_paid": "due > 0 and balance > 0 and paid >= due and paid * 10 <= due * 11",
    "active": "balance > 0 or paid > 0 or drawdown_cents > 0 or drawdown_count > 0",
    "used": "balance > 0 or drawdown_count > 0",
}
WORST = {"dpd_1m": 1, "dpd_3m": 3, "dpd_6m": 6, "dpd_12m": 12, "dpd_24m": 24}
SUMS = {
    "balance_0": ("balance", "ago = 0"),
    "balance_3": ("balance", "ago = 3"),
    "balance_0_2": ("balance", "ago < 3"),
    "balance_3_5": ("balance", "ago between 3 and 5"),
    "balance_6_11": ("balance", "ago between 6 and 11"),
    "limit_0_2": ("limit_cents", "ago < 3"),
    "limit_3_5": ("limit_cents", "ago between 3 and 5"),
    "limit_6_11": ("limit_cents", "ago between 6 and 11"),
    "paid_0_2": ("paid", "ago < 3"),
    "paid_3_4": ("paid", "ago in (3, 4)"),
    "paid_5": ("paid", "ago = 5"),
    "due_0": ("due", "ago = 0"),
    "due_0_5": ("due", "ago < 6"),
    "drawdown_0_2": ("drawdown_cents", "ago < 3"),
    "drawdowns_0_2": ("drawdown_count", "ago < 3"),
}


def first_month(months: str) -> str:
    """The least months ago of a set: as many bits as lie under its lowest one."""
    return f"bit_count(({months} & -{months}) - 1)"


def months_of_lines(facility_month: DataFrame, as_of: date) -> DataFrame:
    """One row a line with closed months among the last 24."""
    after = day(month_after(as_of))
    month = facility_month.where(f"month < {after} and month >= add_months({after}, -24)").selectExpr(
        "facility_id",
        "limit_cents",
        "days_past_due",
        "drawdown_count",
        "drawdown_cents",
        "payment_due_cents as due",
        "payment_made_cents as paid",
        "greatest(closing_balance_cents, 0) as balance",
        f"{months_ago('month', as_of)} as ago",
        "shiftleft(1, ago) as bit",
    )
    peak = f"max(case when ago < 12 then {share('balance', 'limit_cents', 30_000)} end) as utilisation_peak"
    return month.groupBy("facility_id").agg(
        *[f.expr(f"bit_or(if({met}, bit, 0)) as {name}") for name, met in SETS.items()],
        *[
            f.expr(f"max(if(ago < {months}, days_past_due, null)) as {name}")
            for name, months in WORST.items()
        ],
        *[f.expr(f"sum(if({met}, {amount}, 0)) as {name}") for name, (amount, met) in SUMS.items()],
        f.expr(peak),
        f.expr("max(if(ago < 12, limit_cents, null)) as highest_limit_12m_cents"),
    )


def own_lines(lines: DataFrame) -> DataFrame:
    """One row a borrower with a line: what all the months say, and the open lines as they stand tonight."""
    now = lines.withColumns({"limit": f.expr("if(is_open, limit_cents, null)")})
    return now.groupBy("borrower_id").agg(
        *[f.expr(f"bit_or({name}) as {name}") for name in SETS if name != "used"],
        *[f.expr(f"max({name}) as {name}") for name in (*WORST, "utilisation_peak") if name != "dpd_24m"],
        *[f.expr(f"sum({name}) as {name}") for name in SUMS],
        f.expr("max(weight) as weight"),
        f.expr("count(limit) as open_lines"),
        f.expr("max(if(is_open, days_past_due, null)) as dpd_now_days"),
        f.expr("max(if(is_open, coalesce(days_past_due, 0), null)) as borrower_dpd"),
        f.expr("sum(limit) as limit_now"),
        f.expr("sum(if(is_open, greatest(drawn_cents, 0), null)) as drawn_now"),
        f.expr("sum(if(is_open, minimum_due_cents, null)) as minimum_due_now"),
        f.expr("sum(if(is_open, least(coalesce(covered_cents, 0), limit_cents), null)) as covered_now"),
        f.expr("sum((limit * rate_ppm + 999999) div 1000000) as all_limits_cents"),
    )


def conduct_features() -> dict[str, str]:
    """The characteristics of own lines, over a row of `own_lines`."""

    def counted(months: str, window: int) -> str:
        return f"case when (seen & {window}) > 0 then bit_count({months} & {window}) end"

    def paid_share(paid: str, balance: str, paid_window: int, window: int) -> str:
        return (
            f"case when (seen & {paid_window}) = 0 or (seen & {window}) = 0 then null"
            f" when {balance} > 0 then least(greatest({paid}, 0) * 10000 div ({balance}), 20000)"
            f" when {balance} = 0 then 10000 end"
        )

    balance_0_5, limit_0_5 = "balance_0_2 + balance_3_5", "limit_0_2 + limit_3_5"
    used = [share(f"balance_{months}", f"limit_{months}", 30_000) for months in ("0_2", "3_5")]
    return {
        "dpd_now_days": "dpd_now_days",
        "worst_dpd_1m_days": "dpd_1m",
        "worst_dpd_3m_days": "dpd_3m",
        "worst_dpd_6m_days": "dpd_6m",
        "worst_dpd_12m_days": "dpd_12m",
        "late_months_3m": counted("late", 7),
        "late_months_6m": counted("late", 63),
        "late_months_12m": counted("late", 4095),
        "late_60_months_12m": counted("late_60", 4095),
        "months_since_late": f"case late when 0 then 24 else {first_month('late')} end",
        "utilisation_now_bp": f"case when open_lines > 0 then {share('drawn_now', 'limit_now', 30_000)} end",
        "utilisation_3m_bp": used[0],
        "utilisation_6m_bp": share(balance_0_5, limit_0_5, 30_000),
        "utilisation_12m_bp": share(f"{balance_0_5} + balance_6_11", f"{limit_0_5} + limit_6_11", 30_000),
        "utilisation_trend_bp": f"({used[0]}) - ({used[1]})",
        "utilisation_peak_12m_bp": "utilisation_peak",
        "over_limit_months_6m": counted("over_limit", 63),
        "payment_share_due_6m_bp": paid_share("paid_0_2 + paid_3_4 + paid_5", "due_0_5", 63, 63),
        "payment_share_balance_3m_bp": paid_share("paid_0_2", "balance_0_2 - balance_0 + balance_3", 7, 14),
        "payment_share_balance_6m_bp": paid_share(
            "paid_0_2 + paid_3_4", f"{balance_0_5} - balance_0", 31, 62
        ),
        "minimum_payment_months_6m": counted("minimum_paid", 63),
        "zero_payment_months_6m": counted("unpaid", 63),
        "inactive_months_12m": "case when (seen & 4095) > 0"
        " then bit_count(seen & 4095) - bit_count(active & 4095) end",
        "drawdowns_3m": "case when (seen & 7) > 0 then drawdowns_0_2 end",
        "drawdown_share_3m_bp": share("drawdown_0_2", "limit_0_2", 30_000),
        "history_months": "bit_count(seen)",
        "line_size_usd": "case when open_lines > 0 then limit_now * weight div 100000 end",
    }
