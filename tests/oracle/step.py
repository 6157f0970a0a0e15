"""The receipt of one step."""

from __future__ import annotations

from typing import NamedTuple

STEPS = (
    "gate",
    "strategy",
    "relationship",
    "affordability",
    "expected_loss",
    "stability",
    "exposure",
    "regulation",
    "floor",
)


class Step(NamedTuple):
    """The limit it arrived at, the row that did it and its number."""

    after: int
    row: str | None = None
    value: int | None = None
