"""The words: what each reason, hold and letter says in Chinese and English."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

FROZEN = ConfigDict(frozen=True, extra="forbid")


class Words(BaseModel):
    """One text in both languages."""

    model_config = FROZEN

    zh: str
    en: str


class Letter(BaseModel):
    """Subject and body templates (Jinja) of one kind of letter."""

    model_config = FROZEN

    subject: Words
    body: Words


class Notices(BaseModel):
    """Every reason code and every kind of letter."""

    model_config = FROZEN

    id: str
    version: str
    effective_from: date
    reason: dict[str, Words]
    """By reason code (a family, a ground or a hold)."""
    letter: dict[str, Letter]
    """By kind: decrease, freeze, unfreeze, increase, offer, rate."""
