"""Figures of a finished letter, read from its text: nothing but plain digits counts as a digit."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from linewatch.notice import Language

MONTHS = "January February March April May June July August September October November December".split()
_ZH_DATE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_EN_DATE = re.compile(
    r"(?:(?P<d1>[0-9]{1,2}) (?P<m1>[A-Z][a-z]+)|(?P<m2>[A-Z][a-z]+) (?P<d2>[0-9]{1,2}),?) (?P<y>[0-9]{4})"
)
_BLANKS = " \u00a0\u202f"


@lru_cache(maxsize=8)
def _number(places: int) -> re.Pattern[str]:
    """A whole number, plain or in groups of one mark, and after another mark so many digits."""
    groups = r"[0-9]{1,3}(?P<mark>[.,'’ \u00a0\u202f])(?:[0-9]{2,3}(?P=mark))*[0-9]{3}"
    ending = rf"(?P<point>[.,])[0-9]{{{places}}}" if places else ""
    return re.compile(rf"(?:[0-9]+|{groups}){ending}")


@lru_cache(maxsize=100_000)
def read_amount(text: str, sign: str, places: int) -> int | None:
    """The digits of a number written out to `places` digits and carrying `sign` once; never negative."""
    if text.count(sign) != 1:
        return None
    number = text.replace(sign, "").strip(_BLANKS)
    found = _number(places).fullmatch(number)
    if not found or (places and found["mark"] == found["point"]):
        return None
    return int(re.sub("[^0-9]", "", number))


@lru_cache(maxsize=100_000)
def read_moved(text: str, sign: str, places: int) -> int | None:
    """An amount with a plus or a minus before it."""
    amount = read_amount(text[1:], sign, places)
    if amount is None or text[:1] not in ("+", "-"):
        return None
    return amount if text[0] == "+" else -amount


def read_percent(text: str) -> int | None:
    """A share or rate written as a percentage with two digits, in basis points."""
    return read_amount(text, "%", 2)


def read_count(text: str) -> int | None:
    """A whole number without marks."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


@lru_cache(maxsize=10_000)
def read_date(text: str, language: Language) -> date | None:
    """A day written out in Chinese or English."""
    if language == "zh":
        found = _ZH_DATE.fullmatch(text)
        return _day(int(found[1]), int(found[2]), int(found[3])) if found else None
    found = _EN_DATE.fullmatch(text)
    if not found or (found["m1"] or found["m2"]) not in MONTHS:
        return None
    month = MONTHS.index(found["m1"] or found["m2"]) + 1
    return _day(int(found["y"]), month, int(found["d1"] or found["d2"]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
