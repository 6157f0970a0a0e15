"""What is known from outside a borrower's lines: spending, invoices and the last bureau report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from benchmarks.peers.pandas_peer.days import day
from benchmarks.peers.pandas_peer.months import Months
from benchmarks.peers.pandas_peer.source import Source, flags, gathered, numbers, place_in
from benchmarks.peers.pandas_peer.whole import (
    UNKNOWN,
    WHOLE,
    Ints,
    Values,
    newest,
    pick,
    share_up,
    toward_zero,
    up,
    where_known,
)

SPENT = ("essential_cents", "discretionary_cents", "cash_like_cents")
TRADED = (
    "sales_cents",
    "sales_returns_cents",
    "purchases_cents",
    "purchase_returns_cents",
    "sales_invoices",
    "void_sales_invoices",
    "largest_customer_cents",
    "largest_supplier_cents",
)
REPORTED = (
    "lender_count",
    "external_balance_cents",
    "external_limit_cents",
    "monthly_payment_cents",
    "inquiries_6m",
    "worst_dpd_now",
    "worst_dpd_24m",
    "public_record_count",
)


def spending_months(source: Source, as_of: date) -> tuple[pa.ChunkedArray, Values]:
    """The names of who lets their spending be seen, and its sums."""

    def of_rows(rows: pa.Table, owner: Ints, owners: int) -> Values:
        months = Months(rows, owner, owners, as_of, 6)
        essential, discretionary, cash_like = (np.maximum(months.panel(name), 0) for name in SPENT)
        total = essential + discretionary + cash_like
        return {
            "months_0_2": months.there[:3].sum(0),
            "months_3_5": months.there[3:].sum(0),
            "essential": essential[:3].sum(0),
            "cash_like": cash_like[:3].sum(0),
            "total_0_2": total[:3].sum(0),
            "total_3_5": total[3:].sum(0),
        }

    return source.digest("spending_month", ("borrower_id", "month", *SPENT), of_rows)


def spending(row: Ints, digested: Values, borrowers: int) -> Values:
    """The characteristics of each borrower that their spending gives, and their essentials a month."""
    of = {name: gathered(np.add, row, values, borrowers) for name, values in digested.items()}
    recent, before, total = of["months_0_2"], of["months_3_5"], np.maximum(of["total_0_2"], 1)
    base = np.maximum(of["total_3_5"] * recent, 1)
    trend = toward_zero((of["total_0_2"] * before - of["total_3_5"] * recent) * WHOLE, base)
    return {
        "essential_share_3m_bp": where_known(of["total_0_2"], up(of["essential"] * WHOLE, total)),
        "cash_like_share_3m_bp": where_known(of["total_0_2"], up(of["cash_like"] * WHOLE, total)),
        "spending_trend_bp": where_known((of["total_3_5"] > 0) & (recent > 0), np.minimum(trend, 30_000)),
        "essential_month_cents": where_known(recent, up(of["essential"], np.maximum(recent, 1))),
    }


def trade_months(source: Source, as_of: date, currencies: Sequence[str]) -> tuple[pa.ChunkedArray, Values]:
    """The names of who lets their invoices be seen, and each closed month of them: a column a month ago.

    Amounts are in one currency a borrower: its place in `currencies` comes with them.
    """

    def of_rows(rows: pa.Table, owner: Ints, owners: int) -> Values:
        months = Months(rows, owner, owners, as_of, 48)
        shown = {name: months.panel(name) for name in TRADED}
        sales, purchases = shown["sales_cents"], shown["purchases_cents"]
        net = sales - shown["sales_returns_cents"]
        detailed = months.has("sales_invoices")[:12]
        last_year = np.zeros((12, owners), np.int64)
        last_year[: min(12, len(net))] = net[:12]
        currency = np.empty(owners, np.int8)
        currency[owner] = place_in(rows.column("currency"), currencies)
        return {
            "currency": currency,
            "seen": (months.there * (1 << np.arange(len(net), dtype=np.int64))[:, None]).sum(0),
            "active": (sales[:12] > 0).sum(0),
            "net_before": net[12:24].sum(0),
            "gross": sales[:12].sum(0),
            "returned": shown["sales_returns_cents"][:12].sum(0),
            "bought": (purchases - shown["purchase_returns_cents"])[:12].sum(0),
            "invoices": shown["sales_invoices"][:12].sum(0),
            "voids": shown["void_sales_invoices"][:12].sum(0),
            "customer_sales": (sales[:12] * detailed).sum(0),
            "customers": np.minimum(shown["largest_customer_cents"], sales)[:12].sum(0),
            "supplier_purchases": (purchases[:12] * detailed).sum(0),
            "suppliers": np.minimum(shown["largest_supplier_cents"], purchases)[:12].sum(0),
            **{f"net_{ago}": amounts for ago, amounts in enumerate(last_year)},
        }

    return source.digest("trade_month", ("borrower_id", "month", "currency", *TRADED), of_rows)


def trade(row: Ints, digested: Values, firms: int, weights: Ints) -> Values:
    """The characteristics of each enterprise that its invoices give, and a year's net sales.

    `weights`: of a cent of each currency, in hundred-thousandths of a US dollar.
    """
    digested = dict(digested)
    weight = weights[gathered(np.maximum, row, digested.pop("currency"), firms)]
    of = {name: gathered(np.add, row, values, firms) for name, values in digested.items()}
    monthly = np.stack([of[f"net_{ago}"] for ago in range(12)])
    seen = of["seen"]
    net, known = monthly.sum(0), np.minimum(_bits(seen), 12)
    told = ((seen & 0xFFF) > 0) & (known >= 6)
    least_net, least_known = np.maximum(net, 1), np.maximum(known, 1)
    distance = (np.abs(known * monthly - net) * (np.arange(12)[:, None] < known)).sum(0)
    spread = np.minimum(up(distance * WHOLE, least_known * least_net), 30_000)
    growth = toward_zero((net - of["net_before"]) * WHOLE, np.maximum(of["net_before"], 1))
    usd = np.maximum(net, 0) * 12 * weight // (least_known * 100_000)
    bought = np.where(of["bought"] > 0, up(of["bought"] * WHOLE, least_net), 0)

    def share(part: str, whole: str, most: int) -> Ints:
        return where_known(
            told & (of[whole] > 0),
            np.minimum(up(of[part] * WHOLE, np.maximum(of[whole], 1)), most),
        )

    return {
        "trade_sales_usd": where_known(told, np.minimum(usd, 10**12)),
        "trade_sales_growth_bp": where_known(
            told & (seen >= 1 << 23) & (of["net_before"] > 0), np.clip(growth, -WHOLE, 30_000)
        ),
        "trade_active_months_12m": where_known(told & (known == 12), of["active"]),
        "sales_volatility_bp": where_known(told & (net > 0), spread),
        "purchases_to_sales_bp": where_known(
            told & ((net > 0) | (of["bought"] > 0)), np.where(net > 0, np.minimum(bought, 100_000), 100_000)
        ),
        "sales_returns_share_bp": share("returned", "gross", 30_000),
        "void_invoices_share_bp": share("voids", "invoices", WHOLE),
        "customer_concentration_bp": share("customers", "customer_sales", 10**9),
        "supplier_concentration_bp": share("suppliers", "supplier_purchases", 10**9),
        "trade_months": where_known(seen, known),
        "trade_age_months": where_known(seen, _bits((seen & -seen) - 1)),
        "trade_revenue_cents": where_known(seen, np.maximum(net, 0) * 12 // least_known),
    }


def _bits(mask: Ints) -> Ints:
    """How many bits it takes to write each mask: months from the oldest seen to the last closed one."""
    return np.frexp(mask)[1].astype(np.int64)


def last_reports(source: Source, as_of: date) -> tuple[pa.ChunkedArray, Values]:
    """The names of who has a bureau report by `as_of`, and the last one of each row group."""
    tonight = day(as_of)

    def of_rows(rows: pa.Table, owner: Ints, owners: int) -> Values:
        on = numbers(rows.column("pulled_on"))
        last = newest(owner.astype(np.int64), on, owners, on <= tonight)
        kept = rows.take(pa.array(np.maximum(last, 0)))
        return {
            "pulled_on": np.where(last >= 0, numbers(kept.column("pulled_on")), UNKNOWN),
            "disputed": flags(kept.column("disputed")),
            **{name: numbers(kept.column(name)) for name in REPORTED},
        }

    return source.digest("bureau_report", ("borrower_id", "pulled_on", "disputed", *REPORTED), of_rows)


def bureau(row: Ints, digested: Values, borrowers: int, as_of: date) -> Values:
    """The last report of each borrower, all UNKNOWN where they dispute it, and the day it was pulled."""
    last = newest(row, digested["pulled_on"], borrowers, digested["pulled_on"] > UNKNOWN)
    said = ~pick(digested["disputed"], last, True)
    of = {name: where_known(said, pick(digested[name], last)) for name in REPORTED}
    pulled_on = pick(digested["pulled_on"], last)
    balance, limit = np.maximum(of["external_balance_cents"], 0), np.maximum(of["external_limit_cents"], 0)
    used = share_up(balance, limit, 30_000)
    return {
        "external_lenders": of["lender_count"],
        "external_balance_cents": of["external_balance_cents"],
        "external_payment_cents": of["monthly_payment_cents"],
        "external_utilisation_bp": where_known(said, np.where((limit == 0) & (balance == 0), 0, used)),
        "external_inquiries_6m": of["inquiries_6m"],
        "external_dpd_now_days": of["worst_dpd_now"],
        "external_dpd_24m_days": of["worst_dpd_24m"],
        "public_records": of["public_record_count"],
        "bureau_age_days": where_known(said, day(as_of) - pulled_on),
        "bureau_on": pulled_on,
    }
