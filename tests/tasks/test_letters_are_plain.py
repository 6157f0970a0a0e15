"""The longest letter of every kind is short, and in plain words: it is read by people, once."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from linewatch import advice
from linewatch.figures import NAMES
from linewatch.letter import LETTERS, MEETINGS, STANDING_FIELDS
from linewatch.notice import Language
from linewatch.profile import Bureau
from linewatch.reasons import REASONS
from linewatch.regulation import Pack, Record
from tasks.draft import Writer
from tests.tasks.decisions_fixture import AS_OF, notices, profile

MOST_WORDS, MOST_CHARACTERS = 350, 800
EASE = 65
"""Flesch reading ease: 60 to 70 is plain English, a credit agreement is about 30."""
VOWELS = re.compile("[aeiouy]+")
LENDER = profile().model_copy(
    update={
        "complaints_address": "Complaints, A Lender of Good Length plc, 1 Example Road, Example Town EX1 1EX",
        "regulator_address": "The Bureau of Example Protection, 2 Example Street, Example City 20552",
        "bureau": {
            "one": Bureau(name="Example Bureau Inc", address="3 Example Road", phone="+1 800 555 0100")
        },
    }
)


def record(measure: str) -> Record:
    return Record(
        id=measure.replace("_", "-"),
        type="duty",
        measure=measure,
        effective_from=date(2000, 1, 1),
        citation="none",
        checked=False,
        because="All that may be asked at once.",
    )


def writer(*measures: str) -> Writer:
    pack = Pack(
        id="us", version="1", effective_from=date(2000, 1, 1), record=tuple(record(each) for each in measures)
    )
    return Writer(notices(), LENDER, AS_OF, packs={"us": pack})


AMERICAN = writer("bureau_named", "equal_credit_notice")
"""More than any shipped pack asks; the pack that has the law's words leaves causes out."""
TELLING = writer("human_review_on_request", "letter_causes")
CAUSED = ("conduct", "elapsed_time", "security", "related", "market", "data", "model", "policy", "regulation")


def longest(language: Language) -> list[str]:
    """Reason codes, the longest sentences with their figures first."""
    by_length = sorted(REASONS, key=lambda code: -_size(_told(code, language), language))
    return by_length[:4]


def _told(code: str, language: Language) -> str:
    row = {**row_of("decrease", language), "reason_codes": [code]}
    body = str(TELLING.letter(row)["body"])
    return next(line for line in body.split("\n") if line.startswith("1. "))


def _size(text: str, language: Language) -> int:
    """Words; in Chinese characters and marks, and what is in Latin letters by words, as is usual there."""
    if language == "en":
        return len(text.split())
    latin = r"[A-Za-z0-9$¥.,:'%+ -]+"
    return len(re.findall(latin, text)) + len(re.sub(latin + r"|\s", "", text))


def row_of(kind: str, language: Language) -> dict[str, Any]:
    """A row in which everything that may be said is: every figure bears its reason out, all causes moved."""
    return {
        "facility_id": "F000000001-12",
        "borrower_id": "B1",
        "borrower_type": "enterprise",
        "jurisdiction": "US",
        "currency": "USD",
        "segment": None,
        "kind": {"freeze_estate": "freeze", "freeze_victim": "freeze"}.get(kind, kind),
        "limit_cents": 120_000_000,
        "proposed_limit_cents": 80_000_000,
        "rate_bp": 1800,
        "proposed_rate_bp": 1550,
        "effective_on": date(2026, 12, 25),
        "deadline_on": None,
        "decided_on": date(2026, 11, 20),
        "promised_on": date(2026, 9, 20),
        "reply_by_on": date(2026, 12, 24),
        "meeting": MEETINGS[0],
        "reason_codes": [],
        "figures": dict.fromkeys(NAMES, 12) | {name: 3_456 for name in NAMES if name.endswith("_bp")},
        "language": language,
        "name": "Maximilian Alexander Featherstonehaugh",
        "bureau_used": True,
        "bureau_provider": "one",
        "caused_since_on": date(2026, 9, 23),
        "cause_circumstances_cents": -5_000_005,
        **{f"cause_{name}_cents": -1_000_001 for name in CAUSED},
    }


def longest_letters(language: Language) -> dict[str, str]:
    """The longest body of each kind, over the laws and the advice that may stand in it, without the notice on
    equal credit: its words are the law's.
    """
    codes = {"freeze_estate": ["deceased"], "freeze_victim": ["fraud_victim_block"]}
    found: dict[str, str] = {}
    given = [(standing, code) for standing in STANDING_FIELDS for code in advice.ACTIONS]
    given += [("nothing", code) for code in advice.NOTHING]
    for kind in LETTERS:
        for by in (AMERICAN, TELLING):
            for standing, code in given:
                row = row_of(kind, language) | {
                    "reason_codes": codes.get(kind, longest(language)),
                    "advice_standing": standing,
                    "advice_code": code,
                    "advice_amount_cents": 40_000_000,
                    "advice_by_on": date(2027, 9, 23),
                    "advice_counts_on": date(2027, 9, 28),
                    "advice_limit_cents": 120_000_000,
                }
                letter, faults = by.checked(row)
                assert faults == []
                body = _without_law(letter["body"], language)
                if _size(body, language) > _size(found.get(kind, ""), language):
                    found[kind] = body
    return found


def test_the_longest_letter_of_every_kind_is_short() -> None:
    english = {kind: _size(body, "en") for kind, body in longest_letters("en").items()}
    chinese = {kind: _size(body, "zh") for kind, body in longest_letters("zh").items()}
    print(f"words: {english}\ncharacters: {chinese}")
    assert {kind: words for kind, words in english.items() if words > MOST_WORDS} == {}
    assert {kind: marks for kind, marks in chinese.items() if marks > MOST_CHARACTERS} == {}


def test_every_english_letter_reads_easily(capsys: pytest.CaptureFixture[str]) -> None:
    scores = {kind: ease(body) for kind, body in longest_letters("en").items()}
    with capsys.disabled():
        print("\nreading ease: " + ", ".join(f"{kind} {score:.0f}" for kind, score in sorted(scores.items())))
    assert {kind: score for kind, score in scores.items() if score < EASE} == {}


def test_every_sentence_of_a_section_reads_easily() -> None:
    words = notices()
    said = [each.en for each in (*words.reason.values(), *words.advice.values(), *words.standing.values())]
    assert ease("\n".join(f"{each.rstrip('.')}." for each in said)) > EASE


def test_the_score_tells_plain_from_hard() -> None:
    plain = "We have looked at your line. The new limit is lower. You can ask us why."
    hard = (
        "Notwithstanding antecedent representations, institutional creditworthiness determinations"
        " necessitate proportionate recalibration of discretionary facilities."
    )
    assert ease(plain) > 90
    assert ease(hard) < 0


def _without_law(body: str, language: Language) -> str:
    law = notices().section["equal_credit"].get(language).partition("{{")[0]
    return "\n\n".join(part for part in body.split("\n\n") if not part.startswith(law))


def ease(body: str) -> float:
    """Flesch reading ease (R. Flesch, "A new readability yardstick", 1948) of a letter's sentences.

    Salutation, figures and addresses are no sentences, and count for nothing.
    """
    said = [
        line.partition(". ")[2] if re.match(r"\d\. ", line) else line
        for line in body.split("\n")
        if re.search(r"[.:]$", line) and len(line.split()) > 3
    ]
    sentences = [each for line in said for each in re.split(r"(?<=[.:;])\s+", line) if each.strip()]
    words = [word for each in sentences for word in re.findall("[A-Za-z']+", each)]
    syllables = sum(_syllables(word.lower()) for word in words)
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)


def _syllables(word: str) -> int:
    groups = len(VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    silent |= word.endswith("ed") and not word.endswith(("ted", "ded")) and groups > 1
    return max(groups - silent, 1)
