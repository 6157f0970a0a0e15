"""Statements, assessments and guarantees of enterprises."""

from datetime import date

import pytest

YEAR_END = date(2025, 12, 31)
RECEIVED = date(2026, 3, 31)


def state(lender, period_end=YEAR_END, received_on=RECEIVED, **columns):
    return lender.add("financial_statement", period_end=period_end, received_on=received_on, **columns)


def ratios(lender, **columns):
    return state(lender, **columns).features("enterprise")


def test_altmans_z_is_the_sum_of_its_four_ratios(business):
    features = ratios(business)

    parts = [
        features[name]
        for name in (
            "working_capital_share_bp",
            "retained_earnings_share_bp",
            "ebit_share_bp",
            "equity_to_liabilities_bp",
        )
    ]
    assert parts == [2_500, 1_000, 1_500, 6_666]
    # 6.56 x 0.25 + 3.26 x 0.10 + 6.72 x 0.15 + 1.05 x 0.6666 = 3.67
    assert (
        features["altman_z2_hundredths"]
        == (656 * 2_500 + 326 * 1_000 + 672 * 1_500 + 105 * 6_666) // 10_000
        == 367
    )


def test_half_a_year_is_brought_to_twelve_months_and_stocks_are_not(business):
    features = ratios(
        business,
        months_covered=6,
        ebit_cents=75_000,
        revenue_cents=1_000_000,
        operating_cash_flow_cents=60_000,
        debt_service_due_12m_cents=100_000,
    )

    assert features["ebit_share_bp"] == 1_500
    assert features["asset_turnover_bp"] == 20_000
    assert features["cash_flow_cover_bp"] == 12_000
    assert features["margin_bp"] == 750
    assert features["interest_cover_bp"] == 15_000
    assert features["current_ratio_bp"] == 20_000
    assert features["leverage_bp"] == 6_000
    assert features["revenue_usd"] == 2_000_000 * 140 // 100_000


@pytest.mark.parametrize(("months", "known"), [(None, False), (2, False), (3, True), (18, True), (19, False)])
def test_flows_of_an_unknown_or_odd_period_are_unknown_and_ratios_of_flows_are_not(business, months, known):
    features = ratios(business, months_covered=months, debt_service_due_12m_cents=1, total_debt_cents=1)

    yearly = (
        "ebit_share_bp",
        "altman_z2_hundredths",
        "cash_flow_cover_bp",
        "asset_turnover_bp",
        "debt_to_revenue_bp",
        "revenue_usd",
        "line_to_revenue_bp",
    )
    assert {features[name] is not None for name in yearly} == {known}
    assert features["margin_bp"] == 750


def test_what_a_statement_does_not_say_is_unknown_and_not_a_bound(business):
    features = ratios(business)

    names = (
        "cash_share_bp",
        "cash_flow_cover_bp",
        "debt_to_revenue_bp",
        "revenue_growth_bp",
        "statement_audited",
    )
    assert {features[name] for name in names} == {None}


def test_a_statement_is_not_used_before_it_was_received(business):
    business.night(date(2026, 3, 30))
    before = ratios(business)["leverage_bp"]

    business.night(date(2026, 3, 31))

    assert before is None
    assert business.features("enterprise")["leverage_bp"] == 6_000


def test_a_statement_of_unknown_receipt_is_taken_for_received_after_180_days(business):
    state(business, received_on=None)

    business.night(date(2026, 6, 28))
    before = business.features("enterprise")["leverage_bp"]
    business.night(date(2026, 6, 29))
    after = business.features("enterprise")["leverage_bp"]

    assert (before, after) == (None, 6_000)


@pytest.mark.parametrize(
    ("audited_end", "expected"),
    [(date(2025, 12, 30), 6_000), (date(2025, 12, 29), 9_000)],
    ids=["six months older", "a day more"],
)
def test_an_audited_statement_comes_before_one_that_is_no_more_than_six_months_newer(
    business, audited_end, expected
):
    state(business, period_end=audited_end, audited=True)
    state(
        business, period_end=date(2026, 6, 30), received_on=date(2026, 8, 1), total_liabilities_cents=900_000
    )

    assert business.features("enterprise")["leverage_bp"] == expected


def test_a_consolidated_statement_comes_before_a_newer_one_that_is_not(business):
    state(business, consolidated=True)
    state(
        business, period_end=date(2026, 3, 31), received_on=date(2026, 5, 1), total_liabilities_cents=900_000
    )

    assert business.features("enterprise")["leverage_bp"] == 6_000


@pytest.mark.parametrize(
    ("earlier_end", "columns", "expected"),
    [
        (date(2024, 12, 31), {}, 2_500),
        (date(2024, 12, 31), {"months_covered": 6, "revenue_cents": 800_000}, 2_500),
        (date(2024, 9, 30), {}, 2_500),
        (date(2024, 9, 29), {}, None),
        (date(2025, 4, 1), {}, None),
        (date(2024, 12, 31), {"currency": "USD"}, None),
        (date(2024, 12, 31), {"consolidated": True}, None),
        (date(2024, 12, 31), {"revenue_cents": 0}, None),
        (date(2024, 12, 31), {"received_on": date(2026, 12, 1)}, None),
    ],
)
def test_growth_is_against_the_year_before_and_like_with_like(business, earlier_end, columns, expected):
    state(business)
    state(business, **{"period_end": earlier_end, "revenue_cents": 1_600_000, **columns})

    assert business.features("enterprise")["revenue_growth_bp"] == expected


@pytest.mark.parametrize(
    ("columns", "name", "expected"),
    [
        ({"interest_expense_cents": 0}, "interest_cover_bp", 200_000),
        ({"interest_expense_cents": 0, "ebit_cents": -1}, "interest_cover_bp", -100_000),
        ({"ebit_cents": -(10**9)}, "interest_cover_bp", -100_000),
        ({"debt_service_due_12m_cents": 0}, "cash_flow_cover_bp", 100_000),
        ({"debt_service_due_12m_cents": 0, "operating_cash_flow_cents": -1}, "cash_flow_cover_bp", -100_000),
        ({"revenue_cents": 0}, "margin_bp", None),
        ({"revenue_cents": 0, "ebit_cents": -1}, "margin_bp", -10_000),
        ({"total_assets_cents": 0}, "leverage_bp", None),
        ({"total_assets_cents": 0}, "altman_z2_hundredths", None),
        ({"total_liabilities_cents": 0}, "equity_to_liabilities_bp", 100_000),
        ({"current_liabilities_cents": 0}, "current_ratio_bp", 100_000),
        ({"current_liabilities_cents": 0, "current_assets_cents": 0}, "current_ratio_bp", None),
        ({"total_liabilities_cents": 600_001}, "leverage_bp", 6_001),
        ({"total_debt_cents": 1}, "debt_to_revenue_bp", 1),
        ({"total_debt_cents": 1, "revenue_cents": 0}, "debt_to_revenue_bp", 100_000),
        ({"retained_earnings_cents": -(2**63)}, "retained_earnings_share_bp", -20_000),
        ({"audited": False}, "statement_audited", 0),
        ({"currency": "USD"}, "line_to_revenue_bp", None),
        ({"revenue_cents": 50_000}, "line_to_revenue_bp", 20_000),
    ],
)
def test_ratios_at_their_borders(business, columns, name, expected):
    assert ratios(business, **columns)[name] == expected


def test_the_age_of_a_statement_runs_with_the_night(business):
    assert ratios(business)["statement_age_months"] == 10


def test_the_latest_assessment_counts_for_two_years(business):
    business.add("assessment", assessed_on=date(2025, 1, 1), market_position=2, management_quality=5)
    business.add("assessment", assessed_on=date(2026, 1, 1), market_position=4)
    business.add("assessment", assessed_on=date(2026, 11, 22), market_position=1, management_quality=1)

    features = business.features("enterprise")
    business.night(date(2028, 11, 22))
    later = business.features("enterprise")
    business.night(date(2028, 11, 21))
    earlier = business.features("enterprise")

    assert (features["market_position"], features["management_quality"]) == (4, None)
    assert (earlier["market_position"], later["market_position"]) == (1, None)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, 5_000),
        ({"valid_from": date(2026, 11, 22)}, 0),
        ({"valid_until": date(2026, 11, 20)}, 0),
        ({"valid_until": date(2026, 11, 21)}, 5_000),
        ({"status": "disputed"}, 0),
        ({"status": "active"}, 5_000),
        ({"cap_cents": 10_000}, 1_000),
        ({"kind": "collateral", "value_cents": 20_000}, 2_000),
    ],
)
def test_the_share_that_guarantees_in_force_cover(business, columns, expected):
    business.add("guarantee", **columns)

    assert business.features("enterprise")["guarantee_cover_bp"] == expected


def test_no_line_is_covered_for_more_than_its_limit(business):
    business.add("guarantee", covered_share_bp=8_000).add(
        "guarantee", guarantee_id="G2", covered_share_bp=8_000
    )
    business.add("facility", facility_id="F2", credit_limit_cents=300_000)

    assert business.features("enterprise")["guarantee_cover_bp"] == 2_500


def test_a_business_of_which_nothing_is_known_has_no_ratio(business):
    features = business.features("enterprise")

    known = {name for name, value in features.items() if value is not None}
    assert known == {"borrower_id", "utilisation_now_bp", "line_size_usd", "guarantee_cover_bp"}


def test_insolvency_of_who_stands_behind_a_line_covers_nothing_where_no_policy_says_otherwise(business):
    business.add("guarantee").add("borrower", borrower_id="P1", borrower_type="enterprise")
    assert business.features("enterprise")["guarantee_cover_bp"] == 5_000
    business.db.insert("treatment", [{"borrower_id": "P1", "kind": "bankruptcy", "valid_from": RECEIVED}])
    assert business.features("enterprise")["guarantee_cover_bp"] == 0
