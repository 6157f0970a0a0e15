"""Financial statements and assessments of enterprises: the ones that count, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.peers.pandas_peer.days import add_months, day, months_until
from benchmarks.peers.pandas_peer.source import flags, numbers, place_in
from benchmarks.peers.pandas_peer.whole import (
    UNKNOWN,
    WHOLE,
    Flags,
    Ints,
    Values,
    newest,
    pick,
    toward_zero,
    up,
    where_known,
)

AMOUNTS = (
    "total_assets_cents",
    "current_assets_cents",
    "current_liabilities_cents",
    "total_liabilities_cents",
    "equity_cents",
    "retained_earnings_cents",
    "revenue_cents",
    "ebit_cents",
    "interest_expense_cents",
    "operating_cash_flow_cents",
    "cash_cents",
    "total_debt_cents",
    "debt_service_due_12m_cents",
)
MARKS = ("financial_strength", "political_legal", "transaction", "sponsor", "security")
STATEMENT = (
    *("borrower_id", "period_end", "received_on", "months_covered", "audited", "consolidated", "currency"),
    *AMOUNTS,
)
ASSESSMENT = ("borrower_id", "assessed_on", "market_position", "management_quality", *MARKS)


def statements(table: pa.Table, owner: Ints, firms: int, as_of: date, scale: Mapping[str, int]) -> Values:
    """Of each enterprise: the statement that counts (docs/policy.md, section 1.1) and the one a year before.

    `owner`: the enterprise of each row. Its `books_weight`: of a cent of the books' currency, in
    hundred-thousandths of a US dollar.
    """
    tonight = day(as_of)
    end, received = numbers(table.column("period_end")), numbers(table.column("received_on"))
    came = np.where(received == UNKNOWN, end + 180, received)
    here = (came <= tonight) & (end <= tonight) & (owner >= 0)
    audited, consolidated = flags(table.column("audited")), flags(table.column("consolidated"))

    newest_end, last_came = (_largest(owner, values, here, firms) for values in (end, came))
    recent = end >= add_months(newest_end, -6)[owner]
    rank = ((recent * 2 + audited) * 2 + consolidated) * (1 << 30) + end
    chosen = newest(owner, rank, firms, here)

    of_end = pick(end, chosen)[owner]
    a_year_before = (
        here
        & (end >= add_months(of_end, -15))
        & (end <= add_months(of_end, -9))
        & (consolidated == pick(consolidated, chosen, False)[owner])
    )
    earlier = newest(owner, end, firms, a_year_before)
    revenue, months = numbers(table.column("revenue_cents")), numbers(table.column("months_covered"))
    currencies = sorted(scale)
    weights = np.array([scale[name] for name in currencies])
    amounts = {name: pick(numbers(table.column(name)), chosen, 0) for name in AMOUNTS}
    covered = pick(months, chosen, 12)
    return {
        **amounts,
        **{
            name: toward_zero(amounts[of] * 12, covered)
            for name, of in (
                ("revenue_year_cents", "revenue_cents"),
                ("ebit_year_cents", "ebit_cents"),
                ("interest_year_cents", "interest_expense_cents"),
                ("cash_flow_year_cents", "operating_cash_flow_cents"),
            )
        },
        "books_weight": weights[pick(place_in(table.column("currency"), currencies), chosen, 0)],
        "has_statement": chosen >= 0,
        "period_end": pick(end, chosen),
        "last_received_on": last_came,
        "statement_age_months": months_until(pick(end, chosen), as_of),
        "covered_months": covered,
        "audited": pick(audited, chosen, False),
        "earlier_revenue": pick(revenue, earlier, 0),
        "earlier_months": pick(months, earlier, 12),
    }


def _largest(owner: Ints, values: Ints, counts: Flags, owners: int) -> Ints:
    found = np.full(owners, UNKNOWN)
    np.maximum.at(found, owner[counts], values[counts])
    return found


def statement_characteristics(of: Values) -> Values:
    """Ratios of the statement that counts."""
    has, months = of["has_statement"], of["covered_months"]
    assets = np.maximum(of["total_assets_cents"], 1)
    liabilities = np.maximum(of["total_liabilities_cents"], 1)
    current_liabilities = np.maximum(of["current_liabilities_cents"], 1)
    revenue, ebit, equity = of["revenue_cents"], of["ebit_cents"], of["equity_cents"]
    interest, service = of["interest_expense_cents"], of["debt_service_due_12m_cents"]
    working = of["current_assets_cents"] - of["current_liabilities_cents"]
    a_year = np.maximum(revenue * 12, 1)

    def share(part: Ints, whole: Ints, lowest: int, highest: int) -> Ints:
        return where_known(has, np.clip(toward_zero(part * WHOLE, whole), lowest, highest))

    def otherwise(known: Ints, values: Ints, rest: Any) -> Ints:
        return where_known(has, np.where(known > 0, values, rest))

    x1 = share(working, assets, -20_000, WHOLE)
    x2 = share(of["retained_earnings_cents"], assets, -20_000, WHOLE)
    x3 = share(ebit * 12, assets * months, -WHOLE, WHOLE)
    x4 = otherwise(of["total_liabilities_cents"], share(equity, liabilities, -WHOLE, 100_000), 100_000)
    usd = revenue * 12 * of["books_weight"] // (months * 100_000)
    before = np.maximum(of["earlier_revenue"] * months, 1)
    growth = toward_zero((revenue * of["earlier_months"] - of["earlier_revenue"] * months) * WHOLE, before)
    debt = up(of["total_debt_cents"] * WHOLE * months, a_year)
    cover = share(of["operating_cash_flow_cents"] * 12, np.maximum(service, 1) * months, -100_000, 100_000)
    return {
        "working_capital_share_bp": x1,
        "retained_earnings_share_bp": x2,
        "ebit_share_bp": x3,
        "equity_to_liabilities_bp": x4,
        "altman_z2_hundredths": where_known(
            has, toward_zero(np.where(has, 656 * x1 + 326 * x2 + 672 * x3 + 105 * x4, 0), WHOLE)
        ),
        "current_ratio_bp": otherwise(
            of["current_liabilities_cents"],
            share(of["current_assets_cents"], current_liabilities, 0, 100_000),
            100_000,
        ),
        "cash_share_bp": share(of["cash_cents"], assets, 0, WHOLE),
        "leverage_bp": where_known(
            has, np.minimum(up(of["total_liabilities_cents"] * WHOLE, assets), 30_000)
        ),
        "interest_cover_bp": otherwise(
            interest,
            share(ebit, np.maximum(interest, 1), -100_000, 200_000),
            np.where(ebit >= 0, 200_000, -100_000),
        ),
        "cash_flow_cover_bp": otherwise(
            service, cover, np.where(of["operating_cash_flow_cents"] >= 0, 100_000, -100_000)
        ),
        "margin_bp": where_known(
            has & ((revenue > 0) | (ebit < 0)),
            np.where(revenue > 0, share(ebit, np.maximum(revenue, 1), -WHOLE, WHOLE), -WHOLE),
        ),
        "asset_turnover_bp": share(revenue * 12, assets * months, 0, 100_000),
        "revenue_growth_bp": where_known(has & (of["earlier_revenue"] > 0), np.clip(growth, -WHOLE, 30_000)),
        "debt_to_revenue_bp": where_known(
            has & ((revenue > 0) | (of["total_debt_cents"] > 0)),
            np.where(revenue > 0, np.minimum(debt, 100_000), 100_000),
        ),
        "revenue_usd": where_known(has, np.clip(usd, 0, 10**12)),
        "statement_audited": where_known(has, of["audited"]),
    }


def assessments(table: pa.Table, owner: Ints, firms: int, as_of: date) -> Values:
    """Of each enterprise: market position and management, the marks of a slot, and the day of those."""
    tonight = day(as_of)
    on = numbers(table.column("assessed_on"))
    market, management = numbers(table.column("market_position")), numbers(table.column("management_quality"))
    marks = {name: numbers(table.column(name)) for name in MARKS}
    marks = {name: where_known((mark >= 1) & (mark <= 4), mark) for name, mark in marks.items()}
    is_marked = np.maximum.reduce(list(marks.values())) > 0
    is_told = np.maximum(market, management) > UNKNOWN
    stands = add_months(on, 24) > tonight
    standing, slotting = (newest(owner, on, firms, (on <= tonight) & some) for some in (is_told, is_marked))
    counts = pick(stands, standing, False)
    return {
        "market_position": where_known(counts, pick(market, standing)),
        "management_quality": where_known(counts, pick(management, standing)),
        "slotted_on": pick(on, slotting),
        **{name: pick(mark, slotting) for name, mark in marks.items()},
    }
