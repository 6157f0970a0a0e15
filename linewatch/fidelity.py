"""Reading a finished letter back, so that none says anything but what was decided.

It shares nothing with the writer but the words of the notices document: figures are read from the
text by their digits, reasons by their sentences, and every other character must be the template's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from linewatch.claim import Claim
from linewatch.letter import SECTIONS
from linewatch.notice import FIELD, LANGUAGES, Language, Notices, Words, paragraphs, section_of
from linewatch.profile import Profile
from linewatch.read_back import read_amount, read_count, read_date, read_moved, read_percent

FRAUD = re.compile("fraud|scam|deceiv|impost|欺诈|诈骗|骗|冒用|盗用", re.IGNORECASE)
"""What no letter says to somebody who is suspected of it."""

SAME = frozenset({"you", "lender", "complaints_address", "regulator_address"})
BUREAU = {"bureau": "name", "bureau_address": "address", "bureau_phone": "phone"}


class Reader:
    """Reads letters of one notices document and one lender."""

    def __init__(self, notices: Notices, profile: Profile) -> None:
        self.notices = notices
        self.profile = profile
        self._same: dict[tuple[str, str, Language], str | None] = {}
        """Paragraphs that are the same in every letter to readers of a kind and language, None for others."""

    def faults(self, claim: Claim, subject: str, body: str) -> list[str]:
        """What the letter says that was not decided, or leaves out that was; empty when it is true."""
        faults = list(claim.faults)
        if subject != self.notices.letter[claim.kind].subject.get(claim.language):
            faults.append("the subject is another letter's")
        if claim.says_nothing_of_fraud and FRAUD.search(f"{subject}\n{_without(body, claim.name)}"):
            faults.append("it speaks of fraud to somebody who is suspected of it")
        wanted = list(self._wanted(claim))
        found = body.removesuffix("\n").split("\n\n")
        if len(found) != len(wanted) or not body.endswith("\n"):
            return [*faults, f"{len(found)} paragraphs stand in the letter, {len(wanted)} were to be written"]
        for part, (section, text) in zip(found, wanted, strict=True):
            if section is not None:
                faults += getattr(self, f"_{section}")(claim, part.split("\n"))
            elif not self._is_text(claim, text, part):
                faults.append("the text around the figures and reasons is not the template's")
        return faults

    def _wanted(self, claim: Claim) -> Iterator[tuple[str | None, str]]:
        """The paragraphs that the letter must have: a section, or a text with the day still a field."""
        there = {
            "facts": True,
            "reasons": bool(claim.reasons),
            "causes": bool(claim.causes),
            "advice": claim.advice is not None,
            "refusal": claim.refusal,
            "bureau": claim.bureau is not None,
            "equal_credit": claim.equal_credit,
        }
        for section, text in self._templates[claim.kind, claim.language]:
            if section is None:
                yield from ((None, part) for part in self._filled(claim, text).split("\n\n"))
            elif there[section]:
                yield section, text

    @cached_property
    def _templates(self) -> dict[tuple[str, Language], list[tuple[str | None, str]]]:
        return {
            (kind, language): [(section_of(part), part) for part in paragraphs(letter.body.get(language))]
            for kind, letter in self.notices.letter.items()
            for language in LANGUAGES
        }

    def _filled(self, claim: Claim, text: str) -> str:
        """The text with everything in it but the day of writing, which is read by its digits."""
        if "{" not in text:
            return text
        key = (text, claim.borrower_type, claim.language)
        if key not in self._same:
            found = set(FIELD.findall(text))
            self._same[key] = self._put(claim, text) if found <= SAME else None
        return self._same[key] or self._put(claim, text)

    def _put(self, claim: Claim, text: str) -> str:
        def value(found: re.Match[str]) -> str:
            match found[1]:
                case "salutation":
                    return self._salutation(claim)
                case "you":
                    return self.notices.you[claim.borrower_type].get(claim.language)
                case "lender":
                    return self.profile.name
                case "complaints_address" | "regulator_address":
                    return str(getattr(self.profile, found[1]))
                case "facility_id" | "reference":
                    return str(getattr(claim, found[1]))
                case "written_on":
                    return _DAY
                case "bureau" | "bureau_address" | "bureau_phone" if claim.bureau is not None:
                    return str(getattr(claim.bureau, BUREAU[found[1]]))
            raise KeyError(found[1])

        return FIELD.sub(value, text)

    def _addressed(self, claim: Claim, words: Words) -> str:
        """A sentence with all its fields but how the reader is addressed."""
        you = self.notices.you[claim.borrower_type].get(claim.language)
        return FIELD.sub(lambda found: you if found[1] == "you" else found[0], words.get(claim.language))

    def _salutation(self, claim: Claim) -> str:
        key = "named" if claim.name else "unnamed"
        words = self.notices.salutation[f"estate_{key}" if claim.kind == "freeze_estate" else key]
        return words.get(claim.language).replace("{{ name }}", claim.name)

    def _is_text(self, claim: Claim, wanted: str, said: str) -> bool:
        before, day, after = wanted.partition(_DAY)
        if not day:
            return said == wanted
        if not said.startswith(before) or not said.endswith(after):
            return False
        return read_date(said[len(before) : len(said) - len(after)], claim.language) == claim.written_on

    def _facts(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        if len(lines) != len(claim.facts):
            return [f"{len(lines)} figures stand in the letter, {len(claim.facts)} were decided"]
        faults = []
        for line, (label, decided) in zip(lines, claim.facts, strict=True):
            opening = f"{self.notices.label[label].get(claim.language)}{_colon(claim)}"
            said = line.removeprefix(opening)
            if not line.startswith(opening) or self._said(label, said, claim) != decided:
                faults.append(f"{label}: {said!r} is not what was decided")
        return faults

    def _said(self, label: str, text: str, claim: Claim) -> object:
        """What a figure of the letter says, or None where it cannot be read."""
        if label == "facility":
            return text
        if label == "meeting":
            words = self.notices.meeting.items()
            return next((code for code, each in words if each.get(claim.language) == text), None)
        if label.endswith("_on"):
            return read_date(text, claim.language)
        if label.endswith("_rate"):
            return read_percent(text)
        return read_amount(text, claim.symbol, claim.places)

    def _reasons(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        named, faults = [], []
        for number, line in enumerate(lines, start=1):
            opening = f"{number}. "
            code, rest = self._reason(claim, line.removeprefix(opening), number - 1)
            if not line.startswith(opening) or code is None:
                return [f"reason {number} is no reason's text"]
            named.append(code)
            if len(lines) == len(claim.reasons):
                decided = claim.reasons[number - 1][1]
                if self._figure(claim, rest, decided) is False:
                    faults.append(f"reason {number}: the figure beside it is not what was measured")
        codes = [code for code, _ in claim.reasons]
        if named != codes:
            return [f"the reasons named are {', '.join(named)}, decided were {', '.join(codes)}"]
        return faults

    def _reason(self, claim: Claim, line: str, place: int) -> tuple[str | None, str]:
        """The code whose sentence the line begins with, and what stands after it."""
        sentences = self._codes[claim.language]
        if line in sentences:
            return sentences[line], ""
        decided = [code for code, _ in claim.reasons[place : place + 1]]
        every = [*decided, *self.notices.reason]
        for code in every:
            sentence = self.notices.reason[code].get(claim.language)
            if line.startswith(sentence):
                return code, line.removeprefix(sentence)
        return None, line

    def _figure(self, claim: Claim, rest: str, decided: tuple[str, int] | None) -> bool:
        """Whether what stands after a reason is its figure, or nothing where it has none."""
        if decided is None:
            return rest == ""
        name, value = decided
        before, _, after = _parted(self._addressed(claim, self.notices.figure[name]))
        blank = " " if claim.language == "en" else ""
        said = rest.removeprefix(blank + before).removesuffix(after)
        if rest != f"{blank}{before}{said}{after}":
            return False
        return (read_percent(said) if name.endswith("_bp") else read_count(said)) == value

    @cached_property
    def _codes(self) -> dict[Language, dict[str, str]]:
        """The code of each reason's sentence."""
        return {
            language: {words.get(language): code for code, words in self.notices.reason.items()}
            for language in LANGUAGES
        }

    def _causes(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        heading = self._addressed(claim, self.notices.section["causes"])
        said = _read_fields(heading, lines[0])
        if said is None or read_date(said["since_on"], claim.language) != claim.since_on:
            return ["the heading of what changed is not the template's, or names another day"]
        if len(lines) - 1 != len(claim.causes):
            return [f"{len(lines) - 1} causes stand in the letter, {len(claim.causes)} moved the limit"]
        faults = []
        for line, (name, cents) in zip(lines[1:], claim.causes, strict=True):
            opening = f"{self.notices.cause[name].get(claim.language)}{_colon(claim)}"
            moved = read_moved(line.removeprefix(opening), claim.symbol, claim.places)
            if not line.startswith(opening) or moved != cents:
                faults.append(f"cause {name}: {line!r} is not what it moved the limit by")
        return faults

    def _advice(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        given = claim.advice
        assert given is not None
        if len(lines) != 2 or lines[0] != self._addressed(claim, self.notices.section["advice"]):
            return ["what would help is not one sentence under its heading"]
        words = self._addressed(claim, self.notices.advice[given.code])
        if given.standing == "nothing":
            return [] if lines[1] == words else ["why nothing would help is told in other words"]
        around = _read_fields(self._addressed(claim, self.notices.standing[given.standing]), lines[1])
        action = around and _read_fields(words, around["action"])
        if not around or action is None:
            return [f"what would help is not the {given.standing} that was found"]
        faults = []
        if read_date(around["counts_on"], claim.language) != given.counts_on:
            faults.append("the day on which advice counts is another")
        if read_amount(around["limit"], claim.symbol, claim.places) != given.limit_cents:
            faults.append("the limit that advice would lead to is another")
        if read_date(action["by_on"], claim.language) != given.by_on:
            faults.append("the day by which advice is to be followed is another")
        if "amount" in action and read_amount(action["amount"], claim.symbol, claim.places) != (
            given.amount_cents
        ):
            faults.append("the amount of the advice is another")
        return faults

    def _refusal(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        words = self._filled(claim, self.notices.section["refusal"].get(claim.language))
        return [] if "\n".join(lines) == words else ["the right to a person's decision is told otherwise"]

    def _bureau(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        assert claim.bureau is not None
        words = self._filled(claim, self.notices.section["bureau"].get(claim.language))
        return [] if "\n".join(lines) == words else ["the bureau is another, or told in other words"]

    def _equal_credit(self, claim: Claim, lines: Sequence[str]) -> list[str]:
        words = self._filled(claim, self.notices.section["equal_credit"].get(claim.language))
        return [] if "\n".join(lines) == words else ["the notice on equal credit is not the document's"]


_DAY = "\0day\0"
"""Stands for the day of writing: no text of a letter holds this mark."""
assert set(SECTIONS) <= {name[1:] for name in vars(Reader)}


def _without(body: str, name: str) -> str:
    """The letter without the reader's name, whose letters are nobody's words."""
    return body.replace(name, "") if name else body


def _colon(claim: Claim) -> str:
    return "：" if claim.language == "zh" else ": "


def _parted(words: str) -> tuple[str, str, str]:
    """What stands before the field of a sentence that has one, its name, and what stands after."""
    before, field, after = _pieces(words)
    return before, field, after


@lru_cache(maxsize=1_000)
def _pieces(words: str) -> tuple[str, ...]:
    """A sentence cut at its fields."""
    return tuple(FIELD.split(words))


def _read_fields(words: str, said: str) -> dict[str, str] | None:
    """What stands in the place of each field of a sentence, or None where the rest of it differs."""
    pieces = _pieces(words)
    if not said.startswith(pieces[0]):
        return None
    at, found = len(pieces[0]), {}
    for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
        end = said.find(after, at) if after else len(said)
        if end < 0:
            return None
        found[name] = said[at:end]
        at = end + len(after)
    return found if at == len(said) else None
