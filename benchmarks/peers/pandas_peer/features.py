"""The two feature tables: a row a borrower, every characteristic that a scorecard may read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.business import statement_characteristics
from benchmarks.peers.pandas_peer.days import day, months_until
from benchmarks.peers.pandas_peer.history import credit_history
from benchmarks.peers.pandas_peer.lender import Lender
from benchmarks.peers.pandas_peer.security import MOST_CENTS
from benchmarks.peers.pandas_peer.whole import UNKNOWN, WHOLE, Ints, Values, share_up, up, where_known


def own_lines(lender: Lender) -> Values:
    """The open lines of each borrower as they stand tonight."""
    facility, owned = lender.facility, lender.owned
    is_open = facility["is_open"].to_numpy()

    def of_open(name: str) -> Ints:
        return owned.sum(facility[name].to_numpy() * is_open)

    limit, has_open = of_open("limit_cents"), owned.any(is_open)
    drawn = owned.sum(np.maximum(facility["drawn_cents"].to_numpy(), 0) * is_open)
    dpd = owned.fold(np.maximum, facility["days_past_due"].to_numpy() * is_open)
    weight = lender.borrower["weight"].to_numpy()
    return {
        "has_open": has_open,
        "first_opened_on": owned.fold(np.minimum, facility["opened_on"].to_numpy(), UNKNOWN),
        "dpd_now_days": where_known(has_open, dpd),
        "limit_cents": where_known(has_open, limit),
        "minimum_due_cents": where_known(has_open, of_open("minimum_due_cents")),
        "utilisation_now_bp": share_up(drawn, limit, 30_000),
        "line_size_usd": where_known(has_open, limit * weight // 100_000),
    }


def guarantee_cover(lender: Lender, cover: pd.DataFrame) -> Ints:
    """The share of each borrower's limits that covers take, in basis points rounded down."""
    is_open = lender.facility["is_open"].to_numpy()
    limit = lender.facility["limit_cents"].to_numpy()
    of_line = limit[cover["line"]]
    most = np.minimum(cover["cap_cents"], cover["value_cents"].replace(UNKNOWN, MOST_CENTS))
    covered = np.zeros_like(limit)
    np.add.at(covered, cover["line"].to_numpy(), np.minimum(of_line * cover["share_bp"] // WHOLE, most))
    limits = lender.owned.sum(limit * is_open)
    share = lender.owned.sum(np.minimum(covered, limit) * is_open) * WHOLE // np.maximum(limits, 1)
    return where_known(limits > 0, share)


def characteristics(
    lender: Lender, statement: Values, assessment: Values, cover: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables, with more columns than are written: a row a consumer and a row an enterprise."""
    own = own_lines(lender)
    history = credit_history(lender.months, lender.owned)
    onboarded = lender.borrower["onboarded_on"].to_numpy()
    since = np.where(onboarded == UNKNOWN, own["first_opened_on"], onboarded)
    tenure = np.where(since <= day(lender.as_of), months_until(since, lender.as_of), UNKNOWN)
    shared = {**own, **history, **lender.bureau, "tenure_months": tenure}
    subject = lender.borrower["subject"].to_numpy()
    return (
        _consumers({**shared, **lender.spending}, lender.borrower["income_cents"].to_numpy(), subject == 0),
        _enterprises(
            {
                **shared,
                **statement_characteristics(statement),
                **lender.trade,
                **{name: assessment[name] for name in ("market_position", "management_quality")},
                "guarantee_cover_bp": guarantee_cover(lender, cover),
            },
            subject == 1,
        ),
    )


def _consumers(of: Values, income_cents: Ints, which: Any) -> pd.DataFrame:
    of = {name: values[which] for name, values in of.items() if name not in ("has_open", "bureau_on")}
    income = income_cents[which]
    knows_income = income >= 0
    monthly = np.maximum(income, 1)
    minimum, due_last = of.pop("minimum_due_cents"), of.pop("due_last_cents")
    due = np.where(minimum == UNKNOWN, due_last, minimum)
    balance, payment = of.pop("external_balance_cents"), of.pop("external_payment_cents")
    essential, limit = of.pop("essential_month_cents"), of.pop("limit_cents")
    del of["first_opened_on"]

    def to_income(cents: Ints, known: Any, income: Ints, most: int) -> Ints:
        return where_known(
            knows_income & known, np.minimum(up(np.where(known, cents, 0) * WHOLE, income), most)
        )

    known = (due >= 0) & (payment >= 0)
    return pd.DataFrame(
        {
            **of,
            "essential_to_income_bp": to_income(essential, essential >= 0, monthly, 30_000),
            "external_debt_to_income_bp": to_income(balance, balance >= 0, monthly * 12, 100_000),
            "debt_service_to_income_bp": to_income(due + payment, known, monthly, 30_000),
            "line_to_income_bp": to_income(limit, limit >= 0, monthly * 12, 100_000),
        },
        copy=False,
    )


def _enterprises(of: Values, which: Any) -> pd.DataFrame:
    of = {name: values[which] for name, values in of.items()}
    revenue, limit = of["statement_revenue_cents"], of["limit_cents"]
    lines = np.minimum(up(limit * WHOLE, np.maximum(revenue, 1)), 100_000)
    return pd.DataFrame(
        {**of, "line_to_revenue_bp": where_known((revenue > 0) & (limit >= 0), lines)}, copy=False
    )
