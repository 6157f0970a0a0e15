"""A scratch with a plausible `decisions` table and what letters, cases, queue and report read beside it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sql.engine as sql
from ledger import NewBatch, StoredFile, open_ledger
from linewatch.documents import Documents, Source
from linewatch.night import Night
from linewatch.notice import STEPS, Notices
from linewatch.policy import Policy
from linewatch.profile import Profile

AS_OF = date(2026, 11, 20)
SHIPPED = Path(__file__).parents[2] / "linewatch"


@cache
def notices() -> Notices:
    return Notices.model_validate(
        tomllib.loads((SHIPPED / "notices" / "2000-01-01-notices.toml").read_text(encoding="utf-8"))
    )


@cache
def profile() -> Profile:
    return Profile.model_validate(
        tomllib.loads((SHIPPED / "profiles" / "2000-01-01-default.toml").read_text(encoding="utf-8"))
    )


@cache
def policy() -> Policy:
    return Policy.model_validate(
        tomllib.loads((SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8"))
    )


def night(home: Path, **changes: Any) -> Night:
    """A night over `home` with the shipped profile and notices; other documents are not read here."""
    documents = Documents(
        profile=changes.pop("profile", profile()),
        policy=policy(),
        scorecards={},
        packs=changes.pop("packs", {}),
        notices=changes.pop("notices", notices()),
        sources=(),
    )
    return Night(
        as_of=changes.pop("as_of", AS_OF),
        home=home,
        source="generated",
        documents=documents,
        recorded_at=datetime(2026, 11, 21, 1, 15, tzinfo=UTC),
    )


STEP_COLUMNS = ", ".join(
    f"after_{step}_cents bigint, {step}_row varchar, {step}_value bigint" for step in STEPS
)

TABLES = {
    "decisions": f"""
        facility_id varchar, borrower_id varchar, group_id varchar, segment varchar, product varchar,
        currency varchar, jurisdiction varchar, borrower_type varchar, scorecard varchar, score integer,
        pd_bp integer, grade varchar, unknown_share_bp integer, due boolean, due_because varchar,
        next_due_on date, limit_cents bigint, source_limit_cents bigint, limit_origin varchar,
        drawn_cents bigint, owed_cents bigint, days_past_due integer, utilisation_bp bigint,
        utilisation_band varchar, anchor_limit_cents bigint, anchor_on date, {STEP_COLUMNS},
        proposed_limit_cents bigint, without_regulation_cents bigint, law_records varchar[],
        binding_step varchar, binding_steps varchar[], rate_bp integer, law_rate_bp integer,
        proposed_rate_bp integer, committed_rate_bp integer, deadline_on date, action varchar,
        route varchar, triggers varchar[], rules varchar[],
        reasons struct(code varchar, family varchar, points integer, cents bigint)[],
        hold_because varchar, recommendation varchar, slot varchar, slot_score_bp integer,
        slot_financial_strength integer, slot_political_legal integer, slot_transaction integer,
        slot_sponsor integer, slot_security integer, statement_end_on date, statement_received_on date,
        altman_z2_hundredths bigint, effective_on date, test_digit integer, quarantined boolean,
        drawdown_blocked boolean, committed_limit_cents bigint, review_block varchar, improve_reviews integer,
        last_decrease_on date, last_increase_on date, reviewed_on date, law_limit_cents bigint,
        offered_limit_cents bigint, offer_until date, temporary_cents bigint, expected_on date,
        customer_limit_cents bigint, customer_limit_on date, block_lifted boolean, decided_on date,
        former_pd_bp integer, grade_by_former boolean""",
    "borrower": """borrower_id varchar, borrower_type varchar, jurisdiction varchar, language varchar,
        fraud_flag varchar, deceased_on date""",
    "treatment": "borrower_id varchar, kind varchar, valid_from date, valid_until date",
    "contact": "borrower_id varchar, name varchar, address varchar, channel varchar",
    "open_case": "borrower_id varchar, case_id varchar, opened_on date, due_on date",
    "fx_latest": "currency varchar, rate_ppm bigint",
    "facility_month": """facility_id varchar, month date, closing_balance_cents bigint, limit_cents bigint,
        payment_due_cents bigint, payment_made_cents bigint, days_past_due integer""",
}

LINE: dict[str, Any] = {
    "segment": "consumer_established",
    "product": "revolving_consumer",
    "currency": "CNY",
    "jurisdiction": "CN",
    "borrower_type": "consumer",
    "scorecard": "consumer",
    "score": 61_250,
    "pd_bp": 180,
    "grade": "B",
    "unknown_share_bp": 0,
    "due": True,
    "due_because": "statement cycle",
    "next_due_on": date(2026, 12, 20),
    "limit_cents": 1_200_000,
    "source_limit_cents": 1_200_000,
    "limit_origin": "source",
    "drawn_cents": 300_000,
    "owed_cents": 300_000,
    "days_past_due": 0,
    "utilisation_bp": 2500,
    "utilisation_band": "low",
    "anchor_limit_cents": 1_200_000,
    "anchor_on": date(2026, 10, 20),
    "binding_steps": [],
    "rate_bp": 1800,
    "proposed_rate_bp": 1800,
    "action": "hold",
    "route": "automatic",
    "triggers": [],
    "rules": [],
    "reasons": [],
    "effective_on": date(2026, 11, 21),
    "test_digit": 42,
    "quarantined": False,
    "drawdown_blocked": False,
    "improve_reviews": 0,
    "reviewed_on": AS_OF,
}


def line(facility_id: str, **facts: Any) -> dict[str, Any]:
    """A decision on one line: a hold in grade B unless `facts` say otherwise."""
    row = {**LINE, "facility_id": facility_id, "borrower_id": f"B-{facility_id}", **facts}
    row.setdefault("group_id", row["borrower_id"])
    row.setdefault("proposed_limit_cents", row["limit_cents"])
    moved = row["proposed_limit_cents"] != row["limit_cents"]
    in_force = row["route"] == "automatic" and row["action"] in ("increase", "decrease")
    row.setdefault("without_regulation_cents", row["proposed_limit_cents"])
    row.setdefault("law_records", [])
    told = row["route"] == "automatic" or row["action"] == "freeze"
    row.setdefault("committed_rate_bp", row["proposed_rate_bp"] if told else row["rate_bp"])
    row.setdefault("committed_limit_cents", row["proposed_limit_cents"] if in_force else row["limit_cents"])
    if moved:
        row.setdefault("binding_step", "strategy")
        row["binding_steps"] = [row["binding_step"]]
        row.setdefault("strategy_row", "consumer_established.E.high")
        row.setdefault("strategy_value", row["proposed_limit_cents"] * 10_000 // row["limit_cents"])
    elif row["action"] == "hold":
        row.setdefault("hold_because", "no_change")
    for number, step in enumerate(STEPS):
        before = number < STEPS.index(row.get("binding_step") or "gate") if moved else True
        row.setdefault(f"after_{step}_cents", row["limit_cents"] if before else row["proposed_limit_cents"])
    return row


def reason(code: str, points: int | None = None, cents: int | None = None) -> dict[str, Any]:
    family = code if points is not None else None
    return {"code": code, "family": family, "points": points, "cents": cents}


def decrease(facility_id: str, **facts: Any) -> dict[str, Any]:
    """A decrease of 12,000.00 to 8,000.00 for late payments and use."""
    standing = {
        "grade": "E",
        "pd_bp": 1450,
        "score": 52_000,
        "action": "decrease",
        "proposed_limit_cents": 800_000,
        "effective_on": date(2026, 12, 21),
        "reasons": [reason("late_payments", 2200), reason("utilisation", 900)],
    }
    return line(facility_id, **{**standing, **facts})


def scratch(db: Any, lines: Iterable[Mapping[str, Any]], **tables: Iterable[Mapping[str, Any]]) -> None:
    """Fill a cursor's database; a borrower who is not named speaks the language of the country."""
    listed = sorted(lines, key=lambda row: row["facility_id"])
    borrowers = {
        row["borrower_id"]: {
            "borrower_id": row["borrower_id"],
            "borrower_type": row["borrower_type"],
            "jurisdiction": row["jurisdiction"],
            "language": None,
        }
        for row in listed
    }
    given = {name: list(rows) for name, rows in tables.items()}
    for row in given.pop("borrower", []):
        borrowers[row["borrower_id"]].update(row)
    filled = {
        "decisions": listed,
        "borrower": list(borrowers.values()),
        "contact": [],
        "facility_month": [],
        **given,
    }
    filled.setdefault("open_case", [])
    filled.setdefault("treatment", [])
    filled.setdefault("fx_latest", [{"currency": "CNY", "rate_ppm": 1_000_000}])
    for name, columns in {**TABLES, **_features(filled)}.items():
        db.raw.execute(f"create or replace table {name} ({columns})")
        db.append(name, filled[name])


def _features(filled: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, str]:
    """Columns of the feature tables that were given rows."""
    return {
        name: ", ".join(
            f"{column} {'varchar' if column == 'borrower_id' else 'bigint'}" for column in rows[0]
        )
        for name, rows in filled.items()
        if name.startswith("features_")
    }


def sources() -> tuple[Source, ...]:
    """The shipped documents as a batch names them."""
    found = []
    for room, kind in (
        ("profiles", "profile"),
        ("policies", "policy"),
        ("notices", "notice"),
        ("regulations", "regulation"),
        ("scorecards", "scorecard"),
    ):
        for path in sorted((SHIPPED / room).glob("*.toml")):
            text = path.read_text(encoding="utf-8")
            data = tomllib.loads(text)
            found.append(
                Source(
                    kind,
                    data["id"],
                    data["version"],
                    data["effective_from"],
                    hashlib.sha256(text.encode()).hexdigest(),
                    text,
                    path,
                )
            )
    return tuple(found)


def committed_home(
    home: Path,
    lines: Iterable[Mapping[str, Any]],
    *,
    as_of: date = AS_OF,
    **tables: Iterable[Mapping[str, Any]],
) -> Path:
    """A home in which a night with these decisions is committed, its letters drafted and its cases open."""
    from tasks.draft import write_drafts
    from tasks.refer import open_cases

    of = night(home, as_of=as_of)
    root = hashlib.sha256(as_of.isoformat().encode()).hexdigest()
    folder = f"batches/{as_of}-night-{root[:12]}"
    (home / folder).mkdir(parents=True)
    files = {}
    try:
        with sql.cursor(of.scratch) as db:
            scratch(db, lines, **tables)
        write_drafts(of)
        open_cases(of)
        with sql.cursor(of.scratch) as db:
            for name, order in {
                **KEPT,
                **{name: "all" for name in tables if name.startswith("features")},
            }.items():
                path = home / folder / f"{name}.parquet"
                db.raw.execute(f"copy (from {name} order by {order}) to '{path}' (format parquet)")
                files[name] = StoredFile(
                    f"{folder}/{path.name}", "0" * 64, path.stat().st_size, db.count(name)
                )
            cases = db.raw.sql("from cases order by priority").to_arrow_table().to_pylist()
    finally:
        sql.close_engine(of.scratch)
    batch = NewBatch(
        batch=folder.removeprefix("batches/"),
        kind="night",
        as_of=as_of,
        root=root,
        source="generated",
        source_identity="1" * 64,
        documents_identity=of.documents.identity,
        snapshot="",
        folder=folder,
        files=files,
        counts={},
        version="test",
    )
    open_ledger(home).commit_batch(batch, documents=sources(), cases_opened=cases, recorded_at=of.recorded_at)
    return home


KEPT = {"decisions": "facility_id", "drafts": "facility_id", "cases": "priority"}
