"""Text that no spreadsheet runs as a formula, and the same text as it was.

A spreadsheet takes a text for a formula that begins as one, also after blanks; and where it is told another
separator than the file has, what follows a comma, a semicolon, a tab or a quote begins a cell of its own
(OWASP: CSV injection). An apostrophe before each such beginning makes it text.
"""

from __future__ import annotations

import re

BEGINS = "=+\\-@＝＋－＠"
"""What a formula begins with, also as East Asian keyboards write it; as a class of a regular expression."""
BLANK = "\\s\\x00-\\x20\\u200b-\\u200f\\u2060\\ufeff"
"""What a spreadsheet passes over, or a person does not see."""
AT_THE_BEGINNING = re.compile(f"[{BLANK}]*['{BEGINS}]|[\\t\\r\\n\\x00]")
"""An apostrophe too: what is taken away from a text is then always ours."""
AFTER_A_SEPARATOR = re.compile(f"([,;|\\t\\r\\n\"'][{BLANK}]*)([{BEGINS}])")
INSIDE = re.compile(f"'(?=[{BEGINS}])")


def safe(text: str) -> str:
    """The text with an apostrophe before whatever would make it, or a part of it, a formula.

    `=1+1` becomes `'=1+1`, and `a;=1+1` becomes `a;'=1+1`; most texts stay as they are.
    """
    apart = AFTER_A_SEPARATOR.sub(r"\1'\2", text)
    return f"'{apart}" if AT_THE_BEGINNING.match(text) else apart


def ways_written(key: str) -> set[str]:
    """A key, and how files for people may have it: as `safe` does, and as earlier versions did."""
    return {key, safe(key), f"'{key}"}


def as_it_was(text: str) -> str:
    """The text that `safe` was given; a text of somebody else's, who put no apostrophes, stays as it is."""
    was = INSIDE.sub("", text.removeprefix("'"))
    return was if safe(was) == text else text
