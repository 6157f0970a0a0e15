"""Draft a letter for every line that is changed tonight, and read each back before it is kept."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_percent, get_currency_precision, get_currency_symbol
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from prefect import task
from prefect.cache_policies import NO_CACHE

import sql.engine as sql
from linewatch.fidelity import Claim, Fact, Reader
from linewatch.money import major
from linewatch.night import Night
from linewatch.notice import WITH_REASONS, Language, Notices
from linewatch.profile import Profile
from linewatch.reasons import MOST_IN_A_LETTER, REVIEWED
from sql import walk

BATCH = 20_000
"""Letters held in memory at once."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Drafted:
    """How many letters stand in `drafts`, by kind, and how many lines were referred because theirs failed."""

    drafts: int
    failed: int
    kinds: dict[str, int]


@task(name="draft", task_run_name="draft {night.as_of}", cache_policy=NO_CACHE, persist_result=False)
def draft(night: Night) -> Drafted:
    """Leave `drafts` and `draft_failed`; a line whose letter failed is referred in `decisions`.

    Where these come from shards the flow decides the shards of such lines once more.
    """
    return write_drafts(night)


def write_drafts(night: Night) -> Drafted:
    writer = Writer(night.documents.notices, night.documents.profile, night.as_of)
    with sql.cursor(night.scratch) as db:
        _begin_again(db)
        drafted = _write(writer, db, "reviews/letters")
        if drafted.failed and db.has("carried"):
            walk.decide_routes(db)
    return drafted


def write_corrections(
    db: sql.Cursor, notices: Notices, profile: Profile, written_on: date, **given: Any
) -> Drafted:
    """Leave `drafts`, a letter for every line that a reversal sets back.

    A letter that fails is left out: nothing keeps the line from being set back, and somebody writes by hand.
    """
    db.create("schema/draft_failed")
    db.view("letters/addressee")
    return _write(Writer(notices, profile, written_on), db, "reversals/letters", **given)


def write_settled(night: Night, written_on: date) -> list[str]:
    """Leave `drafts`, a letter for every line that a settlement changes; the lines whose letter failed."""
    writer = Writer(night.documents.notices, night.documents.profile, written_on)
    with sql.cursor(night.scratch) as db:
        db.create("schema/draft_failed")
        db.view("letters/addressee")
        _write(writer, db, "settlements/letters", tellable=sorted(REVIEWED))
        return sorted(row[0] for row in db.raw.execute("select facility_id from draft_failed").fetchall())


def write_revised(night: Night) -> Drafted:
    """Leave `drafts` of a revision: its own letters, and corrections of what the night had told."""
    writer = Writer(night.documents.notices, night.documents.profile, night.as_of)
    with sql.cursor(night.scratch) as db:
        ((number,),) = db.raw.execute("select number from revision").fetchall()
        db.build("revisions/own_draft")
        db.view("letters/addressee")
        _write(writer, db, "revisions/letters", as_of=night.as_of)
        drafts = db.build("revisions/letter", number=number)
        db.drop("drafts")
        db.raw.execute("create table drafts as from letter")
        kinds = db.raw.execute("select kind, count(*) from drafts group by kind order by kind").fetchall()
        return Drafted(drafts, db.count("draft_failed"), dict(kinds))


def _write(writer: Writer, db: sql.Cursor, statement: str, **given: Any) -> Drafted:
    """Leave in `drafts` the letters of the statement's rows, in `draft_failed` why the others have none."""
    kinds: Counter[str] = Counter()
    db.create("schema/drafts")
    with db.beside() as reading:
        for batch in reading.batches(statement, size=BATCH, **given):
            drafts, failed = [], []
            for row in batch.to_pylist():
                letter, faults = writer.checked(row)
                if faults:
                    failed.append({"facility_id": row["facility_id"], "why": "; ".join(faults)})
                else:
                    drafts.append(letter)
            kinds.update(letter["kind"] for letter in drafts)
            db.append("drafts", drafts)
            db.append("draft_failed", failed)
    return Drafted(kinds.total(), db.count("draft_failed"), dict(sorted(kinds.items())))


def _begin_again(db: sql.Cursor) -> None:
    """Leave `draft_failed` empty, and `decisions` as decided where an earlier try had referred lines."""
    tried = db.has("draft_failed") and db.count("draft_failed")
    db.create("schema/draft_failed")
    if tried and db.has("carried"):
        walk.decide_routes(db)


FREEZES = {"deceased": "freeze_estate", "fraud_victim_block": "freeze_victim"}
"""Blocks whose reader did nothing: each has a letter of its own."""


class Writer:
    """Writes the letters of a night in the words of its notices document."""

    def __init__(self, notices: Notices, profile: Profile, as_of: date) -> None:
        self.notices = notices
        self.profile = profile
        self.as_of = as_of
        self.reader = Reader(notices)
        self.templates = _templates(notices)

    def checked(self, row: Row) -> tuple[Row, list[str]]:
        """The letter for a row of reviews/letters, and what is wrong with it."""
        unknown = [code for code in row["reason_codes"] if code not in self.notices.reason]
        if unknown:
            return {}, [f"reason {code} has no words" for code in unknown]
        claim = self.claim(row)
        if claim.kind in WITH_REASONS and not claim.reason_codes:
            return {}, [f"a {row['kind']} without a reason"]
        letter = self.letter(row, claim)
        return letter, self.reader.faults(claim, letter["subject"], letter["body"])

    def claim(self, row: Row) -> Claim:
        """What the decision says, for the reader to hold the letter against."""
        language = self.language(row)
        locale = _locale(language, row["jurisdiction"])
        kind = _letter_of(row)
        return Claim(
            kind=kind,
            language=language,
            facts=_facts(row),
            reason_codes=tuple(row["reason_codes"]),
            symbol=get_currency_symbol(row["currency"], locale=locale),
            places=get_currency_precision(row["currency"]),
            fixed={
                "salutation": self._salutation(row, language, estate=kind == "freeze_estate"),
                "facility_id": row["facility_id"],
                "you": self.notices.you[row["borrower_type"]].get(language),
                "lender": self.profile.name,
                "complaints_address": self.profile.complaints_address,
                "regulator_address": self.profile.regulator_address,
                "written_on": _date(self.as_of, locale),
            },
        )

    def letter(self, row: Row, claim: Claim) -> Row:
        """The row of `drafts`."""
        words = self.notices
        locale = _locale(claim.language, row["jurisdiction"])
        codes = list(claim.reason_codes[:MOST_IN_A_LETTER]) if claim.kind in WITH_REASONS else []
        sentences = [words.reason[code].get(claim.language) for code in codes]
        colon = "：" if claim.language == "zh" else ": "
        facts = [
            f"{words.label[label].get(claim.language)}{colon}{_written(label, value, row, locale)}"
            for label, value in claim.facts
        ]
        body = self.templates[claim.kind, claim.language].render(
            {
                **claim.fixed,
                "facts": "\n".join(facts),
                "reasons": "\n".join(f"{number}. {text}" for number, text in enumerate(sentences, start=1)),
            }
        )
        return {
            "draft_id": _draft_id(self.as_of, row),
            "facility_id": row["facility_id"],
            "borrower_id": row["borrower_id"],
            "kind": row["kind"],
            "language": claim.language,
            "effective_on": None if row["kind"] == "offer" else row["effective_on"],
            "deadline_on": row["deadline_on"],
            "subject": words.letter[claim.kind].subject.get(claim.language),
            "body": body,
            "reason_codes": codes,
        }

    def language(self, row: Row) -> Language:
        """The borrower's own, else the country's as the profile has it, else English."""
        own: Language | None = row["language"]
        return own or self.profile.languages.get(row["jurisdiction"], "en")

    def _salutation(self, row: Row, language: Language, *, estate: bool) -> str:
        name = _one_line(row["name"] or "")
        key = ("estate_" if estate else "") + ("named" if name else "unnamed")
        return self.notices.salutation[key].get(language).replace("{{ name }}", name)


def _templates(notices: Notices) -> dict[tuple[str, Language], Template]:
    languages: tuple[Language, ...] = ("zh", "en")
    # Sandboxed, because the texts are the lender's own and only fields are meant to be in them.
    room = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    )
    return {
        (kind, language): room.from_string(letter.body.get(language).strip("\n") + "\n")
        for kind, letter in notices.letter.items()
        for language in languages
    }


def _letter_of(row: Row) -> str:
    """Which letter tells the row: its kind, or the one for a block of this reason."""
    own = [FREEZES[code] for code in row["reason_codes"] if code in FREEZES]
    return own[0] if row["kind"] == "freeze" and own else str(row["kind"])


def _facts(row: Row) -> tuple[Fact, ...]:
    """The figures of the decision that its letter names, in the letter's order."""
    facts: list[Fact] = [("facility", row["facility_id"])]
    if row["kind"] == "correction":
        facts.append(("decided_on", row["decided_on"]))
    if row["kind"] == "offer":
        facts += [("limit", row["limit_cents"]), ("offered_limit", row["proposed_limit_cents"])]
    elif row["proposed_limit_cents"] != row["limit_cents"]:
        facts += [("old_limit", row["limit_cents"]), ("new_limit", row["proposed_limit_cents"])]
    else:
        facts += [("limit", row["limit_cents"])]
    old, new = row["rate_bp"], row["proposed_rate_bp"]
    if old is not None and new is not None and old != new:
        facts += [("old_rate", old), ("new_rate", new)]
    if row["kind"] != "offer":
        facts.append(("effective_on", row["effective_on"]))
    return tuple(facts)


def _written(label: str, value: int | date | str, row: Row, locale: Locale) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return _date(value, locale)
    return _rate(value, locale) if label.endswith("_rate") else _money(value, row["currency"], locale)


def _draft_id(as_of: date, row: Row) -> str:
    return hashlib.sha256(f"{as_of}|{row['facility_id']}|{row['kind']}".encode()).hexdigest()[:32]


def _one_line(text: str) -> str:
    """A name as one line of text: a line break in it could forge a line of the letter."""
    kept = "".join(" " if unicodedata.category(mark)[0] in "CZ" else mark for mark in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


@lru_cache(maxsize=1024)
def _locale(language: Language, jurisdiction: str) -> Locale:
    """The language as the country writes it, where that is known."""
    try:
        return Locale.parse(f"{language}_{jurisdiction}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


# Limits, rates and days repeat, and Babel takes longer over one than over all the rest of a letter.
@lru_cache(maxsize=100_000)
def _money(minor_units: int, currency: str, locale: Locale) -> str:
    return format_currency(major(minor_units, get_currency_precision(currency)), currency, locale=locale)


@lru_cache(maxsize=10_000)
def _rate(bp: int, locale: Locale) -> str:
    return format_percent(major(bp, 4), format="#,##0.00%", locale=locale)


@lru_cache(maxsize=10_000)
def _date(day: date, locale: Locale) -> str:
    return format_date(day, format="long", locale=locale)
