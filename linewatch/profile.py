"""The lender: who it is, where it lends, what its sources must hold, whom to call."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

FROZEN = ConfigDict(frozen=True, extra="forbid", strict=False)


class Person(BaseModel):
    """Someone who may review, approve or discard."""

    model_config = FROZEN

    id: str
    roles: tuple[str, ...]
    amount_limit_cents: int = Field(ge=0)


class Hook(BaseModel):
    """What is called when a night failed, was held, or is late: no personal data goes out."""

    model_config = FROZEN

    command: tuple[str, ...] = ()
    """A program and its arguments; the outcome comes as one JSON object on its standard input."""
    webhook: str = ""
    """An http(s) address; the outcome is posted as JSON."""
    timeout_seconds: int = Field(default=20, ge=1, le=300)


class Profile(BaseModel):
    """A lender's profile (DOMAIN: documents)."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    name: str
    complaints_address: str
    regulator_address: str
    licence: str
    net_assets_cents: Annotated[int, Field(ge=0)] | None = None
    tier1_cents: Annotated[int, Field(ge=0)] | None = None
    capital_on: date | None = None
    reporting_currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    """Left out: the sole currency of the lines, and a night with two is refused."""
    time_zone: str
    calendar: str
    required_tables: tuple[str, ...] = ()
    freshness_days: int = Field(ge=0, le=92)
    """How many days before as_of the source's last dated row may lie."""
    minimum_free_mb: int = Field(default=200, ge=0)
    """A night does not start with less free space in its home."""
    packs: dict[str, str] = Field(default_factory=dict)
    """Country (ISO 3166) to regulation pack."""
    languages: dict[str, Literal["zh", "en"]] = Field(default_factory=dict)
    """Country to the language of letters where the borrower names none."""
    people: tuple[Person, ...] = ()
    """Without a register any name is taken, and every record says so."""
    hook: Hook = Hook()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"{zone!r} is not a time zone of the IANA list")
        return zone

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
