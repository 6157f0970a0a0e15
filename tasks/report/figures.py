"""Numbers for people: sums of one currency, and none from which one borrower's amount could be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from babel.numbers import format_currency, get_currency_precision

from linewatch.fewest import FEWEST
from linewatch.money import major

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


def steps_told(steps: Rows) -> list[dict[str, Any]]:
    """Each step that moved limits: how many borrowers, by how much; none where that would tell too much.

    What fewer than FEWEST borrowers had moved stands in one row with the smallest step that moved more, so
    that no difference of two numbers gives it away either.
    """
    moving = [step for step in steps if step["borrowers"]]
    few = [step for step in moving if step["borrowers"] < FEWEST]
    many = [step for step in moving if step["borrowers"] >= FEWEST]
    if few and not many:
        return []
    joined = [*few, min(many, key=lambda step: (step["borrowers"], step["ordinal"]))] if few else []
    groups = [[step] for step in many if step not in joined] + ([joined] if joined else [])
    return [
        {
            "step": ", ".join(
                step["step"].replace("_", " ") for step in sorted(group, key=lambda step: step["ordinal"])
            ),
            "borrowers": sum(step["borrowers"] for step in group),
            "moved_cents": sum(step["moved_cents"] for step in group),
            "ordinal": max(step["ordinal"] for step in group),
        }
        for group in sorted(groups, key=lambda group: max(step["ordinal"] for step in group))
    ]


def waterfall(total: Mapping[str, Any], told: Rows) -> list[Bar]:
    """From the limits in force to those proposed, by the steps told."""
    currency = total["currency"]
    places = get_currency_precision(currency)

    def whole(cents: int) -> int:
        return int(major(cents, places).to_integral_value(ROUND_HALF_EVEN))

    at = total["limit_cents"]
    bars = [Bar("limits now", 0, whole(at), "total", amount(at, currency))]
    for step in told:
        moved = step["moved_cents"]
        kind: Literal["up", "down"] = "up" if moved > 0 else "down"
        bars.append(Bar(step["step"], whole(at), whole(at + moved), kind, signed(moved, currency)))
        at += moved
    return [*bars, Bar("proposed", 0, whole(at), "total", amount(at, currency))]


def percent(share_bp: int | None) -> str:
    """A share of basis points: 1234 is 12.34 %."""
    return "–" if share_bp is None else f"{share_bp // 100}.{share_bp % 100:02} %"


def duration(seconds: int | None) -> str:
    """About how long, in its two largest units, the rest dropped: 93,784 seconds are 1 d 2 h."""
    if seconds is None:
        return "–"
    parts = (
        (seconds // 86_400, "d"),
        (seconds // 3_600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    )
    first = next((at for at, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"
