"""A line as it was decided beside the line as it would have been: both walks, and where they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from babel.numbers import get_currency_precision

from linewatch.columns import columns
from linewatch.money import major

Content = Mapping[str, Any]

ABOUT = (
    ("grade", "grade"),
    ("PD (bp)", "pd_bp"),
    ("score", "score"),
    ("due", "due_because"),
    ("owed", "owed_cents"),
    ("days late", "days_past_due"),
    ("utilisation (bp)", "utilisation_bp"),
    ("band", "utilisation_band"),
    ("limit now", "limit_cents"),
    ("anchor", "anchor_limit_cents"),
)
ENDS = {
    "increase": "raised to",
    "offer": "offered",
    "hold": "held at",
    "decrease": "lowered to",
    "freeze": "frozen at",
    "unfreeze": "unfrozen at",
}
CAME = (
    ("proposed", "proposed_limit_cents"),
    ("law alone", "law_limit_cents"),
    ("action", "action"),
    ("route", "route"),
    ("advice", "recommendation"),
)

SOMETIMES = ("law_limit_cents", "recommendation")
"""Told only where one of the two sides has it."""


@dataclass(frozen=True)
class WhatIf:
    """Both receipts, what was set, and where they part."""

    was: Content
    would_be: Content
    touched: Sequence[Any]
    whole: bool
    """The whole night had to be decided again: the lines around this one alone do not give its decision."""

    @property
    def first_difference(self) -> str | None:
        """The first step whose limit or row differs; `score` where they differ before the walk begins.

        After the walk: the action, what the law alone leaves of a line that a person decides, and of a line
        that is never moved by itself, what is recommended.
        """
        if _scored(self.was) != _scored(self.would_be):
            return "score"
        for one, other in zip(self.was["walk"], self.would_be["walk"], strict=True):
            keys = ("after_cents", "row", "value")
            if any(one[key] != other[key] for key in keys):
                return str(one["step"])
        ends = [
            (told["action"], told["route"], told["proposed_limit_cents"])
            for told in (self.was, self.would_be)
        ]
        if ends[0] != ends[1]:
            return "action"
        if self.was["law_limit_cents"] != self.would_be["law_limit_cents"]:
            return "law_alone"
        return "recommendation" if self.was["recommendation"] != self.would_be["recommendation"] else None

    @property
    def content(self) -> dict[str, Any]:
        return {
            "facility_id": self.was["facility_id"],
            "night": self.was["as_of"],
            "set": [_plain(asdict(each)) for each in self.touched],
            "first_difference": self.first_difference,
            "decided_again": "the whole night" if self.whole else "the line's group",
            "was": self.was,
            "would_be": self.would_be,
        }

    @property
    def text(self) -> str:
        return "\n".join(_text(self)) + "\n"


def _scored(told: Content) -> tuple[Any, ...]:
    return told["grade"], told["pd_bp"], told["score"], (told["slot"] or {}).get("slot")


def _text(told: WhatIf) -> list[str]:
    was = told.was
    lines = [
        f"Line {was['facility_id']} on the night of {was['as_of']}, as decided and as it would have been",
        "",
    ]
    lines += ["Set"]
    lines += columns(
        ("row", "column", "was", "would be", ""),
        [
            (
                f"{each.table} {each.key}",
                each.column,
                _cell(each.old),
                _cell(each.new),
                "follows" if each.follows else "",
            )
            for each in told.touched
        ],
    )
    lines += ["", "The receipts, a star where they differ"]
    lines += columns(("", "as decided", "would be", ""), [*_about(told), *_walk(told), *_came(told)])
    lines += [""]
    first = told.first_difference
    if first is None:
        lines.append("Nothing would have been decided otherwise.")
    else:
        lines.append(
            f"They part at: {first.replace('_', ' ')}. It was {_ended(was)}; it would have been"
            f" {_ended(told.would_be)}."
        )
    if told.whole:
        lines.append("The whole night was decided again: the line's group alone does not give its decision.")
    return lines


def _about(told: WhatIf) -> list[tuple[str, str, str, str]]:
    rows = [_pair(name, _shown(told.was, key), _shown(told.would_be, key)) for name, key in ABOUT]
    slots = [(side["slot"] or {}).get("slot") for side in (told.was, told.would_be)]
    return [*rows, _pair("slot", *(str(slot) for slot in slots))] if any(slots) else rows


def _walk(told: WhatIf) -> list[tuple[str, str, str, str]]:
    return [
        _pair(f"after {one['step'].replace('_', ' ')}", _after(told.was, one), _after(told.would_be, other))
        for one, other in zip(told.was["walk"], told.would_be["walk"], strict=True)
    ]


def _came(told: WhatIf) -> list[tuple[str, str, str, str]]:
    rows = [
        _pair(name, _shown(told.was, key), _shown(told.would_be, key))
        for name, key in CAME
        if key not in SOMETIMES or (told.was[key], told.would_be[key]) != (None, None)
    ]
    for name in ("triggers", "reasons"):
        sides = [
            ", ".join(each["code"] for each in side[name]) or "none" for side in (told.was, told.would_be)
        ]
        rows.append(_pair(name, *sides))
    holds = [(side["hold"] or {}).get("code", "") for side in (told.was, told.would_be)]
    return [*rows, _pair("held because", *holds)]


def _pair(name: str, was: str, would_be: str) -> tuple[str, str, str, str]:
    return name, was, would_be, "" if was == would_be else "*"


def _shown(told: Content, key: str) -> str:
    value = told.get(key)
    if value is None:
        return "none"
    return _money(value, told) if key.endswith("_cents") else str(value)


def _after(told: Content, step: Content) -> str:
    row = f"  {step['row']}" if step["row"] else ""
    value = f" {step['value']:,}" if step["value"] is not None else ""
    return f"{_money(step['after_cents'], told)}{row}{value}"


def _money(cents: int | None, told: Content) -> str:
    if cents is None:
        return "unknown"
    places = get_currency_precision(told["currency"])
    return f"{major(cents, places):,}"


def _ended(told: Content) -> str:
    end = "" if told["route"] == "automatic" else ", and goes to a person"
    if told["law_limit_cents"] is not None:
        end += f", the law alone leaving {_money(told['law_limit_cents'], told)}"
    if told["recommendation"]:
        end += f", with the advice {told['recommendation']}"
    return f"{ENDS[told['action']]} {_money(told['proposed_limit_cents'], told)}{end}"


def _cell(value: Any) -> str:
    return "unknown" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
