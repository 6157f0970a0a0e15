"""What sends a line to a person, and what stands on the line until they have decided."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, field_validator, model_validator

from linewatch.reasons import SCORE_FAMILIES
from linewatch.segment import FROZEN

MEANWHILE = frozenset(
    {
        *SCORE_FAMILIES,
        "income_insufficient",
        "obligations_excessive",
        "own_credit_exposure",
        "group_exposure",
        "security_lapsed",
        "regulation_cap",
    }
)
"""Reasons of a block that stands while a person is asked. Not those for which the gate blocks, fraud and
death among them: a line that had one would be blocked by it. Nor those of a reviewer: nobody has looked yet.
"""

SUSPICIONS = ("fraud_suspected", "shared_device")
"""Whoever is looked at for one of these is invited to nothing, whatever else holds."""


class Trigger(BaseModel):
    """A line that meets it goes to a person. docs/policy.md gives the unit of `value` for each code."""

    model_config = FROZEN

    code: Literal[
        "large_decrease", "large_exposure", "grade_worsened", "unknown_share", "affordability_unverified",
        "expected_loss_exceeded", "fraud_suspected", "shared_device", "pd_near_edge", "statement_stale",
        "exposure_breach", "complaint_open", "automation_objection", "security_expiring", "valuation_stale",
        "assessment_poor", "statement_expiring", "altman_distress", "group_default", "covenant_breached",
        "dscr_low", "cost_shortfall", "drawn_ahead", "project_report_old", "slotting_incomplete",
        "publication_overdue",
    ]  # fmt: skip
    """A trigger of docs/codes.md; one that is not listed is off, save those that are always on."""
    segments: tuple[str, ...] = ()
    """Left empty: every segment."""
    value: int = 0
    """From where on it holds, in the unit that docs/policy.md gives; 0 where there is none."""
    meanwhile: Literal["no_new_drawdown"] | None = None
    """What stands on a line while its case is open; left out: nothing, as on committed and project lines."""
    reason: str | None = None
    """Why, as the letter of such a block says: of the score (docs/codes.md), or one of `income_insufficient`,
    `obligations_excessive`, `own_credit_exposure`, `group_exposure`, `security_lapsed` and `regulation_cap`.
    Needed with `meanwhile`, and only there."""
    invites: Literal["interview", "site_visit"] | None = None
    """What the borrower is invited to when a case is opened because of it, which is then of that kind; left
    out: to nothing. Not of `fraud_suspected` and `shared_device`: suspicion is not told."""
    because: str

    @field_validator("reason")
    @classmethod
    def _may_be_told(cls, reason: str | None) -> str | None:
        if reason is not None and reason not in MEANWHILE:
            raise ValueError(
                f"no letter can give {reason!r} as why drawing is stopped while a person is asked"
            )
        return reason

    @model_validator(mode="after")
    def _tips_nobody_off(self) -> Self:
        if self.invites is not None and self.code in SUSPICIONS:
            raise ValueError(f"trigger {self.code}: invites nobody: suspicion is not told")
        return self

    @model_validator(mode="after")
    def _block_and_reason(self) -> Self:
        if self.meanwhile is not None and self.reason is None:
            raise ValueError(f"trigger {self.code}: meanwhile needs the reason that its letter gives")
        if self.meanwhile is None and self.reason is not None:
            raise ValueError(f"trigger {self.code}: a reason is for what stands meanwhile, and nothing does")
        return self
