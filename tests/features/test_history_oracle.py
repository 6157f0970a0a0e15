"""The credit history of random lines, told a second time in plain Python from docs/characteristics.md."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linewatch.characteristics import characteristics
from sql.contract import contract
from sql.engine import Engine
from sql.features import build_features

AS_OF = date(2026, 10, 31)
CENTS = st.integers(0, 3_000)
MONTH = st.fixed_dictionaries(
    {
        "closing_balance_cents": st.integers(-500, 3_000),
        "limit_cents": st.sampled_from([0, 1_000, 2_000]),
        "payment_due_cents": st.sampled_from([0, 100, 300]),
        "payment_made_cents": st.sampled_from([0, 99, 100, 110, 111, 300, 5_000]),
        "days_past_due": st.sampled_from([0, 0, 0, 1, 30, 59, 60, 120]),
        "drawdown_count": st.integers(0, 2),
        "drawdown_cents": CENTS,
    }
)
LINE = st.dictionaries(st.integers(0, 25), MONTH, max_size=16)
"""Months ago to what happened in that month."""


def up(part: int, whole: int) -> int | None:
    if whole == 0:
        return 30_000 if part else None
    return min(-(-part * 10_000 // whole), 30_000)


def paid_share(paid: int, owed: int) -> int:
    return min(paid * 10_000 // owed, 20_000) if owed else 10_000


def oracle(lines: list[dict[int, dict[str, int]]]) -> dict[str, Any]:
    rows = [(ago, row) for line in lines for ago, row in line.items() if ago < 24]

    def within(first: int, last: int) -> list[dict[str, int]]:
        return [row for ago, row in rows if first <= ago <= last]

    def total(name: str, first: int, last: int) -> int:
        return sum(max(0, row[name]) for row in within(first, last))

    def months(last: int, test) -> int | None:
        seen = {ago for ago, _ in rows if ago <= last}
        return len({ago for ago, row in rows if ago <= last and test(row)}) if seen else None

    def worst(last: int) -> int | None:
        return max((row["days_past_due"] for row in within(0, last)), default=None)

    def utilisation(first: int, last: int) -> int | None:
        return up(total("closing_balance_cents", first, last), total("limit_cents", first, last))

    def share_of_balance(months_paid: int, last_statement: int) -> int | None:
        if not within(0, months_paid - 1) or not within(1, last_statement):
            return None
        return paid_share(
            total("payment_made_cents", 0, months_paid - 1), total("closing_balance_cents", 1, last_statement)
        )

    def active(row: dict[str, int]) -> bool:
        names = ("closing_balance_cents", "payment_made_cents", "drawdown_cents", "drawdown_count")
        return any(row[name] > 0 for name in names)

    def minimum(row: dict[str, int]) -> bool:
        due, paid = row["payment_due_cents"], row["payment_made_cents"]
        return due > 0 and due <= paid <= due * 11 / 10 and row["closing_balance_cents"] > 0

    now, before = utilisation(0, 2), utilisation(3, 5)
    seen, used = months(11, lambda row: True), months(11, active)
    peaks = [up(max(0, row["closing_balance_cents"]), row["limit_cents"]) for row in within(0, 11)]
    return {
        "history_months": len({ago for ago, _ in rows}) or None,
        "worst_dpd_1m_days": worst(0),
        "worst_dpd_3m_days": worst(2),
        "worst_dpd_6m_days": worst(5),
        "worst_dpd_12m_days": worst(11),
        "late_months_3m": months(2, lambda row: row["days_past_due"] > 0),
        "late_months_6m": months(5, lambda row: row["days_past_due"] > 0),
        "late_months_12m": months(11, lambda row: row["days_past_due"] > 0),
        "late_60_months_12m": months(11, lambda row: row["days_past_due"] >= 60),
        "months_since_late": min((ago for ago, row in rows if row["days_past_due"] > 0), default=24)
        if rows
        else None,
        "utilisation_3m_bp": now,
        "utilisation_6m_bp": utilisation(0, 5),
        "utilisation_12m_bp": utilisation(0, 11),
        "utilisation_trend_bp": None if now is None or before is None else now - before,
        "utilisation_peak_12m_bp": max((peak for peak in peaks if peak is not None), default=None),
        "over_limit_months_6m": months(5, lambda row: row["closing_balance_cents"] > row["limit_cents"]),
        "payment_share_due_6m_bp": (
            paid_share(total("payment_made_cents", 0, 5), total("payment_due_cents", 0, 5))
            if within(0, 5)
            else None
        ),
        "payment_share_balance_3m_bp": share_of_balance(3, 3),
        "payment_share_balance_6m_bp": share_of_balance(5, 5),
        "minimum_payment_months_6m": months(5, minimum),
        "zero_payment_months_6m": months(
            5, lambda row: row["payment_due_cents"] > 0 and row["payment_made_cents"] == 0
        ),
        "inactive_months_12m": None if seen is None else seen - (used or 0),
        "drawdowns_3m": sum(row["drawdown_count"] for row in within(0, 2)) if within(0, 2) else None,
        "drawdown_share_3m_bp": up(total("drawdown_cents", 0, 2), total("limit_cents", 0, 2)),
    }


def month_ago(ago: int) -> date:
    year, month = divmod(2026 * 12 + 9 - ago, 12)
    return date(year, month + 1, 1)


def from_sql(borrowers: list[list[dict[int, dict[str, int]]]]) -> list[dict[str, Any]]:
    holders = [
        {"borrower_id": f"B{at:03}", "borrower_type": "consumer", "jurisdiction": "CN"}
        for at in range(len(borrowers))
    ]
    lines = [
        (f"B{at:03}", f"F{at:03}-{n}", line) for at, own in enumerate(borrowers) for n, line in enumerate(own)
    ]
    terms = {"product": "revolving_consumer", "currency": "CNY", "credit_limit_cents": 1, "drawn_cents": 0}
    facilities = [
        {"facility_id": line, "borrower_id": holder, "status": "active", **terms} for holder, line, _ in lines
    ]
    months = [
        {"facility_id": line, "month": month_ago(ago), **row}
        for _, line, seen in lines
        for ago, row in seen.items()
    ]
    with Engine(None, threads=2) as engine, engine.cursor() as db:
        for table in contract():
            db.create(f"schema/contract/{table}")
        db.raw.execute("create view stg_facility as from facility")
        db.create("schema/quarantined_borrower")
        db.replace("night", [{"as_of": AS_OF, "freshness_days": 0}])
        db.append("borrower", holders)
        db.append("facility", facilities)
        db.append("facility_month", months)
        build_features(db, characteristics().scale_rows())
        return db.raw.sql("from features_consumer order by borrower_id").to_arrow_table().to_pylist()


@settings(max_examples=25)
@given(st.lists(st.lists(LINE, min_size=1, max_size=3), min_size=1, max_size=12))
def test_the_statements_and_a_plain_telling_agree_on_every_borrower(borrowers):
    told = [oracle(lines) for lines in borrowers]

    made = from_sql(borrowers)

    assert [{name: row[name] for name in told[0]} for row in made] == told
