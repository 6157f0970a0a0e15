"""The strategy matrix of a policy: rows by grade or slot, columns by utilisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from linewatch.segment import FROZEN, GRADES, SLOTS, Grade, Segment, SlotName


class UtilisationBand(BaseModel):
    """Utilisations below `below_bp` that no lower band takes; the last has none."""

    model_config = FROZEN

    name: str = Field(pattern="^[a-z]+$")
    """What the rows of the matrix call it."""
    below_bp: Annotated[int, Field(gt=0)] | None = None
    """Share of the anchor limit that was in use on average over three closed months."""


class StrategyRow(BaseModel):
    """One row of the matrix: the target as a share of the anchor limit, by utilisation band."""

    model_config = FROZEN

    segment: str
    """The `name` of a segment."""
    grade: Grade | None = None
    """As tonight's review finds it; in segments `rated_by` grade."""
    slot: SlotName | None = None
    """Of the project; in segments `rated_by` slot."""
    target_bp: dict[str, Annotated[int, Field(ge=0, le=20_000)]]
    """Band to the share of the anchor limit: under 10,000 a cut, over it a rise, 10,000 neither."""
    because: str

    @model_validator(mode="after")
    def _one_rating(self) -> Self:
        if (self.grade is None) == (self.slot is None):
            raise ValueError(f"strategy {self.segment}: give a grade or a slot")
        return self

    @property
    def rating(self) -> str:
        """The grade or slot."""
        return self.grade or self.slot or ""


def matrix_faults(
    strategy: Sequence[StrategyRow], columns: Sequence[UtilisationBand], segments: Sequence[Segment]
) -> list[str]:
    """What keeps the matrix from giving every line one cell."""
    bands = [item.name for item in columns]
    faults = []
    wanted = {
        (segment.name, rating)
        for segment in segments
        for rating in (SLOTS if segment.rated_by == "slot" else GRADES)
    }
    given = [(row.segment, row.rating) for row in strategy]
    faults += [f"strategy: no row for {name} {rating}" for name, rating in sorted(wanted - set(given))]
    faults += [f"strategy: unknown segment {name}" for name, _ in sorted(set(given) - wanted)]
    if len(given) != len(set(given)):
        faults.append("strategy: a segment and grade or slot stand twice")
    faults += [
        f"strategy {row.segment} {row.rating}: target_bp needs exactly the bands {', '.join(bands)}"
        for row in strategy
        if set(row.target_bp) != set(bands)
    ]
    edges = [item.below_bp for item in columns]
    known = [edge for edge in edges[:-1] if edge is not None]
    if edges[-1] is not None or len(known) != len(edges) - 1 or known != sorted(set(known)):
        faults.append("utilisation_band: below_bp must rise, and the last band has none")
    return faults


def strategy_rows(strategy: Sequence[StrategyRow]) -> list[dict[str, Any]]:
    """Rows of pol_strategy."""
    return [
        {"segment": row.segment, "rating": row.rating, "band": band, "target_bp": target}
        for row in strategy
        for band, target in row.target_bp.items()
    ]


def utilisation_rows(bands: Sequence[UtilisationBand]) -> list[dict[str, Any]]:
    """Rows of pol_utilisation_band."""
    lows = [0, *[item.below_bp for item in bands[:-1]]]
    return [
        {"ordinal": number, "band": item.name, "from_bp": low, "below_bp": item.below_bp}
        for number, (low, item) in enumerate(zip(lows, bands, strict=True), start=1)
    ]
