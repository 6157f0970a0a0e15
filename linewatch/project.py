"""The policy on firms and projects: slots, commitments, groups under one hand, statements that grow old."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, Field, model_validator

from linewatch.reasons import GROUNDS
from linewatch.segment import FROZEN, SLOTS, Share, SlotName

Mark = Annotated[int, Field(ge=1, le=4)]
Score = Annotated[int, Field(gt=10_000, le=40_000)]
Factor = Literal["financial_strength", "political_legal", "transaction", "sponsor", "security"]
FACTORS: tuple[Factor, ...] = get_args(Factor)


class SlottingFactor(BaseModel):
    """One of the five factors of an assessment, marked 1 (weak) to 4 (strong)."""

    model_config = FROZEN

    factor: Factor
    """As the source's table `assessment` names it."""
    weight_bp: Share
    """Its share of the score; the five add up to 10,000."""
    because: str


class Slot(BaseModel):
    """A class of projects and what lines of it cost."""

    model_config = FROZEN

    slot: SlotName
    """From `strong` to `weak`, and `default`."""
    from_bp: Score | None = None
    """Score from which a project belongs here; `weak` takes what is left, `default` has its own events."""
    el_bp: Share
    """Loss of a year, as a share of what is exposed at default: stands in place of PD and LGD."""
    because: str


class Slotting(BaseModel):
    """How a project is slotted, in segments that are `rated_by` slot."""

    model_config = FROZEN

    assessment_months: Annotated[int, Field(gt=0)]
    """Months for which the marks of an assessment count; later they are missing."""
    unknown_counts: Mark
    """The mark that a missing factor counts as."""
    default_phases: tuple[str, ...] = ()
    """Phases of the last project report, in the lender's own words, that are a default."""
    because: str
    factor: tuple[SlottingFactor, ...]
    """The five factors, once each."""
    slot: tuple[Slot, ...]
    """The five slots in order, the best first."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sorted(item.factor for item in self.factor) != sorted(FACTORS):
            raise ValueError(f"slotting: give each factor once: {', '.join(FACTORS)}")
        if sum(item.weight_bp for item in self.factor) != 10_000:
            raise ValueError("slotting: the weight_bp of the factors must add up to 10000")
        if tuple(item.slot for item in self.slot) != SLOTS:
            raise ValueError(f"slotting: give each slot once, in order: {', '.join(SLOTS)}")
        edges = [item.from_bp for item in self.slot]
        known = [edge for edge in edges[:3] if edge is not None]
        if len(known) != 3 or edges[3:] != [None, None] or known != sorted(set(known), reverse=True):
            raise ValueError("slotting: from_bp must fall from strong to satisfactory; the others have none")
        return self

    def slot_rows(self) -> list[dict[str, Any]]:
        """Rows of pol_slot."""
        return [item.model_dump(include={"slot", "from_bp", "el_bp"}) for item in self.slot]

    def setting(self) -> dict[str, Any]:
        """Columns of pol_slotting."""
        weights = {f"{item.factor}_weight_bp": item.weight_bp for item in self.factor}
        return {
            "assessment_months": self.assessment_months,
            "unknown_counts": self.unknown_counts,
            "default_phases": list(self.default_phases),
            **weights,
        }


class Commitment(BaseModel):
    """Committed and project lines: the walk recommends and a person decides, always."""

    model_config = FROZEN

    freezes: tuple[str, ...]
    """Blocks that the contracts allow at once; any other is recommended as a draw-stop."""
    draw_stop_slots: tuple[SlotName, ...] = ()
    """Slots in which a draw-stop is recommended."""
    draw_stop_on_covenant: bool
    """Whether a covenant that the last project report calls broken is a reason to recommend one."""
    because: str

    @model_validator(mode="after")
    def _known(self) -> Self:
        unknown = sorted(set(self.freezes) - set(GROUNDS))
        if unknown:
            raise ValueError(f"commitment: freezes: not a block of docs/codes.md: {', '.join(unknown)}")
        return self

    def setting(self) -> dict[str, Any]:
        """Columns of pol_commitment."""
        values = self.model_dump(exclude={"because"})
        return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


class ControlGroup(BaseModel):
    """Which borrowers stand or fall together."""

    model_config = FROZEN

    control_share_bp: Share
    """A parent or controller with a smaller share ties nobody; an unknown share ties."""
    dependence_share_bp: Share
    """The same for economic dependence."""
    default_treatments: tuple[str, ...] = ()
    """Treatments that are a default, beside 90 days past due: for the borrower's lines, their group's, and
    those that they stand behind."""
    because: str

    def setting(self) -> dict[str, Any]:
        """Columns of pol_control_group."""
        return {
            "control_share_bp": self.control_share_bp,
            "dependence_share_bp": self.dependence_share_bp,
            "default_treatments": list(self.default_treatments),
        }


class Statements(BaseModel):
    """Financial statements that grow old."""

    model_config = FROZEN

    expiring_days: tuple[Annotated[int, Field(ge=0)], ...]
    """Days before a statement is stale on which the line is looked at and referred, once each."""
    because: str
