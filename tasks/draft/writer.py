"""Writes letters: what was decided, in the words of a notices document, as the reader's country writes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from linewatch.claim import Claim, Terms, claim_of
from linewatch.fidelity import Reader
from linewatch.figures import FIGURES
from linewatch.letter import CAUSES, LETTERS
from linewatch.letter_law import Asked, letter_law
from linewatch.notice import FIELD, LANGUAGES, Language, Notices, Words, paragraphs
from linewatch.profile import Profile
from linewatch.regulation import Pack
from tasks.draft.written import day, locale_of, money, share, sign_of

Row = dict[str, Any]

FREEZES = {"deceased": "freeze_estate", "fraud_victim_block": "freeze_victim"}
"""Blocks whose reader did nothing: each has a letter of its own."""
EXTRAS = ("cause", "advice_")
"""How the keys of a row begin that a letter can do without."""


class Writer:
    """Writes the letters of one day, and reads each back.

    `packs` are those of the night that decided, in force on `law_on`; without them no letter says what only a
    law asks for. `notice_days` has, by segment, how many days after it is told a decrease takes effect.
    """

    def __init__(
        self,
        notices: Notices,
        profile: Profile,
        written_on: date,
        *,
        packs: Mapping[str, Pack] | None = None,
        law_on: date | None = None,
        notice_days: Mapping[str, int] | None = None,
    ) -> None:
        self.notices = notices
        self.profile = profile
        self.written_on = written_on
        self.law = letter_law(profile, packs or {}, law_on or written_on)
        self.terms = Terms(profile, written_on, self.law, notice_days or {})
        self.reader = Reader(notices, profile)
        self.left_out = 0
        """Letters that went without their causes and advice, because these were wrong."""
        self.templates = {
            (kind, language): [
                FIELD.split(self._begun(part)) for part in paragraphs(letter.body.get(language))
            ]
            for kind, letter in notices.letter.items()
            for language in LANGUAGES
        }

    def _begun(self, paragraph: str) -> str:
        """A paragraph of a template with what is the same in every letter."""
        same = {
            "lender": self.profile.name,
            "complaints_address": self.profile.complaints_address,
            "regulator_address": self.profile.regulator_address,
        }
        return FIELD.sub(lambda found: same.get(found[1], found[0]), paragraph)

    def checked(self, row: Row) -> tuple[Row, list[str]]:
        """The letter for a row of reviews/letters, and what is wrong with it.

        Keys that only some kinds or sections need may be left out of the row (docs/letters.md). Where it is
        causes or advice that are wrong, the letter goes without them: a replay has neither, and must refer
        the same lines.
        """
        letter, faults = self._checked(row)
        extras = [key for key in row if key.startswith(EXTRAS) and row[key] is not None] if faults else []
        if extras:
            plain, still = self._checked(row | dict.fromkeys(extras))
            if not still:
                self.left_out += 1
            return plain, still
        return letter, faults

    def _checked(self, row: Row) -> tuple[Row, list[str]]:
        unknown = [code for code in row["reason_codes"] if code not in self.notices.reason]
        if unknown:
            return {}, [f"reason {code} has no words" for code in unknown]
        claim = self.claim(row)
        if claim.faults:
            return {}, list(claim.faults)
        letter = self.letter(row)
        return letter, self.reader.faults(claim, letter["subject"], letter["body"])

    def claim(self, row: Row) -> Claim:
        """What the decision says, for the reader to hold the letter against."""
        language = self.language(row)
        symbol, places = sign_of(row.get("currency"), locale_of(language, row["jurisdiction"]))
        return claim_of(
            row,
            self.terms,
            language=language,
            symbol=symbol,
            places=places,
            reference=_reference_of(draft_id_of(self.written_on, row)),
        )

    def letter(self, row: Row) -> Row:
        """The row of `drafts`."""
        page = _Page(self, row)
        body = "\n\n".join(
            part for pieces in self.templates[page.kind, page.language] if (part := page.part(pieces))
        )
        return {
            "draft_id": page.draft_id,
            "facility_id": row["facility_id"],
            "borrower_id": row["borrower_id"],
            "kind": row["kind"],
            "language": page.language,
            "effective_on": None if row["kind"] in ("offer", "invitation") else row["effective_on"],
            "deadline_on": row.get("deadline_on"),
            "reference": page.reference,
            "subject": self.notices.letter[page.kind].subject.get(page.language),
            "body": f"{body}\n",
            "reason_codes": page.codes,
        }

    def language(self, row: Row) -> Language:
        """The borrower's own, else the country's as the profile has it, else English."""
        own: Language | None = row["language"]
        return own or self.profile.languages.get(row["jurisdiction"], "en")


class _Page:
    """One letter while it is written."""

    def __init__(self, writer: Writer, row: Row) -> None:
        self.writer, self.row = writer, row
        self.words = writer.notices
        self.draft_id = draft_id_of(writer.written_on, row)
        self.reference = _reference_of(self.draft_id)
        self.language = writer.language(row)
        self.locale = locale_of(self.language, row["jurisdiction"])
        self.asked: Asked = writer.law(row["jurisdiction"], row["borrower_type"])
        own = [FREEZES[code] for code in row["reason_codes"] if code in FREEZES]
        self.kind = own[0] if row["kind"] == "freeze" and own else str(row["kind"])
        told = "reasons" in LETTERS[self.kind]
        self.codes = list(row["reason_codes"][: self.asked.most_reasons]) if told else []

    def part(self, pieces: list[str]) -> str:
        """A paragraph of the template with its fields filled; empty where its section has nothing to say."""
        if len(pieces) == 1:
            return pieces[0]
        return "".join(self.field(piece) if number % 2 else piece for number, piece in enumerate(pieces))

    def field(self, name: str) -> str:
        return str(getattr(self, f"_{name}")())

    def _say(self, words: Words, **values: str) -> str:
        pieces = _pieces(words.get(self.language))
        if len(pieces) == 1:
            return pieces[0]
        return "".join(
            (values.get(piece) or self.field(piece)) if number % 2 else piece
            for number, piece in enumerate(pieces)
        )

    def _salutation(self) -> str:
        name = _one_line(self.row["name"] or "")
        key = ("estate_" if self.kind == "freeze_estate" else "") + ("named" if name else "unnamed")
        return self.words.salutation[key].get(self.language).replace("{{ name }}", name)

    def _you(self) -> str:
        return self.words.you[self.row["borrower_type"]].get(self.language)

    def _regulator_address(self) -> str:
        return self.writer.profile.regulator_address

    def _facility_id(self) -> str:
        return str(self.row["facility_id"])

    def _written_on(self) -> str:
        return day(self.writer.written_on, self.locale)

    def _reference(self) -> str:
        return self.reference

    def _facts(self) -> str:
        colon = "：" if self.language == "zh" else ": "
        return "\n".join(
            f"{self.words.label[label].get(self.language)}{colon}{said}" for label, said in self._figures()
        )

    def _figures(self) -> Iterator[tuple[str, str]]:
        """The figures that the letter names, as they are written, in its order."""
        row, kind = self.row, self.row["kind"]
        yield "facility", row["facility_id"]
        if kind == "invitation":
            yield "meeting", self.words.meeting[row["meeting"]].get(self.language)
            yield "reply_by_on", day(row["reply_by_on"], self.locale)
            return
        if kind in ("correction", "promise_kept"):
            label = "decided_on" if kind == "correction" else "promised_on"
            yield label, day(row[label], self.locale)
        moves = row["proposed_limit_cents"] != row["limit_cents"]
        new = {"offer": "offered_limit", "early_warning": "warned_limit"}.get(kind, "new_limit")
        yield "old_limit" if moves and new == "new_limit" else "limit", self._money(row["limit_cents"])
        if moves or new != "new_limit":
            yield new, self._money(row["proposed_limit_cents"])
        if kind == "early_warning":
            yield "warned_on", day(row["effective_on"], self.locale)
            return
        if kind == "offer":
            yield "reply_by_on", day(row["reply_by_on"], self.locale)
        before, after = row.get("rate_bp"), row.get("proposed_rate_bp")
        starts = kind != "offer"
        if before is not None and after is not None and before != after:
            yield "old_rate", share(before, self.locale)
            yield "new_rate", share(after, self.locale)
            starts = True
        if starts:
            yield "effective_on", day(row["effective_on"], self.locale)

    def _reasons(self) -> str:
        blank = " " if self.language == "en" else ""
        lines = []
        for number, code in enumerate(self.codes, start=1):
            beside = self._beside(code)
            sentence = self.words.reason[code].get(self.language)
            lines.append(f"{number}. {sentence}{blank if beside else ''}{beside}")
        return "\n".join(lines)

    def _beside(self, code: str) -> str:
        """The borrower's own figure that bears the reason out, as a sentence; empty where none does."""
        known = self.row.get("figures") or {}
        for figure in FIGURES.get(code, ()):
            value = known.get(figure.name)
            if value is not None and figure.bears_out(value):
                written = share(value, self.locale) if figure.name.endswith("_bp") else str(value)
                return self._say(self.words.figure[figure.name], figure=written)
        return ""

    def _causes(self) -> str:
        row = self.row
        since_on = row.get("caused_since_on")
        if not self.asked.causes or since_on is None or row["proposed_limit_cents"] == row["limit_cents"]:
            return ""
        cents = {name: row.get(f"cause_{name}_cents") or 0 for name in CAUSES}
        cents["carried"] = row["proposed_limit_cents"] - row["limit_cents"] - sum(cents.values())
        colon = "：" if self.language == "zh" else ": "
        lines = [
            f"{self.words.cause[name].get(self.language)}{colon}{self._moved(moved)}"
            for name, moved in cents.items()
            if moved
        ]
        heading = self._say(self.words.section["causes"], since_on=day(since_on, self.locale))
        return "\n".join([heading, *lines])

    def _advice(self) -> str:
        row = self.row
        code = row.get("advice_code")
        if code is None:
            return ""
        words, standing = self.words.advice[code], row["advice_standing"]
        if standing == "nothing":
            said = self._say(words)
        else:
            amount, by_on = row["advice_amount_cents"], row["advice_by_on"]
            action = self._say(
                words,
                amount="" if amount is None else self._money(amount),
                by_on=day(by_on, self.locale),
            )
            said = self._say(
                self.words.standing[standing],
                action=action,
                limit=self._money(row["advice_limit_cents"]),
                counts_on=day(row["advice_counts_on"], self.locale),
            )
        return f"{self._say(self.words.section['advice'])}\n{said}"

    def _refusal(self) -> str:
        return self._say(self.words.section["refusal"]) if self.asked.refusal else ""

    def _bureau(self) -> str:
        if not (self.asked.bureau and self.row.get("bureau_used")):
            return ""
        named = self.writer.profile.bureau
        provider = self.row.get("bureau_provider")
        bureau = named[provider] if provider is not None else next(iter(named.values()))
        return self._say(
            self.words.section["bureau"],
            bureau=bureau.name,
            bureau_address=bureau.address,
            bureau_phone=bureau.phone,
        )

    def _equal_credit(self) -> str:
        return self._say(self.words.section["equal_credit"]) if self.asked.equal_credit else ""

    def _moved(self, minor_units: int) -> str:
        return ("+" if minor_units > 0 else "-") + self._money(abs(minor_units))

    def _money(self, minor_units: int) -> str:
        return money(minor_units, self.row["currency"], self.locale)


@lru_cache(maxsize=1_000)
def _pieces(words: str) -> tuple[str, ...]:
    """A sentence cut at its fields."""
    return tuple(FIELD.split(words))


def draft_id_of(written_on: date, row: Row) -> str:
    return hashlib.sha256(f"{written_on}|{row['facility_id']}|{row['kind']}".encode()).hexdigest()[:32]


def _reference_of(draft_id: str) -> str:
    """What the reader names when asking: as the draft's own, and short enough to be read out."""
    return draft_id[:16].upper()


def _one_line(text: str) -> str:
    """A name as one line of text: a line break in it could forge a line of the letter."""
    kept = "".join(" " if unicodedata.category(mark)[0] in "CZ" else mark for mark in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())
