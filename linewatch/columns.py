"""Small tables as text: words to the left, numbers to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def columns(heads: Sequence[str], rows: Iterable[Sequence[Any]], indent: str = "  ") -> list[str]:
    """The lines of a table; a whole number gets its thousands parted, None is left empty."""
    listed = [list(row) for row in rows]
    right = [
        any(_is_number(row[at]) for row in listed)
        and all(_is_number(row[at]) or row[at] is None for row in listed)
        for at in range(len(heads))
    ]
    cells = [list(heads), *([_cell(value) for value in row] for row in listed)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(heads))]
    return [
        (
            indent
            + "  ".join(
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(row, widths, right, strict=True)
            )
        ).rstrip()
        for row in cells
    ]


def percent(part: int, whole: int) -> str:
    """A share with two places, cut; empty where there is no whole."""
    if not whole:
        return ""
    bp = part * 10_000 // whole
    return f"{bp // 100}.{bp % 100:02d} %"


def _is_number(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value.endswith(" %")
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
