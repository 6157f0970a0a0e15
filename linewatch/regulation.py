"""Regulation packs: dated records of law as gates, caps, rates, blocks and duties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linewatch.measures import EXTRA_KEYS, MEASURES, OF_LETTERS, Kind, Measure

FROZEN = ConfigDict(frozen=True, extra="forbid")
Cents = Annotated[int, Field(ge=0)]
NARROWER = (
    "product",
    "age_group",
    "income_from_cents",
    "income_below_cents",
    "revenue_from_cents",
    "revenue_below_cents",
)
"""Scope keys that go by more of a line than its country and kind of borrower."""
APPROVED_FOR_MONTHS = 12
"""A lender's counsel looks at a pack once a year."""


class Record(BaseModel):
    """One record of a pack: it binds on as_of when effective_from <= as_of < effective_to.

    What it binds is told by the scope keys, from `borrower_type` to `revenue_below_cents`: a line that fits
    all that are named. What is unknown of a line fits no bound.
    """

    model_config = FROZEN

    id: str = Field(pattern="^[a-z0-9-]+$")
    """What a decision's `regulation_row` and `law_records` show."""
    type: Kind
    """A `gate` forbids a rise, a `cap` bounds limits, a `rate` the price, a `block` stops drawing."""
    measure: str
    """What it asks: one of the list for its type (docs/regulation.md)."""
    value: int | None = Field(default=None, ge=0)
    """How much, in the unit of the measure; left out where the measure has none."""
    for_months: Annotated[int, Field(ge=1, le=36)] = 1
    """For `debt_income_months`: calendar months in a row."""
    least_cents: Cents | None = None
    """For `persistent_debt_months`: fees and interest under this are no persistent debt."""
    reference: str | None = None
    """For `reference_rate_bp`: the name of the rate in the table `reference_rate`."""
    unit: str | None = None
    """For `shown`: what its value counts."""
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    """Of amounts, and of the income that they are compared with; left out, the reporting currency."""
    effective_from: date
    """The first day on which it binds."""
    effective_to: date | None = None
    """The first day on which it binds no longer; left out, it has no end."""
    borrower_type: Literal["consumer", "enterprise"] | None = None
    """Left out: both kinds of borrower."""
    licence: str | None = None
    """Binds lenders whose profile names it; left out, every lender."""
    product: Literal["revolving_consumer", "working_capital", "project"] | None = None
    """Left out: every product. A cap adds up the lines of this product alone."""
    applies_to: Literal["new_drawdown"] | None = None
    """A rate binds new drawings alone, and must say so: what is drawn keeps its rate."""
    age_group: Literal["under_21", "student"] | None = None
    """Borrowers whose flag of this name is set; left out, all."""
    income_from_cents: Cents | None = None
    """Least annual income, in `currency`."""
    income_below_cents: Cents | None = None
    """Annual income below this, in `currency`."""
    revenue_from_cents: Cents | None = None
    """Least yearly revenue, in `currency`."""
    revenue_below_cents: Cents | None = None
    """Yearly revenue below this, in `currency`."""
    citation: str = Field(min_length=1)
    """Which law, by name and article; `linewatch explain` shows it."""
    checked: bool
    """Whether someone read the named source itself; a record taken from elsewhere says false."""
    because: str

    @property
    def is_narrow(self) -> bool:
        """Whether its scope goes by more than country and kind of borrower."""
        return any(getattr(self, key) is not None for key in NARROWER)

    @property
    def asks(self) -> Measure:
        """What its measure is."""
        return MEASURES[self.type][self.measure]

    def binds_on(self, as_of: date) -> bool:
        return self.effective_from <= as_of and (self.effective_to is None or as_of < self.effective_to)

    @model_validator(mode="after")
    def _is_enforced(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValueError(f"record {self.id}: {'; '.join(faults)}")
        return self

    def _faults(self) -> Iterator[str]:
        known = MEASURES[self.type]
        if self.measure not in known:
            yield (
                f"this version enforces no {self.type} {self.measure!r}, and a record that is read and not "
                f"enforced would be believed; it knows {', '.join(known)}"
                + ("" if self.type == "duty" else "; what people alone see to is a duty `shown`")
            )
            return
        if self.measure != "shown" and (self.value is None) == bool(self.asks.unit):
            yield f"{self.measure} needs a value" if self.asks.unit else f"{self.measure} takes no value"
        bounded = self.income_from_cents is not None or self.income_below_cents is not None
        bounded |= self.revenue_from_cents is not None or self.revenue_below_cents is not None
        for key in EXTRA_KEYS:
            read = key in self.asks.extra or (key == "currency" and bounded)
            if key in self.model_fields_set and not read:
                yield f"{self.measure} does not read {key}"
        if self.measure in OF_LETTERS and self.is_narrow:
            yield f"{self.measure} is of a letter's words: its scope is borrower_type and licence alone"
        if "reference" in self.asks.needs and self.reference is None:
            yield f"{self.measure} needs the name of its reference rate"
        if (self.type == "rate") != (self.applies_to == "new_drawdown"):
            yield "a rate, and nothing else, says applies_to = 'new_drawdown'"
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            yield "effective_to is not after effective_from: it would never bind"
        for name in ("income", "revenue"):
            low, below = getattr(self, f"{name}_from_cents"), getattr(self, f"{name}_below_cents")
            if low is not None and below is not None and below <= low:
                yield f"{name}_below_cents is not above {name}_from_cents: it would bind nobody"


class Pack(BaseModel):
    """The records of one jurisdiction."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    immediate: bool = False
    """Whether its first night reviews every line of its countries, due or not."""
    approved_on: date | None = None
    """The day on which the lender's own counsel approved it; counsel looks again within twelve months."""
    approved_by: str | None = None
    """Who that was."""
    record: tuple[Record, ...]
    """One a rule."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [record.id for record in self.record]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"pack {self.id}: record {', '.join(twice)} stands more than once")
        if (self.approved_on is None) != (self.approved_by is None):
            raise ValueError(f"pack {self.id}: give approved_on and approved_by together")
        return self
