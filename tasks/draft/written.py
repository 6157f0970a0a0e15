"""Amounts, shares and days as a country writes them, by Babel; fast, for there are a dozen in each letter."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_percent, get_currency_precision, get_currency_symbol

from linewatch.money import major
from linewatch.notice import Language

PERCENT = "#,##0.00%"
SAMPLES = (0, 5, 99, 100, 12345, 123456, 99999999, 123456789, 1234567890123)


@lru_cache(maxsize=1024)
def locale_of(language: Language, jurisdiction: str) -> Locale:
    """The language as the country writes it, where that is known."""
    try:
        return Locale.parse(f"{language}_{jurisdiction}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


@lru_cache(maxsize=1_000)
def sign_of(currency: str | None, locale: Locale) -> tuple[str, int]:
    """A currency's sign in a locale, and its digits after the point."""
    if currency is None:
        return "", 0
    return get_currency_symbol(currency, locale=locale), get_currency_precision(currency)


def money(minor_units: int, currency: str, locale: Locale) -> str:
    """An amount that is not negative, with its currency's sign."""
    shape = _shape(currency, locale)
    return shape.written(minor_units) if shape else _by_babel(minor_units, currency, locale)


def share(bp: int, locale: Locale) -> str:
    """Basis points as a percentage with two digits."""
    shape = _shape(None, locale)
    return shape.written(bp) if shape else _by_babel(bp, None, locale)


@lru_cache(maxsize=10_000)
def day(on: date, locale: Locale) -> str:
    return format_date(on, format="long", locale=locale)


class Shape:
    """What Babel puts around and between the digits of a number that it writes by threes."""

    def __init__(self, before: str, mark: str, point: str, places: int, after: str) -> None:
        self.before, self.mark, self.point, self.after = before, mark, point, after
        self.places, self.unit = places, 10**places

    def written(self, number: int) -> str:
        whole, rest = divmod(number, self.unit)
        digits = f"{whole:,}"
        if self.mark != ",":
            digits = digits.replace(",", self.mark)
        end = f"{self.point}{rest:0{self.places}}" if self.places else ""
        return f"{self.before}{digits}{end}{self.after}"


@lru_cache(maxsize=1_000)
def _shape(currency: str | None, locale: Locale) -> Shape | None:
    """The shape in which Babel writes a currency, or shares; None where it is not one of threes."""
    places = 2 if currency is None else get_currency_precision(currency)
    said = _by_babel(1234 * 10**places, currency, locale)
    before, one, tail = said.partition("1")
    mark, digits, tail = tail.partition("234")
    end = tail[: 1 + places] if places else ""
    if not (one and digits) or end[1:] != "0" * places:
        return None
    shape = Shape(before, mark, end[:1], places, tail[len(end) :])
    fits = all(shape.written(each) == _by_babel(each, currency, locale) for each in SAMPLES)
    return shape if fits else None


def _by_babel(number: int, currency: str | None, locale: Locale) -> str:
    if currency is None:
        return format_percent(major(number, 4), format=PERCENT, locale=locale)
    return format_currency(major(number, get_currency_precision(currency)), currency, locale=locale)
