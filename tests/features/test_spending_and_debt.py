"""Spending, debts elsewhere, tenure and income: what is taken, and when it is unknown."""

from datetime import date

import pytest

BUREAU = (
    "external_lenders",
    "external_utilisation_bp",
    "external_debt_to_income_bp",
    "external_inquiries_6m",
    "external_dpd_now_days",
    "external_dpd_24m_days",
    "public_records",
)
FULL = {
    "lender_count": 4,
    "external_balance_cents": 30_000,
    "external_limit_cents": 40_000,
    "monthly_payment_cents": 2_000,
    "inquiries_6m": 3,
    "worst_dpd_now": 5,
    "worst_dpd_24m": 60,
    "public_record_count": 1,
}


def spend(lender, ago, essential, discretionary=0, cash_like=0):
    year, month = divmod(2026 * 12 + 9 - ago, 12)
    lender.add(
        "spending_month",
        month=date(year, month + 1, 1),
        essential_cents=essential,
        discretionary_cents=discretionary,
        cash_like_cents=cash_like,
    )


def test_shares_of_spending_are_of_three_closed_months_and_rounded_up(lender):
    spend(lender, 0, 100, 100, 100)
    spend(lender, 2, 100, 100, 100)
    spend(lender, 3, 0, 0, 9_999)

    features = lender.features()

    assert features["essential_share_3m_bp"] == 3_334
    assert features["cash_like_share_3m_bp"] == 3_334


def test_the_trend_of_spending_compares_means_of_the_months_that_are_there(lender):
    spend(lender, 0, 150)
    spend(lender, 3, 100)
    spend(lender, 4, 100)

    assert lender.features()["spending_trend_bp"] == 5_000


def test_a_month_that_has_not_ended_is_not_spending(lender):
    spend(lender, -1, 100)

    assert lender.features()["essential_share_3m_bp"] is None


def test_nothing_spent_has_no_shares(lender):
    spend(lender, 0, 0)

    assert lender.features()["essential_share_3m_bp"] is None


def test_the_latest_report_by_the_night_is_taken_and_later_ones_are_not(lender):
    lender.add("bureau_report", pulled_on=date(2026, 10, 1), inquiries_6m=1)
    lender.add("bureau_report", pulled_on=date(2026, 11, 21), inquiries_6m=2)
    lender.add("bureau_report", pulled_on=date(2026, 11, 22), inquiries_6m=9)

    features = lender.features()

    assert features["external_inquiries_6m"] == 2
    assert features["bureau_age_days"] == 0


def test_a_disputed_report_says_nothing_and_an_older_one_does_not_stand_in(lender):
    lender.add("bureau_report", pulled_on=date(2026, 10, 1), **FULL)
    lender.add("bureau_report", pulled_on=date(2026, 11, 1), disputed=True, **FULL)

    features = lender.features()

    assert {features[name] for name in (*BUREAU, "bureau_age_days")} == {None}


@pytest.mark.parametrize("excludes_us", [True, None])
def test_a_report_without_us_stands_as_it_is(empty, excludes_us):
    empty.add("borrower", net_monthly_income_cents=10_000).add("facility", drawn_cents=10_000)
    empty.add("bureau_report", pulled_on=date(2026, 11, 1), excludes_us=excludes_us, **FULL)

    features = empty.features()

    assert features["external_lenders"] == 4
    assert features["external_utilisation_bp"] == 7_500
    assert features["external_debt_to_income_bp"] == 2_500


def test_a_report_with_us_has_our_lines_taken_off(empty):
    empty.add("borrower").add("facility", drawn_cents=10_000, credit_limit_cents=15_000)
    empty.add("bureau_report", pulled_on=date(2026, 11, 1), excludes_us=False, **FULL)

    features = empty.features()

    assert features["external_lenders"] == 3
    assert features["external_utilisation_bp"] == 20_000 * 10_000 // 25_000


def test_taking_our_lines_off_never_goes_below_zero(empty):
    empty.add("borrower").add("facility", drawn_cents=90_000)
    empty.add("bureau_report", pulled_on=date(2026, 11, 1), excludes_us=False, lender_count=0, **{
        name: FULL[name] for name in ("external_balance_cents", "external_limit_cents")
    })  # fmt: skip

    features = empty.features()

    assert features["external_lenders"] == 0
    assert features["external_utilisation_bp"] == 0


def test_what_a_report_does_not_say_is_unknown_and_not_zero_nor_a_bound(empty):
    empty.add("borrower", net_monthly_income_cents=10_000).add("facility", minimum_due_cents=1)
    empty.add("bureau_report", pulled_on=date(2026, 11, 1), excludes_us=False)

    features = empty.features()

    assert {features[name] for name in BUREAU} == {None}
    assert features["debt_service_to_income_bp"] is None
    assert features["bureau_age_days"] == 20


@pytest.mark.parametrize(
    ("balance", "limit", "expected"),
    [(0, 0, 0), (5, 0, 30_000), (None, 10, None), (10, None, None), (1, 3, 3_334), (100, 10, 30_000)],
)
def test_external_utilisation_at_its_borders(lender, balance, limit, expected):
    lender.add(
        "bureau_report",
        pulled_on=date(2026, 11, 1),
        external_balance_cents=balance,
        external_limit_cents=limit,
    )

    assert lender.features()["external_utilisation_bp"] == expected


@pytest.mark.parametrize(
    ("onboarded", "opened", "expected"),
    [
        (date(2026, 10, 22), None, 0),
        (date(2026, 10, 21), None, 1),
        (None, date(2025, 11, 21), 12),
        (date(2024, 11, 21), date(2025, 11, 21), 24),
        (date(2026, 11, 22), None, None),
        (None, None, None),
    ],
)
def test_tenure_is_in_whole_months_since_onboarding_or_the_first_line(empty, onboarded, opened, expected):
    empty.add("borrower", onboarded_on=onboarded).add("facility", opened_on=opened)

    assert empty.features()["tenure_months"] == expected


def test_debt_service_is_ours_and_theirs_over_a_months_income(empty):
    empty.add("borrower", net_monthly_income_cents=30_000).add("facility", minimum_due_cents=1_000)
    empty.add("bureau_report", pulled_on=date(2026, 11, 1), monthly_payment_cents=2_000)

    assert empty.features()["debt_service_to_income_bp"] == 1_000


def test_what_was_due_last_month_stands_in_for_an_unknown_minimum(empty):
    empty.add("borrower", net_monthly_income_cents=30_000).add("facility")
    empty.add("bureau_report", pulled_on=date(2026, 11, 1), monthly_payment_cents=2_000)
    empty.months({"payment_due_cents": 1_000})

    assert empty.features()["debt_service_to_income_bp"] == 1_000


def test_of_an_unknown_income_nothing_is_a_share(empty):
    empty.add("borrower", net_monthly_income_cents=None).add("facility", minimum_due_cents=1_000)
    empty.add("bureau_report", pulled_on=date(2026, 11, 1), **FULL)
    spend(empty, 0, 100)

    features = empty.features()

    names = (
        "debt_service_to_income_bp",
        "line_to_income_bp",
        "essential_to_income_bp",
        "external_debt_to_income_bp",
    )
    assert {features[name] for name in names} == {None}


@pytest.mark.parametrize(("due", "expected"), [(0, 0), (1_000, 30_000)])
def test_a_known_income_of_nothing_is_no_better_than_a_small_one(empty, due, expected):
    empty.add("borrower", net_monthly_income_cents=0).add("facility", minimum_due_cents=due)
    empty.add("bureau_report", pulled_on=date(2026, 11, 1), monthly_payment_cents=0)

    assert empty.features()["debt_service_to_income_bp"] == expected


def test_with_an_income_alone_no_share_of_it_is_made_up(empty):
    empty.add("borrower", net_monthly_income_cents=10_000)

    features = empty.features()

    assert {name for name, value in features.items() if value is not None} == {"borrower_id"}
