"""The words: what each reason, hold and letter says in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from linewatch import figures
from linewatch.letter import (
    ADVICE_FIELDS,
    CAUSES,
    FIELDS,
    LABELS,
    LETTERS,
    MEETINGS,
    NEEDED_FIELDS,
    READERS,
    SALUTATIONS,
    SECTION_FIELDS,
    SECTIONS,
    STANDING_FIELDS,
)
from linewatch.reasons import HOLDS, REASONS, TRIGGERS

FROZEN = ConfigDict(frozen=True, extra="forbid")

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
STEPS = (
    "gate",
    "strategy",
    "relationship",
    "affordability",
    "expected_loss",
    "stability",
    "exposure",
    "regulation",
    "floor",
)
"""The steps of the limit walk, in order."""
ACTIONS = ("increase", "offer", "hold", "decrease", "freeze", "unfreeze")
FIELD = re.compile(r"{{\s*(\w+)\s*}}")


class Words(BaseModel):
    """One text in both languages."""

    model_config = FROZEN

    zh: str
    """Chinese."""
    en: str
    """English."""

    def get(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Letter(BaseModel):
    """Subject and body of one kind of letter."""

    model_config = FROZEN

    subject: Words
    """One plain line without fields."""
    body: Words
    """Paragraphs with fields such as {{ lender }}. A section such as {{ facts }} stands alone in its own, and
    is left out of a letter that has nothing to say there (docs/letters.md)."""


class Notices(BaseModel):
    """Every reason, hold, trigger and kind of letter; refused unless every code has its words."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    reason: dict[str, Words]
    """By reason code: the sentence that a letter says. No two are alike: a letter can be read back."""
    hold: dict[str, Words]
    """By hold code: why a line was not changed."""
    trigger: dict[str, Words]
    """By trigger code: why a person is asked."""
    letter: dict[str, Letter]
    """By kind; freeze_estate is told where the holder has died, freeze_victim where they were defrauded."""
    label: dict[str, Words]
    """The names of the figures in a letter."""
    salutation: dict[str, Words]
    """How a letter begins: to somebody named or not, or to an estate."""
    you: dict[str, Words]
    """How a reader is addressed, by borrower_type."""
    section: dict[str, Words]
    """How a section begins (causes, advice) or all that it says (refusal, bureau, equal_credit)."""
    figure: dict[str, Words]
    """By characteristic: the sentence that stands after a reason with the borrower's own {{ figure }}."""
    cause: dict[str, Words]
    """What moved a limit, beside its cents. No two are alike."""
    advice: dict[str, Words]
    """By advice code: an action as a clause after an if, with {{ by_on }} and {{ amount }}; or why there is
    none, in whole sentences."""
    standing: dict[str, Words]
    """The sentences around an action: of an indication, of one that the limit falls no further, and of a
    promise."""
    meeting: dict[str, Words]
    """What somebody is invited to, by kind of case."""
    step: dict[str, Words]
    """By step of the walk."""
    action: dict[str, Words]
    """By action."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = [*self._missing(), *self._alike(), *self._letters(), *self._fields()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _missing(self) -> Iterable[str]:
        lists: tuple[tuple[str, Mapping[str, object], Iterable[str]], ...] = (
            ("reason", self.reason, REASONS),
            ("hold", self.hold, HOLDS),
            ("trigger", self.trigger, TRIGGERS),
            ("letter", self.letter, LETTERS),
            ("label", self.label, LABELS),
            ("salutation", self.salutation, SALUTATIONS),
            ("you", self.you, READERS),
            ("section", self.section, SECTION_FIELDS),
            ("figure", self.figure, figures.NAMES),
            ("cause", self.cause, CAUSES),
            ("advice", self.advice, ADVICE_FIELDS),
            ("standing", self.standing, STANDING_FIELDS),
            ("meeting", self.meeting, MEETINGS),
            ("step", self.step, STEPS),
            ("action", self.action, ACTIONS),
        )
        for name, held, wanted in lists:
            for code in sorted(set(wanted) - set(held)):
                yield f"{name}.{code} has no words"
            for code in sorted(set(held) - set(wanted)):
                yield f"{name}.{code} is not a known code"

    def _alike(self) -> Iterable[str]:
        """What says what another says could not be told from it in a finished letter."""
        for name, words in (
            ("reason", self.reason),
            ("label", self.label),
            ("cause", self.cause),
            ("meeting", self.meeting),
        ):
            for language in LANGUAGES:
                seen: dict[str, str] = {}
                for code, text in words.items():
                    said = text.get(language)
                    if not said.strip() or "\n" in said or "{" in said:
                        yield f"{name}.{code}.{language} must be one plain line"
                    if said in seen:
                        yield f"{name}.{code}.{language} says the same as {name}.{seen[said]}"
                    seen[said] = code

    def _fields(self) -> Iterable[str]:
        """Words with fields of their own: each holds all of them, once, and stands on one line."""
        lists: tuple[tuple[str, Mapping[str, Words], Mapping[str, frozenset[str]]], ...] = (
            ("section", self.section, SECTION_FIELDS),
            ("figure", self.figure, dict.fromkeys(figures.NAMES, frozenset({"figure"}))),
            ("advice", self.advice, ADVICE_FIELDS),
            ("standing", self.standing, STANDING_FIELDS),
        )
        for name, words, wanted in lists:
            for code in sorted(set(words) & set(wanted)):
                for language in LANGUAGES:
                    said = words[code].get(language)
                    held = [field for field in FIELD.findall(said) if field != "you"]
                    if sorted(held) != sorted(wanted[code]):
                        listed = ", ".join(f"{{{{ {field} }}}}" for field in sorted(wanted[code]))
                        yield f"{name}.{code}.{language} must hold {listed or 'no field'}, and no other"
                    if not said.strip() or "\n" in said or "{" in FIELD.sub("", said):
                        yield f"{name}.{code}.{language} must be one line"

    def _letters(self) -> Iterable[str]:
        for kind, letter in self.letter.items():
            for language in LANGUAGES:
                where = f"letter.{kind}.body.{language}"
                body = letter.body.get(language)
                yield from (
                    f"{where} {fault}" for fault in _body_faults(body, LETTERS.get(kind, frozenset()))
                )
                if "{" in FIELD.sub("", body) or "{" in letter.subject.get(language):
                    yield f"letter.{kind}.{language} may hold fields alone, and its subject none"


def paragraphs(body: str) -> list[str]:
    """A template's paragraphs; a section is the one that is its field alone."""
    return body.strip("\n").split("\n\n")


def section_of(paragraph: str) -> str | None:
    """The section that a template's paragraph stands for, if any."""
    found = FIELD.fullmatch(paragraph)
    return found[1] if found and found[1] in SECTIONS else None


def _body_faults(body: str, sections: frozenset[str]) -> Iterable[str]:
    parts = paragraphs(body)
    placed = [name for part in parts if (name := section_of(part))]
    text = [field for part in parts if not section_of(part) for field in FIELD.findall(part)]
    for field in sorted((NEEDED_FIELDS - set(text)) | (sections - set(placed))):
        yield f"lacks {{{{ {field} }}}}" + (" as a paragraph of its own" if field in SECTIONS else "")
    for field in sorted((set(text) - FIELDS - set(SECTIONS)) | (set(placed) - sections)):
        yield f"has an unknown field {{{{ {field} }}}}"
    for field in sorted({name for name in placed if placed.count(name) > 1}):
        yield f"has {{{{ {field} }}}} twice"
    for field in sorted(set(text) & sections):
        yield f"must hold {{{{ {field} }}}} as a paragraph of its own"
