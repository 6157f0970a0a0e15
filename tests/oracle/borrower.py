"""What a borrower brings beside their lines (docs/policy.md, section 1)."""

from __future__ import annotations

from tests.oracle.arithmetic import months_ago, up
from tests.oracle.book import Book, Row


def bureau_of(book: Book, borrower_id: str) -> Row | None:
    """The report pulled last; of a disputed one nothing is known, of one that holds ours no payment."""
    pulled = [r for r in book.of("bureau_report", "borrower_id", borrower_id) if r["pulled_on"] <= book.as_of]
    if not pulled:
        return None
    row = max(pulled, key=lambda row: row["pulled_on"])
    if row["disputed"]:
        return {"pulled_on": row["pulled_on"]}
    return {**row, "monthly_payment_cents": None} if row["excludes_us"] is False else row


def essential_spending(book: Book, borrower_id: str) -> int | None:
    """Mean of the closed ones of the last three calendar months, rounded up."""
    spent = [
        row["essential_cents"]
        for row in book.of("spending_month", "borrower_id", borrower_id)
        if 0 <= months_ago(row["month"], book.as_of) < 3
    ]
    return up(sum(spent), len(spent)) if spent else None
