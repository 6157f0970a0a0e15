"""The statements and the oracle over the same lender, and every cell in which they differ."""

from __future__ import annotations

from typing import Any

from tests.decisions.small_lender import CHARACTERISTICS, PD_STEPS, USUAL, SmallLender
from tests.oracle.book import Book
from tests.oracle.policy_oracle import decide

Decisions = dict[str, dict[str, Any]]


def book_of(lender: SmallLender, caps: list[dict[str, Any]]) -> Book:
    """The lender's rows as the oracle reads them: columns left out are null."""
    columns = lender.columns
    tables = {
        name: [{**dict.fromkeys(columns[name]), **row} for row in rows] for name, rows in lender.rows.items()
    }
    steps = [(row["score_from"], row["pd_bp"]) for row in PD_STEPS]
    return Book(
        as_of=lender.as_of,
        previous_as_of=lender.previous_as_of if lender.past else None,
        reporting_currency="CNY",
        policy=lender.documents.policy,
        caps=caps,
        tables=tables,
        lines=tables["facility"],
        scores=lender.scores,
        past=[{**dict.fromkeys(columns["past_decision"]), **row} for row in lender.past],
        changes=lender.changes,
        quarantined=frozenset(lender.quarantined),
        open_cases=frozenset(row["borrower_id"] for row in lender.open_cases),
        shortfalls={
            row["borrower_id"]: _shortfalls(lender, row["borrower_id"]) for row in tables["borrower"]
        },
        pd_steps={"consumer": steps, "enterprise": steps},
    )


def _shortfalls(lender: SmallLender, borrower_id: str) -> dict[str, int]:
    """Reference less own points by family, on the small lender's made-up cards."""
    values = {**USUAL, **lender.features.get(borrower_id, {})}
    short = dict.fromkeys(CHARACTERISTICS.values(), 0)
    for name, family in CHARACTERISTICS.items():
        value = values[name]
        short[family] += 5_000 - (3_000 if value is None else 1_000 * value)
    return short


def differences(statements: Decisions, oracle: Decisions) -> list[str]:
    """One line a cell: the facility, the column, and both values."""
    found = [f"{name}: only the statements have it" for name in statements.keys() - oracle.keys()]
    found += [f"{name}: only the oracle has it" for name in oracle.keys() - statements.keys()]
    for name in sorted(statements.keys() & oracle.keys()):
        said, meant = statements[name], oracle[name]
        for column in said.keys() | meant.keys():
            left, right = said.get(column, "no such column"), meant.get(column, "no such column")
            if left != right:
                found.append(f"{name} {column}: the statements say {left!r}, the page {right!r}")
    return sorted(found)


def assert_agree(lender: SmallLender) -> Decisions:
    """Decide both ways; a disagreement names every cell."""
    said = lender.decide()
    found = differences(said, decide(book_of(lender, lender.caps_used)))
    assert not found, f"{len(found)} cells differ:\n" + "\n".join(found[:60])
    return said
