"""The two feature tables: a row a borrower, every characteristic that a scorecard may read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers.pandas_peer.business import statement_characteristics
from benchmarks.peers.pandas_peer.days import months_until
from benchmarks.peers.pandas_peer.history import credit_history
from benchmarks.peers.pandas_peer.lender import SUBJECTS, Lender
from benchmarks.peers.pandas_peer.security import MOST_CENTS
from benchmarks.peers.pandas_peer.whole import (
    UNKNOWN,
    WHOLE,
    Ints,
    Values,
    narrowed,
    share_up,
    up,
    where_known,
)
from linewatch.characteristics import characteristics

WIDE = {item.name for item in characteristics().characteristic if item.highest >= 2**31}
COLUMNS = {subject: [item.name for item in characteristics().of(subject)] for subject in SUBJECTS}

INPUTS = (
    *("income_cents", "limit_cents", "minimum_due_cents", "due_last_cents"),
    *("essential_month_cents", "external_balance_cents", "external_payment_cents"),
)
"""What more is read to make shares of income and revenue."""


def features(block: Lender) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A row a consumer and a row an enterprise of the block, in the columns' own order."""
    people, own = block.people, own_lines(block)
    onboarded = people["onboarded_on"]
    since = np.where(onboarded == UNKNOWN, own["first_opened_on"], onboarded)
    tenure = np.where(since <= block.tonight, months_until(since, block.as_of), UNKNOWN)
    shared = {**people, **own, **credit_history(block.months, block.owned), "tenure_months": tenure}
    consumers = np.flatnonzero(people["subject"] == SUBJECTS.index("consumer"))
    of_people = _of(shared, "consumer", consumers)
    of_firms = _of({**shared, "guarantee_cover_bp": _covered(block)}, "enterprise", block.firms["owner"])
    books = {**block.firms, **statement_characteristics(block.firms)}
    return (
        _table("consumer", {**of_people, **_to_income(of_people)}),
        _table("enterprise", {**of_firms, **books, "line_to_revenue_bp": _to_revenue(of_firms, books)}),
    )


def _of(of: Values, subject: str, rows: Ints) -> Values:
    """What a subject's table is made of, at the subject's rows."""
    return {name: of[name][rows] for name in (*COLUMNS[subject], *INPUTS) if name in of}


def _table(subject: str, of: Values) -> pd.DataFrame:
    columns = {name: of[name] if name in WIDE else narrowed(of[name]) for name in COLUMNS[subject]}
    return pd.DataFrame(columns, copy=False)


def own_lines(block: Lender) -> Values:
    """The open lines of each borrower as they stand tonight."""
    lines, owned = block.lines, block.owned
    is_open = lines["is_open"]
    has_open = owned.any(is_open)
    limit = owned.sum(lines["limit_cents"] * is_open)
    drawn = owned.sum(np.maximum(lines["drawn_cents"], 0) * is_open)
    weight = owned.fold(np.maximum, lines["weight"])
    return {
        "first_opened_on": owned.fold(np.minimum, lines["opened_on"], UNKNOWN),
        "dpd_now_days": where_known(has_open, owned.fold(np.maximum, lines["days_past_due"] * is_open)),
        "limit_cents": where_known(has_open, limit),
        "minimum_due_cents": where_known(has_open, owned.sum(lines["minimum_due_cents"] * is_open)),
        "utilisation_now_bp": share_up(drawn, limit, 30_000),
        "line_size_usd": where_known(has_open, limit * weight // 100_000),
    }


def _covered(block: Lender) -> Ints:
    """The share of each borrower's limits that covers take, in basis points rounded down."""
    cover, limit, is_open = block.cover, block.lines["limit_cents"], block.lines["is_open"]
    of_line = limit[cover["line"]]
    most = np.minimum(cover["cap_cents"], cover["value_cents"].replace(UNKNOWN, MOST_CENTS))
    covered = np.zeros_like(limit)
    np.add.at(covered, cover["line"].to_numpy(), np.minimum(of_line * cover["share_bp"] // WHOLE, most))
    limits = block.owned.sum(limit * is_open)
    share = block.owned.sum(np.minimum(covered, limit) * is_open) * WHOLE // np.maximum(limits, 1)
    return where_known(limits > 0, share)


def _to_income(of: Values) -> Values:
    income, balance, payment = of["income_cents"], of["external_balance_cents"], of["external_payment_cents"]
    limit, essential = of["limit_cents"], of["essential_month_cents"]
    due = np.where(of["minimum_due_cents"] == UNKNOWN, of["due_last_cents"], of["minimum_due_cents"])
    monthly = np.maximum(income, 1)

    def share(cents: Ints, known: Any, income_cents: Ints, most: int) -> Ints:
        bp = up(np.where(known, cents, 0) * WHOLE, income_cents)
        return where_known((income >= 0) & known, np.minimum(bp, most))

    return {
        "essential_to_income_bp": share(essential, essential >= 0, monthly, 30_000),
        "external_debt_to_income_bp": share(balance, balance >= 0, monthly * 12, 100_000),
        "debt_service_to_income_bp": share(due + payment, (due >= 0) & (payment >= 0), monthly, 30_000),
        "line_to_income_bp": share(limit, limit >= 0, monthly * 12, 100_000),
    }


def _to_revenue(of: Values, books: Values) -> Ints:
    limit = of["limit_cents"]
    known = books["has_statement"] & (books["revenue_year_cents"] > 0) & (limit >= 0)
    revenue = np.where(known, books["revenue_year_cents"], 1)
    return where_known(known, np.minimum(up(np.where(known, limit, 0) * WHOLE, revenue), 100_000))
