"""Text for a terminal, wrapped by the columns that it takes: a Chinese character has two."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

WIDTH = 100


def wrapped(text: str, indent: str = "", width: int = WIDTH) -> list[str]:
    """Lines of at most `width` columns, the indent among them; none for an empty text."""
    return [indent + line for line in _lines(text.split(" "), width - len(indent))] if text else []


def _lines(words: Iterable[str], width: int) -> Iterator[str]:
    line = ""
    for word in words:
        for piece in _pieces(word, width):
            longer = f"{line} {piece}" if line else piece
            if columns(longer) > width:
                yield line
                line = piece
            else:
                line = longer
    if line:
        yield line


def _pieces(word: str, width: int) -> list[str]:
    """A word that is too wide for a line, cut to what fits."""
    if columns(word) <= width:
        return [word]
    narrow = columns(word) == len(word)
    return textwrap.wrap(word, width if narrow else width // 2, drop_whitespace=False)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)
