"""What the closed months of own lines say, with the borders of every window."""

from datetime import date

import pytest


def test_a_borrower_without_months_has_no_history_and_that_is_not_zero(lender):
    features = lender.features()

    known = {name for name, value in features.items() if value is not None}
    assert known == {"borrower_id", "utilisation_now_bp", "line_size_usd"}


def test_a_month_counts_from_the_day_on_which_it_has_ended(lender):
    lender.add("facility_month", month=date(2026, 11, 1), days_past_due=30)

    lender.night(date(2026, 11, 29))
    before = lender.features()
    lender.night(date(2026, 11, 30))
    after = lender.features()

    assert before["worst_dpd_1m_days"] is None
    assert after["worst_dpd_1m_days"] == 30


def test_windows_end_after_three_six_and_twelve_months(lender):
    dpd = [1, 0, 0, 30, 0, 0, 60, 0, 0, 0, 0, 0, 90]
    lender.months(*({"days_past_due": days} for days in dpd))

    features = lender.features()

    worst = [features[f"worst_dpd_{window}_days"] for window in ("1m", "3m", "6m", "12m")]
    late = [features[f"late_months_{window}"] for window in ("3m", "6m", "12m")]
    assert worst == [1, 1, 30, 60]
    assert late == [1, 2, 3]
    assert features["late_60_months_12m"] == 1
    assert features["history_months"] == 13


def test_a_month_is_late_once_however_many_lines_were(lender):
    lender.add("facility", facility_id="F2")
    lender.months({"days_past_due": 5}, {"days_past_due": 5})
    lender.months({"days_past_due": 40}, {}, facility_id="F2")

    features = lender.features()

    assert features["late_months_3m"] == 2
    assert features["worst_dpd_3m_days"] == 40


@pytest.mark.parametrize(("late_ago", "expected"), [(0, 0), (7, 7), (23, 23), (24, 24), (None, 24)])
def test_months_since_the_last_late_one(lender, late_ago, expected):
    lender.months(*({"days_past_due": 30 if ago == late_ago else 0} for ago in range(26)))

    assert lender.features()["months_since_late"] == expected


def test_utilisation_is_rounded_up_and_a_credit_balance_is_nothing_owed(lender):
    lender.months(
        {"closing_balance_cents": 1, "limit_cents": 30_000},
        {"closing_balance_cents": -900, "limit_cents": 30_000},
    )

    features = lender.features()

    assert features["utilisation_3m_bp"] == 1
    assert features["utilisation_peak_12m_bp"] == 1


@pytest.mark.parametrize(
    ("limit", "balance", "expected"),
    [(0, 0, None), (0, 1, 30_000), (100, 0, 0), (100, 100, 10_000), (100, 301, 30_000), (1, 10**12, 30_000)],
)
def test_utilisation_of_small_and_missing_limits(empty, limit, balance, expected):
    empty.add("borrower").add("facility", credit_limit_cents=limit, drawn_cents=balance)
    empty.months({"limit_cents": limit, "closing_balance_cents": balance})

    features = empty.features()

    assert features["utilisation_now_bp"] == expected
    assert features["utilisation_3m_bp"] == expected
    assert features["utilisation_peak_12m_bp"] == expected


def test_utilisation_rises_when_the_last_quarter_is_fuller_than_the_one_before(lender):
    lender.months(*({"closing_balance_cents": 60_000} for _ in range(3)), *({} for _ in range(3)))

    assert lender.features()["utilisation_trend_bp"] == 6_000


def test_a_trend_needs_both_quarters(lender):
    lender.months({}, {}, {})

    assert lender.features()["utilisation_trend_bp"] is None


def test_the_share_paid_is_of_what_was_owed_a_month_before_and_rounded_down(lender):
    lender.months(
        {"payment_made_cents": 100},
        {"payment_made_cents": 100, "closing_balance_cents": 500},
        {"payment_made_cents": 100, "closing_balance_cents": 300},
        {"payment_made_cents": 9_999, "closing_balance_cents": 100},
    )

    assert lender.features()["payment_share_balance_3m_bp"] == 300 * 10_000 // 900


def test_who_owed_nothing_has_paid_all_of_it(lender):
    lender.months({}, {}, {}, {})

    features = lender.features()

    assert features["payment_share_balance_3m_bp"] == 10_000
    assert features["payment_share_due_6m_bp"] == 10_000


def test_the_share_paid_is_unknown_where_the_statements_before_are(lender):
    lender.months({"payment_made_cents": 100})

    assert lender.features()["payment_share_balance_3m_bp"] is None


def test_the_share_paid_is_unknown_where_the_payments_are(lender):
    lender.add("facility_month", month=date(2026, 7, 1), closing_balance_cents=500)

    assert lender.features()["payment_share_balance_3m_bp"] is None


@pytest.mark.parametrize(
    ("due", "paid", "balance", "minimum", "zero"),
    [
        (100, 0, 500, 0, 1),
        (100, 99, 500, 0, 0),
        (100, 100, 500, 1, 0),
        (100, 110, 500, 1, 0),
        (100, 111, 500, 0, 0),
        (100, 100, 0, 0, 0),
        (0, 0, 500, 0, 0),
    ],
)
def test_a_minimum_payment_is_due_and_no_more_than_a_tenth_above_it(
    lender, due, paid, balance, minimum, zero
):
    lender.months({"payment_due_cents": due, "payment_made_cents": paid, "closing_balance_cents": balance})

    features = lender.features()

    assert (features["minimum_payment_months_6m"], features["zero_payment_months_6m"]) == (minimum, zero)


def test_a_line_is_over_its_limit_above_it_and_not_at_it(lender):
    lender.months({"closing_balance_cents": 100_000}, {"closing_balance_cents": 100_001})

    assert lender.features()["over_limit_months_6m"] == 1


def test_a_month_is_inactive_only_if_no_line_did_anything(lender):
    lender.add("facility", facility_id="F2")
    lender.months({}, {}, {"drawdown_count": 1, "drawdown_cents": 5})
    lender.months({}, {"payment_made_cents": 1}, {}, facility_id="F2")

    assert lender.features()["inactive_months_12m"] == 1


def test_a_closed_line_keeps_its_past_and_has_no_present(empty):
    empty.add("borrower").add("facility", status="closed", drawn_cents=50_000, days_past_due=40)
    empty.months({"days_past_due": 40})

    features = empty.features()

    assert features["worst_dpd_3m_days"] == 40
    assert features["dpd_now_days"] is None
    assert features["utilisation_now_bp"] is None
    assert features["line_size_usd"] is None


def test_lines_in_two_currencies_are_weighed_on_the_fixed_scale(lender):
    lender.add("facility", facility_id="F2", currency="USD", credit_limit_cents=10_000, drawn_cents=10_000)

    features = lender.features()

    weight_cny, weight_usd = 140, 1_000
    limit = 100_000 * weight_cny + 10_000 * weight_usd
    assert features["utilisation_now_bp"] == -(-10_000 * weight_usd * 10_000 // limit)
    assert features["line_size_usd"] == limit // 100_000


def test_one_currency_off_the_scale_has_ratios_but_no_size(empty):
    empty.add("borrower").add("facility", currency="XTS", drawn_cents=50_000)
    empty.months({"closing_balance_cents": 50_000})

    features = empty.features()

    assert features["utilisation_now_bp"] == 5_000
    assert features["utilisation_3m_bp"] == 5_000
    assert features["line_size_usd"] is None


def test_several_currencies_of_which_one_is_off_the_scale_are_unknown_and_lateness_is_not(lender):
    lender.add("facility", facility_id="F2", currency="XTS")
    lender.months({"days_past_due": 9, "closing_balance_cents": 5})
    lender.months({"closing_balance_cents": 5}, facility_id="F2")

    features = lender.features()

    assert features["utilisation_now_bp"] is None
    assert features["utilisation_3m_bp"] is None
    assert features["payment_share_due_6m_bp"] is None
    assert features["drawdown_share_3m_bp"] is None
    assert features["worst_dpd_3m_days"] == 9


def test_absurd_amounts_do_not_stop_the_night(empty):
    most = 2**63 - 1
    empty.add("borrower", net_monthly_income_cents=most).add(
        "facility", currency="GBP", credit_limit_cents=most, drawn_cents=most, minimum_due_cents=most
    )
    empty.add(
        "bureau_report",
        pulled_on=date(2026, 11, 1),
        external_balance_cents=most,
        external_limit_cents=most,
        monthly_payment_cents=most,
        excludes_us=False,
    )
    empty.add("spending_month", month=date(2026, 10, 1), essential_cents=most, discretionary_cents=most)
    month = dict.fromkeys(
        ("closing_balance_cents", "limit_cents", "payment_due_cents", "payment_made_cents", "drawdown_cents"),
        most,
    )
    empty.months(*([month] * 24))

    features = empty.features()

    assert features["utilisation_now_bp"] == 10_000
    assert features["utilisation_12m_bp"] == 10_000
    assert features["payment_share_due_6m_bp"] == 10_000
    assert features["essential_share_3m_bp"] == 5_000
