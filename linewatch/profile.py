"""The lender: who it is, where it lends, what its sources must hold, whom to call."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from linewatch import workdays
from linewatch.destination import FOLDER
from linewatch.spec import SECRET, is_database

FROZEN = ConfigDict(frozen=True, extra="forbid", strict=False)


class Person(BaseModel):
    """Someone who may review, approve, discard or reverse."""

    model_config = FROZEN

    id: str
    """The name that they give, as in `--by`."""
    roles: tuple[str, ...]
    """`approver`: may approve, discard or reverse a night; `reviewer`: work on cases; others are kept."""
    amount_limit_cents: int = Field(ge=0)
    """The most by which a night may move limits, up and down added, for them to let it through or undo it."""


class Hook(BaseModel):
    """What is called when a night failed, was refused or is held: no personal data goes out."""

    model_config = FROZEN

    command: tuple[str, ...] = ()
    """A program and its arguments; the outcome comes as one JSON object on its standard input."""
    webhook: str = ""
    """An http(s) address; the outcome is posted as JSON."""
    timeout_seconds: int = Field(default=20, ge=1, le=300)
    """How long either may take before it is given up; the night is not kept waiting longer."""


class LogPlaces(BaseModel):
    """The log of the record (docs/log.md): what it is called, and where copies of its signed heads go."""

    model_config = FROZEN

    origin: str = Field(default="", pattern=r"^[^\s+]*$")
    """The log's name, such as `example.com/linewatch`, taken once; left out, one made of its first key."""
    second: str = ""
    """A folder, better on another machine, where each checkpoint is left too, for `log verify --against`."""


class Bureau(BaseModel):
    """A credit bureau, as letters name it where the law asks for that."""

    model_config = FROZEN

    name: str = Field(min_length=1)
    """In full."""
    address: str = Field(min_length=1)
    """On one line."""
    phone: str = Field(min_length=1)
    """In the United States one that is free of charge."""


Kept = Literal["snapshots", "decisions", "drafts", "exports", "evidence", "case_files", "logs"]
CARRIED_MONTHS = 14
"""Nights carry on from the decisions of the last 400 days."""


class Keeping(BaseModel):
    """How long a kind of thing is kept in the home. Kinds that no rule names are kept for good."""

    model_config = FROZEN

    kind: Kept
    """`snapshots`; `decisions`, with features, cases, changes and quarantine; `drafts`, the letters; `logs`;
    `exports` and `evidence`, files made for people under `out/`; `case_files`, what was laid beside cases."""
    effective_from: date
    """The first day on which it holds; the newest rule of its kind counts."""
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    """So many calendar months after its night, or after the case was closed; left out, for good."""
    because: str

    @model_validator(mode="after")
    def _is_carried_on(self) -> Self:
        if self.kind == "decisions" and self.months is not None and self.months < CARRIED_MONTHS:
            raise ValueError(f"decisions are kept {CARRIED_MONTHS} months or longer: later nights read them")
        return self


class Profile(BaseModel):
    """A lender: who it is, where it lends, what its sources must hold, whom to call."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    name: str
    """The lender's, as letters and the report show it."""
    complaints_address: str
    """Where a borrower may complain; stands in every letter."""
    regulator_address: str
    """Whom a borrower may turn to next; stands in every letter."""
    licence: str
    """Under which the lender lends: records of a pack that name another licence do not bind."""
    net_assets_cents: Annotated[int, Field(ge=0)] | None = None
    """In the reporting currency; needed where a cap of the policy or of law is a share of it."""
    tier1_cents: Annotated[int, Field(ge=0)] | None = None
    """Tier 1 capital in the reporting currency; needed where a cap of law is a share of it."""
    capital_on: date | None = None
    """The day of these two figures; on or before the night where the law needs either."""
    reporting_currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    """Left out: the lines' sole currency, else the one that `fx_rate` converts into, else a refusal."""
    time_zone: str
    """Of the IANA list: a scheduled night reviews the day that ended there."""
    calendar: str
    """Whose working days a case is given: a country of ISO 3166, such as CN, or a part of it, US-NY."""
    required_tables: tuple[str, ...] = ()
    """Tables of the data contract without which the night is refused, beside `borrower` and `facility`."""
    freshness_days: int = Field(ge=0, le=92)
    """How many days before as_of the source's last dated row may lie."""
    minimum_free_mb: int = Field(default=200, ge=0)
    """A night does not start with less free space in its home."""
    packs: dict[str, str] = Field(default_factory=dict)
    """Country (ISO 3166) to regulation pack."""
    require_pack: bool = False
    """Whether a night with open lines of a country without a pack is refused; else their number is told."""
    require_approved_packs: bool = False
    """Whether a night is refused where counsel did not approve a pack that it needs within twelve months."""
    languages: dict[str, Literal["zh", "en"]] = Field(default_factory=dict)
    """Country to the language of letters where the borrower names none."""
    bureau: dict[str, Bureau] = Field(default_factory=dict)
    """By `provider` of `bureau_report`; of a report that names none, the only one here. Where a law has
    letters name the bureau (`bureau_named`) and it is not here, a letter fails and its line is referred."""
    people: tuple[Person, ...] = ()
    """Without a register any name is taken, and every record says so."""
    review_capacity: dict[Literal["field", "contact", "desk"], Annotated[int, Field(gt=0)]] = Field(
        default_factory=dict
    )
    """How many cases a team can decide on a day. It never changes what is sent to people."""
    log: LogPlaces = LogPlaces()
    """Its name, and where copies of its signed heads go."""
    retention: tuple[Keeping, ...] = ()
    """How long what is kept. What the law asks to be kept, as packs have it, is kept all the same."""
    hook: Hook = Hook()
    """What is called when a night did not end well."""
    publish_to: str = ""
    """The database that takes the limit changes, without a password; left out, they are files in `out/`."""

    @field_validator("publish_to")
    @classmethod
    def _a_database(cls, address: str) -> str:
        if address and not is_database(address):
            raise ValueError("is not an address as postgresql://user@host/database")
        if SECRET.search(address):
            raise ValueError("has a password in it: name it without (PGPASSFILE or PGPASSWORD has it)")
        return address

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"{zone!r} is not a time zone of the IANA list")
        return zone

    @field_validator("calendar")
    @classmethod
    def _known_calendar(cls, calendar: str) -> str:
        if not workdays.known(calendar):
            raise ValueError(
                f"{calendar!r} is no country of ISO 3166, and no part of one, whose holidays we know"
            )
        return calendar

    @field_validator("retention")
    @classmethod
    def _one_rule_a_day(cls, rules: tuple[Keeping, ...]) -> tuple[Keeping, ...]:
        begun = [(rule.kind, rule.effective_from) for rule in rules]
        twice = sorted({f"{kind} from {day}" for kind, day in begun if begun.count((kind, day)) > 1})
        if twice:
            raise ValueError(f"two rules say how long to keep {', '.join(twice)}")
        return rules

    @property
    def destination(self) -> str:
        """Where the changes of its batches are due."""
        return self.publish_to or FOLDER

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
