"""Reads a letter's page as a browser would: its elements, its text in lines, what lies in its QR code."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import zxingcpp

VOID = {"meta", "br", "path", "link", "input", "img"}
LINES = {"h1", "h2", "h3", "p", "dd", "li"}


class Page(HTMLParser):
    """Every element in its order, and the text of the letter line by line, list marks put before."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.lines: list[str] = []
        self.pairs: list[tuple[str, str]] = []
        self._open: list[str] = []
        self._line = ""
        self._number = 0
        self._label = ""
        self.feed(text)
        self.close()

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.tags]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "br":
            self._ends()
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("ol", "ul"):
            self._number = 0

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open.pop() == tag
        if tag == "dt":
            self._label = self._line.strip()
            self._line = ""
        elif tag == "dd":
            self.pairs.append((self._label, self._line.strip()))
            self._line = f"{self._label} | {self._line.strip()}"
            self._ends()
        elif tag == "li":
            self._number += 1
            mark = f"{self._number}. " if self._open[-1] == "ol" else "- "
            self._line = mark + self._line.strip()
            self._ends()
        elif tag in LINES:
            self._ends()

    def handle_data(self, data: str) -> None:
        if "article" in self._open and "svg" not in self._open:
            self._line += data

    def _ends(self) -> None:
        line = self._line.strip()
        if line:
            self.lines.append(line)
        self._line = ""


def codes_in(text: str) -> list[str]:
    """What a reader of QR codes finds in those drawn as one path of strokes, a module wide."""
    return [_read(path) for path in re.findall(r'<path [^>]*stroke="#000"[^>]*\bd="([^"]+)"', text)]


def _read(path: str) -> str:
    dark = np.full((64, 64), 255, np.uint8)
    x, y = 0.0, 0.0
    for move, first, second in re.findall(r"([Mmh])\s*(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if move == "M":
            x, y = float(first), float(second)
        elif move == "m":
            x, y = x + float(first), y + float(second)
        else:
            dark[int(y), int(x) : int(x + float(first))] = 0
            x += float(first)
    (found,) = zxingcpp.read_barcodes(np.kron(dark, np.ones((4, 4), np.uint8)))
    return str(found.text)
