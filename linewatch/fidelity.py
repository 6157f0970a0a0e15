"""Reading a finished letter back, so that none says anything but what was decided.

It shares nothing with the writer but the words of the notices document: figures are read from the
text by their digits, reasons by their sentences, and every other character must be the template's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from linewatch.notice import FIELDS, WITH_REASONS, Language, Notices
from linewatch.reasons import MOST_IN_A_LETTER

Fact = tuple[str, int | date | str]
"""A label and what must stand beside it: minor units, basis points, a day or a text."""

MONTHS = "January February March April May June July August September October November December".split()
_FIELD = re.compile(r"{{\s*(\w+)\s*}}")
_ZH_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_EN_DATE = re.compile(
    r"(?:(?P<d1>\d{1,2}) (?P<m1>[A-Z][a-z]+)|(?P<m2>[A-Z][a-z]+) (?P<d2>\d{1,2}),?) (?P<y>\d{4})"
)
_GROUPED = re.compile(r"[\d.,'’\s]")


@dataclass(frozen=True)
class Claim:
    """What the decision says and its letter must say: no more, no less, in this order."""

    kind: str
    """The letter's template: a kind of draft, freeze_estate or freeze_victim."""
    language: Language
    facts: tuple[Fact, ...]
    reason_codes: tuple[str, ...]
    symbol: str
    """The currency's sign in the reader's locale."""
    places: int
    """Digits after the point of the currency."""
    fixed: Mapping[str, str]
    """The fields that are the same for every line: lender, addresses, day of writing, salutation, you."""


class Reader:
    """Reads letters of one notices document."""

    def __init__(self, notices: Notices) -> None:
        self.notices = notices
        self._patterns: dict[tuple[str, Language], list[str]] = {}

    def faults(self, claim: Claim, subject: str, body: str) -> list[str]:
        """What the letter says that was not decided, or leaves out that was; empty when it is true."""
        letter = self.notices.letter[claim.kind]
        if subject != letter.subject.get(claim.language):
            return ["the subject is another letter's"]
        parts = self._parts(claim, body)
        if parts is None:
            return ["the text around the figures and reasons is not the template's"]
        faults = self._fact_faults(claim, parts["facts"].split("\n"))
        if claim.kind in WITH_REASONS:
            faults += self._reason_faults(claim, parts["reasons"].split("\n"))
        return faults

    def _parts(self, claim: Claim, body: str) -> dict[str, str] | None:
        """The text that stands where the template has facts and reasons; None where the rest differs."""
        parts: dict[str, str] = {}
        at = 0
        pieces = self._pieces(claim.kind, claim.language)
        for number, piece in enumerate(pieces):
            if number % 2 == 0:
                if not body.startswith(piece, at):
                    return None
                at += len(piece)
            elif piece in ("facts", "reasons"):
                end = body.find(pieces[number + 1], at)
                if end < 0:
                    return None
                parts[piece] = body[at:end]
                at = end
            else:
                filled = claim.fixed[piece]
                if not body.startswith(filled, at):
                    return None
                at += len(filled)
        return parts if at == len(body) else None

    def _pieces(self, kind: str, language: Language) -> list[str]:
        """The template cut at its fields: text, field, text, …, text."""
        key = (kind, language)
        if key not in self._patterns:
            pieces = _FIELD.split(self.notices.letter[kind].body.get(language).strip("\n") + "\n")
            assert set(pieces[1::2]) <= FIELDS
            self._patterns[key] = pieces
        return self._patterns[key]

    def _fact_faults(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        if len(lines) != len(claim.facts):
            return [f"{len(lines)} figures stand in the letter, {len(claim.facts)} were decided"]
        faults = []
        for line, (label, decided) in zip(lines, claim.facts, strict=True):
            colon = "：" if claim.language == "zh" else ": "
            opening = f"{self.notices.label[label].get(claim.language)}{colon}"
            said = line.removeprefix(opening)
            if not line.startswith(opening) or _said(label, said, claim) != decided:
                faults.append(f"{label}: {said!r} is not what was decided")
        return faults

    def _reason_faults(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        named = []
        for number, line in enumerate(lines, start=1):
            opening = f"{number}. "
            code = self._codes[claim.language].get(line.removeprefix(opening))
            if not line.startswith(opening) or code is None:
                return [f"reason {number} is no reason's text"]
            named.append(code)
        decided = list(claim.reason_codes[:MOST_IN_A_LETTER])
        if named != decided:
            return [f"the reasons named are {', '.join(named)}, decided were {', '.join(decided)}"]
        return []

    @cached_property
    def _codes(self) -> dict[Language, dict[str, str]]:
        """The code of each reason's sentence."""
        return {
            "zh": {words.zh: code for code, words in self.notices.reason.items()},
            "en": {words.en: code for code, words in self.notices.reason.items()},
        }


def _said(label: str, text: str, claim: Claim) -> int | date | str | None:
    """What a figure of the letter says, or None where it cannot be read."""
    if label == "facility":
        return text
    if label.endswith("_on"):
        return read_date(text, claim.language)
    if label.endswith("_rate"):
        return _hundredths(text, "%", 2)
    return _hundredths(text, claim.symbol, claim.places)


def _hundredths(text: str, sign: str, places: int) -> int | None:
    """The digits of a number written out to `places` digits and carrying `sign` alone; never negative."""
    if _GROUPED.sub("", text) != _GROUPED.sub("", sign):
        return None
    number = text.replace(sign, "").strip()
    if places and not re.search(rf"[.,]\d{{{places}}}$", number):
        return None
    digits = re.sub(r"\D", "", number)
    return int(digits) if digits else None


def read_date(text: str, language: Language) -> date | None:
    """A day written out in Chinese or English."""
    if language == "zh":
        found = _ZH_DATE.fullmatch(text)
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    found = _EN_DATE.fullmatch(text)
    if not found or (found["m1"] or found["m2"]) not in MONTHS:
        return None
    return date(
        int(found["y"]), MONTHS.index(found["m1"] or found["m2"]) + 1, int(found["d1"] or found["d2"])
    )
