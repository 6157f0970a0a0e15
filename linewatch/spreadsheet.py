"""Text that no spreadsheet runs."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""A text cell that begins so is taken for a formula by some spreadsheet (OWASP: CSV injection)."""


def safe(text: str) -> str:
    """Text with an apostrophe before what would make it a formula. Numbers never come here."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text
