"""Examples that others have published, decided by the real statements."""

from __future__ import annotations

from dataclasses import replace

from linewatch.documents import load_documents
from linewatch.policy import ExposureCap
from tests.decisions.cases import documents_with
from tests.decisions.small_lender import AS_OF, SmallLender

VOTES = {
    "yellows": 47_000,
    "whites": 16_000,
    "reds": 15_900,
    "greens": 12_000,
    "blues": 6_000,
    "pinks": 3_100,
}
SEATS = {"yellows": 5, "whites": 2, "reds": 1, "greens": 1, "blues": 1, "pinks": 0}
"""Ten seats by the Hare quota: the example of the encyclopedia's article on the largest remainder method."""


def test_a_cut_is_shared_like_seats_by_the_largest_remainder() -> None:
    """The headroom of each line is its votes, and the ten cents to be cut are the seats."""
    documents = load_documents(AS_OF)
    cap = ExposureCap(
        id="ten_too_many",
        scope="borrower",
        currency="CNY",
        cap_cents=sum(VOTES.values()) - 10,
        because="A test.",
    )
    policy = documents.policy.model_copy(update={"exposure_cap": (cap,)})
    lender = SmallLender(documents=replace(documents, policy=policy))
    lender.borrower()
    for name, cents in VOTES.items():
        lender.line(name, credit_limit_cents=cents, drawn_cents=0, last_reviewed_on=AS_OF, statement_day=25)
    decided = lender.decide()
    assert {name: VOTES[name] - decided[name]["proposed_limit_cents"] for name in VOTES} == SEATS


def test_what_is_left_each_month_carries_the_line_that_it_repays_in_three_years() -> None:
    """250 dollars a month and 19.99 % a year carry a limit of 6,720 dollars under Australia's three-year
    rule: the example of finder.com.au on ASIC's rule of 1 January 2019. Of the full line that is 372 bp.
    """
    documents = documents_with(
        "consumer_established",
        "affordability",
        income_share_bp=10_000,
        minimum_payment_bp=372,
        essential_share_bp=0,
        buffer_cents=0,
    )
    lender = SmallLender(documents=documents)
    lender.borrower(pd_bp=50, net_monthly_income_cents=75_000)
    lender.line(credit_limit_cents=650_000, drawn_cents=300_000)
    lender.rows["bureau_report"][-1]["monthly_payment_cents"] = 50_000
    decided = lender.decide()["f1"]
    assert decided["affordability_row"] == "capacity"
    assert decided["after_affordability_cents"] // 100 == 6_720
