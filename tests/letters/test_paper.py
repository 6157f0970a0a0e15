"""A letter on paper says what the letter says, in signs that are there, with the same bytes every time."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdf
import pytest
import zxingcpp

from linewatch.errors import NotFound
from linewatch.notice import LANGUAGES
from tasks.letters import fonts
from tasks.letters.lines import BEGINS, ENDS, wrapped
from tasks.letters.page import WORDS
from tasks.letters.paper import paper_of
from tests.letters.letters_fixture import CHANGE, drafted

AGAIN = """
import hashlib
from tests.letters.letters_fixture import drafted
from tasks.letters.paper import paper_of
for language in {languages}:
    print(hashlib.sha256(paper_of(drafted(language=language))).hexdigest())
"""


def shown(language: str) -> bool:
    """Whether this machine has a font for a language."""
    try:
        fonts.faces_for("额度" if language == "zh" else "limit £€", language)
    except NotFound:
        return False
    return True


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    if not shown(request.param):
        pytest.skip(f"no font here shows {request.param}: apt-get install fonts-noto-cjk fonts-dejavu")
    return str(request.param)


def squeezed(text: str) -> str:
    """A text without blanks, and without the noughts that the reader puts between signs of two bytes."""
    return re.sub(r"[\s\0]", "", text)


def text_of(paper: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages))


def test_every_word_and_figure_of_the_letter_is_on_paper_and_its_reference(language: str) -> None:
    letter = drafted(language=language, proposed_rate_bp=1500, name="李 Łukasz <b>")
    found = text_of(paper_of(letter))
    without = re.compile("[:：]")  # between a label and its value is a gap in place of a colon
    lines = [squeezed(without.sub("", line)) for line in letter.text.split("\n") if line]
    assert [line for line in lines if line not in without.sub("", found)] == []
    assert squeezed(letter.subject) in found
    assert squeezed(WORDS[language]["reference"] + CHANGE) in found
    assert found.endswith("1/1")


def test_paper_is_a4_in_its_language_dated_by_the_night_with_its_fonts_in_it(language: str) -> None:
    letter = drafted(language=language)
    read = pypdf.PdfReader(io.BytesIO(paper_of(letter)))
    width, height = (float(each) / 72 * 25.4 for each in read.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    assert read.metadata is not None
    assert read.metadata.title == letter.subject
    assert str(read.metadata["/CreationDate"]).startswith(f"D:{letter.as_of:%Y%m%d}000000")
    assert read.trailer["/Root"]["/Lang"] == language
    used = read.pages[0]["/Resources"]["/Font"].values()
    kinds = [font.get_object()["/DescendantFonts"][0].get_object() for font in used]
    assert kinds
    for kind in kinds:
        assert {"/FontFile2", "/FontFile3"} & set(kind["/FontDescriptor"].get_object())


def test_the_code_on_paper_holds_the_reference(language: str) -> None:
    page = pypdf.PdfReader(io.BytesIO(paper_of(drafted(language=language)))).pages[0]
    drawn = page.get_contents().get_data().decode("latin-1")
    boxes = [
        tuple(map(float, box)) for box in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) -?([\d.]+) re f", drawn)
    ]
    module = min(box[3] for box in boxes)
    left, top = min(box[0] for box in boxes), max(box[1] for box in boxes)
    dark = np.full((45, 45), 255, np.uint8)
    for x, y, width, _ in boxes:
        column, row = round((x - left) / module) + 8, round((top - y) / module) + 8
        dark[row, column : column + round(width / module)] = 0
    (code,) = zxingcpp.read_barcodes(np.kron(dark, np.ones((4, 4), np.uint8)))
    assert code.text == CHANGE


def test_the_same_letter_has_the_same_bytes_in_another_process_and_zone() -> None:
    languages = [each for each in LANGUAGES if shown(each)]
    if not languages:
        pytest.skip("no font here shows a letter: apt-get install fonts-noto-cjk fonts-dejavu")
    told = {
        subprocess.run(
            [sys.executable, "-c", AGAIN.format(languages=languages)],
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone, seed in (("Asia/Shanghai", "1"), ("America/New_York", "2"))
    }
    assert len(told) == 1
    assert [len(each) for each in told.pop().split()] == [64] * len(languages)


def test_a_long_letter_goes_on_overleaf_and_loses_nothing(language: str) -> None:
    letter = drafted(language=language, facility_id="F" * 300)
    long = "\n\n".join([letter.text.strip(), *[f"Line {number}: £{number}.00" for number in range(90)]])
    paper = paper_of(replace(letter, text=long))
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) > 1
    found = text_of(paper)
    assert all(f"£{number}.00" in found for number in range(90))
    assert "F" * 300 in found


def test_a_machine_without_a_font_says_so_and_prints_no_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", ("/nowhere",))
    fonts._installed.cache_clear()
    try:
        with pytest.raises(NotFound, match=r"No font was found that has \d+ of the signs") as refused:
            paper_of(drafted(language="zh", name="王芳"))
    finally:
        fonts._installed.cache_clear()
    assert "fonts-noto-cjk" in str(refused.value)
    assert "--font FILE" in str(refused.value)
    assert "芳" not in str(
        refused.value
    )  # the log keeps this text: a sign of a name is for the terminal alone
    assert refused.value.exit_code == 2


def test_a_sign_that_no_font_has_is_told_and_so_is_a_file_that_is_no_font(
    tmp_path: Path, language: str
) -> None:
    with pytest.raises(NotFound, match="has 1 of the signs") as refused:
        paper_of(drafted(language=language, name="A\U00013000"))
    assert "U+13000" in refused.value.shown
    wrong = tmp_path / "wrong.ttf"
    wrong.write_text("no font", encoding="utf-8")
    with pytest.raises(NotFound, match="is no font"):
        paper_of(drafted(language=language), wrong)


def wide(text: str) -> float:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


@pytest.mark.parametrize("most", [14, 16, 20, 33])
def test_no_line_begins_with_a_comma_or_ends_with_a_bracket_and_words_stay_whole(most: int) -> None:
    text = "如果您对本次调整有疑问，可以（在30日内）要求复核；请联系：Example Lender。金额¥12,000.00。"
    lines = list(wrapped(text, most, wide))
    assert squeezed("".join(lines)) == squeezed(text)
    assert max(map(wide, lines)) <= most
    assert [line for line in lines if line[0] in ENDS or line[-1] in BEGINS] == []
    assert [
        word for word in ("Example", "¥12,000.00。", "（在") if not any(word in line for line in lines)
    ] == []
