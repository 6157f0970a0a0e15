"""Amounts, rates and days as the reader's language and country write them."""

from __future__ import annotations

from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_percent, get_currency_precision

from linewatch.money import major


class Figures:
    """How figures are written for one reader."""

    def __init__(self, language: str, jurisdiction: str | None) -> None:
        self.locale = _locale(language, jurisdiction)

    def money(self, cents: int, currency: str, *, signed: bool = False) -> str:
        amount = major(cents, get_currency_precision(currency))
        written = format_currency(amount, currency, locale=self.locale)
        return f"+{written}" if signed and cents > 0 else str(written)

    def rate(self, bp: int) -> str:
        return str(format_percent(major(bp, 4), format="#,##0.00%", locale=self.locale))

    def day(self, day: date) -> str:
        return str(format_date(day, format="long", locale=self.locale))

    def country(self, jurisdiction: str | None) -> str | None:
        """The name of a country; None: it is none that is known."""
        return self.locale.territories.get(jurisdiction or "")


def _locale(language: str, jurisdiction: str | None) -> Locale:
    """The language as the country writes it, where that is known."""
    try:
        return Locale.parse(f"{language}_{jurisdiction}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)
