"""What moved limits, by segment and by grade: in the report and among Prefect's artifacts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sql.engine import Cursor, Engine
from tasks.report.causes import told_of_causes
from tasks.summarise import totals

DECISIONS = """
    create table decisions (
        facility_id varchar, borrower_id varchar, currency varchar, segment varchar, grade varchar,
        slot varchar, limit_cents bigint, committed_limit_cents bigint
    )
"""


@pytest.fixture
def db() -> Iterator[Cursor]:
    """30 lines cut by 1,000.00 each, 700.00 of it by policy, and 3 of `small` by 5,000.00, all policy."""
    with Engine(None) as engine, engine.cursor() as db:
        db.raw.execute(DECISIONS)
        db.create("schema/cause_of_line")
        names = db.columns("cause_of_line")
        for number in range(36):
            small = number >= 33
            moves = 0 if 30 <= number < 33 else 500_000 if small else 100_000
            name = f"F{number:02}"
            db.append(
                "decisions",
                [
                    {
                        "facility_id": name,
                        "borrower_id": f"B{number}",
                        "currency": "CNY",
                        "segment": "small" if small else "big" if number < 24 else "middle",
                        "grade": None if number < 2 else "C",
                        "slot": None,
                        "limit_cents": 1_000_000,
                        "committed_limit_cents": 1_000_000 - moves,
                    }
                ],
            )
            cause = {column: 0 for column in names if column.endswith("_cents")}
            policy = -500_000 if small else -70_000
            if moves:
                db.append("cause_of_line", [{**cause, "facility_id": name, "cause_policy_cents": policy}])
        yield db


def test_the_report_tells_causes_by_segment_and_grade_and_gives_nobody_away(db: Cursor) -> None:
    (told,) = told_of_causes(db)
    assert told["causes"] == ["carried", "policy"]
    assert [(row["cause"], row["cut"], row["raised"]) for row in told["rows"]] == [
        ("carried", "-CN¥9.00k", "0"),
        ("policy", "-CN¥36.0k", "0"),
    ]
    by = {group["by"]: {row["part"]: row["cells"] for row in group["rows"]} for group in told["groups"]}
    assert by["segment"] == {
        "big": ["-CN¥7.20k", "-CN¥16.8k"],
        "middle": ["-CN¥1.80k", "few"],
        "small": ["0", "few"],
    }
    assert by["grade"] == {"C": ["few", "few"], "unscored": ["few", "few"]}
    assert {row["way"] for group in told["groups"] for row in group["rows"]} == {"cut"}


def test_the_artifact_has_the_same_totals_and_no_borrower_line_or_amount_of_few(db: Cursor) -> None:
    told: list[dict[str, Any]] = totals(db)
    shown = {(row["lines of"], row["cause"]): (row["lines cut"], row["cut by"]) for row in told}
    assert shown["all", "policy"] == (33, "-36,000")
    assert shown["segment big", "policy"] == (24, "-16,800")
    assert shown["segment small", "policy"] == (3, "few borrowers")
    assert shown["segment middle", "policy"] == (6, "few borrowers")
    assert "5,000" not in str(told)
    assert "F0" not in str(told)


def test_groups_add_up_to_the_whole(db: Cursor) -> None:
    db.view("reports/cause_part")
    rows = db.rows("reports/cause_total")
    for cause in ("carried", "policy"):
        sums = {
            by: sum(row["cut_cents"] for row in rows if (row["by_what"], row["cause"]) == (by, cause))
            for by in ("all", "segment", "grade")
        }
        assert len(set(sums.values())) == 1
    ((moved,),) = db.raw.sql("select sum(committed_limit_cents - limit_cents) from decisions").fetchall()
    assert sum(row["cut_cents"] for row in rows if row["by_what"] == "all") == moved
