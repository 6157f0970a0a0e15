"""Numbers for people: sums of one currency, and none from which one borrower's amount could be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from babel.numbers import format_currency, get_currency_precision

from linewatch.money import major

FEWEST = 5
"""A sum over fewer borrowers than this is not shown."""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Bar:
    """A bar of the waterfall, in whole units of the currency."""

    name: str
    start: int
    end: int
    kind: Literal["total", "up", "down"]
    label: str


def amount(cents: int, currency: str) -> str:
    """About how much: three digits, in thousands, millions or billions. CN¥1,234,567.89 is CN¥1.23M."""
    value = major(cents, get_currency_precision(currency))
    size = abs(value)
    for least, letter in ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k")):
        if size >= least:
            short = value / least
            digits = max(0, 2 - short.copy_abs().adjusted())
            shown = short.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
            return f"{_plain(shown, currency, digits)}{letter}"
    return _plain(value.quantize(Decimal(1), ROUND_HALF_EVEN), currency, 0)


def _plain(value: Decimal, currency: str, digits: int) -> str:
    pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
    return format_currency(value, currency, format=pattern, locale="en", currency_digits=False)


def signed(cents: int, currency: str) -> str:
    return ("+" if cents > 0 else "") + amount(cents, currency) if cents else "0"


def waterfall(total: Mapping[str, Any], steps: Rows) -> list[Bar]:
    """From the limits in force to those proposed; steps that moved few borrowers stand in one bar."""
    currency = total["currency"]
    places = get_currency_precision(currency)

    def whole(cents: int) -> int:
        return int(major(cents, places).to_integral_value(ROUND_HALF_EVEN))

    shown = [step for step in steps if step["moved_cents"] and step["borrowers"] >= FEWEST]
    rest = sum(step["moved_cents"] for step in steps) - sum(step["moved_cents"] for step in shown)
    at = total["limit_cents"]
    bars = [Bar("limits now", 0, whole(at), "total", amount(at, currency))]
    moves = [(step["step"].replace("_", " "), step["moved_cents"]) for step in shown]
    for name, moved in [*moves, *([("other steps", rest)] if rest else [])]:
        bars.append(
            Bar(name, whole(at), whole(at + moved), "up" if moved > 0 else "down", signed(moved, currency))
        )
        at += moved
    bars.append(Bar("proposed", 0, whole(at), "total", amount(at, currency)))
    return bars


def spread(total: Mapping[str, Any], steps: Rows) -> list[dict[str, Any]]:
    """The table behind the waterfall."""
    return [
        {
            "step": step["step"].replace("_", " "),
            "borrowers": step["borrowers"],
            "moved": signed(step["moved_cents"], total["currency"])
            if step["borrowers"] >= FEWEST or not step["moved_cents"]
            else f"fewer than {FEWEST} borrowers",
        }
        for step in steps
    ]
