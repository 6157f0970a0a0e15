"""What a line brings (docs/policy.md, section 1): facts that no step changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from linewatch.regulation import Record
from linewatch.segment import Segment
from tests.oracle.arithmetic import WHOLE, add_months, months_between
from tests.oracle.book import Book, Row
from tests.oracle.borrower import bureau_of, essential_spending
from tests.oracle.consent import Consent
from tests.oracle.firm import (
    Trade,
    altman_z2,
    project_report,
    slotting_marks,
    statement_of,
    trade_of,
    weakest_mark,
)
from tests.oracle.law import in_scope
from tests.oracle.security import Cover, covers_of, taking_part
from tests.oracle.standing import Standing


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
    months: list[tuple[int, Row]]
    """(months_ago, row) of the closed months."""
    consent: Consent
    standing: Standing
    """What stands beside the limit."""
    borrower_dpd: int = 0
    borrower_limits: int = 0
    """The current limits of all the borrower's lines, in reporting cents."""
    segment: Segment | None = None
    rules: list[str] = field(default_factory=list)
    grade: str | None = None
    grade_by_former: bool = False
    improve_reviews: int = 0
    grade_falls: bool = False
    """Tonight's cuts in full steps would by themselves make the borrower's grade fall."""
    due_because: str | None = None
    adverse: bool = False

    @cached_property
    def id(self) -> str:
        return str(self.facility["facility_id"])

    @cached_property
    def borrower_id(self) -> str:
        return str(self.facility["borrower_id"])

    @cached_property
    def currency(self) -> str:
        return str(self.facility["currency"])

    @cached_property
    def dpd(self) -> int:
        return self.facility.get("days_past_due") or 0

    @cached_property
    def score(self) -> Row | None:
        return self.book.score_of.get(self.borrower_id)

    @cached_property
    def consumer(self) -> bool:
        return self.borrower.get("borrower_type") == "consumer"

    @cached_property
    def committed(self) -> bool:
        return self.facility.get("commitment") == "committed"

    @cached_property
    def project(self) -> bool:
        return bool(self.facility["product"] == "project")

    @cached_property
    def recommend_only(self) -> bool:
        return self.committed or self.project

    @cached_property
    def drawing_blocked(self) -> bool:
        """By whomever: the source shows a block, or our own stands."""
        return bool(self.facility["drawdown_blocked"]) or self.standing.own_block

    @cached_property
    def over_limit(self) -> bool:
        return self.owed > self.limit + self.standing.temporary

    @cached_property
    def in_hardship(self) -> bool:
        since = self.borrower.get("hardship_on")
        return since is not None and since <= self.book.as_of

    @cached_property
    def given_consent(self) -> bool:
        """Consent stands, and an amount agreed for this line is not used up."""
        agreed = self.consent.amount_cents
        return self.consent.stands is True and (agreed is None or agreed > self.limit)

    @cached_property
    def ceiling(self) -> tuple[int, str] | None:
        """The most that a rise may come to, and the row that says so."""
        agreed, own = self.consent.amount_cents, self.standing.customer_limit
        ceilings = [] if agreed is None or not self.given_consent else [(agreed, "consented_amount")]
        ceilings += [] if own is None else [(own, "customer_decrease")]
        return min(ceilings, default=None)

    @cached_property
    def reporting_limit(self) -> int:
        """What it counts in the totals of caps, as it stands."""
        return self.book.reporting(self.limit + self.standing.temporary, self.currency)

    @cached_property
    def headroom(self) -> int:
        """In reporting cents; lines that no program may cut have none."""
        if self.recommend_only or self.quarantined:
            return 0
        return self.book.reporting_down(max(0, self.limit - self.owed), self.currency)

    @cached_property
    def rate(self) -> int | None:
        """The rate in force, a year."""
        shown: int | None = self.facility["annual_rate_bp"]
        ours = self.past.get("committed_rate_bp") if self.past else None
        then = self.past.get("source_rate_bp") if self.past else None
        return ours if None not in (ours, then) and ours != then and shown == then else shown

    @cached_property
    def utilisation_bp(self) -> int | None:
        balances = [max(0, row["closing_balance_cents"]) for ago, row in self.months if ago < 3]
        divisor = self.band_limit + self.standing.temporary
        return sum(balances) // len(balances) * WHOLE // divisor if balances and divisor else None

    @cached_property
    def band(self) -> str | None:
        """The utilisation band; None while utilisation is unknown."""
        if self.utilisation_bp is None:
            return None
        bands = self.book.policy.utilisation_band
        return next(b.name for b in bands if b.below_bp is None or self.utilisation_bp < b.below_bp)

    @cached_property
    def months_of_two_years(self) -> list[tuple[int, Row]]:
        return [(ago, row) for ago, row in self.months if ago < 24]

    @cached_property
    def months_known(self) -> int:
        return len(self.months_of_two_years)

    @cached_property
    def months_unused(self) -> int:
        used = [
            ago
            for ago, row in self.months_of_two_years
            if row["closing_balance_cents"] > 0 or row["drawdown_count"] > 0
        ]
        return min(used, default=self.months_known)

    @cached_property
    def worst_dpd_24m(self) -> int | None:
        return max((row["days_past_due"] for _, row in self.months_of_two_years), default=None)

    @cached_property
    def highest_12m(self) -> int:
        """The largest limit of twelve months."""
        book = self.book
        ours = [
            row["old_limit_cents"]
            for row in book.changes_of.get(self.id, [])
            if add_months(row["as_of"], 12) > book.as_of
        ]
        return max([self.limit, *ours, *(row["limit_cents"] for ago, row in self.months if ago < 12)])

    @cached_property
    def tenure(self) -> int | None:
        onboarded = self.borrower.get("onboarded_on")
        return months_between(onboarded, self.book.as_of) if onboarded else None

    @cached_property
    def statement(self) -> dict[str, Any] | None:
        return statement_of(self.book, self.borrower_id)

    @cached_property
    def statement_age(self) -> int | None:
        return months_between(self.statement["period_end"], self.book.as_of) if self.statement else None

    @cached_property
    def altman(self) -> int | None:
        return altman_z2(self.statement)

    @cached_property
    def trade(self) -> Trade | None:
        return trade_of(self.book, self.borrower_id)

    @cached_property
    def revenue(self) -> tuple[int, str] | None:
        """A year's, and its currency."""
        if self.statement is not None:
            revenue = self.statement["revenue_cents"]
            return None if revenue is None else (revenue, self.statement["currency"] or self.currency)
        if self.trade is None or self.consumer:
            return None
        return self.trade.revenue_cents, self.trade.currency or self.currency

    @cached_property
    def reporting_revenue(self) -> int | None:
        """A firm's, rounded down."""
        if self.consumer or self.revenue is None:
            return None
        revenue, currency = self.revenue
        return self.book.reporting_down(revenue, currency) if currency in self.book.rate_ppm else None

    @cached_property
    def bureau(self) -> Row | None:
        return bureau_of(self.book, self.borrower_id)

    @cached_property
    def weakest_mark(self) -> int | None:
        return weakest_mark(self.book, self.borrower_id)

    @cached_property
    def report(self) -> Row | None:
        return project_report(self.book, self.id)

    @property
    def rated_by_slot(self) -> bool:
        return self.segment is not None and self.segment.rated_by == "slot"

    @cached_property
    def marks(self) -> dict[str, int | None]:
        """The slotting factors as they count."""
        return slotting_marks(self.book, self.book.policy, self.borrower_id)

    @cached_property
    def counted_marks(self) -> dict[str, int]:
        unknown = self.book.policy.slotting.unknown_counts
        return {factor: unknown if mark is None else mark for factor, mark in self.marks.items()}

    @cached_property
    def slot_score(self) -> int:
        return sum(
            item.weight_bp * self.counted_marks[item.factor] for item in self.book.policy.slotting.factor
        )

    @cached_property
    def slot(self) -> str | None:
        if not self.rated_by_slot:
            return None
        slotting = self.book.policy.slotting
        if self.borrower_id in self.book.in_default or (
            self.report is not None and self.report["phase"] in slotting.default_phases
        ):
            return "default"
        from_bp = {item.slot: item.from_bp for item in slotting.slot if item.from_bp is not None}
        return next((slot for slot, least in from_bp.items() if self.slot_score >= least), "weak")

    @cached_property
    def group_default(self) -> bool:
        """Another borrower of the group is in default."""
        own = self.borrower_id in self.book.in_default
        return self.book.defaults_in_group[self.group_id] > own

    @property
    def scored(self) -> bool:
        """Whether its loss is known."""
        pd = self.score["pd_bp"] if self.score else None
        return self.segment is not None and (self.slot is not None or pd is not None)

    @cached_property
    def own_loss_rate(self) -> int:
        """Of each cent at default, in hundred-millionths; of scored lines."""
        assert self.segment
        if self.slot is not None:
            slots = {item.slot: item.el_bp for item in self.book.policy.slotting.slot}
            return slots[self.slot] * WHOLE
        assert self.score
        return int(self.score["pd_bp"]) * self.segment.expected_loss.lgd_bp

    @cached_property
    def covers(self) -> list[Cover]:
        """All that count tonight."""
        return covers_of(self)

    @cached_property
    def covers_in_turn(self) -> list[Cover]:
        """Those that take part in the loss; of scored lines."""
        return taking_part(self, self.covers)

    @cached_property
    def anchor_covers(self) -> list[Cover]:
        rows = (self.past.get("next_anchor_covers") or []) if self.past and self.origin != "outside" else []
        keys = ("guarantee_id", "kind", "provider_id", "share_bp", "most_cents", "days", "loss_rate_e8")
        return [Cover(**{key: row[key] for key in keys}) for row in rows]

    @cached_property
    def law(self) -> list[Record]:
        """The records in scope, in the order of the law."""
        return in_scope(self)

    @cached_property
    def essential(self) -> int | None:
        return essential_spending(self.book, self.borrower_id)

    @cached_property
    def on_one_device(self) -> int:
        """The borrower and whoever shares a device with them."""
        book, me = self.book, self.borrower_id
        rows = book.of("social_link", "borrower_id", me) + book.of("social_link", "related_borrower_id", me)
        tied = [row for row in rows if row["kind"] == "shared_device"]
        return len({me} | {row["borrower_id"] for row in tied} | {row["related_borrower_id"] for row in tied})
