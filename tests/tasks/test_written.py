"""Amounts and shares come out as Babel writes them, whatever the country and the currency."""

from __future__ import annotations

from babel.numbers import format_currency, format_percent, get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from linewatch.money import major
from linewatch.notice import LANGUAGES
from linewatch.read_back import read_amount, read_moved, read_percent
from tasks.draft.written import PERCENT, locale_of, money, share, sign_of

COUNTRIES = ("CN", "US", "GB", "SG", "DE", "CH", "IN", "ZA", "SE", "AT", "IL", "XX", "HK", "TW", "BE", "DK")
CURRENCIES = ("CNY", "USD", "GBP", "EUR", "SGD", "JPY", "KWD", "INR", "CHF", "SEK", "ILS", "HKD", "ZAR")


@given(
    language=st.sampled_from(LANGUAGES),
    country=st.sampled_from(COUNTRIES),
    currency=st.sampled_from(CURRENCIES),
    number=st.integers(0, 10**15),
)
def test_an_amount_is_written_as_babel_writes_it_and_read_as_it_was(language, country, currency, number):
    locale = locale_of(language, country)
    written = money(number, currency, locale)
    assert written == format_currency(
        major(number, get_currency_precision(currency)), currency, locale=locale
    )
    sign, places = sign_of(currency, locale)
    assert read_amount(written, sign, places) == number
    assert read_moved(f"-{written}", sign, places) == -number
    assert read_moved(written, sign, places) is None


@given(language=st.sampled_from(LANGUAGES), country=st.sampled_from(COUNTRIES), bp=st.integers(0, 200_000))
def test_a_share_is_written_as_babel_writes_it(language, country, bp):
    locale = locale_of(language, country)
    written = share(bp, locale)
    assert written == format_percent(major(bp, 4), format=PERCENT, locale=locale)
    assert read_percent(written) == bp


def test_what_only_looks_like_a_number_is_none():
    for text in (
        "£1,000.00x",
        "£1,00.00",
        "£1.000.00",
        "£1,000,00",
        "£１,000.00",
        "£ 1 000,000.00",
        "££1.00",
        "1.00",
    ):
        assert read_amount(text, "£", 2) is None, text
    assert read_amount("£1,000.00", "£", 2) == 100_000
    assert read_amount("£12,34,567.00", "£", 2) == 123_456_700
