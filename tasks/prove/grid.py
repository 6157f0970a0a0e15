"""A made-up lender that stands on every border of a policy: the lines on which its properties are tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from linewatch.policy import Policy
from linewatch.segment import Segment

ROUND = 10_000
NOWHERE = "ZZ"
"""A country without a pack: the law's own gates are not the policy's."""
LENDERS = 3
COVERS: tuple[tuple[str, int, int], ...] = (
    ("none", 0, 0),
    ("insurance", 1, 0),
    ("insurance", 5_000, 0),
    ("insurance", 9_999, 0),
    ("insurance", 10_000, 0),
)
COLLATERALS: tuple[tuple[str, int, int], ...] = (
    ("none", 0, 0),
    ("collateral", 10_000, 5_000),
    ("collateral", 10_000, 10_000),
    ("collateral", 10_000, 20_000),
)
"""Kind, share covered, and value as a share of the limit (for collateral)."""


@dataclass(frozen=True)
class Point:
    """One made-up line, whose borrower has no other."""

    segment: Segment
    limit_cents: int
    pd_bp: int
    drawn_cents: int
    income_cents: int
    """A consumer's net monthly income; a firm's revenue of a year."""
    payment_cents: int
    days_past_due: int = 0
    cover: tuple[str, int, int] = COVERS[0]

    def told(self) -> dict[str, Any]:
        """What a person needs to see the line before them."""
        income = "net_monthly_income_cents" if self.segment.subject == "consumer" else "revenue_cents"
        kind, share, value = self.cover
        cover = kind if kind == "none" else f"{kind} of {share / 100:.2f} %"
        if value:
            cover += f", worth {self.limit_cents * value // ROUND} cents"
        return {
            "segment": self.segment.name,
            "credit_limit_cents": self.limit_cents,
            "pd_bp": self.pd_bp,
            "drawn_cents": self.drawn_cents,
            "days_past_due": self.days_past_due,
            income: self.income_cents,
            "monthly_payment_cents": self.payment_cents,
            "cover": cover,
        }


@dataclass
class Grid:
    """Every line once, and the chains in which it stands."""

    points: dict[Point, str] = field(default_factory=dict)
    links: list[dict[str, Any]] = field(default_factory=list)
    chains: int = 0

    def chain(self, property: str, points: Iterable[Point]) -> None:
        """Points alike in all but one fact, the worse before the better."""
        self.chains += 1
        for place, point in enumerate(dict.fromkeys(points)):
            name = self.points.setdefault(point, f"P{len(self.points) + 1:06d}")
            self.links.append(
                {"property": property, "chain": str(self.chains), "place": place, "facility_id": name}
            )


def grid_of(policy: Policy) -> Grid:
    """The lines around every border of the policy's grades, bands, caps and incomes."""
    grid = Grid()
    for segment in policy.segment:
        for limit in _limits(segment):
            base = _base(segment, policy, limit)
            pds = _pds(policy, segment)
            uses = _uses(policy, limit)
            for use in uses:
                grid.chain("pd", (replace(base, drawn_cents=use, pd_bp=pd) for pd in reversed(pds)))
            for pd in pds:
                grid.chain(
                    "paying_down", (replace(base, pd_bp=pd, drawn_cents=use) for use in reversed(uses))
                )
            for pd in _middles([1, *_edges(policy, segment), ROUND]):
                for use in _middles([0, *_use_edges(policy), ROUND]):
                    _vary(grid, replace(base, pd_bp=pd, drawn_cents=limit * use // ROUND))
    return grid


def _vary(grid: Grid, point: Point) -> None:
    late = (90, 89, 60, 59, 30, 29, 1, 0)
    grid.chain("days_past_due", (replace(point, days_past_due=days) for days in late))
    grid.chain("income", (replace(point, income_cents=income) for income in _incomes(point)))
    payments = (point.limit_cents // 10, point.limit_cents // 20, point.limit_cents // 100, 1, 0)
    # Of an income that no debt can touch nothing would be seen.
    lean = replace(point, income_cents=_carries(replace(point, payment_cents=payments[2]), point.limit_cents))
    grid.chain("external_debt", (replace(lean, payment_cents=cents) for cents in payments))
    grid.chain("guarantee", (replace(point, cover=cover) for cover in COVERS))
    grid.chain("guarantee", (replace(point, cover=cover) for cover in COLLATERALS))


def _base(segment: Segment, policy: Policy, limit: int) -> Point:
    point = Point(segment, limit, 1, 0, 0, limit // 200)
    income = 10 * _carries(point, 2 * limit)
    if segment.subject == "enterprise":
        if segment.revenue_below_cents is not None:
            income = min(income, segment.revenue_below_cents - 1)
        else:
            before = (each.revenue_below_cents or 0 for each in policy.segment if each.product is None)
            income = max(income, *before)
    return replace(point, income_cents=income)


def _limits(segment: Segment) -> list[int]:
    """A small and a middling line, and one whose loss lies around the appetite."""
    step = segment.stability.rounding_cents
    appetite = (
        segment.expected_loss.appetite_cents * ROUND // 300 * ROUND // max(segment.expected_loss.lgd_bp, 1)
    )
    return sorted({50 * step, 500 * step, max(appetite // step, 1) * step})


def _edges(policy: Policy, segment: Segment) -> list[int]:
    bands = next(bands for bands in policy.bands if bands.subject == segment.subject)
    return [band.pd_below_bp for band in bands.band if band.pd_below_bp is not None]


def _pds(policy: Policy, segment: Segment) -> list[int]:
    around = {edge + more for edge in _edges(policy, segment) for more in (-1, 0, 1)}
    return sorted({1, ROUND - 1, *(pd for pd in around if 0 < pd < ROUND)})


def _use_edges(policy: Policy) -> list[int]:
    return [band.below_bp for band in policy.utilisation_band if band.below_bp is not None]


def _uses(policy: Policy, limit: int) -> list[int]:
    """Amounts drawn: a cent before, on and after every border, nothing, all and more than all."""
    on = [-(-limit * edge // ROUND) for edge in _use_edges(policy)]
    around = {cents + more for cents in on for more in (-1, 0, 1)}
    return sorted({0, limit, limit + limit // 20, *(cents for cents in around if cents >= 0)})


def _middles(edges: list[int]) -> list[int]:
    return [(low + high) // 2 for low, high in pairwise(sorted(set(edges)))]


def _incomes(point: Point) -> list[int]:
    """Incomes around the one that carries the line as it stands, and a quarter more."""
    on = [_carries(point, point.limit_cents), _carries(point, point.limit_cents * 5 // 4)]
    around = {cents + more for cents in on for more in (-1, 0, 1)}
    return sorted({0, on[0] // 2, *(cents for cents in around if cents > 0), 2 * on[1], point.income_cents})


def _carries(point: Point, limit: int) -> int:
    """About the income that carries a limit; the statements say what it carries exactly."""
    own = point.segment.affordability
    if point.segment.subject == "enterprise":
        return limit * ROUND // max(own.revenue_share_bp, 1)
    monthly = limit * own.minimum_payment_bp // ROUND + point.payment_cents + own.buffer_cents
    return monthly * ROUND // max(own.income_share_bp - own.essential_share_bp, 1)


def tables(grid: Grid, policy: Policy, as_of: date, currency: str) -> dict[str, list[dict[str, Any]]]:
    """The grid as rows of the data contract."""
    found: dict[str, list[dict[str, Any]]] = {}
    grades = [row.grade for row in getattr(policy, "provider_grade", ())]
    for point, name in grid.points.items():
        for table, rows in _rows(point, name, policy, as_of, currency, grades[0] if grades else None):
            found.setdefault(table, []).extend(rows)
    return found


def _rows(
    point: Point, name: str, policy: Policy, as_of: date, currency: str, grade: str | None
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    segment, borrower = point.segment, {"borrower_id": name}
    consumer = segment.subject == "consumer"
    onboarded = _months_before(as_of, _tenure(segment, policy))
    yield (
        "borrower",
        [
            {
                **borrower,
                "borrower_type": segment.subject,
                "jurisdiction": NOWHERE,
                "onboarded_on": onboarded,
                "identity_verified_on": onboarded,
                "net_monthly_income_cents": point.income_cents if consumer else None,
                "income_kind": "verified" if consumer else None,
                "income_verified_on": as_of if consumer else None,
                "limit_increase": True,
            }
        ],
    )
    product = segment.product or ("revolving_consumer" if consumer else "working_capital")
    yield (
        "facility",
        [
            {
                "facility_id": name,
                **borrower,
                "product": product,
                "currency": currency,
                "credit_limit_cents": point.limit_cents,
                "drawn_cents": point.drawn_cents,
                "annual_rate_bp": 1_800,
                "opened_on": onboarded,
                "status": "active",
                "days_past_due": point.days_past_due,
                "statement_day": 1,
            }
        ],
    )
    yield (
        "facility_month",
        [
            {
                "facility_id": name,
                "month": month,
                "closing_balance_cents": point.drawn_cents,
                "limit_cents": point.limit_cents,
                "payment_due_cents": 0,
                "payment_made_cents": 0,
                "days_past_due": 0,
                "drawdown_count": 1,
                "drawdown_cents": 1,
            }
            for month in _closed_months(as_of)
        ],
    )
    yield (
        "bureau_report",
        [
            {
                **borrower,
                "pulled_on": as_of,
                "lender_count": LENDERS,
                "external_balance_cents": 20 * point.payment_cents,
                "monthly_payment_cents": point.payment_cents,
                "worst_dpd_now": 0,
                "excludes_us": True,
            }
        ],
    )
    if consumer:  # On record as the policy would estimate it: an estimate cuts nothing.
        spent = point.income_cents * segment.affordability.essential_share_bp // ROUND
        yield "spending_month", [{**borrower, "month": _closed_months(as_of)[-1], **_spending(spent)}]
    else:
        yield "financial_statement", [_statement(point.income_cents, as_of, currency) | borrower]
        yield "assessment", [_assessment(as_of) | borrower]
    kind, share, value = point.cover
    if kind != "none":
        yield (
            "guarantee",
            [
                {
                    "facility_id": name,
                    "guarantee_id": "G1",
                    "kind": kind,
                    "provider_id": "the provider",
                    "provider_grade": grade,
                    "covered_share_bp": share,
                    "value_cents": point.limit_cents * value // ROUND if value else None,
                    "valued_on": as_of if value else None,
                    "valid_from": onboarded,
                    "valid_until": None,
                    "status": "active",
                }
            ],
        )


def _spending(essential_cents: int) -> dict[str, int]:
    return {"essential_cents": essential_cents, "discretionary_cents": 0, "cash_like_cents": 0}


def _tenure(segment: Segment, policy: Policy) -> int:
    """Months that put a borrower into the segment, and a long good customer where that can be."""
    if segment.tenure_below_months is not None:
        return segment.tenure_below_months - 1
    return max(each.tenure_below_months or 0 for each in policy.segment) + 120


def _statement(revenue: int, as_of: date, currency: str) -> dict[str, Any]:
    """A sound firm of this revenue: what it owes is covered many times."""
    return {
        "period_end": as_of - timedelta(days=90),
        "received_on": as_of - timedelta(days=60),
        "months_covered": 12,
        "audited": True,
        "currency": currency,
        "total_assets_cents": revenue,
        "current_assets_cents": revenue // 2,
        "current_liabilities_cents": revenue // 5,
        "total_liabilities_cents": revenue // 3,
        "equity_cents": revenue - revenue // 3,
        "retained_earnings_cents": revenue // 3,
        "revenue_cents": revenue,
        "ebit_cents": revenue // 5,
        "interest_expense_cents": revenue // 100,
        "operating_cash_flow_cents": revenue // 5,
        "debt_service_due_12m_cents": revenue // 50,
    }


def _assessment(as_of: date) -> dict[str, Any]:
    factors = ("financial_strength", "political_legal", "transaction", "sponsor", "security")
    return {
        "assessed_on": as_of - timedelta(days=30),
        "market_position": 4,
        "management_quality": 4,
        **dict.fromkeys(factors, 3),
        "assessor": "made up",
    }


def _closed_months(as_of: date) -> list[date]:
    last = (as_of + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    return [_months_before(last.replace(day=1), back) for back in (2, 1, 0)]


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, min(day.day, 28))


def rows_of_lines(grid: Grid) -> list[dict[str, Any]]:
    """Rows of the table `grid_line`."""
    return [
        {"facility_id": name, "borrower_id": name, "pd_bp": point.pd_bp}
        for point, name in grid.points.items()
    ]


def named(grid: Grid) -> Mapping[str, Point]:
    return {name: point for point, name in grid.points.items()}
