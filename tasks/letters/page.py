"""A letter as a page: one file that needs nothing else, to be read, printed or handed to a mailer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from tasks.letters.blocks import Block, blocks_of
from tasks.letters.code import drawn
from tasks.letters.letter import Letter

TEMPLATES = Path(__file__).parents[1] / "templates"
STYLE = "letter.css"
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "reference": "Number in our log:",
        "purpose": "With it you can ask us for a proof that this change was recorded as it was made and has"
        " not been altered since.",
        "code": "The number in our log as a QR code",
    },
    "zh": {
        "reference": "存证编号：",
        "purpose": "凭此编号可向我们索取证明，核实本次变更已如实记录且此后未被修改。",
        "code": "存证编号的二维码",
    },
}


def page_of(letter: Letter) -> str:
    """The letter as an HTML document; every text in it is escaped."""
    return _template("letter.html.j2").render(style=style(), **fields(letter))


def fields(letter: Letter, level: int = 1) -> dict[str, Any]:
    """What letter_article.html.j2 shows of a letter under a heading of a level."""
    return {
        "letter": letter,
        "level": level,
        "parts": "".join(_part(block, level) for block in blocks_of(letter.text)),
        "words": WORDS[letter.language],
        "code": drawn(letter.change_id) if letter.change_id else "",
    }


@lru_cache(maxsize=10_000)
def _part(block: Block, level: int) -> str:
    return _template("letter_part.html.j2").render(block=block, level=level)


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
