"""Segments of the policy: kinds of line, and all the numbers that belong to each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from linewatch.expression import parse
from linewatch.facts import kinds, segment_ranges, segment_reference

FROZEN = ConfigDict(frozen=True, extra="forbid")
Share = Annotated[int, Field(ge=0, le=10_000)]
Count = Annotated[int, Field(ge=0)]
Subject = Literal["consumer", "enterprise"]
Grade = Literal["A", "B", "C", "D", "E", "F", "G"]
SlotName = Literal["strong", "good", "satisfactory", "weak", "default"]
SLOTS: tuple[SlotName, ...] = ("strong", "good", "satisfactory", "weak", "default")
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E", "F", "G")


class Affordability(BaseModel):
    """What the borrower can carry. Consumers use the income keys, enterprises the statement keys."""

    model_config = FROZEN

    income_share_bp: Share = 0
    """Share of net monthly income that all payments and essential spending may take."""
    minimum_payment_bp: Annotated[int, Field(gt=0, le=10_000)] = 10_000
    """Share of a full line that falls due each month: what is left of income carries so much line."""
    buffer_cents: Count = 0
    """Left to the borrower each month, in the line's currency."""
    essential_share_bp: Share = 0
    """Share of income taken as essential spending where it is not known: it bounds rises and cuts nothing."""
    verified_within_months: Count = 0
    """Months for which a verified income may lower a limit."""
    cuts: bool = False
    """Whether a standing limit may be lowered to a capacity of verified, recent income and known spending."""
    refer_below_bp: Share = 0
    """A line whose capacity is under this share of its limit is referred when it may not be cut."""
    revenue_share_bp: Count = 0
    """Largest line, over all lines of the firm, as a share of a year's revenue."""
    debt_service_cover_bp: Count = 0
    """Operating cash flow beside debt service due (10,000 is once): under it no rise."""
    interest_cover_bp: Count = 0
    """EBIT beside interest to pay (10,000 is once): under it no rise."""
    statement_months: Count = 0
    """A statement older than this is stale: no rise, and the line is referred when due."""
    trade_months_least: Count = 12
    """Months of trade on record from which they stand in for a statement's revenue, where there is none."""
    trade_age_months: Count = 0
    """Trade whose newest month lies as many months back or more stands in for nothing."""
    because: str


class ExpectedLoss(BaseModel):
    """What a borrower may cost, and what a rise must earn."""

    model_config = FROZEN

    appetite_cents: Count
    """Largest expected loss of one borrower over all lines, in the reporting currency."""
    ccf_bp: Share
    """Share of the undrawn limit that is drawn before default."""
    lgd_bp: Share
    """Share of what is owed at default that is lost, where nothing covers it."""
    funding_bp: Count
    """Cost of the money lent, a year."""
    capital_charge_bp: Count
    """Cost of the capital held against it, a year."""
    hurdle_bp: int
    """Least margin a year, after those costs and the loss, for a rise; may be negative."""
    because: str


class Relationship(BaseModel):
    """What a long and good customer gets: never late, known for long, in one of the grades named."""

    model_config = FROZEN

    tenure_months: Count
    """Whole months since onboarding from which a customer is long known."""
    grades: tuple[Grade, ...]
    """Who gets the extra step and the rate cap."""
    extra_step_bp: Count
    """Added to an increase, as a share of the anchor limit."""
    cut_relief_bp: Share
    """Share of the strategy's cut that is forgiven."""
    grace_months: Count = 0
    """Months from a new scorecard's first day for which such a customer has the better grade of two cards."""
    rate_cap_bp: Count | None = None
    """Most that such a customer pays a year; a higher rate falls to it."""
    because: str


class Stability(BaseModel):
    """How fast and how far a limit may move."""

    model_config = FROZEN

    down_review_bp: Share
    """Largest step down at one review, as a share of the anchor limit."""
    down_grade_fall_bp: Annotated[int, Field(gt=0, le=10_000)] | None = None
    """The same where the full step would itself lower the borrower's grade; left out: `down_review_bp`."""
    down_year_bp: Share
    """Largest fall over twelve months, as a share of the highest limit in them."""
    up_review_bp: Count
    """Largest step up at one review, as a share of the anchor limit."""
    utilisation_after_cut_bp: Annotated[int, Field(gt=0, le=10_000)]
    """Highest utilisation that a cut may leave a borrower who is not in arrears."""
    cool_off_up_months: Count
    """Months after any change before the limit may rise."""
    cool_off_down_months: Count
    """Months after an increase of ours before the strategy may cut, short of an adverse event."""
    rounding_cents: Annotated[int, Field(gt=0)]
    """Limits that move are a multiple of this, in the line's currency, rounded to the safe side."""
    dead_band_bp: Share
    """A smaller move is left undone: as a share of the current limit."""
    dead_band_cents: Count
    """The same as an amount in the line's currency; the larger of the two counts."""
    because: str

    @field_validator("down_grade_fall_bp")
    @classmethod
    def _within_a_full_step(cls, share: int | None, info: ValidationInfo) -> int | None:
        full = info.data.get("down_review_bp")
        if share is not None and full is not None and share > full:
            raise ValueError(f"is over down_review_bp ({full}), in whose place it stands")
        return share


class LongUnused(BaseModel):
    """The named rule for lines that nobody draws on."""

    model_config = FROZEN

    months: Annotated[int, Field(gt=0)]
    """Closed months on record without use from which the rule holds."""
    target_bp: Share
    """The target of such a line, as a share of the anchor limit, where the matrix gives more."""
    because: str


class Segment(BaseModel):
    """A kind of line and all its numbers. A line belongs to the first that fits, in file order."""

    model_config = FROZEN

    name: str = Field(pattern="^[a-z_]+$")
    """What the rows of the matrix and the triggers call it."""
    subject: Subject
    """The kind of borrower whose lines it takes."""
    product: Literal["revolving_consumer", "working_capital", "project"] | None = None
    """Left out: every product."""
    tenure_below_months: Count | None = None
    """Only borrowers known for fewer whole months; an unknown first day does not fit."""
    revenue_below_cents: Count | None = None
    """Only firms whose newest statement shows less revenue, in its currency; unknown does not fit."""
    rated_by: Literal["grade", "slot"] = "grade"
    """What the rows of the matrix go by: the grade of the score, or the slot of a project."""
    when: str | None = None
    """A condition that the line must meet (docs/conditions.md); left out, none."""
    cycle: Literal["statement", "annual"]
    """When the review falls due: at each statement, or once a year."""
    notice_days: Count
    """Days between the night and the day a decrease takes effect."""
    offer_days: Count
    """Days for which an offer of a higher limit stands and keeps its room under the caps."""
    matured_blocks: bool
    """Whether nothing new may be drawn after the line's last day."""
    because: str
    affordability: Affordability
    """What the borrower can carry (step 4 of the walk)."""
    expected_loss: ExpectedLoss
    """What a borrower may cost, and a rise must earn (step 5)."""
    relationship: Relationship
    """What a long and good customer gets (step 3)."""
    stability: Stability
    """How fast and how far a limit may move (step 6)."""
    long_unused: LongUnused
    """The rule for lines that nobody draws on (step 2)."""

    @field_validator("when")
    @classmethod
    def _may_run(cls, when: str | None) -> str | None:
        if when is not None:
            parse(when, kinds(segment_ranges()))
        return when

    @property
    def condition(self) -> str | None:
        """`when` as SQL, written anew from the parsed condition."""
        if self.when is None:
            return None
        return parse(self.when, kinds(segment_ranges())).sql(segment_reference)

    def row(self, ordinal: int) -> dict[str, Any]:
        """One row of pol_segment: the keys of each part carry the part's name, `because` left out."""
        flat: dict[str, Any] = {
            "ordinal": ordinal,
            "segment": self.name,
            "condition": self.condition,
            **self.model_dump(
                include={
                    "subject",
                    "product",
                    "rated_by",
                    "tenure_below_months",
                    "revenue_below_cents",
                    "cycle",
                    "notice_days",
                    "offer_days",
                    "matured_blocks",
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
