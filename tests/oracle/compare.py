"""The statements and the oracle over the same lender, and every cell in which they differ."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.decisions.small_lender import CHARACTERISTICS, PD_STEPS, USUAL, SmallLender
from tests.oracle.book import Book
from tests.oracle.policy_oracle import decide
from tests.oracle.receipt import differing, receipt

Decisions = dict[str, dict[str, Any]]


def book_of(lender: SmallLender) -> Book:
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
        documents=lender.documents,
        tables=tables,
        lines=tables["facility"],
        scores=[{"conduct_points": None, **row} for row in lender.scores],
        past=[{**dict.fromkeys(columns["past_decision"]), **row} for row in lender.past],
        changes=lender.changes,
        quarantined=frozenset(lender.quarantined),
        open_cases=frozenset(row["borrower_id"] for row in lender.open_cases),
        former={row["borrower_id"]: row for row in lender.former_scores},
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


def disagreement(book: Book, said: Decisions, meant: Decisions) -> str:
    """Empty where all is equal; else what differs, how often, and the first line as a receipt."""
    found = [f"{name}: only the statements have it" for name in said.keys() - meant.keys()]
    found += [f"{name}: only the page has it" for name in meant.keys() - said.keys()]
    both = sorted(said.keys() & meant.keys())
    parted = {name: differing(said[name], meant[name]) for name in both}
    parted = {name: columns for name, columns in parted.items() if columns}
    if not found and not parted:
        return ""
    often = Counter(column for columns in parted.values() for column in columns)
    told = [*sorted(found)[:5], f"{len(parted)} of {len(both)} lines differ, in {sum(often.values())} cells"]
    told += [f"  {column}: {count}" for column, count in often.most_common()]
    if parted:
        first = min(parted)
        told.append(receipt(book, first, said[first], meant[first]))
    return "\n".join(told)


def assert_agree(lender: SmallLender) -> Decisions:
    """Decide both ways; a disagreement is told with the first line on which they part."""
    said, book = lender.decide(), book_of(lender)
    parted = disagreement(book, said, decide(book))
    assert not parted, parted
    return said
