"""Security in the policy: what the word of a guarantor, an insurance and a pledged thing are worth."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from linewatch.segment import FROZEN, Count, Share

UNKNOWN = "unknown"
"""The grade of the row that serves providers whose own grade is unknown or has no row."""


class ProviderGrade(BaseModel):
    """What a guarantor or insurer of this grade costs: it may fail, and then part of its word is lost."""

    model_config = FROZEN

    grade: str
    """As the source's `provider_grade` names it; `unknown` serves all that no other row names."""
    pd_bp: Annotated[int, Field(gt=0, le=10_000)]
    """Probability that the provider defaults within twelve months."""
    lgd_bp: Share
    """Share of its word that is lost when it does."""
    because: str


class ValuationHaircut(BaseModel):
    """What is taken off the value of collateral, by how many whole months ago it was valued."""

    model_config = FROZEN

    up_to_months: Count | None = None
    """Whole months since the valuation to which the row serves; the last has none."""
    haircut_bp: Share
    """Taken off the value."""
    because: str


class Security(BaseModel):
    """How covers count (docs/policy.md, section 1)."""

    model_config = FROZEN

    horizon_months: Annotated[int, Field(ge=1, le=60)]
    """A cover that ends sooner counts by its share of these months, in days."""
    collateral_lgd_bp: Share
    """Least loss given default of what collateral covers: nothing sells for its value."""
    expiring_days: tuple[Annotated[int, Field(gt=0, le=3_650)], ...]
    """Days before the end of a cover on which its line falls due and goes to a person, once each."""
    because: str

    @model_validator(mode="after")
    def _days_stand_once(self) -> Self:
        if list(self.expiring_days) != sorted(set(self.expiring_days), reverse=True):
            raise ValueError("expiring_days: name each once, the most first")
        return self


def security_faults(grades: tuple[ProviderGrade, ...], haircuts: tuple[ValuationHaircut, ...]) -> list[str]:
    """What is wrong with the rows of `provider_grade` and `valuation_haircut` taken together."""
    return [*_grade_faults(grades), *_haircut_faults(haircuts)]


def _grade_faults(grades: tuple[ProviderGrade, ...]) -> list[str]:
    names = [row.grade for row in grades]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults = [f"provider_grade: {name} stands twice" for name in twice]
    unknown = next((row for row in grades if row.grade == UNKNOWN), None)
    if unknown is not None:
        faults += [
            f"provider_grade {UNKNOWN}: costs less than {row.grade}, so that it would pay to name no grade"
            for row in grades
            if row.pd_bp * row.lgd_bp > unknown.pd_bp * unknown.lgd_bp
        ]
    return faults


def _haircut_faults(haircuts: tuple[ValuationHaircut, ...]) -> list[str]:
    if not haircuts or haircuts[-1].up_to_months is not None:
        return ["valuation_haircut: the last row has no up_to_months"]
    ages = [row.up_to_months for row in haircuts[:-1] if row.up_to_months is not None]
    faults = []
    if len(ages) != len(haircuts) - 1 or ages != sorted(set(ages)):
        faults.append("valuation_haircut: up_to_months must rise from row to row")
    cuts = [row.haircut_bp for row in haircuts]
    if cuts != sorted(cuts):
        faults.append("valuation_haircut: an older value must not have a smaller haircut")
    return faults


def security_tables(
    security: Security, grades: tuple[ProviderGrade, ...], haircuts: tuple[ValuationHaircut, ...]
) -> dict[str, list[dict[str, Any]]]:
    """Rows of pol_provider_grade, pol_valuation_haircut and pol_expiring."""
    above = [None, *[row.up_to_months for row in haircuts[:-1]]]
    return {
        "pol_provider_grade": [row.model_dump(exclude={"because"}) for row in grades],
        "pol_valuation_haircut": [
            {"above_months": low, "up_to_months": row.up_to_months, "haircut_bp": row.haircut_bp}
            for low, row in zip(above, haircuts, strict=True)
        ],
        "pol_expiring": [{"days": days} for days in security.expiring_days],
    }
