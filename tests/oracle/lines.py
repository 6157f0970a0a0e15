"""The lines of a night, read from its rows (docs/policy.md, section 1)."""

from __future__ import annotations

from tests.oracle.arithmetic import months_ago
from tests.oracle.book import Book, Row
from tests.oracle.consent import rise_consent
from tests.oracle.line import Line
from tests.oracle.standing import standing_of


def lines_of(book: Book) -> list[Line]:
    """Every line that is not closed, by facility_id."""
    lines = [
        _line(book, facility)
        for facility in sorted(book.lines, key=lambda row: row["facility_id"])
        if facility["status"] != "closed"
    ]
    limits: dict[str, int] = {}
    for line in lines:
        added = book.reporting(line.limit, line.currency)
        limits[line.borrower_id] = limits.get(line.borrower_id, 0) + added
    for line in lines:
        line.borrower_dpd = book.worst_dpd[line.borrower_id]
        line.borrower_limits = limits[line.borrower_id]
    return lines


def _line(book: Book, facility: Row) -> Line:
    name = facility["borrower_id"]
    past = book.past_of.get(facility["facility_id"])
    quarantined = name in book.quarantined or name not in book.borrowers
    borrower = book.borrowers.get(name, {})
    limit, origin = _current_limit(facility, past, quarantined)
    known = past is not None and origin != "outside"
    anchor = past["next_anchor_limit_cents"] if past and known else limit
    drawn, owed = facility["drawn_cents"], max(0, facility["drawn_cents"]) + (facility["pending_cents"] or 0)
    if quarantined and past:
        drawn, owed = past["drawn_cents"], past["owed_cents"]
    return Line(
        book=book,
        facility=facility,
        borrower=borrower,
        past=past,
        quarantined=quarantined,
        group_id=book.group_of.get(name, name),
        limit=limit,
        origin=origin,
        drawn=drawn,
        owed=owed,
        anchor=anchor,
        anchor_on=past["next_anchor_on"] if past and known else book.as_of,
        band_limit=max(anchor, (past["band_limit_cents"] or 0) if past and known else 0),
        months=_closed_months(book, facility["facility_id"]),
        consent=rise_consent(book, borrower, facility["facility_id"]),
        standing=standing_of(book, facility, past, limit, origin),
    )


def _current_limit(facility: Row, past: Row | None, quarantined: bool) -> tuple[int, str]:
    shown = facility["credit_limit_cents"]
    if past is None:
        return shown, "source"
    ours, shown_then = past["committed_limit_cents"], past["source_limit_cents"]
    if ours != shown_then and shown == shown_then:
        return ours, "in_flight"
    if shown == ours:
        return shown, "source"
    if quarantined:
        return ours, "in_flight"
    return shown, "outside"


def _closed_months(book: Book, facility_id: str) -> list[tuple[int, Row]]:
    rows = [
        (months_ago(row["month"], book.as_of), row)
        for row in book.of("facility_month", "facility_id", facility_id)
    ]
    return [(ago, row) for ago, row in rows if ago >= 0]
