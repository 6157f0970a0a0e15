"""A night with a small folder as its source, for tests of the record: documents without the rules' own."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sql.engine as sql
from linewatch.documents import Documents, Source
from linewatch.night import Night
from linewatch.profile import Profile
from linewatch.proof import FIELDS
from tasks.pull import pull_source

AS_OF = date(2026, 11, 21)
RECORDED_AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
PROFILES = Path(__file__).parents[2] / "linewatch" / "profiles"
FACILITY = """facility_id,borrower_id,product,currency,credit_limit_cents,drawn_cents,status,opened_on,colour
F2,B1,revolving_consumer,CNY,500000,-1200,active,2024-05-01,red
F1,B1,revolving_consumer,CNY,1000000,250000,active,,blue
"""
BORROWER = "borrower_id,borrower_type,jurisdiction,under_21\nB1,consumer,CN,false\n"


def small_folder(path: Path) -> Path:
    path.mkdir(parents=True)
    (path / "facility.csv").write_text(FACILITY, encoding="utf-8")
    (path / "borrower.csv").write_text(BORROWER, encoding="utf-8")
    return path


def profile(**changes: Any) -> Profile:
    text = (PROFILES / "2000-01-01-default.toml").read_text(encoding="utf-8")
    return Profile.model_validate({**tomllib.loads(text), **changes})


def documents(text: str = "id = 'house'", **changes: Any) -> Documents:
    """The shipped profile, and a document of this text; no rule is read in these tests."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Documents(
        profile=profile(**changes),
        policy=None,  # type: ignore[arg-type]
        scorecards={},
        packs={},
        notices=None,  # type: ignore[arg-type]
        sources=(Source("policy", "house", "1", date(2026, 1, 1), sha256, text, Path("policy.toml")),),
    )


def night(home: Path, source: Path, **changes: Any) -> Night:
    made = Night(AS_OF, home, str(source), documents(), RECORDED_AT)
    return replace(made, **changes)


COVERS = """struct(guarantee_id varchar, kind varchar, provider_id varchar, share_bp bigint,
    most_cents bigint, days bigint, loss_rate_e8 bigint, covered_cents bigint)[]"""
NOT_TEXT = {
    **dict.fromkeys(("covers", "next_anchor_covers"), COVERS),
    "grounds": "struct(step varchar, row varchar, kind varchar, class_share_bp integer, cents bigint)[]",
    "reasons": "struct(code varchar, family varchar, points integer, cents bigint)[]",
    **dict.fromkeys(("binding_steps", "law_records", "triggers", "rules", "reasons_truncated"), "varchar[]"),
    **dict.fromkeys(
        "due quarantined drawdown_blocked own_block person_block block_shown plan_open".split(), "boolean"
    ),
}


def kind_of(field: str) -> str:
    """The DuckDB type of a column of `decisions`."""
    if field in NOT_TEXT:
        return NOT_TEXT[field]
    if field.endswith(("_on", "_until")):
        return "date"
    if field.endswith(("_cents", "_value", "_e8")) or field == "utilisation_bp":
        return "bigint"
    if field.endswith("_bp") or field in ("score", "days_past_due", "test_digit", "improve_reviews"):
        return "integer"
    return "varchar"


LINES = """
    insert into decisions by name
    select
        'F' || lpad(cast(i as varchar), 7, '0') as facility_id,
        'B' || (i // 2) as borrower_id,
        case when i % 7 = 0 then '集团' || (i % 5) end as group_id,
        'revolving_consumer' as product,
        'CNY' as currency,
        'CN' as jurisdiction,
        50000 + i % 9000 as score,
        i % 3 = 0 as due,
        date '2026-12-01' + cast(i % 28 as integer) as next_due_on,
        1000000 + 100 * i as limit_cents,
        250000 as drawn_cents,
        i % 100 as test_digit,
        false as quarantined,
        case i % 10 when 1 then 900000 when 2 then 1200000 else 1000000 end + 100 * i as proposed_limit_cents,
        case when i % 10 = 1 and i % 20 <> 1 then 900000 else 1000000 end + 100 * i as committed_limit_cents,
        case i % 10 when 1 then 'decrease' when 2 then 'offer' when 3 then 'freeze' else 'hold' end as action,
        case when i % 20 = 1 then 'referred' else 'automatic' end as route,
        1800 as rate_bp,
        case when i % 10 = 4 then 1700 else 1800 end as proposed_rate_bp,
        proposed_rate_bp as committed_rate_bp,
        i % 10 = 3 as drawdown_blocked,
        date '2026-11-22' as effective_on,
        case when i % 20 = 1 then ['large_decrease'] else [] end as triggers,
        case
            when i % 10 = 1
                then [struct_pack(code := 'utilisation', family := 'usage', points := 1250, cents := null)]
            else []
        end as reasons
    from range($lines) as t(i)
    order by hash(i)
"""
DRAFTS = """
    insert into drafts by name
    select
        'D' || facility_id as draft_id, 'R' || facility_id as reference, facility_id, borrower_id,
        'decrease' as kind, 'zh' as language,
        '额度' as subject, '正文' as body, ['utilisation'] as reason_codes
    from decisions
    where action = 'decrease' and route = 'automatic'
"""
CASES = """
    create or replace table cases as
    select
        'C' || borrower_id as case_id, facility_id, borrower_id, date '2026-11-21' as opened_on,
        date '2026-11-26' as due_on, [facility_id] as facility_ids, triggers
    from decisions
    where route = 'referred'
"""


def decisions_table(db: sql.Cursor) -> None:
    """An empty `decisions`."""
    columns = ", ".join(f"{field} {kind_of(field)}" for field in FIELDS)
    db.raw.execute(f"create or replace table decisions ({columns})")


def decided(made: Night, lines: int = 40) -> None:
    """A night that was pulled, and decided and drafted by a formula: what commit finds in the scratch."""
    pull_source(made)
    with sql.cursor(made.scratch) as db:
        decisions_table(db)
        db.raw.execute(LINES, {"lines": lines})
        db.raw.execute(
            "create or replace table features_consumer as select distinct borrower_id from decisions"
        )
        db.create("schema/drafts")
        db.raw.execute(DRAFTS)
        db.raw.execute(CASES)
        db.raw.execute("create or replace table fx_latest as select 'CNY' as currency, 1000000 as rate_ppm")
        db.create("schema/quarantine")
        db.raw.execute(
            "insert into quarantine values ('facility', 'F9', 'B9', 'a'), ('facility', 'F9', 'B9', 'b')"
        )
