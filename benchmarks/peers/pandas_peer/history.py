"""How lines were used and paid in their closed months: sums a line as months are read, then a borrower."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from benchmarks.peers.pandas_peer.months import Months
from benchmarks.peers.pandas_peer.source import Source, gathered
from benchmarks.peers.pandas_peer.whole import (
    WHOLE,
    Ints,
    Owned,
    Values,
    share_up,
    where_known,
)

COLUMNS = (
    "facility_id",
    "month",
    "closing_balance_cents",
    "limit_cents",
    "payment_due_cents",
    "payment_made_cents",
    "days_past_due",
    "drawdown_count",
    "drawdown_cents",
)
LARGEST = ("dpd_1m", "dpd_3m", "dpd_6m", "dpd_12m", "dpd_24m", "utilisation_peak", "highest_limit_12m")
"""Of a line whose months lie in several groups the largest counts; all else is added, sets of months too."""
WORST = ("dpd_1m", "dpd_3m", "dpd_6m", "dpd_12m", "utilisation_peak")
MASKS = ("seen", "late", "late_60", "over_limit", "unpaid", "minimum_paid", "active")
STANDING = ("seen", "used", "balance_0_2", "dpd_24m", "highest_limit_12m")
"""What the walk reads of the months too."""
THREE, SIX, YEAR = 0b111, 0b111111, 0b111111111111


def line_months(source: Source, as_of: date) -> tuple[pa.ChunkedArray, Values]:
    """The names of lines with closed months, and what these months say of each."""

    def of_rows(rows: pa.Table, owner: Ints, owners: int) -> Values:
        return _of_lines(Months(rows, owner, owners, as_of, 24))

    return source.digest("facility_month", COLUMNS, of_rows)


def _of_lines(months: Months) -> Values:
    balance = np.maximum(months.panel("closing_balance_cents"), 0)
    limit = months.panel("limit_cents")
    due = months.panel("payment_due_cents")
    paid = months.panel("payment_made_cents")
    dpd = months.panel("days_past_due")
    draws = months.panel("drawdown_count")
    drawn = months.panel("drawdown_cents")
    minimum = (due > 0) & (balance > 0) & (paid >= due) & (paid * 10 <= due * 11)
    used = (balance > 0) | (draws > 0)
    peak = share_up(balance[:12], limit[:12], 30_000).max(0)
    return {
        "seen": months.bits(months.there),
        "late": months.bits(dpd > 0),
        "late_60": months.bits(dpd >= 60),
        "over_limit": months.bits(balance > limit),
        "unpaid": months.bits((due > 0) & (paid <= 0)),
        "minimum_paid": months.bits(minimum),
        "used": months.bits(used),
        "active": months.bits(used | (paid > 0) | (drawn > 0)),
        "dpd_1m": dpd[0],
        "dpd_3m": dpd[:3].max(0),
        "dpd_6m": dpd[:6].max(0),
        "dpd_12m": dpd[:12].max(0),
        "dpd_24m": dpd.max(0),
        "drawdowns_3m": draws[:3].sum(0, draws.dtype),
        "utilisation_peak": np.maximum(peak, -1).astype(np.int32),
        "highest_limit_12m": limit[:12].max(0),
        "balance_0_2": balance[:3].sum(0),
        "balance_3_5": balance[3:6].sum(0),
        "balance_0_11": balance[:12].sum(0),
        "balance_1_3": balance[1:4].sum(0),
        "balance_1_5": balance[1:6].sum(0),
        "limit_0_2": limit[:3].sum(0),
        "limit_3_5": limit[3:6].sum(0),
        "limit_0_11": limit[:12].sum(0),
        "paid_0_2": paid[:3].sum(0),
        "paid_0_4": paid[:5].sum(0),
        "paid_0_5": paid[:6].sum(0),
        "due_0_5": due[:6].sum(0),
        "drawdown_0_2": drawn[:3].sum(0),
        "due_last": due[0],
    }


def of_each_line(row: Ints, digested: Values, lines: int) -> Values:
    """The same, a value a line. `row`: the line of each value."""
    joined = {}
    for name in list(digested):
        step, nothing = (np.maximum, -1) if name in LARGEST else (np.add, 0)
        joined[name] = gathered(step, row, digested.pop(name), lines, nothing)
    return joined


def credit_history(months: Values, owned: Owned) -> Values:
    """The characteristics of each borrower that the closed months of their lines give."""
    mask = {name: owned.fold(np.bitwise_or, months[name]) for name in MASKS}
    worst = {name: owned.fold(np.maximum, months[name], -1) for name in WORST}
    seen = mask["seen"]

    def total(name: str) -> Ints:
        return owned.sum(months[name])

    def count(name: str, window: int) -> Ints:
        return where_known(seen & window, np.bitwise_count(mask[name] & window))

    def known(window: int, values: Ints) -> Ints:
        return where_known(seen & window, values)

    recent, before = total("balance_0_2"), total("balance_3_5")
    recent_limit, before_limit = total("limit_0_2"), total("limit_3_5")
    use = share_up(recent, recent_limit, 30_000)
    use_before = share_up(before, before_limit, 30_000)
    since_late = np.bitwise_count((mask["late"] & -mask["late"]) - 1)
    return {
        "worst_dpd_1m_days": known(1, worst["dpd_1m"]),
        "worst_dpd_3m_days": known(THREE, worst["dpd_3m"]),
        "worst_dpd_6m_days": known(SIX, worst["dpd_6m"]),
        "worst_dpd_12m_days": known(YEAR, worst["dpd_12m"]),
        "late_months_3m": count("late", THREE),
        "late_months_6m": count("late", SIX),
        "late_months_12m": count("late", YEAR),
        "late_60_months_12m": count("late_60", YEAR),
        "months_since_late": where_known(seen, np.where(mask["late"] > 0, since_late, 24)),
        "utilisation_3m_bp": use,
        "utilisation_6m_bp": share_up(recent + before, recent_limit + before_limit, 30_000),
        "utilisation_12m_bp": share_up(total("balance_0_11"), total("limit_0_11"), 30_000),
        "utilisation_trend_bp": where_known((use >= 0) & (use_before >= 0), use - use_before),
        "utilisation_peak_12m_bp": where_known(worst["utilisation_peak"] >= 0, worst["utilisation_peak"]),
        "over_limit_months_6m": count("over_limit", SIX),
        "payment_share_due_6m_bp": known(SIX, _paid(total("paid_0_5"), total("due_0_5"))),
        "payment_share_balance_3m_bp": known(
            THREE, known(0b1110, _paid(total("paid_0_2"), total("balance_1_3")))
        ),
        "payment_share_balance_6m_bp": known(
            0b11111, known(0b111110, _paid(total("paid_0_4"), total("balance_1_5")))
        ),
        "minimum_payment_months_6m": count("minimum_paid", SIX),
        "zero_payment_months_6m": count("unpaid", SIX),
        "inactive_months_12m": where_known(
            seen & YEAR, np.bitwise_count(seen & YEAR) - np.bitwise_count(mask["active"] & YEAR)
        ),
        "drawdowns_3m": known(THREE, total("drawdowns_3m")),
        "drawdown_share_3m_bp": share_up(np.maximum(total("drawdown_0_2"), 0), recent_limit, 30_000),
        "history_months": where_known(seen, np.bitwise_count(seen)),
        "due_last_cents": known(1, total("due_last")),
    }


def _paid(paid: Ints, asked: Ints) -> Ints:
    """What was paid of what was asked, in basis points rounded down; all of it where nothing was asked."""
    share = np.maximum(paid, 0) * WHOLE // np.maximum(asked, 1)
    return np.where(asked > 0, np.minimum(share, 2 * WHOLE), WHOLE)
