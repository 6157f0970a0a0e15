"""What stands beside the limit from the nights before (docs/policy.md, section 1.2)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from tests.oracle.book import Book, Row
from tests.oracle.consent import newest_consent_on


class Standing(NamedTuple):
    """As tonight finds it; None: none."""

    own_block: bool
    person_block: bool
    """People set it: no walk lifts it."""
    review_block: str | None
    """Why it stands, where it does so until a case of the borrower has ended."""
    block_lifted: bool
    expected_on: date | None
    """As carried: from when on the source should show what was left in force."""
    offered_cents: int | None
    offer_until: date | None
    customer_limit: int | None
    customer_limit_on: date | None
    temporary: int

    @property
    def offer_stands(self) -> bool:
        return self.offered_cents is not None


def standing_of(book: Book, facility: Row, past: Row | None, limit: int, origin: str) -> Standing:
    carried = past or {}
    own, lifted = bool(carried.get("own_block")), False
    if own and carried.get("block_shown") and facility["drawdown_blocked"] is False:
        own, lifted = False, True
    in_review = facility["borrower_id"] in book.open_cases
    offered, until = carried.get("offered_limit_cents"), carried.get("offer_until")
    stands = offered is not None and until is not None and until >= book.as_of and offered > limit
    if not stands or origin == "outside":
        offered = until = None
    customer, customer_on = _customer_limit(book, facility, carried, origin)
    return Standing(
        own_block=own,
        person_block=own and bool(carried.get("person_block")),
        review_block=carried.get("review_block") if own and in_review else None,
        block_lifted=lifted,
        expected_on=carried.get("expected_on"),
        offered_cents=offered,
        offer_until=until,
        customer_limit=customer,
        customer_limit_on=customer_on,
        temporary=_temporary(book, facility, limit),
    )


def _customer_limit(book: Book, facility: Row, carried: Row, origin: str) -> tuple[int | None, date | None]:
    """The limit that the borrower asked for, until they agree to more."""
    if facility["last_change_by"] == "borrower":
        limit, since = facility["credit_limit_cents"], facility["last_limit_change_on"]
    elif origin == "outside":
        return None, None
    else:
        limit, since = carried.get("customer_limit_cents"), carried.get("customer_limit_on")
    agreed = newest_consent_on(book, facility["borrower_id"], facility["facility_id"])
    if agreed is not None and since is not None and agreed > since:
        return None, None
    return limit, since


def _temporary(book: Book, facility: Row, limit: int) -> int:
    until, most = facility["temporary_until"], facility["temporary_limit_cents"]
    if until is None or most is None or book.as_of > until:
        return 0
    return max(0, most - limit)
