"""A letter's page says what its text says, to everybody, and nothing in it runs or is fetched."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from linewatch.notice import LANGUAGES
from linewatch.profile import Profile
from tasks.draft import Writer
from tasks.letters.blocks import blocks_of, lines_of, text_of
from tasks.letters.code import rows_of
from tasks.letters.page import page_of
from tests.letters.letters_fixture import CHANGE, drafted
from tests.letters.page_read import Page, codes_in
from tests.tasks.decisions_fixture import AS_OF, notices, profile

EVIL = "<script>alert(1)</script> & 'x' \"y\" <img src=//evil.example/x>"
KINDS = ("decrease", "freeze", "unfreeze", "increase", "offer", "rate", "correction")


def said(line: str) -> str:
    """A line of a letter as the page's reader gives it: a label and its value side by side."""
    return re.sub(r"^([^:：]{1,40})(?:: |：)(?=\S)", r"\1 | ", line)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_the_letter_line_for_line_and_its_reference(kind, language):
    codes = ["late_payments", "utilisation"] if kind in ("decrease", "freeze") else []
    letter = drafted(kind=kind, language=language, reason_codes=codes, proposed_rate_bp=1500)
    page = Page(page_of(letter))
    told = [letter.subject, *(line for line in letter.text.split("\n") if line)]
    assert [said(line) for line in page.lines[: len(told)]] == [said(line) for line in told]
    assert len(page.pairs) >= 4
    assert page.lines[len(told)].endswith(CHANGE)
    assert len(page.lines) == len(told) + 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_a_language_one_first_heading_and_reasons_in_an_ordered_list(language):
    page = Page(page_of(drafted(language=language)))
    assert page.tags[0] == ("html", {"lang": language})
    assert page.names.count("h1") == page.names.count("title") == page.names.count("main") == 1
    assert page.names.count("li") == 2
    assert ("ol", {}) in page.tags
    (code,) = [given for name, given in page.tags if given.get("role") == "img"]
    assert code["aria-label"]


def test_nothing_that_a_person_or_a_lender_is_called_becomes_markup():
    lender = Profile.model_validate(profile().model_dump() | {"name": EVIL, "complaints_address": EVIL})
    letter = drafted(Writer(notices(), lender, AS_OF), name=EVIL, facility_id=EVIL)
    text = page_of(letter)
    page = Page(text)
    assert not {"script", "img"} & set(page.names)
    assert not [value for _, given in page.tags for name, value in given.items() if name.startswith("on")]
    assert f"Dear {EVIL}," in page.lines
    assert ("Credit line", EVIL) in page.pairs
    assert page.lines.count(EVIL) == 2
    subject = page_of(replace(letter, subject=EVIL))
    assert not {"script", "img"} & set(Page(subject).names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_asks_nobody_for_anything(language):
    text = page_of(drafted(language=language))
    page = Page(text)
    assert not {"script", "link", "iframe", "img", "object"} & set(page.names)
    assert not re.findall(r"https?:|url\(|@import|src=|href=", text)
    (rule,) = [given["content"] for name, given in page.tags if "http-equiv" in given]
    assert rule == "default-src 'none'; style-src 'unsafe-inline'"
    assert "@page { size: A4;" in text


def test_the_code_holds_the_reference_and_nothing_else():
    assert codes_in(page_of(drafted())) == [CHANGE]
    other = "f" * 31 + "0"
    assert codes_in(page_of(drafted(language="zh", change_id=other))) == [other]


@given(st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_code_that_is_put_together_is_the_one_that_is_drawn_whole(reference):
    whole = segno.make_qr(reference, error="m", version=3, mask=2, mode="byte", boost_error=False)
    assert rows_of(reference) == ["".join(str(int(module)) for module in row) for row in whole.matrix]


def test_a_letter_about_no_change_has_no_reference():
    page = Page(page_of(drafted(kind="offer", change_id=None)))
    assert "footer" not in page.names
    assert "svg" not in page.names


LAID_OUT = """Dear Ann,

We write about this:

Credit line: F1
New limit: £8,000.00

Reasons:
1. One.
2. Two.

What changed since 1 May 2026

- Your account: £-400.00
- Time: £10.00

Not long ago, we said: this is a sentence with a colon in it, and it is much longer than a figure would be.

1. One.
3. Three.

Lender
1 May 2026
"""


def test_how_a_text_is_laid_out_shows_in_its_parts():
    kinds = [block.kind for block in blocks_of(LAID_OUT)]
    assert kinds == [
        "paragraph", "paragraph", "facts", "paragraph", "listed", "heading", "listed", "paragraph",
        "paragraph", "paragraph",
    ]  # fmt: skip
    assert [block.numbered for block in blocks_of(LAID_OUT) if block.kind == "listed"] == [True, False]


LINE = st.one_of(
    st.sampled_from(
        [
            "New limit: £1",
            "新额度：¥1",
            "1. One.",
            "2. Two.",
            "- a",
            "A heading",
            "Dear Ann,",
            "：",
            ": ",
            "1. ",
        ]
    ),
    st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), min_size=1),
)


@given(st.lists(st.lists(LINE, min_size=1, max_size=4), min_size=1, max_size=5))
def test_no_word_of_any_text_is_lost_between_its_parts(paragraphs):
    body = "\n\n".join("\n".join(lines) for lines in paragraphs) + "\n"
    assert text_of(blocks_of(body)) == "\n".join(line for lines in paragraphs for line in lines)
    assert all(line for block in blocks_of(body) for line in lines_of(block))
