"""What a letter must say: the decision's own figures, told apart from how they are written.

The writer (tasks/draft) does not write from it: the reader (linewatch/fidelity.py) holds the finished letter
against it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from linewatch import advice
from linewatch.figures import FIGURES
from linewatch.letter import CAUSES, LETTERS
from linewatch.letter_law import Asked
from linewatch.notice import Language
from linewatch.profile import Bureau, Profile
from linewatch.reasons import REASONS

Row = Mapping[str, Any]
Fact = tuple[str, int | date | str]
"""A label and what must stand beside it: minor units, basis points, a day or a text."""
Told = tuple[str, tuple[str, int] | None]
"""A reason's code, and the characteristic and value that bear it out, if any do."""

DRIVERS = CAUSES[:5]
SUSPECTED = ("suspected", "first_party")
OF_BLOCKS = {"deceased": "freeze_estate", "fraud_victim_block": "freeze_victim"}
"""Blocks whose reader did nothing."""
LOWERING = ("decrease", "freeze", "freeze_estate", "freeze_victim")


@dataclass(frozen=True)
class Advised:
    """A row of `advice`."""

    standing: str
    code: str
    amount_cents: int | None = None
    by_on: date | None = None
    counts_on: date | None = None
    limit_cents: int | None = None


@dataclass(frozen=True)
class Claim:
    """What the decision says and its letter must say: no more, no less, in this order."""

    kind: str
    """The letter's template: a kind of draft, freeze_estate or freeze_victim."""
    language: Language
    written_on: date
    borrower_type: str
    facility_id: str
    name: str
    """The reader's, on one line; empty where nobody is named."""
    reference: str
    symbol: str
    """The currency's sign in the reader's locale."""
    places: int
    """Digits after the point of the currency."""
    facts: tuple[Fact, ...]
    reasons: tuple[Told, ...] = ()
    since_on: date | None = None
    causes: tuple[tuple[str, int], ...] = ()
    """What moved the limit, with its cents; without those that are zero. Empty: no such section."""
    advice: Advised | None = None
    refusal: bool = False
    bureau: Bureau | None = None
    equal_credit: bool = False
    says_nothing_of_fraud: bool = False
    faults: tuple[str, ...] = ()
    """What keeps any letter of this row from being sent, whatever it says."""


@dataclass(frozen=True)
class Terms:
    """What holds for all letters of a night."""

    profile: Profile
    written_on: date
    law: Callable[[str | None, str | None], Asked]
    notice_days: Mapping[str, int] = field(default_factory=dict)
    """By segment: how many days after it is told a decrease takes effect."""


def claim_of(
    row: Row, terms: Terms, *, language: Language, symbol: str, places: int, reference: str
) -> Claim:
    """The claim of a row of reviews/letters, or of a statement that gives its columns."""
    kind = _template(row)
    sections = LETTERS[kind]
    asked = terms.law(row["jurisdiction"], row["borrower_type"])
    causes = _causes(row) if asked.causes and "causes" in sections else ()
    used, bureau = _bureau(row, terms.profile)
    names_bureau = asked.bureau and used and "bureau" in sections
    codes = row["reason_codes"][: asked.most_reasons] if "reasons" in sections else []
    return Claim(
        kind=kind,
        language=language,
        written_on=terms.written_on,
        borrower_type=row["borrower_type"],
        facility_id=row["facility_id"],
        name=_on_one_line(row["name"]),
        reference=reference,
        symbol=symbol,
        places=places,
        facts=tuple(_facts(row)),
        reasons=tuple((code, _borne_out(code, row.get("figures"))) for code in codes),
        since_on=row.get("caused_since_on") if causes else None,
        causes=causes,
        advice=_advice(row) if "advice" in sections else None,
        refusal=asked.refusal and "refusal" in sections,
        bureau=bureau if names_bureau else None,
        equal_credit=asked.equal_credit and "equal_credit" in sections,
        says_nothing_of_fraud=row.get("fraud_flag") in SUSPECTED,
        faults=tuple(_faults(row, kind, terms, asked, lacks_bureau=names_bureau and bureau is None)),
    )


def _template(row: Row) -> str:
    if row["kind"] == "freeze":
        for code in row["reason_codes"]:
            if code in OF_BLOCKS:
                return OF_BLOCKS[code]
    return str(row["kind"])


def _facts(row: Row) -> Iterator[Fact]:
    """The figures that the letter names, in its order."""
    yield "facility", row["facility_id"]
    match row["kind"]:
        case "invitation":
            yield "meeting", row["meeting"]
            yield from _reply(row)
        case "early_warning":
            yield "limit", row["limit_cents"]
            yield "warned_limit", row["proposed_limit_cents"]
            yield "warned_on", row["effective_on"]
        case "offer":
            yield "limit", row["limit_cents"]
            yield "offered_limit", row["proposed_limit_cents"]
            yield from _reply(row)
            rates = _rates(row)
            yield from rates
            if rates:
                yield "effective_on", row["effective_on"]
        case kind:
            if kind == "correction":
                yield "decided_on", row["decided_on"]
            if kind == "promise_kept":
                yield "promised_on", row["promised_on"]
            yield from _limits(row)
            yield from _rates(row)
            yield "effective_on", row["effective_on"]


def _reply(row: Row) -> list[Fact]:
    """The last day to answer; where there is none the letter has a fault (`_day_faults`)."""
    day = row.get("reply_by_on")
    return [] if day is None else [("reply_by_on", day)]


def _limits(row: Row) -> list[Fact]:
    old, new = row["limit_cents"], row["proposed_limit_cents"]
    return [("limit", old)] if old == new else [("old_limit", old), ("new_limit", new)]


def _rates(row: Row) -> list[Fact]:
    old, new = row.get("rate_bp"), row.get("proposed_rate_bp")
    if old is None or new is None or old == new:
        return []
    return [("old_rate", old), ("new_rate", new)]


def _borne_out(code: str, figures: Mapping[str, int | None] | None) -> tuple[str, int] | None:
    for figure in FIGURES.get(code, ()):
        value = (figures or {}).get(figure.name)
        if value is not None and figure.bears_out(value):
            return figure.name, value
    return None


def _causes(row: Row) -> tuple[tuple[str, int], ...]:
    """By cause its cents, of a limit that moves and can be counted from an earlier night."""
    moved = (row.get("proposed_limit_cents") or 0) - (row.get("limit_cents") or 0)
    if not moved or row.get("caused_since_on") is None:
        return ()
    known = [(name, int(row[f"cause_{name}_cents"] or 0)) for name in CAUSES[:-1]]
    carried = moved - sum(cents for _, cents in known)
    return tuple((name, cents) for name, cents in (*known, (CAUSES[-1], carried)) if cents)


def _advice(row: Row) -> Advised | None:
    if row.get("advice_code") is None:
        return None
    return Advised(
        row["advice_standing"],
        row["advice_code"],
        row["advice_amount_cents"],
        row["advice_by_on"],
        row["advice_counts_on"],
        row["advice_limit_cents"],
    )


def _bureau(row: Row, profile: Profile) -> tuple[bool, Bureau | None]:
    """Whether a bureau's report was used, and which bureau's it was, where that is known."""
    provider = row.get("bureau_provider")
    if provider is None and len(profile.bureau) == 1:
        provider = next(iter(profile.bureau))
    return bool(row.get("bureau_used")), profile.bureau.get(provider or "")


def _on_one_line(name: str | None) -> str:
    """What can be printed of a name, as one line."""
    plain = "".join(mark if mark.isprintable() else " " for mark in name or "")
    return unicodedata.normalize("NFC", " ".join(part for part in plain.split(" ") if part))


def _faults(row: Row, kind: str, terms: Terms, asked: Asked, *, lacks_bureau: bool) -> Iterator[str]:
    unknown = [code for code in row["reason_codes"] if code not in REASONS]
    yield from (f"reason {code} has no words" for code in unknown)
    if "reasons" in LETTERS[kind] and not row["reason_codes"]:
        yield f"a {row['kind']} without a reason"
    if lacks_bureau:
        yield (
            f"the law of {row['jurisdiction']} has this letter name the bureau whose report was used, and the"
            f" profile has no [bureau.{row.get('bureau_provider') or 'NAME'}]: add its name, address, phone"
        )
    if kind == "freeze_victim" and row.get("fraud_flag") in SUSPECTED:
        yield "the letter to a victim of fraud, on a line where the borrower is suspected of it"
    yield from _day_faults(row, kind, terms, asked)
    yield from _advice_faults(row, kind, terms)
    drivers = sum(row.get(f"cause_{name}_cents") or 0 for name in DRIVERS)
    if row.get("caused_since_on") is not None and drivers != row["cause_circumstances_cents"]:
        yield "the parts of circumstances do not add up to them"


def _day_faults(row: Row, kind: str, terms: Terms, asked: Asked) -> Iterator[str]:
    effective_on, deadline_on = row.get("effective_on"), row.get("deadline_on")
    if kind in ("decrease", "early_warning") and effective_on is not None:
        notice = asked.notice_days if kind == "decrease" else 1
        if kind == "decrease":
            notice = max(notice, terms.notice_days.get(row.get("segment") or "", 0))
        first = terms.written_on + timedelta(days=notice)
        if effective_on < first:
            yield f"it would take effect on {effective_on}, and may not before {first}"
    if kind in ("offer", "invitation"):
        reply_by_on = row.get("reply_by_on")
        if reply_by_on is None or reply_by_on <= terms.written_on:
            yield f"it is to be answered by {reply_by_on}, and is written on {terms.written_on}"
    if deadline_on is not None and deadline_on < terms.written_on:
        yield f"it had to go out by {deadline_on}, before it was written"
    if kind in LOWERING and asked.deadline_days is not None:
        last = terms.written_on + timedelta(days=asked.deadline_days)
        if deadline_on is None or deadline_on > last:
            yield f"the law has it go out by {last}, and it is to go out by {deadline_on}"


def _advice_faults(row: Row, kind: str, terms: Terms) -> Iterator[str]:
    given = _advice(row) if "advice" in LETTERS[kind] else None
    if given is None:
        return
    if row.get("fraud_flag") in SUSPECTED:
        yield "advice where a fraud is suspected"
    if given.standing == "nothing":
        if given.code not in advice.NOTHING:
            yield f"advice {given.code!r} says no reason why nothing helps"
        return
    if given.standing not in advice.STANDINGS or given.code not in advice.ACTIONS:
        yield f"advice {given.standing!r} {given.code!r} has no words"
        return
    wanted = {"by_on", "counts_on", "limit_cents"} | ({"amount_cents"} if "pay_down" in given.code else set())
    lacking = sorted(each for each in wanted if getattr(given, each) is None)
    if lacking:
        yield f"advice {given.code} lacks {', '.join(lacking)}"
    elif given.standing != "promise" and given.by_on is not None and given.by_on <= terms.written_on:
        yield f"advice {given.code} is to be followed by {given.by_on}, and is written on {terms.written_on}"
