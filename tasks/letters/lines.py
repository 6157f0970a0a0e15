"""Where a line of Chinese or English may end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

IDEOGRAPHS = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
ENDS = "，。；：！？、）》」』】”’％…·,.;:!?)%"
"""Never first in a line."""
BEGINS = "（《「『【“‘("
"""Never last in a line."""
PIECE = re.compile(
    rf"\s+|[{re.escape(BEGINS)}]*(?:[{IDEOGRAPHS}]|[^\s{IDEOGRAPHS}{re.escape(BEGINS)}]+)[{re.escape(ENDS)}]*"
    rf"|[{re.escape(BEGINS)}]+"
)


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """The lines of a text no wider than `width`, in the unit of `measure`; a word is broken only where it is
    wider than a line by itself.
    """
    line = ""
    for piece in PIECE.findall(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            yield line.rstrip()
        line = piece.lstrip()
        while measure(line) > width and len(line) > 1:
            most = max((at for at in range(1, len(line)) if measure(line[:at]) <= width), default=1)
            yield line[:most]
            line = line[most:]
    if line.strip():
        yield line.rstrip()
