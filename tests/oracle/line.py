"""What a line brings (docs/policy.md, section 1): facts that no step changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from linewatch.segment import Segment
from tests.oracle.arithmetic import WHOLE, add_months, days, div, months_ago, months_between, up
from tests.oracle.book import Book, Row, in_force


@dataclass
class Line:
    """One line with everything the walk asks of it; None is unknown."""

    book: Book
    facility: Row
    borrower: Row
    past: Row | None
    quarantined: bool
    group_id: str
    limit: int
    origin: str
    drawn: int
    owed: int
    anchor: int
    anchor_on: date
    band_limit: int
    """What utilisation is a share of: our own cuts do not lower it."""
    utilisation_bp: int | None
    months_known: int
    months_unused: int
    worst_dpd_24m: int | None
    highest_12m: int
    tenure: int | None
    statement: Row | None
    bureau: Row | None
    rise_consent: str
    consented_cents: int | None
    borrower_dpd: int = 0
    borrower_limits: int = 0
    """The current limits of all the borrower's lines, in reporting cents."""
    segment: Segment | None = None
    grade: str | None = None
    improve_reviews: int = 0
    due_because: str | None = None
    adverse: bool = False

    @property
    def id(self) -> str:
        return str(self.facility["facility_id"])

    @property
    def borrower_id(self) -> str:
        return str(self.facility["borrower_id"])

    @property
    def currency(self) -> str:
        return str(self.facility["currency"])

    @property
    def dpd(self) -> int:
        return self.facility.get("days_past_due") or 0

    @property
    def score(self) -> Row | None:
        return self.book.score_of.get(self.borrower_id)

    @property
    def consumer(self) -> bool:
        return self.borrower.get("borrower_type") == "consumer"

    @property
    def committed(self) -> bool:
        return self.facility.get("commitment") == "committed"

    @property
    def band(self) -> str | None:
        """The utilisation band; None while utilisation is unknown."""
        if self.utilisation_bp is None:
            return None
        for band in self.book.policy.utilisation_band:
            if band.below_bp is None or self.utilisation_bp < band.below_bp:
                return band.name
        return None


def lines_of(book: Book) -> list[Line]:
    """Every line that is not closed, by facility_id."""
    lines = [
        _line(book, facility)
        for facility in sorted(book.lines, key=lambda row: row["facility_id"])
        if facility["status"] != "closed"
    ]
    worst: dict[str, int] = {}
    limits: dict[str, int] = {}
    for line in lines:
        worst[line.borrower_id] = max(worst.get(line.borrower_id, 0), line.dpd)
        added = book.reporting(line.limit, line.currency)
        limits[line.borrower_id] = limits.get(line.borrower_id, 0) + added
    for line in lines:
        line.borrower_dpd = worst[line.borrower_id]
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
    months = _closed_months(book, facility["facility_id"])
    drawn, owed = facility["drawn_cents"], max(0, facility["drawn_cents"]) + (facility["pending_cents"] or 0)
    if quarantined and past:
        drawn, owed = past["drawn_cents"], past["owed_cents"]
    used = [ago for ago, row in months if row["closing_balance_cents"] > 0 or row["drawdown_count"] > 0]
    band_limit = max(anchor, (past["band_limit_cents"] or 0) if past and known else 0)
    onboarded = borrower.get("onboarded_on")
    consent, consented = rise_consent(book, borrower, facility["facility_id"])
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
        band_limit=band_limit,
        utilisation_bp=_utilisation(months, band_limit),
        months_known=len(months),
        months_unused=min(used) if used else len(months),
        worst_dpd_24m=max((row["days_past_due"] for _, row in months), default=None),
        highest_12m=_highest_12m(book, facility["facility_id"], months, limit),
        tenure=months_between(onboarded, book.as_of) if onboarded else None,
        statement=statement_of(book, name),
        bureau=bureau_of(book, name),
        rise_consent=consent,
        consented_cents=consented,
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
    """(months_ago, row) of the closed months of the last 24."""
    rows = [
        (months_ago(row["month"], book.as_of), row)
        for row in book.of("facility_month", "facility_id", facility_id)
    ]
    return [(ago, row) for ago, row in rows if 0 <= ago < 24]


def _utilisation(months: list[tuple[int, Row]], limit: int) -> int | None:
    balances = [max(0, row["closing_balance_cents"]) for ago, row in months if ago < 3]
    if not balances or limit == 0:
        return None
    return sum(balances) // len(balances) * WHOLE // limit


def _highest_12m(book: Book, facility_id: str, months: list[tuple[int, Row]], limit: int) -> int:
    ours = [
        row["old_limit_cents"]
        for row in book.changes_of.get(facility_id, [])
        if add_months(row["as_of"], 12) > book.as_of
    ]
    return max([limit, *ours, *(row["limit_cents"] for ago, row in months if ago < 12)])


def received_on(statement: Row) -> date:
    """When it came in; where the source does not say, 180 days after the period's end."""
    return statement["received_on"] or statement["period_end"] + days(180)


def statement_of(book: Book, borrower_id: str) -> Row | None:
    """The newest statement received, its flows made a year's."""
    received = [
        row
        for row in book.of("financial_statement", "borrower_id", borrower_id)
        if received_on(row) <= book.as_of
    ]
    if not received:
        return None
    row = dict(max(received, key=lambda row: row["period_end"]))
    for flow in ("revenue", "ebit", "interest_expense", "operating_cash_flow"):
        row[f"{flow}_cents"] = div(row[f"{flow}_cents"] * 12, row["months_covered"] or 12)
    return row


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


def covers_of(book: Book, facility_id: str) -> list[Row]:
    """Guarantor and insurance covers in force."""
    return [
        row
        for row in book.of("guarantee", "facility_id", facility_id)
        if row["kind"] in ("guarantor", "insurance")
        and row["status"] in (None, "active")
        and in_force(row, book.as_of)
    ]


def covered_share(line: Line) -> int:
    credit_limit = line.facility["credit_limit_cents"]
    shares = [
        row["covered_share_bp"]
        if row["cap_cents"] is None or credit_limit == 0
        else min(row["covered_share_bp"], row["cap_cents"] * WHOLE // credit_limit)
        for row in covers_of(line.book, line.id)
    ]
    return min(WHOLE, sum(shares))


def rise_consents(book: Book, borrower_id: Any, facility_id: str) -> list[Row]:
    """Consents to a rise of this line, granted by as_of."""
    return [
        row
        for row in book.of("consent", "borrower_id", borrower_id)
        if row["kind"] == "limit_increase"
        and row["facility_id"] in (None, facility_id)
        and row["granted_on"] <= book.as_of
    ]


def rise_consent(book: Book, borrower: Row, facility_id: str) -> tuple[str, int | None]:
    """Whether consent to rises of this line is given, and up to what, where an amount was agreed."""
    rows = sorted(
        rise_consents(book, borrower.get("borrower_id"), facility_id), key=lambda r: r["granted_on"]
    )
    to_line = next((row for row in reversed(rows) if row["facility_id"] is not None), None)
    to_all = next((row for row in reversed(rows) if row["facility_id"] is None), None)
    if to_line and (to_all is None or to_line["granted_on"] >= to_all["granted_on"]):
        if withdrawn(to_line, book.as_of):
            return "refused", None
        return "given", to_line["amount_cents"]
    if to_all and withdrawn(to_all, book.as_of):
        return "refused", None
    if borrower.get("limit_increase") is not None:
        return ("given" if borrower["limit_increase"] else "refused"), None
    return ("given" if to_all else "unknown"), None


def withdrawn(row: Row, as_of: date) -> bool:
    return row["withdrawn_on"] is not None and row["withdrawn_on"] <= as_of
