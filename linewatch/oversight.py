"""When the people who look at cases only seem to: what is counted, and beyond which number it is an alarm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from linewatch.money import share_bp

LEAST_LINES = 50
"""Who read fewer lines may well have met none to change."""
LEAST_OVERRIDDEN_BP = 100
"""Under this share of lines on which somebody did not do as proposed, they only agree with the machine."""
LEAST_READ_TWICE = 30
LEAST_KAPPA_HUNDREDTHS = 40
"""Two who read the same and agree less than this hardly share a rule."""
LEAST_READINGS = 50
MOST_FAST_BP = 2_000
"""More readings than this share faster than anybody can read are no slip."""
PLAUSIBLE_SECONDS: Mapping[str, int] = MappingProxyType(
    {"site_visit": 900, "interview": 180, "desk_review": 30}
)
"""By kind of case, the least time in which anybody can have looked, where the policy says nothing of it."""
EVERYBODY = "everybody"
RUNG_AT: Mapping[str, int] = MappingProxyType(
    {
        "least_lines": LEAST_LINES,
        "least_overridden_bp": LEAST_OVERRIDDEN_BP,
        "least_read_twice": LEAST_READ_TWICE,
        "least_kappa_hundredths": LEAST_KAPPA_HUNDREDTHS,
        "least_readings": LEAST_READINGS,
        "most_fast_bp": MOST_FAST_BP,
    }
)
"""The same, for whoever reads the report."""


@dataclass(frozen=True)
class Alarm:
    """Something that a review by people should not look like."""

    code: str
    """only_agrees, readers_disagree or too_fast."""
    who: str
    """A reader, or EVERYBODY."""
    words: str


def plausible_seconds(policy: Mapping[str, Any]) -> dict[str, int]:
    """By kind of case, from a policy as it was recorded, a plain table."""
    return {**PLAUSIBLE_SECONDS, **policy.get("review", {}).get("plausible_seconds", {})}


def alarms(
    readers: Iterable[Mapping[str, Any]],
    everybody: Mapping[str, Any],
    twice: Mapping[str, Any],
    pace: Mapping[str, Any],
) -> list[Alarm]:
    """What is wrong, the gravest first.

    `readers` have `reader`, `lines` (read, where the proposal differs from the standing limit) and
    `overridden` of these; `everybody` the same of all of them; `twice` the `lines` read twice and their
    `kappa_hundredths`; `pace` the `readings` and those that were `fast`.
    """
    found = [_only_agrees(EVERYBODY, everybody), *(_only_agrees(row["reader"], row) for row in readers)]
    return [alarm for alarm in (*found, _too_fast(pace), _disagree(twice)) if alarm]


def told(alarm: Mapping[str, str]) -> str:
    """An alarm for people, from what JSON keeps of it."""
    return f"{alarm['code'].replace('_', ' ')}, {alarm['who']}: {alarm['words']}"


def _only_agrees(who: str, row: Mapping[str, Any]) -> Alarm | None:
    lines, overridden = row["lines"], row["overridden"]
    if lines < LEAST_LINES or overridden * 10_000 >= lines * LEAST_OVERRIDDEN_BP:
        return None
    return Alarm(
        "only_agrees", who, f"of {lines:,} lines, {overridden:,} were not answered as the machine proposed"
    )


def _too_fast(pace: Mapping[str, Any]) -> Alarm | None:
    readings, fast = pace["readings"], pace["fast"]
    if readings < LEAST_READINGS or fast * 10_000 <= readings * MOST_FAST_BP:
        return None
    share = (share_bp(fast, readings) or 0) // 100
    return Alarm(
        "too_fast", EVERYBODY, f"{fast:,} of {readings:,} readings ({share} %) were faster than plausible"
    )


def _disagree(twice: Mapping[str, Any]) -> Alarm | None:
    lines, kappa = twice["lines"], twice["kappa_hundredths"]
    if lines < LEAST_READ_TWICE or kappa is None or kappa >= LEAST_KAPPA_HUNDREDTHS:
        return None
    return Alarm("readers_disagree", EVERYBODY, f"kappa {hundredths(kappa)} of {lines:,} lines read twice")


def hundredths(value: int) -> str:
    """A number of hundredths for people: -5 is -0.05."""
    whole, part = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole:,}.{part:02}"
