"""What the invoices of an enterprise tell. The last closed month is October 2026."""

from datetime import date

import pytest


def month(ago):
    year, number = divmod(2026 * 12 + 9 - ago, 12)
    return date(year, number + 1, 1)


def traded(lender, *newest_first):
    """Closed months of trade, October 2026 first; None leaves a month out."""
    for ago, columns in enumerate(newest_first):
        if columns is not None:
            lender.add("trade_month", month=month(ago), **columns)
    return lender.features("enterprise")


def test_a_year_of_trade_is_told_in_shares_of_its_sales(business):
    row = {
        "sales_cents": 1_000_000,
        "sales_returns_cents": 50_001,
        "purchases_cents": 700_000,
        "purchase_returns_cents": 35_000,
        "sales_invoices": 30,
        "void_sales_invoices": 1,
        "largest_customer_cents": 333_333,
        "largest_supplier_cents": 700_000,
    }

    features = traded(business, *[row] * 12)

    assert features["trade_sales_usd"] == 12 * 949_999 * 140 // 100_000
    assert features["sales_returns_share_bp"] == 501
    assert features["purchases_to_sales_bp"] == 7_001  # 665,000 over 949,999
    assert features["void_invoices_share_bp"] == 334
    assert features["customer_concentration_bp"] == 3_334
    assert features["supplier_concentration_bp"] == 10_000
    assert features["trade_active_months_12m"] == 12
    assert features["sales_volatility_bp"] == 0


def test_half_a_year_is_brought_to_twelve_months_and_less_tells_nothing(business):
    assert traded(business, *[{}] * 5)["trade_sales_usd"] is None

    features = traded(business, *[None] * 5, {})

    assert features["trade_sales_usd"] == 12_000_000 * 140 // 100_000
    assert features["trade_active_months_12m"] is None


def test_a_month_without_a_row_after_the_first_had_no_trade(business):
    features = traded(business, {}, None, {}, None, {}, None, {}, None, {}, None, {}, None, {})

    assert features["trade_active_months_12m"] == 6
    assert features["trade_sales_usd"] == 6_000_000 * 140 // 100_000
    assert features["sales_volatility_bp"] == 10_000


def test_growth_needs_two_years_and_compares_their_sales(business):
    twice = [{"sales_cents": 3_000_000}] * 12
    assert traded(business, *twice, *[{}] * 11)["trade_sales_growth_bp"] is None

    assert traded(business, *[None] * 23, {})["trade_sales_growth_bp"] == 20_000


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"sales_cents": 0, "purchases_cents": 1}, 100_000),
        ({"sales_cents": 0}, None),
        ({"purchases_cents": 0}, 0),
        ({"purchases_cents": 1, "purchase_returns_cents": 2}, 0),
    ],
)
def test_purchases_and_no_sales_are_the_most_and_neither_is_unknown(business, columns, expected):
    assert traded(business, *[columns] * 6)["purchases_to_sales_bp"] == expected


def test_what_is_not_counted_is_unknown(business):
    features = traded(business, *[{}] * 12)

    for name in ("void_invoices_share_bp", "customer_concentration_bp", "supplier_concentration_bp"):
        assert features[name] is None


def test_a_month_in_another_currency_than_the_newest_and_an_open_month_do_not_count(business):
    business.add("trade_month", month=date(2026, 11, 1), sales_cents=9_000_000)

    features = traded(business, *[{}] * 6, *[{"currency": "USD"}] * 6)

    assert features["trade_sales_usd"] == 12_000_000 * 140 // 100_000


def test_trade_that_ended_a_year_ago_tells_nothing(business):
    features = traded(business, *[None] * 12, *[{}] * 12)

    assert features["trade_sales_usd"] is None


def test_absurd_amounts_do_not_stop_the_night(business):
    most = 9_000_000_000_000_000_000
    row = {
        "sales_cents": most,
        "purchases_cents": most,
        "largest_customer_cents": most,
        "sales_returns_cents": most,
    }

    features = traded(business, *[row] * 24)

    assert features["sales_returns_share_bp"] == 10_000
    assert features["customer_concentration_bp"] == 10_000
