"""Regulation packs: dated records of law as gates, caps, rates, blocks and duties."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

FROZEN = ConfigDict(frozen=True, extra="forbid")


class Record(BaseModel):
    """One record of a pack: it binds on as_of when effective_from <= as_of < effective_to."""

    model_config = FROZEN

    id: str
    """What a decision's `regulation_row` shows."""
    type: Literal["gate", "cap", "rate", "block", "duty"]
    """Caps bind a limit (step 8 of the walk); the others are on the record, and nothing reads them yet."""
    effective_from: date
    """The first day on which it binds."""
    effective_to: date | None = None
    """The first day on which it binds no longer; left out, it has no end."""
    borrower_type: Literal["consumer", "enterprise"] | None = None
    """Left out: both kinds of borrower."""
    licence: str | None = None
    """Binds lenders whose profile names it; left out, every lender."""
    measure: Literal["borrower_limit_cents"]
    """For a cap: what it bounds (`borrower_limit_cents`: the sum of a borrower's limits)."""
    value: int | None = None
    """For a cap: whole cents, the most."""
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    """Of `value` (ISO 4217); left out, the reporting currency."""
    citation: str
    """Which law, by name and article; `linewatch explain` shows it."""
    checked: bool
    """Whether someone read the named source itself; a record taken from elsewhere says false."""
    because: str

    @model_validator(mode="after")
    def _is_enforced(self) -> Self:
        if self.type != "cap" or self.value is None:
            raise ValueError(
                f"record {self.id}: this version enforces caps with a value alone; a record that is read and "
                "not enforced would be believed"
            )
        return self


class Pack(BaseModel):
    """The records of one jurisdiction."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    immediate: bool = False
    """Whether its first night reviews every line of its countries, due or not."""
    record: tuple[Record, ...]
    """One a rule."""
