"""The gallery of the docs is what the writer writes today, and each figure in it is that of its line."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from tests.letters import gallery
from tests.letters.page_read import Page, codes_in
from tests.tasks.decisions_fixture import notices

ARTICLES = re.findall(r"<article.*?</article>", gallery.PAGE.read_text(encoding="utf-8"), re.DOTALL)
ROWS = gallery.rows()
MONTHS = {month: number for number, month in enumerate(
    "January February March April May June July August September October November December".split(), start=1
)}  # fmt: skip
SIGNS = {"CNY": "¥", "GBP": "£", "USD": "$", "SGD": "$", "EUR": "€"}


def label(text: str) -> str:
    """The name of a figure, from how it is called in either language."""
    figures = {**notices().label, **{f"cause_{name}": words for name, words in notices().cause.items()}}
    return next(name for name, words in figures.items() if text in (words.zh, words.en))


def cents(text: str, currency: str) -> int:
    """An amount as a person reads it: groups of three, two places, the sign of its money."""
    sign, whole, part = re.fullmatch(r"(\D*)([\d.,]+)[.,](\d\d)\D*", text).groups()  # type: ignore[union-attr]
    assert SIGNS[currency] in (sign or text)
    return int(re.sub(r"[.,]", "", whole)) * 100 + int(part)


def signed(text: str, currency: str) -> int:
    return (-1 if text[0] in "-−" else 1) * cents(text.lstrip("+-−"), currency)


def causes(row: dict[str, Any]) -> dict[str, int]:
    """What moved the limit of a line, carried the rest: only where its country's law lets a letter say so."""
    if "caused_since_on" not in row or row["jurisdiction"] == "US":
        return {}
    drivers = ("conduct", "elapsed_time", "security", "related", "market")
    found = {name: row[f"cause_{name}_cents"] for name in (*drivers, "data", "model", "policy", "regulation")}
    change = row["proposed_limit_cents"] - row["limit_cents"]
    found["carried"] = change - sum(found.values())
    return {f"cause_{name}": moved for name, moved in found.items() if moved}


def day(text: str) -> date:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if "年" in text:
        return date(*numbers)
    (month,) = [number for name, number in MONTHS.items() if name in text]
    return date(numbers[1], month, numbers[0])


def expected(row: dict[str, Any]) -> dict[str, Any]:
    """The figures that the letter of a line must name, by what was decided of it."""
    moved = row["limit_cents"] != row["proposed_limit_cents"]
    found: dict[str, Any] = {"facility": row["facility_id"]}
    if row["kind"] == "offer":
        offered = {"offered_limit": row["proposed_limit_cents"], "reply_by_on": row["reply_by_on"]}
        return {**found, "limit": row["limit_cents"], **offered}
    if row["kind"] == "invitation":
        return {**found, "reply_by_on": row["reply_by_on"]}
    if row["kind"] == "early_warning":
        warned = {"warned_limit": row["proposed_limit_cents"], "warned_on": row["effective_on"]}
        return {**found, "limit": row["limit_cents"], **warned}
    if row["kind"] == "promise_kept":
        found |= {"promised_on": row["promised_on"]}
    if moved:
        found |= {"old_limit": row["limit_cents"], "new_limit": row["proposed_limit_cents"]}
    else:
        found |= {"limit": row["limit_cents"]}
    if row["rate_bp"] != row["proposed_rate_bp"]:
        found |= {"old_rate": row["rate_bp"], "new_rate": row["proposed_rate_bp"]}
    if row["kind"] == "correction":
        found |= {"decided_on": row["decided_on"]}
    return {**found, "effective_on": row["effective_on"]}


def test_the_gallery_is_what_the_writer_writes_today():
    committed = gallery.PAGE.read_text(encoding="utf-8")
    assert committed == gallery.page(), "python -m tests.letters.gallery"


def test_it_has_two_languages_every_kind_of_letter_and_countries_of_every_pack():
    assert len(ARTICLES) == len(ROWS) == 24
    assert {row["kind"] for row in ROWS} == {
        kind for kind in notices().letter if not kind.startswith("freeze_")
    }
    languages = {(row["kind"], row["language"]) for row in ROWS}
    assert len(languages) >= 2 * len({row["kind"] for row in ROWS}) - 1
    assert {row["jurisdiction"] for row in ROWS} == set(gallery.LAW)
    subjects = {Page(text).lines[0] for text in ARTICLES}
    words = [letter.subject for kind, letter in notices().letter.items() if kind.startswith("freeze_")]
    assert subjects >= {text for each in words for text in (each.zh, each.en)}


@pytest.mark.parametrize(
    "at", range(len(ROWS)), ids=lambda at: f"{ROWS[at]['kind']}-{ROWS[at]['jurisdiction']}"
)
def test_each_figure_is_that_of_its_line(at):
    row = ROWS[at]
    read: dict[str, Any] = {}
    for name, said in ((label(text), value) for text, value in Page(ARTICLES[at]).pairs):
        if name in ("facility", "meeting"):
            read[name] = said
        elif name.startswith("cause_"):
            read[name] = signed(said, row["currency"])
        elif name.endswith("_on"):
            read[name] = day(said)
        elif name.endswith("_rate"):
            assert said.endswith("%")
            read[name] = round(float(said[:-1].replace(",", ".")) * 100)
        else:
            read[name] = cents(said, row["currency"])
    figures = expected(row) | causes(row)
    assert {name: read.get(name) for name in figures} == figures
    assert {name for name in read if name.startswith("cause_")} == set(causes(row))


def test_references_stand_in_field_and_code_and_no_offer_has_one():
    for row, text in zip(ROWS, ARTICLES, strict=True):
        codes = codes_in(text)
        assert len(codes) == (row["kind"] != "offer")
        assert all(code in text for code in codes)
