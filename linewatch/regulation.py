"""Regulation packs: dated records of law as gates, caps, rates, blocks and duties."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FROZEN = ConfigDict(frozen=True, extra="forbid")


class Record(BaseModel):
    """One record of a pack: it binds on as_of when effective_from <= as_of < effective_to."""

    model_config = FROZEN

    id: str
    type: Literal["gate", "cap", "rate", "block", "duty"]
    effective_from: date
    effective_to: date | None = None
    borrower_type: Literal["consumer", "enterprise"] | None = None
    licence: str | None = None
    measure: str
    """For a cap: what it bounds (`borrower_limit_cents`: the sum of a borrower's limits)."""
    value: int | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    citation: str
    checked: bool
    """Whether someone read the named source itself; a record taken from elsewhere says false."""
    because: str


class Pack(BaseModel):
    """The records of one jurisdiction."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    record: tuple[Record, ...]
