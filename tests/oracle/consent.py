"""Consent to rises (docs/policy.md, sections 1 and 1.2)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from tests.oracle.book import Book, Row


class Consent(NamedTuple):
    """Whether consent to rises stands (None: unknown), and the amount agreed for this very line."""

    stands: bool | None
    amount_cents: int | None = None
    to_line: bool = False


def rise_consents(book: Book, borrower_id: Any, facility_id: str) -> list[Row]:
    """Consents to a rise of this line, granted by as_of."""
    return [
        row
        for row in book.of("consent", "borrower_id", borrower_id)
        if row["kind"] == "limit_increase"
        and row["facility_id"] in (None, facility_id)
        and row["granted_on"] <= book.as_of
    ]


def rise_consent(book: Book, borrower: Row, facility_id: str) -> Consent:
    """Of the newest consent to this line and the newest to all lines."""
    name = borrower.get("borrower_id")
    rows = sorted(rise_consents(book, name, facility_id), key=lambda row: row["granted_on"])
    to_line = next((row for row in reversed(rows) if row["facility_id"] is not None), None)
    to_all = next((row for row in reversed(rows) if row["facility_id"] is None), None)
    if to_line and (to_all is None or to_line["granted_on"] >= to_all["granted_on"]):
        if withdrawn(to_line, book.as_of):
            return Consent(False)
        return Consent(True, to_line["amount_cents"], to_line=True)
    if to_all and withdrawn(to_all, book.as_of):
        return Consent(False)
    if borrower.get("limit_increase") is not None:
        return Consent(borrower["limit_increase"])
    return Consent(True if to_all else None)


def newest_consent_on(book: Book, borrower_id: Any, facility_id: str) -> date | None:
    """The day of the newest consent to a rise of this line, standing or not."""
    days = [row["granted_on"] for row in rise_consents(book, borrower_id, facility_id)]
    return max(days, default=None)


def withdrawn(row: Row, as_of: date) -> bool:
    return row["withdrawn_on"] is not None and row["withdrawn_on"] <= as_of
