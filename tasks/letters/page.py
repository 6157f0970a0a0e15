"""A letter as a page: one file that needs nothing else, to be read, printed or handed to a mailer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from tasks.letters.blocks import blocks_of
from tasks.letters.letter import Letter

TEMPLATES = Path(__file__).parents[1] / "templates"
STYLE = "letter.css"
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "reference": "Reference of this change:",
        "purpose": "With it you can ask us for a proof that this change was recorded as it was made and has"
        " not been altered since.",
        "code": "The reference of this change as a QR code",
    },
    "zh": {
        "reference": "本次变更编号：",
        "purpose": "凭此编号可向我们索取证明，核实本次变更已如实记录且此后未被修改。",
        "code": "本次变更编号的二维码",
    },
}
MASK = 2
"""Any of the eight may be read; to try all for the best looking takes five times as long."""


def page_of(letter: Letter) -> str:
    """The letter as an HTML document; every text in it is escaped."""
    return _template("letter.html.j2").render(style=style(), **fields(letter))


def fields(letter: Letter) -> dict[str, Any]:
    """What letter_article.html.j2 shows of a letter, but for the level of its first heading."""
    return {
        "letter": letter,
        "blocks": blocks_of(letter.text),
        "words": WORDS[letter.language],
        "code": drawn(letter.change_id) if letter.change_id else "",
    }


def code_of(reference: str) -> segno.QRCode:
    """The reference, and nothing else, as a QR code of medium error correction."""
    return segno.make_qr(reference, error="m", mask=MASK, mode="byte", boost_error=False)


def drawn(reference: str) -> str:
    """A QR code as SVG that takes the size it is given; it has no text in it."""
    return code_of(reference).svg_inline(omitsize=True, svgclass=None, lineclass=None)


@cache
def style() -> str:
    return (TEMPLATES / STYLE).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _template(name: str) -> Template:
    return environment().get_template(name)
