"""The scale of a scorecard: what a score says of the odds, and so of the probability of default."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PRECISION = 40


class Scaling(BaseModel):
    """A score of `points` has good-to-bad odds of `odds` to 1, and every `double_every` points double them.

    score = offset + factor × ln(odds), factor = double_every ÷ ln 2 (Siddiqi, Credit Risk Scorecards,
    2006). With 600 points at 50:1 and doubling every 20, the factor is 28.8539, the offset 487.123, and 620
    points say 100:1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: int
    """Hundredths of a point: the score at which the odds are known."""
    odds: Annotated[int, Field(ge=1)]
    """Borrowers who pay for each one who defaults, at that score."""
    double_every: Annotated[int, Field(ge=1)]
    """Hundredths of a point that double the odds."""

    @property
    def factor(self) -> Decimal:
        """Points for each unit of ln(odds)."""
        with localcontext() as context:
            context.prec = PRECISION
            return Decimal(self.double_every) / 100 / Decimal(2).ln()

    @property
    def offset(self) -> Decimal:
        """The score at odds of 1:1."""
        with localcontext() as context:
            context.prec = PRECISION
            return Decimal(self.points) / 100 - self.factor * Decimal(self.odds).ln()

    def pd_bp(self, score: int) -> int:
        """Probability of default at a score (hundredths of a point), in basis points rounded up, 1 to 10,000.

        PD = 1 ÷ (1 + odds); at 50:1 it is 1 ÷ 51, so 197. Decimal arithmetic of a fixed precision.
        """
        with localcontext() as context:
            context.prec = PRECISION
            doublings = Decimal(score - self.points) / self.double_every
            odds = self.odds * (doublings * Decimal(2).ln()).exp()
            pd = (10_000 / (1 + odds)).to_integral_value(rounding="ROUND_CEILING")
        return min(max(int(pd), 1), 10_000)
