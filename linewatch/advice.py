"""What a borrower may be told would help: closed lists of actions, and of why there is none (DOMAIN 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "on_time": "Pay everything when it is due, through a day.",
        "prove_income_on_time": "Send proof of the income on record by a day, and pay everything when due.",
        "pay_down_on_time": "Pay so much a month more than is due, through a day, and everything when due.",
        "pay_down_prove_income": "Pay so much a month more than is due, and send proof of income by a day.",
    }
)
"""Each was tried on the engine before it is told; pairs have a code and words of their own."""

NOTHING: Mapping[str, str] = MappingProxyType(
    {
        "nothing_law": "A rule of law bounds the limit, whatever the borrower does.",
        "nothing_time": "Only time helps: what was tried counts for nothing within the days looked at.",
        "nothing_theirs": "What weighs lies with other lenders or the market: nothing here outweighs it.",
        "support": "Payments are late or the borrower is in hardship: support comes first.",
    }
)
"""Why there is no advice. A fraud case, a death or a line whose letter says nothing of it has no row."""

STANDINGS = ("indication", "no_further", "promise", "nothing")
"""An indication is not a promise; a promise is one that a budget of the policy covers. What leads no higher
than the cut that is told of, where the line would otherwise fall further, is `no_further`.
"""

THEIRS = ("external_debt", "external_arrears", "inquiries", "public_record")
"""Reasons that lie with other lenders: nothing may be advised there."""


class AdviceTerms(BaseModel):
    """How far ahead it is looked for what would help, and how finely."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    months: Annotated[int, Field(ge=1, le=12)]
    """Reviews that are tried, one a month; a line whose cool-off is longer is told that only time helps."""
    least_days: Annotated[int, Field(ge=0, le=60)]
    """Days between the night and the end of the first month that something is asked for."""
    parts: Annotated[int, Field(ge=1, le=50)]
    """Equal parts of what is drawn that are tried as payments a month, each in whole units of the segment."""
    income_share_bp: Annotated[int, Field(ge=0, le=10_000)]
    """Most of a month's known income that such a payment may take."""
    because: str


class PromiseTerms(BaseModel):
    """When advice becomes a promise: kept by later nights by themselves, whatever documents then say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    budget_cents: Annotated[int, Field(gt=0)]
    """Most that the promises that stand may add to limits, in the reporting currency."""
    segments: Annotated[tuple[str, ...], Field(min_length=1)]
    """Segments of which lines are promised something; to promise nothing, leave the table out."""
    because: str


class EarlyWarning(BaseModel):
    """Who is told before a review that it would lower the limit, if nothing changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=1, le=366)]
    """How many days before its review a line is warned at the earliest."""
    segments: tuple[str, ...] = ()
    """Left empty: every segment."""
    because: str


def pay_on(as_of: date, least_days: int) -> date:
    """The end of the first month that ends at least so many days after the night.

    Of 21 November with 14 days that is 31 December: 30 November is too near.
    """
    day = as_of + timedelta(days=least_days)
    return last_of_month(day)


def last_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months_later(day: date, months: int, number: int) -> date:
    """The day of a later month with this number, or its last where it has none: of 31 January a month later
    and 31, that is 28 February.
    """
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(number, last_of_month(first).day))
