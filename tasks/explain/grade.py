"""Why a grade is not the one of tonight's PD: a better one must be shown again, or a new card is in grace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linewatch.money import major
from linewatch.recorded import Recorded


def kept_grade_of(line: Mapping[str, Any], documents: Recorded) -> dict[str, Any] | None:
    """What holds the grade where it is; None where tonight's PD alone gives it."""
    shown = line.get("improve_reviews") or 0
    by_former = bool(line.get("grade_by_former"))
    if line["grade"] is None or not (shown or by_former):
        return None
    hysteresis = documents.policy.get("hysteresis", {})
    segments = documents.policy.get("segment", ())
    own: Mapping[str, Any] = next((each for each in segments if each["name"] == line["segment"]), {})
    return {
        "better_reviews": shown,
        "reviews_to_improve": hysteresis.get("reviews_to_improve"),
        "former_pd_bp": line["former_pd_bp"] if by_former else None,
        "because": [
            *([hysteresis.get("because", "")] if shown else []),
            *([own.get("relationship", {}).get("because", "")] if by_former else []),
        ],
    }


def told_of_grade(kept: Mapping[str, Any]) -> str:
    """What holds the grade, and why, in a few sentences."""
    return " ".join([*_sentences(kept), *kept["because"]])


def _sentences(kept: Mapping[str, Any]) -> Iterator[str]:
    if kept["former_pd_bp"] is not None:
        yield f"The grade is by the card before this one, whose PD is {major(kept['former_pd_bp'], 2)} %."
    if kept["better_reviews"]:
        shown, wanted = kept["better_reviews"], kept["reviews_to_improve"]
        yield f"Of {wanted} due reviews in a row that must show a better grade, {shown} did."
