"""Segments of the policy: kinds of line, and all the numbers that belong to each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FROZEN = ConfigDict(frozen=True, extra="forbid")
Share = Annotated[int, Field(ge=0, le=10_000)]
Count = Annotated[int, Field(ge=0)]
Subject = Literal["consumer", "enterprise"]
Grade = Literal["A", "B", "C", "D", "E", "F", "G"]
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E", "F", "G")


class Affordability(BaseModel):
    """What the borrower can carry. Consumers use the income keys, enterprises the statement keys."""

    model_config = FROZEN

    income_share_bp: Share = 0
    minimum_payment_bp: Annotated[int, Field(gt=0, le=10_000)] = 10_000
    buffer_cents: Count = 0
    essential_share_bp: Share = 0
    """Share of income taken as essential spending where the source does not know it."""
    verified_within_months: Count = 0
    cuts: bool = False
    """Whether a standing limit may be lowered to a verified and recent capacity."""
    refer_below_bp: Share = 0
    """A line whose capacity is under this share of its limit is referred when it may not be cut."""
    revenue_share_bp: Count = 0
    debt_service_cover_bp: Count = 0
    interest_cover_bp: Count = 0
    statement_months: Count = 0
    """A statement older than this is stale: no rise, and the line is referred when due."""
    because: str


class ExpectedLoss(BaseModel):
    """What a borrower may cost, and what a rise must earn."""

    model_config = FROZEN

    appetite_cents: Count
    """Largest expected loss of one borrower over all lines, in the reporting currency."""
    ccf_bp: Share
    lgd_bp: Share
    guaranteed_lgd_bp: Share
    """Loss given default of the covered share: what the guarantor fails to pay."""
    funding_bp: Count
    capital_charge_bp: Count
    hurdle_bp: int
    because: str


class Relationship(BaseModel):
    """What a long and good customer gets: never late, known for long, in one of the grades named."""

    model_config = FROZEN

    tenure_months: Count
    grades: tuple[Grade, ...]
    extra_step_bp: Count
    """Added to an increase, as a share of the anchor limit."""
    cut_relief_bp: Share
    """Share of the strategy's cut that is forgiven."""
    rate_cap_bp: Count | None = None
    """Most that such a customer pays a year; a higher rate falls to it."""
    because: str


class Stability(BaseModel):
    """How fast and how far a limit may move."""

    model_config = FROZEN

    down_review_bp: Share
    """Largest step down at one review, as a share of the anchor limit."""
    down_year_bp: Share
    """Largest fall over twelve months, as a share of the highest limit in them."""
    up_review_bp: Count
    utilisation_after_cut_bp: Annotated[int, Field(gt=0, le=10_000)]
    """Highest utilisation that a cut may leave a borrower who is not in arrears."""
    cool_off_up_months: Count
    """Months after any change before the limit may rise."""
    cool_off_down_months: Count
    """Months after an increase of ours before the strategy may cut, short of an adverse event."""
    rounding_cents: Annotated[int, Field(gt=0)]
    dead_band_bp: Share
    dead_band_cents: Count
    because: str


class LongUnused(BaseModel):
    """The named rule for lines that nobody draws on."""

    model_config = FROZEN

    months: Annotated[int, Field(gt=0)]
    target_bp: Share
    because: str


class Segment(BaseModel):
    """A kind of line and all its numbers. A line belongs to the first that fits, in file order."""

    model_config = FROZEN

    name: str = Field(pattern="^[a-z_]+$")
    subject: Subject
    product: Literal["revolving_consumer", "working_capital", "project"] | None = None
    tenure_below_months: Count | None = None
    revenue_below_cents: Count | None = None
    cycle: Literal["statement", "annual"]
    """When the review falls due: at each statement, or once a year."""
    notice_days: Count
    """Days between the night and the day a decrease takes effect."""
    because: str
    affordability: Affordability
    expected_loss: ExpectedLoss
    relationship: Relationship
    stability: Stability
    long_unused: LongUnused

    def row(self, ordinal: int) -> dict[str, Any]:
        """One row of pol_segment: the keys of each part carry the part's name, `because` left out."""
        flat: dict[str, Any] = {
            "ordinal": ordinal,
            "segment": self.name,
            **self.model_dump(
                include={
                    "subject",
                    "product",
                    "tenure_below_months",
                    "revenue_below_cents",
                    "cycle",
                    "notice_days",
                }
            ),
        }
        for part, prefix in (
            ("affordability", "aff"),
            ("expected_loss", "el"),
            ("relationship", "rel"),
            ("stability", "stab"),
            ("long_unused", "unused"),
        ):
            values = getattr(self, part).model_dump(exclude={"because"})
            flat |= {f"{prefix}_{key}": value for key, value in values.items()}
        flat["rel_grades"] = "".join(self.relationship.grades)
        return flat
