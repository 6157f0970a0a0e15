"""Hard caps over all lines of a borrower or group (docs/policy.md, section 3, steps 7 and 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.book import Row
from tests.oracle.line import Line

if TYPE_CHECKING:
    from tests.oracle.walk import Walk


def hard_caps(walks: list[Walk], step: str, on: bool) -> None:
    """Leave the lower of what stands and what the caps of the step leave of the current limits."""
    lowest: dict[str, tuple[int, str, int]] = {}
    for cap in walks[0].line.book.caps if walks and on else ():
        if cap["step"] == step:
            for members in _members(walks, cap):
                for w, most in _under(members, cap["cap_cents"]):
                    result = (most, cap["cap_row"], cap["cap_cents"])
                    lowest[w.line.id] = min(lowest.get(w.line.id, result), result)
    for w in walks:
        if w.line.id in lowest:
            limit, row, value = lowest[w.line.id]
            w.law_lowers = step == "regulation" and limit < w.line.limit
            w.leave(step, min(w.at, limit), row, value)
        else:
            w.leave(step, w.at)


def _members(walks: list[Walk], cap: Row) -> list[list[Walk]]:
    """The lines that the cap adds up, a list a borrower or group."""
    sums: dict[str, list[Walk]] = {}
    for w in walks:
        if _binds(cap, w.line):
            key = w.line.group_id if cap["scope"] == "group" else w.line.borrower_id
            sums.setdefault(key, []).append(w)
    return list(sums.values())


def _binds(cap: Row, line: Line) -> bool:
    return cap["subject"] in (None, line.borrower.get("borrower_type")) and cap["jurisdiction"] in (
        None,
        line.borrower.get("jurisdiction"),
    )


def _under(members: list[Walk], cap_cents: int) -> list[tuple[Walk, int]]:
    """What the cap by itself leaves each line: rises refused, then headroom cut. Marks a breach.

    Tonight's cuts of earlier steps free no room: totals and headroom are of the current limits.
    """
    book = members[0].line.book
    wished = {w.line.id: max(w.after("stability"), w.line.limit) for w in members}
    if sum(book.reporting(wished[w.line.id], w.line.currency) for w in members) <= cap_cents:
        return []
    total = sum(book.reporting(w.line.limit, w.line.currency) for w in members)
    headroom = {w.line.id: _headroom(w.line) for w in members}
    excess = max(0, total - cap_cents)
    for w in members:
        w.breach = w.breach or excess > sum(headroom.values())
    cuts = _pro_rata(headroom, min(excess, sum(headroom.values())))
    return [(w, w.line.limit - book.from_reporting(cuts[w.line.id], w.line.currency)) for w in members]


def _headroom(line: Line) -> int:
    """In reporting cents; lines that no program may cut have none."""
    if line.committed or line.quarantined or line.facility["product"] == "project":
        return 0
    return line.book.reporting_down(max(0, line.limit - line.owed), line.currency)


def _pro_rata(headroom: dict[str, int], amount: int) -> dict[str, int]:
    """`amount` in parts of the headroom, to the cent: the odd ones to the largest remainders."""
    whole = sum(headroom.values())
    if whole == 0:
        return dict.fromkeys(headroom, 0)
    parts = {name: cents * amount // whole for name, cents in headroom.items()}
    order = sorted(headroom, key=lambda name: (-(headroom[name] * amount % whole), name))
    for name in order[: amount - sum(parts.values())]:
        parts[name] += 1
    return parts
