"""What the law of a night asks of a letter to a borrower: which sections, how many reasons, which days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from linewatch.law import records_in_force
from linewatch.profile import Profile
from linewatch.reasons import MOST_IN_A_LETTER
from linewatch.regulation import Pack, Record


@dataclass(frozen=True)
class Asked:
    """What the law asks of the letters to one kind of borrower of one country."""

    causes: bool = False
    """What moved the limit is told; nowhere unless a pack asks, and never where one forbids it."""
    refusal: bool = False
    """The right to refuse decisions by machine alone is told: an objection opens a case."""
    bureau: bool = False
    equal_credit: bool = False
    most_reasons: int = MOST_IN_A_LETTER
    notice_days: int = 0
    """A decrease takes effect no sooner after the day of writing; a narrower record may ask more."""
    deadline_days: int | None = None
    """A decrease or freeze is told within so many days; a narrower record may ask fewer."""


def letter_law(
    profile: Profile, packs: Mapping[str, Pack], on: date
) -> Callable[[str | None, str | None], Asked]:
    """Asked, by jurisdiction and borrower_type, of the packs in force on a day."""

    @cache
    def asked(jurisdiction: str | None, borrower_type: str | None) -> Asked:
        pack = packs.get(profile.packs.get(jurisdiction or "", ""))
        records = records_in_force(pack, profile, on) if pack else []
        return _asked([each for each in records if each.borrower_type in (None, borrower_type)])

    return asked


def _asked(records: Iterable[Record]) -> Asked:
    listed = [record for record in records if record.type == "duty"]
    every = [record for record in listed if not record.is_narrow]
    measures = {record.measure for record in every}
    return Asked(
        causes="letter_causes" in measures and "no_causes_in_letters" not in measures,
        refusal="human_review_on_request" in measures,
        bureau="bureau_named" in measures,
        equal_credit="equal_credit_notice" in measures,
        most_reasons=min([MOST_IN_A_LETTER, *_values(every, "most_reasons")]),
        notice_days=max([0, *_values(every, "notice_before_days")]),
        deadline_days=min(_values(every, "notice_deadline_days"), default=None),
    )


def _values(records: Iterable[Record], measure: str) -> list[int]:
    return [record.value for record in records if record.measure == measure and record.value is not None]
