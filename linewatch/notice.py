"""The words: what each reason, hold and letter says in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

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
LETTERS = (
    "decrease",
    "freeze",
    "freeze_estate",
    "freeze_victim",
    "unfreeze",
    "increase",
    "offer",
    "rate",
    "correction",
)
LABELS = (
    "facility",
    "limit",
    "old_limit",
    "new_limit",
    "offered_limit",
    "old_rate",
    "new_rate",
    "effective_on",
    "decided_on",
)
SALUTATIONS = ("named", "unnamed", "estate_named", "estate_unnamed")
READERS = ("consumer", "enterprise")
NEEDED_FIELDS = frozenset({"salutation", "facts", "lender", "complaints_address", "regulator_address"})
"""Without these a letter would not say what changes, who says it and where to contest it."""
FIELDS = NEEDED_FIELDS | {"facility_id", "reasons", "written_on", "you"}
WITH_REASONS = frozenset({"decrease", "freeze", "freeze_estate", "freeze_victim"})

_FIELD = re.compile(r"{{\s*(\w+)\s*}}")


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
    """Subject and body templates (Jinja, fields alone) of one kind of letter."""

    model_config = FROZEN

    subject: Words
    """One plain line without fields."""
    body: Words
    """Text with fields such as {{ facts }}; each kind of letter has fields that it must hold."""


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
    step: dict[str, Words]
    """By step of the walk."""
    action: dict[str, Words]
    """By action."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = [*self._missing(), *self._alike(), *self._letters()]
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
            ("step", self.step, STEPS),
            ("action", self.action, ACTIONS),
        )
        for name, held, wanted in lists:
            for code in sorted(set(wanted) - set(held)):
                yield f"{name}.{code} has no words"
            for code in sorted(set(held) - set(wanted)):
                yield f"{name}.{code} is not a known code"

    def _alike(self) -> Iterable[str]:
        """A reason or a label that says what another says could not be told from it in a finished letter."""
        for name, words in (("reason", self.reason), ("label", self.label)):
            for language in LANGUAGES:
                seen: dict[str, str] = {}
                for code, text in words.items():
                    said = text.get(language)
                    if not said.strip() or "\n" in said or "{" in said:
                        yield f"{name}.{code}.{language} must be one plain line"
                    if said in seen:
                        yield f"{name}.{code}.{language} says the same as {name}.{seen[said]}"
                    seen[said] = code

    def _letters(self) -> Iterable[str]:
        for kind, letter in self.letter.items():
            wanted = NEEDED_FIELDS | ({"reasons"} if kind in WITH_REASONS else frozenset())
            for language in LANGUAGES:
                body = letter.body.get(language)
                fields = set(_FIELD.findall(body))
                for field in sorted(wanted - fields):
                    yield f"letter.{kind}.body.{language} lacks {{{{ {field} }}}}"
                for field in sorted(fields - FIELDS):
                    yield f"letter.{kind}.body.{language} has an unknown field {{{{ {field} }}}}"
                if "{" in _FIELD.sub("", body) or "{" in letter.subject.get(language):
                    yield f"letter.{kind}.{language} may hold fields alone, and its subject none"
