"""Random lenders in which most lines are odd in some way, and many amounts lie on a border."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from linewatch.documents import Documents
from tests.decisions.small_lender import CHARACTERISTICS, MONTHS, SmallLender
from tests.oracle.arithmetic import add_months, month_end, months_ago
from tests.oracle.firm import FACTORS
from tests.oracle.policies import NAMES, documents_under, with_more_law

RATES = {"CNY": 1_000_000, "TWD": 228_137, "USD": 7_183_333, "SGD": 5_512_345, "GBP": 9_001_111}
COUNTRIES = ["CN", "CN", "CN", "TW", "US", "GB", "SG", "DE"]
LICENCES = ["online_microlender", "online_microlender", "bank", "consumer_credit", "private_lender"]
PHASES = ["works", "works", "works", "permits", "abandoned", "stopped"]
EDGES = [
    1,
    50,
    74,
    75,
    99,
    100,
    249,
    250,
    251,
    499,
    500,
    800,
    999,
    1000,
    1010,
    1015,
    1600,
    1999,
    2000,
    3500,
    4000,
    8000,
]
TREATMENTS = [
    "forbearance",
    "payment_plan",
    "breathing_space",
    "bankruptcy",
    "dispute",
    "complaint",
    "do_not_touch",
]


def random_lender(
    seed: int,
    lines: int,
    *,
    oddness: float | None = None,
    nights_before: float = 0.6,
    policy: str | None = None,
) -> SmallLender:
    """About `lines` lines; each oddity befalls a borrower or line with the share `oddness`."""
    random = Random(seed)
    oddness = oddness if oddness is not None else random.choice([0.01, 0.03, 0.08, 0.2])
    as_of = random.choice([date(2026, 11, 21), date(2026, 10, 31), date(2027, 2, 28), date(2026, 12, 1)])
    before = as_of - timedelta(days=random.choice([1, 1, 7, 31]))
    lender = SmallLender(
        as_of=as_of,
        previous_as_of=before,
        documents=_documents(random, policy or random.choice(NAMES), as_of),
    )
    builder = _Builder(lender, random, oddness, random.random() < nights_before)
    builder.rates()
    while len(lender.rows["facility"]) < lines:
        builder.borrower()
    builder.links()
    builder.covers()
    return lender


def _documents(random: Random, policy: str, as_of: date) -> Documents:
    """Lenders of several licences, some of them small enough for their capital to bind."""
    documents = documents_under(policy, as_of)
    if random.random() < 0.5:
        documents = with_more_law(documents)
    capital = random.choice([5_000_000_000_00, 40_000_000_00, 9_000_000_01])
    profile = documents.profile.model_copy(
        update={
            "licence": random.choice(LICENCES),
            "net_assets_cents": capital,
            "tier1_cents": capital * 4 // 5,
        }
    )
    return replace(documents, profile=profile)


class _Builder:
    def __init__(self, lender: SmallLender, random: Random, oddness: float, known_before: bool) -> None:
        self.lender, self.random, self.oddness = lender, random, oddness
        self.known_before = known_before
        self.in_grace = random.random() < 0.5
        self.good = False
        """The borrower at hand is one whose limit would rise."""
        self.as_of = lender.as_of
        self.names: list[str] = []

    def odd(self, share: float = 1.0) -> bool:
        return self.random.random() < self.oddness * share

    def one(self, usual: Any, *odd: Any, share: float = 1.0) -> Any:
        """The usual value, or at times one of the odd ones."""
        return self.random.choice(odd) if self.odd(share) else usual

    def day(self, most_days: int, least_days: int = 0) -> date:
        """A day before as_of; often one whole months before, where borders are."""
        if self.random.random() < 0.4:
            months = self.random.choice([1, 3, 4, 6, 9, 12, 12, 18, 24, 36])
            day = add_months(self.as_of, -months) + timedelta(days=self.random.choice([-1, 0, 0, 1]))
            if (self.as_of - day).days <= most_days:
                return day
        return self.as_of - timedelta(days=self.random.randint(least_days, most_days))

    def rates(self) -> None:
        for currency, rate in RATES.items():
            if currency != "CNY":
                for back, factor in ((400, 90), (3, 100), (-2, 70)):
                    day = self.as_of - timedelta(days=back)
                    self.lender.add("fx_rate", currency=currency, as_of=day, rate_ppm=rate * factor // 100)
        for back, rate_bp in ((300, 345), (2, 310), (-1, 900)):
            day = self.as_of - timedelta(days=back)
            self.lender.add("reference_rate", name="LPR_1Y", as_of=day, rate_bp=rate_bp)

    def borrower(self) -> None:
        name = f"b{len(self.names):04}"
        self.names.append(name)
        consumer = self.random.random() < 0.55
        self.good = self.random.random() < 0.35
        scored = not self.odd(0.4)
        quarantined = self.odd(0.3)
        row = {**self._person(consumer), **self._trouble()}
        if quarantined:
            self.lender.quarantined.append(name)
        if not (quarantined and self.random.random() < 0.4):
            self.lender.add("borrower", borrower_id=name, **row)
        if scored:
            self._score(name, consumer)
        self.lender.features[name] = {
            key: self.one(self.random.randint(0, 9), None) for key in CHARACTERISTICS
        }
        self._facts(name, consumer)
        for number in range(self.random.choice([1, 1, 1, 2, 3])):
            self.line(f"f{len(self.names):04}-{number}", name, consumer)
        if self.odd(0.3):
            self.lender.open_cases.append({"borrower_id": name, "case_id": f"c-{name}"})

    def _person(self, consumer: bool) -> dict[str, Any]:
        onboarded = self.random.choice([self.day(400), self.day(3000), self.day(3000)])
        income = self.random.randint(40, 99) if self.good else self.random.randint(3, 60)
        return {
            "borrower_type": "consumer" if consumer else "enterprise",
            "jurisdiction": self.random.choice(COUNTRIES),
            "onboarded_on": self.one(onboarded, None),
            "identity_verified_on": self.one(date(2020, 1, 1), None, share=0.5),
            "net_monthly_income_cents": self.one(income * 100_000, None, 0, 99_999),
            "annual_income_cents": self.one(
                self.random.choice([None, income * 1_400_000]), 3_000_000, 2_999_999, 12_000_000, 0, share=3
            ),
            "under_21": self.one(self.random.choice([None, False]), True),
            "student": self.one(self.random.choice([None, False]), True),
            "income_kind": self.one("verified", "stated", "modelled", None),
            "income_verified_on": self.one(self.day(700), None),
            "limit_increase": self.one(self.random.choice([True, True, None]), False),
        }

    def _trouble(self) -> dict[str, Any]:
        soon = self.as_of + timedelta(days=1)
        return {
            "hardship_on": self.one(None, self.as_of, self.day(300), soon, share=0.5),
            "deceased_on": self.one(None, self.as_of, self.day(300), soon, share=0.2),
            "fraud_flag": self.one(
                self.random.choice([None, "none"]), "suspected", "first_party", "victim", share=0.3
            ),
        }

    def _score(self, name: str, consumer: bool) -> None:
        pd = self.random.choice(EDGES) if self.random.random() < 0.7 else self.random.randint(1, 9_999)
        pd = self.random.choice(EDGES[:8]) if self.good else pd
        self.lender.scores.append(
            {
                "borrower_id": name,
                "scorecard": "consumer" if consumer else "enterprise",
                "score": 60_000 - pd,
                "pd_bp": pd,
                "unknown_share_bp": self.one(self.random.randint(0, 4_000), 6_000, 5_999, 9_000),
                "conduct_points": self.random.choice([10_000, 15_000, 20_000]),
            }
        )
        if self.in_grace and not self.odd():
            self.lender.former_scores.append(
                {
                    "borrower_id": name,
                    "former_pd_bp": self.one(max(1, pd + self.random.choice([-200, -60, 0, 40])), None),
                    "former_conduct_points": self.one(self.random.choice([10_000, 15_000, 20_000]), None),
                    "grace_began_on": self.as_of - timedelta(days=self.random.choice([20, 183, 190, 366])),
                }
            )

    def _facts(self, name: str, consumer: bool) -> None:
        for day in sorted({self.day(60), self.day(300), self.day(60), self.day(120)}):
            if not self.odd():
                self.lender.add(
                    "bureau_report",
                    borrower_id=name,
                    pulled_on=day,
                    unsecured_revolving_cents=self.one(
                        self.random.choice([0, 5_000_000, 40_000_000, 140_000_000]), None
                    ),
                    monthly_payment_cents=self.one(self.random.randint(0, 400_000), None),
                    worst_dpd_now=self.one(0, 29, 30, 61, None),
                    public_record_count=self.one(0, 1, None, share=0.5),
                    excludes_us=self.one(self.random.choice([None, True]), False),
                    disputed=self.one(self.random.choice([None, False]), True),
                )
        for month in self._closed(4):
            if not self.odd():
                spent = self.random.randint(0, 500_000)
                self.lender.add("spending_month", borrower_id=name, month=month, essential_cents=spent)
        if not consumer:
            self._enterprise_facts(name)
        if self.odd():
            self.lender.add(
                "treatment",
                borrower_id=name,
                kind=self.random.choice(TREATMENTS),
                valid_from=self.one(self.day(200), self.as_of, self.as_of + timedelta(days=1)),
                valid_until=self.one(None, self.as_of, self.as_of - timedelta(days=1)),
            )
        if self.odd(0.5):
            self.lender.add("consent", borrower_id=name, kind="automation_objection", granted_on=self.day(99))

    def _enterprise_facts(self, name: str) -> None:
        half_a_year = self.as_of - timedelta(days=180)
        last = self.one(self.day(500), half_a_year, half_a_year + timedelta(days=1))
        ends = {self.day(900), last, self.one(last, add_months(last, -6), add_months(last, -3), share=3)}
        for end in sorted(ends):
            if self.odd(0.7):
                continue
            revenue = self.random.choice(
                [1_999_999_999, 2_000_000_000, self.random.randint(0, 9) * 700_000_000]
            )
            self.lender.add(
                "financial_statement",
                borrower_id=name,
                period_end=end,
                received_on=self.one(
                    min(self.as_of, end + timedelta(days=60)), None, self.as_of + timedelta(1)
                ),
                months_covered=self.one(12, 6, 7, None, 2, 3, 18, 19),
                audited=self.random.choice([None, True, False]),
                consolidated=self.random.choice([None, True, False]),
                **self._balance(revenue),
                currency=self.one("CNY", "TWD", "USD"),
                revenue_cents=revenue,
                ebit_cents=revenue // self.random.choice([5, 9, 20, -30]),
                interest_expense_cents=self.one(revenue // 40, 0),
                operating_cash_flow_cents=revenue // self.random.choice([6, 10, -50]),
                debt_service_due_12m_cents=self.one(revenue // 15, None, 0),
            )
        for day in sorted({self.day(50), self.day(600), self.day(1_500)}):
            if not self.odd():
                self.lender.add("assessment", borrower_id=name, assessed_on=day, **self._marks())
        if "trade_month" in self.lender.rows and self.odd(3):
            self._trade(name)

    def _marks(self) -> dict[str, Any]:
        random = self.random
        about, slotting = random.random() < 0.8, random.random() < 0.7
        keys = ("market_position", "management_quality")
        firm = {key: self.one(random.randint(2, 5), 1, None) if about else None for key in keys}
        marks = {
            key: self.one(random.randint(1, 4), None, 0, 5, share=0.5) if slotting else None
            for key in FACTORS
        }
        return {**firm, **marks}

    def _balance(self, revenue: int) -> dict[str, Any]:
        assets = self.one(revenue * self.random.choice([1, 2, 3]) // 2 + 1_000, 0)
        owed = self.one(assets * self.random.choice([1, 5, 9, 11]) // 10, 0)
        return {
            "total_assets_cents": assets,
            "total_liabilities_cents": owed,
            "equity_cents": assets - owed,
            "current_assets_cents": assets * self.random.choice([1, 5, 9]) // 10,
            "current_liabilities_cents": owed * self.random.choice([1, 5, 9]) // 10,
            "retained_earnings_cents": assets * self.random.choice([-30, -2, 1, 4]) // 10,
        }

    def _trade(self, name: str) -> None:
        """Months of invoices in place of a statement, or beside one."""
        random = self.random
        if random.random() < 0.7:
            kept = [row for row in self.lender.rows["financial_statement"] if row["borrower_id"] != name]
            self.lender.rows["financial_statement"] = kept
        currency, sold = random.choice([None, "CNY", "TWD"]), random.choice([3_000_000, 170_000_000])
        first = random.choice([0, 0, 1, 3, 4])
        for month in self._closed(random.choice([2, 11, 12, 13, 20]))[first:]:
            if not self.odd():
                self.lender.add(
                    "trade_month",
                    borrower_id=name,
                    month=month,
                    currency=self.one(currency, "USD", None, share=0.3),
                    sales_cents=sold + random.randint(0, 99),
                    sales_returns_cents=self.one(sold // 20, sold * 2),
                    purchases_cents=sold // 2,
                    purchase_returns_cents=0,
                )

    def _closed(self, number: int) -> list[date]:
        last = MONTHS[-1]
        while months_ago(last, self.as_of) < 0 or month_end(add_months(last, 1)) <= self.as_of:
            last = add_months(last, 1 if months_ago(last, self.as_of) > 0 else -1)
        return [add_months(last, -ago) for ago in range(number)]

    def line(self, name: str, borrower: str, consumer: bool) -> None:
        limit = self._limit(consumer)
        drawn = self._drawn(limit)
        product = (
            "revolving_consumer" if consumer else self.random.choice(["working_capital"] * 3 + ["project"])
        )
        self.lender.add(
            "facility",
            facility_id=name,
            borrower_id=borrower,
            product=product,
            currency=self.one("CNY", "TWD", "USD", "SGD"),
            credit_limit_cents=limit,
            drawn_cents=drawn,
            pending_cents=self.one(self.random.choice([0, None]), limit // 20, 12_345),
            annual_rate_bp=self.one(self.random.choice([600, 900, 1200, 1800, 2400, 2400]), None, 0),
            status=self.one("active", "frozen", "closed", share=0.4),
            temporary_limit_cents=self.one(None, limit * 11 // 10, limit + 1, limit // 2, share=2),
            temporary_until=self.one(
                None,
                *(self.as_of + timedelta(days=n) for n in (-31, -2, -1, 0, 1, 30)),
                share=3,
            ),
            days_past_due=self.one(0, 1, 29, 30, 59, 60, 89, 90, 120, None, share=0.7),
            statement_day=self.one(self.random.randint(1, 31), None, self.as_of.day),
            last_limit_change_on=self.one(None, self.day(400), self.day(200)),
            last_change_by=self.one("lender", "borrower", None, share=0.5),
            last_reviewed_on=self.one(self.day(500), None, self.as_of),
            drawdown_blocked=self.one(self.random.choice([None, False]), True, share=0.4),
            commitment=self.one(self.random.choice([None, "uncommitted"]), "committed", share=0.7),
            matures_on=self.one(None, self.as_of, self.as_of + timedelta(days=1), self.day(30), share=0.5),
            **self._schedule(limit),
        )
        self._months(name, limit, drawn)
        self._consents(name, borrower, limit)
        if product == "project":
            for day in sorted({self.one(self.day(20), self.day(300)), self.day(500)}):
                if not self.odd():
                    self.lender.add(
                        "project_status", facility_id=name, reported_on=day, **self._report(limit)
                    )
        if self.known_before and not self.odd(0.5):
            self._past(name, self.lender.rows["facility"][-1])

    def _report(self, limit: int) -> dict[str, Any]:
        random = self.random
        return {
            "phase": self.one("works", *PHASES),
            "completion_bp": self.one(random.choice([2_000, 5_000, 9_000]), 0, 10_000),
            "cost_to_complete_cents": self.one(random.choice([None, limit // 10]), 0, limit, limit * 2),
            "dscr_bp": self.one(random.choice([13_000, 20_000]), None, 11_000, 10_999),
            "covenant_breached": self.one(False, True),
            "draw_stop": self.one(False, True),
        }

    def _limit(self, consumer: bool) -> int:
        scale = 10_000 if consumer else 1_000_000
        usual = self.random.randint(5, 120) * scale
        if consumer:
            return int(self.one(usual, 0, 12_345, 999_999, 19_999_999, 30_000_001, 20_100_000))
        return int(self.one(usual, 0, 123_456_789, 999_999_999, 3_100_000_000, 50_000_000))

    def _drawn(self, limit: int) -> int:
        shares = [10, 30, 50, 70, 80] if self.good else [0, 0, 3, 10, 30, 50, 70, 85, 90, 95, 100]
        usual = limit * self.random.choice(shares) // 100
        return int(self.one(usual, -5_000, limit + 77_777, limit * 9 // 10 + 1, 1, usual + 33))

    def _schedule(self, limit: int) -> dict[str, Any]:
        if not self.odd(0.6):
            return {"revolving": self.one(self.random.choice([None, True]), False)}
        scheduled = self.random.choice([limit * 8 // 10 + 3, limit, limit + 5, 0, None])
        return {"revolving": self.one(False, None, True), "scheduled_limit_cents": scheduled}

    def _months(self, name: str, limit: int, drawn: int) -> None:
        unused = drawn <= 0 and self.random.random() < 0.6
        for month in self._closed(
            self.random.choice([12, 24] if self.good else [0, 1, 2, 9, 12, 18, 24, 26])
        ):
            if self.odd(0.3):
                continue
            balance = 0 if unused else int(self.one(drawn, 0, -1_000, limit // 2, limit))
            draws = 0 if unused else self.one(1, 0)
            self.lender.add(
                "facility_month",
                facility_id=name,
                month=month,
                closing_balance_cents=balance,
                limit_cents=self.one(limit, limit * 2, limit // 2, share=0.5),
                days_past_due=self.one(0, 3, 31, share=0.2),
                drawdown_count=draws,
                drawdown_cents=draws * 100,
                interest_fees_cents=self.one(max(0, balance) // 50, 500_000, -100, None, share=0.3),
                principal_paid_cents=self.one(
                    max(0, balance) // self.random.choice([40, 60]), 0, None, share=0.3
                ),
            )

    def covers(self) -> None:
        """Covers of all kinds: by strangers, by borrowers of ours, by those of the same group."""
        for line in self.lender.rows["facility"]:
            for number in range(self.random.choice([0, 0, 0, 1, 2, 3])):
                self._cover(line["facility_id"], number, line["credit_limit_cents"])

    def _cover(self, line: str, number: int, limit: int) -> None:
        random = self.random
        ends = [self.as_of + timedelta(days=n) for n in (-1, 0, 1, 7, 29, 30, 31, 60, 90, 200, 365, 366)]
        self.lender.add(
            "guarantee",
            facility_id=line,
            guarantee_id=f"g{number}",
            kind=self.one(random.choice(["insurance", "guarantor", "collateral"]), "letter", share=0.3),
            provider_id=random.choice(["X", "Y", random.choice(self.names), random.choice(self.names)]),
            provider_grade=self.one(random.choice("AABCD"), None, "Z", "unknown"),
            covered_share_bp=random.choice([0, 3_333, 5_000, 8_000, 10_000]),
            cap_cents=self.one(None, limit // 3, 1, 0, share=2),
            value_cents=self.one(limit // random.choice([1, 2, 4]), None, 0),
            valued_on=self.one(self.day(1_300), None, self.as_of + timedelta(days=1)),
            valid_from=self.one(self.day(500), self.as_of, self.as_of + timedelta(days=1)),
            valid_until=self.one(None, *ends, share=2),
            status=self.one(random.choice([None, "active"]), "expired", "disputed"),
        )

    def _consents(self, name: str, borrower: str, limit: int) -> None:
        if self.odd():
            self.lender.add(
                "consent",
                borrower_id=borrower,
                kind="limit_increase",
                granted_on=self.one(self.day(40), self.as_of, self.as_of + timedelta(days=1)),
                facility_id=self.random.choice([None, name]),
                amount_cents=self.one(None, limit * 105 // 100, limit * 12 // 10, limit + 1, limit, share=3),
                withdrawn_on=self.one(None, self.day(20), self.as_of, self.as_of + timedelta(days=1)),
            )

    def _past(self, name: str, line: dict[str, Any]) -> None:
        """A decision of the last committed night that agrees with the line, or is odd."""
        limit, random = line["credit_limit_cents"], self.random
        decrease = self.one(None, self.day(300, 1), share=2)
        increase = self.one(None, self.day(300, 1), share=2)
        committed = self.one(limit, limit + 10_000, limit * 3 // 4, share=0.6)
        source = self.one(limit, committed, limit * 9 // 10, share=0.6)
        fired = self.one(None, 5_000, 7_500, 8_500, 9_000, 9_500, share=3)
        own_block = self.odd(0.5)
        if own_block:
            line["drawdown_blocked"] = self.one(True, False)
        self.lender.past.append(
            {
                "facility_id": name,
                "limit_cents": source,
                "source_limit_cents": source,
                "committed_limit_cents": committed,
                "own_block": own_block,
                "drawn_cents": line["drawn_cents"] + random.choice([0, 100]),
                "owed_cents": max(0, line["drawn_cents"]) + random.choice([0, 500]),
                "looked_at_on": self.one(self.lender.previous_as_of, None, self.day(100, 1)),
                "looked_at_dpd": self.one(line["days_past_due"], 0, 30, 29),
                "offered_on": self.one(None, self.day(300, 1)),
                "band_limit_cents": self.one(limit, None, limit * 2, limit // 2),
                "standing_grade": self.one(random.choice("AAB" if self.good else "ABCDEFG"), None),
                "improve_reviews": random.choice([0, 0, 1]),
                "next_anchor_limit_cents": self.one(limit, limit * 5 // 4, limit // 2, 0),
                "next_anchor_on": self.day(300, 1),
                "fired_target_bp": fired,
                "fired_on": self.day(300, 1) if fired else None,
                "plan_open": fired is not None and random.random() < 0.4,
                "last_decrease_on": decrease,
                "last_increase_on": increase,
                "reviewed_on": self.one(self.day(400, 1), None, self.lender.previous_as_of),
                "score": 50_000,
                **self._beside(line),
            }
        )
        for day, old in ((decrease, limit * 5 // 4), (increase, limit * 4 // 5)):
            if day is not None:
                change = {"facility_id": name, "as_of": day, "old_limit_cents": old, "new_limit_cents": limit}
                self.lender.changes.append(change)

    def _beside(self, line: dict[str, Any]) -> dict[str, Any]:
        """What stood beside the limit after the last night."""
        random, limit, rate = self.random, line["credit_limit_cents"], line["annual_rate_bp"]
        days = [self.as_of + timedelta(days=n) for n in (-7, -6, -5, -1, 0, 1, 20)]
        standing = self.odd(2)
        return {
            "decided_on": self.lender.previous_as_of,
            "source_rate_bp": self.one(rate, None, 2_000, share=0.6),
            "committed_rate_bp": self.one(rate, None, 1_111, share=0.6),
            "block_shown": self.one(False, True, share=2),
            "expected_on": self.one(None, *days, share=3),
            "offered_limit_cents": self.one(limit * 11 // 10, limit, None) if standing else None,
            "offer_until": self.one(random.choice(days), None) if standing else None,
            "customer_limit_cents": self.one(None, limit, limit + 100, limit * 2, limit // 2, share=2),
            "customer_limit_on": self.one(self.day(300), None, self.as_of),
            "conduct_points": self.one(random.choice([10_000, 15_000]), None),
            "group_default_seen": random.choice([None, False, False, True]),
            "next_anchor_covers": [self._anchor_cover(limit, n) for n in range(random.choice([0, 0, 1, 2]))],
        }

    def _anchor_cover(self, limit: int, number: int) -> dict[str, Any]:
        random = self.random
        return {
            "guarantee_id": f"g{number}",
            "kind": random.choice(["insurance", "guarantor", "collateral"]),
            "provider_id": "X",
            "share_bp": random.choice([5_000, 10_000]),
            "most_cents": random.choice([None, limit, limit // 4]),
            "days": random.choice([None, 364, 90, 4]),
            "loss_rate_e8": random.choice([2_000, 10_000, 6_000_000]),
            "covered_cents": limit // 3,
        }

    def links(self) -> None:
        """Groups in chains, ties that have ended or not begun, and shared devices."""
        random = self.random
        for _ in range(len(self.names) // 4):
            one, other = random.choice(self.names), random.choice(self.names)
            if one != other:
                self.lender.add(
                    "control_link",
                    borrower_id=one,
                    related_borrower_id=self.one(other, f"a-{other}"),
                    kind=random.choice(["parent", "controller", "economic_dependence"]),
                    share_bp=random.choice([None, 10_000, 7_500, 5_000, 4_999, 2_500, 2_499, 0]),
                    valid_from=self.one(self.day(400), self.as_of, self.as_of + timedelta(days=1)),
                    valid_until=self.one(None, self.as_of, self.as_of - timedelta(days=1)),
                )
        for _ in range(len(self.names) // 2):
            one, other = random.choice(self.names), random.choice(self.names[:6])
            if one != other:
                kind = self.one("shared_device", "household")
                self.lender.add("social_link", borrower_id=one, related_borrower_id=other, kind=kind)
