"""The lines that docs/policy.md works out by hand, decided by the real statements, number by number."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.decisions.small_lender import AS_OF, SmallLender, months_closed
from tests.oracle.step import STEPS

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"
Row = dict[str, Any]
OF_A_BORROWER = (
    "borrower",
    "facility",
    "bureau_report",
    "spending_month",
    "financial_statement",
    "assessment",
)


@dataclass(frozen=True)
class Worked:
    """A line of the page: its facts, its walk as a table, and what comes of it."""

    title: str
    facts: dict[str, Any]
    walk: list[list[str]]
    outcome: dict[str, Any]


def worked_lines() -> list[Worked]:
    text = PAGE.read_text(encoding="utf-8")
    section = text.partition("## 9. Three lines, worked out")[2]
    return [_worked(part) for part in re.split(r"^### ", section, flags=re.MULTILINE)[1:]]


def _worked(part: str) -> Worked:
    facts, outcome = (
        tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", part, flags=re.DOTALL)
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"
    ]
    return Worked(part.splitlines()[0], facts, rows[2:], outcome)


def decide(worked: Worked) -> Row:
    """The one line of a lender that has nothing but the facts of the page."""
    facts = dict(worked.facts)
    lender = SmallLender(previous_as_of=AS_OF)
    score, every_month = facts.pop("score"), facts.pop("every_month", None)
    for table, told in facts.items():
        for row in told if isinstance(told, list) else [told]:
            lender.rows[table].append({"borrower_id": "b1", **row} if table in OF_A_BORROWER else row)
    lender.rows["facility"][0]["facility_id"] = "f1"
    if every_month is not None:
        lender.rows["facility_month"] += [
            {"facility_id": "f1", "month": month, **every_month} for month in months_closed(AS_OF)
        ]
    kind = lender.rows["borrower"][0]["borrower_type"]
    lender.scores.append({"borrower_id": "b1", "scorecard": kind, "unknown_share_bp": 0, **score})
    return lender.decide()["f1"]


LINES = worked_lines()


def test_the_page_works_out_a_consumer_an_enterprise_and_a_project_line() -> None:
    assert [line.facts["facility"]["product"] for line in LINES] == [
        "revolving_consumer",
        "working_capital",
        "project",
    ]


@pytest.mark.parametrize("worked", LINES, ids=lambda worked: worked.title)
def test_every_number_of_a_worked_line_is_what_the_statements_say(worked: Worked) -> None:
    decided = decide(worked)
    said = [
        [step, f"{decided[f'after_{step}_cents']:,}", decided[f"{step}_row"], decided[f"{step}_value"]]
        for step in STEPS
    ]
    shown = [
        [step, after, row or "", f"{value:,}" if value is not None else ""]
        for step, after, row, value in said
    ]
    assert [[cell.strip("`") for cell in row[:4]] for row in worked.walk] == shown
    assert {name: decided[name] for name in worked.outcome} == worked.outcome
