"""A lender of a few rows, written in a test, and the characteristics that come of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from linewatch.characteristics import characteristics
from sql.contract import contract
from sql.engine import Cursor, Engine
from sql.features import build_features

FILLED: dict[str, dict[str, Any]] = {
    "borrower": {"borrower_id": "B1", "borrower_type": "consumer", "jurisdiction": "CN"},
    "facility": {
        "facility_id": "F1",
        "borrower_id": "B1",
        "product": "revolving_consumer",
        "currency": "CNY",
        "credit_limit_cents": 100_000,
        "drawn_cents": 0,
        "status": "active",
    },
    "facility_month": {
        "facility_id": "F1",
        "closing_balance_cents": 0,
        "limit_cents": 100_000,
        "payment_due_cents": 0,
        "payment_made_cents": 0,
        "days_past_due": 0,
        "drawdown_count": 0,
        "drawdown_cents": 0,
    },
    "spending_month": {
        "borrower_id": "B1",
        "essential_cents": 0,
        "discretionary_cents": 0,
        "cash_like_cents": 0,
    },
    "trade_month": {
        "borrower_id": "B1",
        "currency": "CNY",
        "sales_cents": 1_000_000,
        "sales_returns_cents": 0,
        "purchases_cents": 0,
        "purchase_returns_cents": 0,
    },
    "bureau_report": {"borrower_id": "B1"},
    "financial_statement": {
        "borrower_id": "B1",
        "total_assets_cents": 1_000_000,
        "current_assets_cents": 500_000,
        "current_liabilities_cents": 250_000,
        "total_liabilities_cents": 600_000,
        "equity_cents": 400_000,
        "retained_earnings_cents": 100_000,
        "revenue_cents": 2_000_000,
        "ebit_cents": 150_000,
        "interest_expense_cents": 50_000,
        "operating_cash_flow_cents": 120_000,
        "months_covered": 12,
        "currency": "CNY",
    },
    "assessment": {"borrower_id": "B1", "assessor": "officer"},
    "guarantee": {
        "facility_id": "F1",
        "guarantee_id": "G1",
        "kind": "guarantor",
        "provider_id": "P1",
        "covered_share_bp": 5_000,
        "valid_from": date(2020, 1, 1),
    },
}
"""What a row has where a test does not say."""


class Lender:
    """Tables of the contract, the night of 21 November 2026 (the last closed month is October)."""

    def __init__(self, db: Cursor) -> None:
        self.db = db
        for table in contract():
            db.create(f"schema/contract/{table}")
        db.raw.execute("create view stg_facility as from facility")
        db.create("schema/quarantined_borrower")
        self.night(date(2026, 11, 21))

    def night(self, as_of: date) -> None:
        self.db.replace("night", [{"as_of": as_of, "freshness_days": 0}])

    def add(self, table: str, **columns: Any) -> "Lender":
        self.db.insert(table, [{**FILLED[table], **columns}])
        return self

    def months(self, *newest_first: dict[str, Any], facility_id: str = "F1") -> "Lender":
        """Closed months of a line, October 2026 first."""
        for ago, columns in enumerate(newest_first):
            year, month = divmod(2026 * 12 + 9 - ago, 12)
            self.add("facility_month", facility_id=facility_id, month=date(year, month + 1, 1), **columns)
        return self

    def features(self, subject: str = "consumer", borrower_id: str = "B1") -> dict[str, Any]:
        """The characteristics of one borrower."""
        build_features(self.db, characteristics().scale_rows())
        found = self.db.raw.execute(f"from features_{subject} where borrower_id = ?", [borrower_id])
        names = [column[0] for column in found.description]
        (row,) = found.fetchall()
        return dict(zip(names, row, strict=True))


@pytest.fixture
def empty() -> Iterator[Lender]:
    """A lender without a row."""
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        yield Lender(db)


@pytest.fixture
def lender(empty: Lender) -> Lender:
    """A lender of one consumer with one line of 1,000.00 CNY and nothing else known."""
    return empty.add("borrower").add("facility")


@pytest.fixture
def business(empty: Lender) -> Lender:
    """A lender of one enterprise with one line of 1,000.00 CNY and nothing else known."""
    return empty.add("borrower", borrower_type="enterprise").add("facility", product="working_capital")
