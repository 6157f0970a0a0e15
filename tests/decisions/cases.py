"""Lines of one lender, each told by what is special about it; all are decided at the first question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from linewatch.documents import Documents, load_documents
from tests.decisions.small_lender import AS_OF, SmallLender

Row = dict[str, Any]
LAST_NIGHT = date(2026, 10, 21)
KEPT = (
    "facility_id limit_cents source_limit_cents committed_limit_cents own_block person_block review_block "
    "drawn_cents source_rate_bp committed_rate_bp "
    "owed_cents looked_at_on looked_at_dpd offered_on standing_grade improve_reviews "
    "band_limit_cents next_anchor_limit_cents next_anchor_on fired_target_bp fired_on plan_open "
    "last_decrease_on last_increase_on reviewed_on score block_shown expected_on offered_limit_cents "
    "offer_until customer_limit_cents customer_limit_on next_anchor_covers conduct_points decided_on "
    "group_default_seen"
).split()
ENTERPRISE = {"borrower_type": "enterprise"}
WORKING = {"product": "working_capital", "credit_limit_cents": 50_000_000, "drawn_cents": 20_000_000}
STATEMENT = {
    "period_end": date(2026, 6, 30),
    "received_on": date(2026, 9, 1),
    "months_covered": 12,
    "currency": "CNY",
    "revenue_cents": 1_500_000_000,
    "ebit_cents": 200_000_000,
    "interest_expense_cents": 20_000_000,
    "operating_cash_flow_cents": 200_000_000,
    "debt_service_due_12m_cents": 50_000_000,
}


def documents_with(segment: str, part: str, **numbers: Any) -> Documents:
    """The shipped documents with other numbers in one part of one segment."""
    documents = load_documents(AS_OF)
    segments = tuple(
        item.model_copy(update={part: getattr(item, part).model_copy(update=numbers)})
        if item.name == segment
        else item
        for item in documents.policy.segment
    )
    return replace(documents, policy=documents.policy.model_copy(update={"segment": segments}))


class Cases:
    """`case` adds a borrower and their line, both of that name; a case's name finds its decision."""

    def __init__(self, **night: Any) -> None:
        self.lender = SmallLender(**night)
        self._decided: dict[str, Row] = {}

    def case(
        self,
        name: str,
        *,
        pd_bp: int | None = 300,
        borrower: Mapping[str, Any] | None = None,
        months: Mapping[str, Any] | None = None,
        past: Mapping[str, Any] | None = None,
        rows: Mapping[str, Mapping[str, Any]] | None = None,
        **line: Any,
    ) -> None:
        """`rows` are further rows of the contract's tables, by table; `past` is what last night left."""
        self.lender.borrower(name, pd_bp=pd_bp, **(borrower or {}))
        self.lender.line(name, name, months=months, **line)
        for table, row in (rows or {}).items():
            self.lender.add(table, **{"borrower_id": name, **row} if table != "guarantee" else row)
        if past is not None:
            self.lender.past.append(past_of(self.lender.rows["facility"][-1], **past))

    def enterprise(self, name: str, *, statement: Mapping[str, Any] | None = None, **facts: Any) -> None:
        """A firm with a statement and a working capital line."""
        borrower = {**ENTERPRISE, **facts.pop("borrower", {})}
        self.case(name, borrower=borrower, **{"annual_rate_bp": 1200, **WORKING, **facts})
        self.lender.add("financial_statement", borrower_id=name, **{**STATEMENT, **(statement or {})})

    def __getitem__(self, name: str) -> Row:
        if not self._decided:
            self._decided = self.lender.decide()
        return self._decided[name]


def past_of(line: Mapping[str, Any], **facts: Any) -> Row:
    """Last night's decision on a line that nothing happened to: grade C, reviewed then."""
    limit = line["credit_limit_cents"]
    return {
        **dict.fromkeys(KEPT),
        "facility_id": line["facility_id"],
        "decided_on": LAST_NIGHT,
        "limit_cents": limit,
        "source_limit_cents": limit,
        "committed_limit_cents": limit,
        "own_block": False,
        "person_block": False,
        "drawn_cents": line["drawn_cents"],
        "owed_cents": max(0, line["drawn_cents"]),
        "looked_at_on": LAST_NIGHT,
        "looked_at_dpd": 0,
        "band_limit_cents": limit,
        "standing_grade": "C",
        "improve_reviews": 0,
        "next_anchor_limit_cents": limit,
        "next_anchor_on": date(2026, 1, 1),
        "plan_open": False,
        "reviewed_on": LAST_NIGHT,
        **facts,
    }


def carried(decision: Row) -> Row:
    """A decision as the next night carries it on."""
    return {key: decision[key] for key in KEPT}


__all__ = ["AS_OF", "ENTERPRISE", "LAST_NIGHT", "STATEMENT", "Cases", "carried", "documents_with", "past_of"]
