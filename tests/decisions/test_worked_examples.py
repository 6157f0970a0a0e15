"""Examples that others have published, decided by the real statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

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


EL_RISK_WEIGHTS = {"strong": 500, "good": 1_000, "satisfactory": 3_500, "weak": 10_000, "default": 62_500}
"""In bp: Basel II, paragraph 379, and CRE33; 8 % of each is the expected loss of a slot. EU Regulation
575/2013 gives the products, in Article 158, Table 2, for 2.5 years or more."""


def test_a_slot_loses_eight_per_cent_of_its_supervisory_risk_weight() -> None:
    slots = load_documents(AS_OF).policy.slotting.slot
    assert {item.slot: item.el_bp for item in slots} == {
        slot: weight * 8 // 100 for slot, weight in EL_RISK_WEIGHTS.items()
    }


def test_a_project_line_loses_its_slots_rate_of_its_exposure_at_default() -> None:
    """CRE33: loss = 8 % x EL risk weight x EAD; of 100 million satisfactory, all drawn, 2.8 million."""
    lender = SmallLender()
    lender.borrower(borrower_type="enterprise", pd_bp=2_000)
    lender.line(product="project", credit_limit_cents=100_000_000, drawn_cents=100_000_000)
    marks = dict.fromkeys(("financial_strength", "political_legal", "transaction", "sponsor", "security"), 2)
    lender.add("assessment", borrower_id="b1", assessed_on=AS_OF, **marks)
    decided = lender.decide()["f1"]
    assert (decided["slot"], decided["ead_cents"]) == ("satisfactory", 100_000_000)
    assert decided["loss_cents"] == 2_800_000


@pytest.mark.parametrize(
    ("ratios", "hundredths", "refers"),
    [
        ({"x1": 100, "x2": 100, "x3": 100, "x4": 100}, 175, False),
        ({"x1": 50, "x2": 50, "x3": 50, "x4": 222}, 106, True),
        ({"x1": -100, "x2": 150, "x3": 150, "x4": 18}, 85, True),
    ],
)
def test_altmans_score_is_the_sum_that_his_paper_gives(
    ratios: dict[str, int], hundredths: int, refers: bool
) -> None:
    """Z'' = 6.56 X1 + 3.26 X2 + 6.72 X3 + 1.05 X4, distress under 1.10: Altman 2018 (doi
    10.3390/ijfs6030070). Ratios in thousandths; by hand 0.656 + 0.326 + 0.672 + 0.105 = 1.759;
    0.328 + 0.163 + 0.336 + 0.2331 = 1.0601; -0.656 + 0.489 + 1.008 + 0.0189 = 0.8599.
    """
    liabilities = 500_000_000
    lender = SmallLender()
    lender.borrower(borrower_type="enterprise")
    lender.line(product="working_capital")
    lender.add(
        "financial_statement",
        borrower_id="b1",
        period_end=date(2026, 6, 30),
        received_on=AS_OF,
        months_covered=12,
        total_assets_cents=1_000_000_000,
        current_assets_cents=(1_000 + ratios["x1"]) * 1_000_000,
        current_liabilities_cents=1_000_000_000,
        retained_earnings_cents=ratios["x2"] * 1_000_000,
        ebit_cents=ratios["x3"] * 1_000_000,
        total_liabilities_cents=liabilities,
        equity_cents=ratios["x4"] * liabilities // 1_000,
    )
    decided = lender.decide()["f1"]
    assert decided["altman_z2_hundredths"] == hundredths
    assert ("altman_distress" in decided["triggers"]) == refers
