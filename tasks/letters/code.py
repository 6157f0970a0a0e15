"""References as QR codes, by the thousand: those that segno draws, put together from a few that it drew once.

With version, level and mask fixed, each module is a sum without carry of bits of what is written. So the code
of a reference is that of noughts, but for what each of its signs turns over: found in a tenth of the time.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import segno

LENGTH = 32
"""Signs of a reference: a change_id."""
SIZE = 29
"""Modules of a side of a code of version 3, which holds 42 signs at level M."""
BORDER = 4
"""Modules that stay white around it, by the standard."""
MASK = 2
NOUGHTS = "0" * LENGTH
DARK = re.compile("1+")


def rows_of(reference: str) -> list[str]:
    """The rows of a code that holds a reference alone, from the top, without its border: 1 for a dark module.

    Raises ValueError for a reference of another length.
    """
    if len(reference) != LENGTH:
        raise ValueError(f"a reference has {LENGTH} signs, not {len(reference)}")
    modules = _modules(NOUGHTS)
    for place, sign in enumerate(reference):
        if sign != "0":
            modules ^= _turned(place, sign)
    text = f"{modules:0{SIZE * SIZE}b}"
    return [text[at : at + SIZE] for at in range(0, SIZE * SIZE, SIZE)]


def drawn(reference: str) -> str:
    """A code as SVG that takes the size it is given; it has no text in it."""
    side = SIZE + 2 * BORDER
    path = "".join(f"M{BORDER} {BORDER + at}.5{_strokes(row)}" for at, row in enumerate(rows_of(reference)))
    return f'<svg viewBox="0 0 {side} {side}"><path stroke="#000" d="{path}"/></svg>'


@cache
def _turned(place: int, sign: str) -> int:
    """The modules that a sign at a place turns over."""
    return _modules(f"{NOUGHTS[:place]}{sign}{NOUGHTS[place + 1 :]}") ^ _modules(NOUGHTS)


@lru_cache(maxsize=LENGTH)
def _modules(reference: str) -> int:
    made = segno.make_qr(reference, error="m", version=3, mask=MASK, mode="byte", boost_error=False)
    return int("".join(str(int(module)) for row in made.matrix for module in row), 2)


@lru_cache(maxsize=100_000)
def _strokes(row: str) -> str:
    """A row from its left end on: what is dark is drawn, what is white passed over."""
    strokes, at = [], 0
    for run in DARK.finditer(row):
        if run.start() > at:
            strokes.append(f"m{run.start() - at} 0")
        strokes.append(f"h{len(run[0])}")
        at = run.end()
    return "".join(strokes)
