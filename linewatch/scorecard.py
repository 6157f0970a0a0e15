"""Scorecards: points for attributes of characteristics, and a probability of default for the sum."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linewatch.scaling import Scaling

FROZEN = ConfigDict(frozen=True, extra="forbid")
DRIVERS = ("conduct", "elapsed_time", "security", "related", "market")


class Attribute(BaseModel):
    """One bin: `from` <= value < `below`, either end open; or the unknown value."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: int | None = Field(default=None, alias="from")
    """Lowest value of the bin, in the characteristic's unit; the first bin has none."""
    below: int | None = None
    """First value above the bin; the last has none, and each begins where the one before ended."""
    unknown: bool = False
    """Set on exactly one attribute: the points of who has no known value."""
    points: int
    """Whole hundredths of a point."""


class Characteristic(BaseModel):
    """A column of the feature table with its bins."""

    model_config = FROZEN

    name: str
    """As in docs/characteristics.md."""
    family: str
    """The reason family that its shortfall is told under (linewatch/notices)."""
    driver: Literal["conduct", "elapsed_time", "security", "related", "market"]
    """What moves it; as in docs/characteristics.md."""
    reference_points: int
    """Mean points (hundredths) of the segment's scored population when the card was approved."""
    optional: bool = False
    """Set where many lenders lack its table: it counts in the share of unknowns only where it is known."""
    because: str
    attribute: tuple[Attribute, ...]
    """The bins, the lowest first, and the unknown."""

    @model_validator(mode="after")
    def _bins_meet(self) -> Self:
        known = [bin_ for bin_ in self.attribute if not bin_.unknown]
        if sum(bin_.unknown for bin_ in self.attribute) != 1:
            raise ValueError(f"{self.name}: exactly one attribute must be `unknown = true`")
        if not known or known[0].from_ is not None or known[-1].below is not None:
            raise ValueError(f"{self.name}: the first attribute has no `from`, the last no `below`")
        for low, high in pairwise(known):
            if low.below is None or low.below != high.from_:
                raise ValueError(f"{self.name}: attributes must meet: {low.below} is not {high.from_}")
        return self


class PdStep(BaseModel):
    """Scores from `score_from` (hundredths) up to the next step have this PD."""

    model_config = FROZEN

    score_from: int
    """Hundredths of a point; the first step holds for every lower score too."""
    pd_bp: int = Field(ge=1, le=10_000)
    """Probability of default within twelve months."""


class ScoreBand(BaseModel):
    """Scores below `below` that no lower band takes; the last band has none."""

    model_config = FROZEN

    below: int | None = None
    """Hundredths of a point."""
    share_bp: int = Field(ge=0, le=10_000)
    """Share of the population's scored lines."""


class Reference(BaseModel):
    """How the card spread a population when it was approved: what guards compare a night's lines with.

    `linewatch scorecard reference` prints it from a committed night.
    """

    model_config = FROZEN

    population: str
    """Which night of which lender, and how many lines."""
    lines: int = Field(gt=0)
    """Scored lines of it."""
    because: str
    score_band: tuple[ScoreBand, ...]
    """The scores in bands, the lowest first."""
    grade_share_bp: dict[Literal["A", "B", "C", "D", "E", "F", "G"], int]
    """Each grade's share of the lines; grades are the policy's of that night."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        edges = [band.below for band in self.score_band]
        known = [edge for edge in edges[:-1] if edge is not None]
        if not edges or edges[-1] is not None or len(known) != len(edges) - 1 or known != sorted(set(known)):
            raise ValueError("reference.score_band: `below` must rise, and the last band has none")
        for name, shares in (
            ("score_band", [band.share_bp for band in self.score_band]),
            ("grade_share_bp", list(self.grade_share_bp.values())),
        ):
            if sum(shares) != 10_000:
                raise ValueError(f"reference.{name}: the shares add up to {sum(shares)} bp, not to 10000")
        return self


class Scorecard(BaseModel):
    """An additive card: score = base_points + the points of each characteristic. Higher is safer."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    immediate: bool = False
    """Whether its first night reviews every line of its borrowers, due or not."""
    subject: Literal["consumer", "enterprise"]
    """Which feature table it reads: features_consumer or features_enterprise."""
    feature_version: int
    """The version of the characteristics that it was drawn for; another refuses the night."""
    base_points: int
    """Hundredths of a point, given to everybody."""
    approved_on: date | None = None
    """Kept on the record, nothing reads it."""
    reference_population: str
    """Which night and how many borrowers the reference points were measured on."""
    reference: Reference | None = None
    """How its scores and grades spread then; left out, the guards against it are not measured."""
    because: str
    characteristic: tuple[Characteristic, ...]
    """What the card reads of a borrower, each once."""
    scaling: Scaling | None = None
    """The scale that the PD table was made on; where it is told, every step must be what it says."""
    pd: tuple[PdStep, ...]
    """Steps of rising scores; the PD never rises with them."""

    @model_validator(mode="after")
    def _pd_falls(self) -> Self:
        for low, high in pairwise(self.pd):
            if high.score_from <= low.score_from or high.pd_bp > low.pd_bp:
                raise ValueError(f"pd: score_from must rise and pd_bp must not (at {high.score_from})")
        if self.scaling is not None:
            for step in self.pd:
                if step.pd_bp != (meant := self.scaling.pd_bp(step.score_from)):
                    raise ValueError(
                        f"pd: at {step.score_from} the scaling says {meant} bp and the table {step.pd_bp}"
                    )
        names = [item.name for item in self.characteristic]
        if len(names) != len(set(names)):
            raise ValueError("characteristic: a name stands twice")
        return self

    def bin_rows(self) -> list[dict[str, Any]]:
        """Rows of the table `scorecard_bin`: one an attribute."""
        return [
            {
                "scorecard": self.id,
                "characteristic": item.name,
                "family": item.family,
                "driver": item.driver,
                "reference_points": item.reference_points,
                "attribute": number,
                "value_from": bin_.from_,
                "value_below": bin_.below,
                "is_unknown": bin_.unknown,
                "points": bin_.points,
                "is_optional": item.optional,
            }
            for item in self.characteristic
            for number, bin_ in enumerate(item.attribute, start=1)
        ]

    def pd_rows(self) -> list[dict[str, Any]]:
        """Rows of the table `scorecard_pd`: one a step."""
        return [
            {"scorecard": self.id, "score_from": step.score_from, "pd_bp": step.pd_bp} for step in self.pd
        ]

    def reference_score_rows(self) -> list[dict[str, Any]]:
        """Rows of the table `reference_score`: one a band; none without a reference."""
        if self.reference is None:
            return []
        return [
            {
                "scorecard": self.id,
                "band": number,
                "below_score": band.below,
                "lines": self.reference.lines * band.share_bp // 10_000,
            }
            for number, band in enumerate(self.reference.score_band, start=1)
        ]

    def reference_grade_rows(self) -> list[dict[str, Any]]:
        """Rows of the table `reference_grade`: one a grade; none without a reference."""
        if self.reference is None:
            return []
        return [
            {"scorecard": self.id, "grade": grade, "lines": self.reference.lines * share_bp // 10_000}
            for grade, share_bp in self.reference.grade_share_bp.items()
        ]

    def base_rows(self) -> list[dict[str, Any]]:
        """The row of the table `scorecard_base`."""
        return [{"scorecard": self.id, "subject": self.subject, "base_points": self.base_points}]
