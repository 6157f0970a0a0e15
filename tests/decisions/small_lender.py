"""A few lines of a made-up lender, decided by the real statements: the policy's tests are written on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from linewatch.caps import caps_in_force
from linewatch.documents import Documents, immediate_rows, load_documents
from linewatch.law import Facts, Law, law_in_force
from sql import walk
from sql.contract import contract
from sql.engine import Cursor, Engine

AS_OF = date(2026, 11, 21)
MONTHS = [date(2025, 11 + n, 1) if n < 2 else date(2026, n - 1, 1) for n in range(12)]
"""The twelve months closed on AS_OF."""
PLAIN: dict[str, dict[str, Any]] = {
    "borrower": {
        "borrower_type": "consumer",
        "jurisdiction": "CN",
        "onboarded_on": date(2020, 1, 1),
        "identity_verified_on": date(2020, 1, 1),
        "net_monthly_income_cents": 2_000_000,
        "income_kind": "verified",
        "income_verified_on": date(2026, 6, 1),
        "limit_increase": True,
    },
    "facility": {
        "product": "revolving_consumer",
        "currency": "CNY",
        "credit_limit_cents": 1_000_000,
        "drawn_cents": 400_000,
        "annual_rate_bp": 1800,
        "opened_on": date(2020, 1, 1),
        "status": "active",
        "days_past_due": 0,
        "statement_day": 5,
    },
    "facility_month": {
        "closing_balance_cents": 400_000,
        "limit_cents": 1_000_000,
        "payment_due_cents": 20_000,
        "payment_made_cents": 20_000,
        "days_past_due": 0,
        "drawdown_count": 1,
        "drawdown_cents": 20_000,
    },
    "bureau_report": {"pulled_on": date(2026, 10, 1), "monthly_payment_cents": 50_000, "worst_dpd_now": 0},
    "spending_month": {"essential_cents": 300_000, "discretionary_cents": 100_000, "cash_like_cents": 0},
    "trade_month": {
        "currency": "CNY",
        "sales_cents": 100_000_00,
        "sales_returns_cents": 0,
        "purchases_cents": 60_000_00,
        "purchase_returns_cents": 0,
    },
    "control_link": {"kind": "controller", "valid_from": date(2020, 1, 1)},
    "treatment": {"valid_from": date(2026, 1, 1)},
    "consent": {"granted_on": date(2026, 1, 1)},
    "guarantee": {"kind": "insurance", "provider_id": "X", "covered_share_bp": 5000, "valid_from": AS_OF},
    "fx_rate": {"as_of": AS_OF},
}
CHARACTERISTICS = {
    "late_count": "late_payments",
    "late_days": "late_payments",
    "share_used": "utilisation",
    "asked_for": "inquiries",
}
"""What the made-up cards look at, and the family of each."""
USUAL: dict[str, int | None] = {"late_count": 3, "late_days": 5, "share_used": 4, "asked_for": 5}
FEATURES = {"consumer": "features_consumer", "enterprise": "features_enterprise"}
PD_STEPS = [{"score_from": 60_000 - pd_bp, "pd_bp": pd_bp} for pd_bp in range(10_000, -1, -25)]


def months_closed(as_of: date) -> list[date]:
    """The last twelve months closed on as_of, oldest first."""
    last = as_of.year * 12 + (as_of + timedelta(days=1)).month - 2
    if as_of.month == 12 and (as_of + timedelta(days=1)).month == 1:
        last += 12
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - 11, last + 1)]


# Nobody may change documents: who wants others makes them anew.
shipped = cache(load_documents)


class SmallLender:
    """Contract tables in memory, filled a line at a time, and decided whole."""

    def __init__(
        self,
        *,
        as_of: date = AS_OF,
        previous_as_of: date = date(2026, 10, 21),
        documents: Documents | None = None,
        threads: int = 1,
    ) -> None:
        self.as_of = as_of
        self.previous_as_of = previous_as_of
        self.threads = threads
        self.documents = documents or shipped(as_of)
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in contract()}
        self.scores: list[dict[str, Any]] = []
        self.former_scores: list[dict[str, Any]] = []
        self.features: dict[str, dict[str, int | None]] = {}
        self.past: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.quarantined: list[str] = []
        self.open_cases: list[dict[str, Any]] = []
        self.caps_used: list[dict[str, Any]] = []
        """The hard caps of the last `decide`."""
        self.law_claims: list[dict[str, Any]] = []
        """Its caps of law, by the lines that they add up."""
        self.absent: list[dict[str, Any]] = []
        """What the last `decide` kept of lines that it did not see."""
        self.columns: dict[str, list[str]] = {}
        """The columns of the tables that the last `decide` filled."""

    def add(self, table: str, **row: Any) -> None:
        self.rows[table].append({**PLAIN.get(table, {}), **row})

    def borrower(self, name: str = "b1", *, pd_bp: int | None = 300, **row: Any) -> None:
        """A consumer with everything known, scored `pd_bp` unless that is None."""
        self.add("borrower", borrower_id=name, **row)
        self.add("bureau_report", borrower_id=name)
        if pd_bp is not None:
            self.scores.append(
                {
                    "borrower_id": name,
                    "scorecard": row.get("borrower_type", "consumer"),
                    "score": 60_000 - pd_bp,
                    "pd_bp": pd_bp,
                    "unknown_share_bp": 0,
                }
            )

    def line(
        self, name: str = "f1", borrower: str = "b1", *, months: Mapping[str, Any] | None = None, **row: Any
    ) -> None:
        """A line with twelve closed months that agree with it."""
        self.add("facility", facility_id=name, borrower_id=borrower, **row)
        line = self.rows["facility"][-1]
        agreeing = {
            "limit_cents": line["credit_limit_cents"],
            "closing_balance_cents": line["drawn_cents"],
            "days_past_due": 0,
        }
        for month in months_closed(self.as_of):
            self.add("facility_month", facility_id=name, month=month, **{**agreeing, **(months or {})})

    def decide(self) -> dict[str, dict[str, Any]]:
        """Every decision, by facility_id."""
        with (
            Engine(None, threads=self.threads) as engine,
            engine.cursor() as db,
            engine.cursor("aside") as aside,
        ):
            self.fill(db)
            self.caps_used = self.caps(db)
            immediate = immediate_rows(self.documents)
            walk.prepare(db, self.documents.policy.tables(), self.caps_used, immediate, self.law(db))
            walk.decide(db, aside)
            self.law_claims = db.raw.sql("from law_claim").to_arrow_table().to_pylist()
            self.absent = db.raw.sql("from absent order by facility_id").to_arrow_table().to_pylist()
            table = db.raw.sql("from decisions order by facility_id").to_arrow_table()
            return {row["facility_id"]: row for row in table.to_pylist()}

    def caps(self, db: Cursor) -> list[dict[str, Any]]:
        db.replace("reporting", [{"currency": "CNY"}])
        db.build("decisions/fx_latest")
        return caps_in_force(self.documents, "CNY")

    def law(self, db: Cursor) -> Law:
        """The records in force; after `caps`."""
        facts = Facts(
            "CNY",
            {row["currency"]: row["rate_ppm"] for row in db.rows("decisions/rate_now")},
            {row["name"]: row["rate_bp"] for row in db.rows("decisions/reference_now")},
            db.rows("decisions/law_subject"),
            db.rows("decisions/identity_supplied")[0]["is_supplied"],
        )
        return law_in_force(self.documents, self.as_of, facts)

    def fill(self, db: Cursor) -> None:
        """Leave what the steps before `decide` would."""
        db.raw.execute(
            "create table night as select $a::date as as_of, $b::date as previous_as_of",
            {
                "a": self.as_of,
                "b": self.previous_as_of if self.past else None,
            },
        )
        for name in contract():
            ddl = Path("sql") / "schema" / "contract" / f"{name}.sql"
            db.raw.execute(_unconstrained(ddl.read_text()))
            db.append(name, self.rows[name])
        db.raw.execute("create view stg_facility as from facility")
        db.raw.execute("create table quarantined_borrower (borrower_id varchar)")
        db.append("quarantined_borrower", [{"borrower_id": name} for name in self.quarantined])
        db.raw.execute(
            "create table scores (borrower_id varchar, scorecard varchar, score integer, pd_bp integer,"
            " unknown_share_bp integer, conduct_points bigint)"
        )
        db.append("scores", [{"conduct_points": None, **row} for row in self.scores])
        db.create("schema/former_scores")
        db.append("former_scores", self.former_scores)
        self.fill_past(db)
        for name in (*contract(), "past_decision"):
            described = db.raw.execute(f"from {name} limit 0").description
            self.columns[name] = [column[0] for column in described]
        fill_scores(self, db)

    def fill_past(self, db: Cursor) -> None:
        """Leave what earlier nights and reviewers left."""
        for name, rows in (
            ("past_decision", self.past),
            ("past_change", self.changes),
            ("open_case", self.open_cases),
        ):
            db.create(f"schema/{name}")
            db.append(name, rows)


def fill_scores(lender: SmallLender, db: Cursor) -> None:
    """Leave cards of three characteristics, whose PD falls a basis point with each hundredth of a point.

    A characteristic's value is its points in tens, and the reference has 50 points in each; an unknown
    one has 30. The score itself is not their sum: `scores` is given.
    """
    for table in ("scorecard_bin", "scorecard_pd", "scorecard_base", *sorted(FEATURES.values())):
        if table in FEATURES.values():
            columns = ", ".join(f"{name} bigint" for name in CHARACTERISTICS)
            db.raw.execute(f"create table {table} (borrower_id varchar, {columns})")
        else:
            db.create(f"schema/{table}")
    for subject, table in FEATURES.items():
        db.append("scorecard_base", [{"scorecard": subject, "subject": subject, "base_points": 0}])
        db.append("scorecard_bin", [row for name in CHARACTERISTICS for row in _bins(subject, name)])
        db.append("scorecard_pd", [{"scorecard": subject, **row} for row in PD_STEPS])
        db.append(
            table,
            [
                {"borrower_id": row["borrower_id"], **USUAL, **lender.features.get(row["borrower_id"], {})}
                for row in lender.rows["borrower"]
                if row["borrower_type"] == subject
            ],
        )


def _bins(scorecard: str, characteristic: str) -> list[dict[str, Any]]:
    common = {
        "scorecard": scorecard,
        "characteristic": characteristic,
        "family": CHARACTERISTICS[characteristic],
        "driver": "conduct",
        "reference_points": 5_000,
    }
    known = [
        {"attribute": n, "value_from": n, "value_below": n + 1, "is_unknown": False, "points": n * 1_000}
        for n in range(10)
    ]
    unknown = {"attribute": 10, "value_from": None, "value_below": None, "is_unknown": True, "points": 3_000}
    return [{**common, **row} for row in [*known, unknown]]


def _unconstrained(ddl: str) -> str:
    lines = [line for line in ddl.splitlines() if not line.strip().startswith("primary key")]
    return "\n".join(lines).replace("not null", "").replace("recorded_at timestamp,", "recorded_at timestamp")
