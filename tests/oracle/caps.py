"""Hard caps over all lines of a borrower or group (docs/policy.md, section 3, steps 7 and 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from linewatch.policy import ExposureCap
from tests.oracle.arithmetic import WHOLE
from tests.oracle.law import cap_cents
from tests.oracle.line import Line

if TYPE_CHECKING:
    from tests.oracle.book import Book
    from tests.oracle.walk import Walk


class Sum(NamedTuple):
    """Lines that a cap adds up."""

    row: str
    cents: int
    walks: list[Walk]


def exposure(walks: list[Walk], on: bool) -> None:
    _hard_caps(walks, "exposure", _of_policy(walks) if on else ())


def regulation(walks: list[Walk], on: bool) -> None:
    _hard_caps(walks, "regulation", _of_law(walks) if on else ())


def _hard_caps(walks: list[Walk], step: str, sums: Iterable[Sum]) -> None:
    """Leave the lower of what stands and what the caps of the step leave of the current limits."""
    lowest: dict[str, tuple[int, str, int]] = {}
    for each in sums:
        for w, most in _under(each):
            result = (most, each.row, each.cents)
            lowest[w.line.id] = min(lowest.get(w.line.id, result), result)
    for w in walks:
        if w.line.id in lowest:
            limit, row, value = lowest[w.line.id]
            w.own_result[step] = limit
            w.leave(step, min(w.at, limit), row, value)
        else:
            w.leave(step, w.at)


def _of_policy(walks: list[Walk]) -> Iterator[Sum]:
    book = walks[0].line.book if walks else None
    for cap in book.policy.exposure_cap if book else ():
        cents = _cents(book, cap)  # type: ignore[arg-type]
        if cents is not None:
            bound = [w for w in walks if cap.subject in (None, w.line.borrower.get("borrower_type"))]
            for members in _by(bound, cap.scope):
                yield Sum(cap.id, cents, members)


def _cents(book: Book, cap: ExposureCap) -> int | None:
    if cap.cap_cents is not None:
        return cap.cap_cents if cap.currency == book.reporting_currency else None
    assert cap.net_assets_bp is not None
    net_assets = book.documents.profile.net_assets_cents
    assert net_assets is not None
    return net_assets * cap.net_assets_bp // WHOLE


def _of_law(walks: list[Walk]) -> Iterator[Sum]:
    scope: dict[str, list[Walk]] = {}
    records = {}
    for w in walks:
        for record in w.line.law:
            if record.type == "cap":
                records[record.id] = record
                scope.setdefault(record.id, []).append(w)
    for name, bound in scope.items():
        record = records[name]
        for members in _by(bound, record.measure.split("_")[0]):
            cents = cap_cents(members[0].line, record)
            if cents is not None:
                yield Sum(name, cents, members)


def _by(walks: list[Walk], scope: str) -> list[list[Walk]]:
    key: Callable[[Line], str] = {
        "group": lambda line: line.group_id,
        "borrower": lambda line: line.borrower_id,
        "line": lambda line: line.id,
    }[scope]
    sums: dict[str, list[Walk]] = {}
    for w in walks:
        sums.setdefault(key(w.line), []).append(w)
    return list(sums.values())


def _under(each: Sum) -> list[tuple[Walk, int]]:
    """What the cap by itself leaves each line: rises refused, then headroom cut. Marks a breach.

    Tonight's cuts of earlier steps free no room: totals and headroom are of the current limits.
    """
    members, book = each.walks, each.walks[0].line.book
    if sum(book.reporting(_wanted(w), w.line.currency) for w in members) <= each.cents:
        return []
    total = sum(w.line.reporting_limit for w in members)
    headroom = {w.line.id: w.line.headroom for w in members}
    excess = max(0, total - each.cents)
    for w in members:
        w.breach = w.breach or excess > sum(headroom.values())
    cuts = _pro_rata(headroom, min(excess, sum(headroom.values())))
    return [(w, w.line.limit - book.from_reporting(cuts[w.line.id], w.line.currency)) for w in members]


def _wanted(w: Walk) -> int:
    standing = w.line.standing
    highest = max(w.line.limit, w.after("stability")) + standing.temporary
    return max(highest, standing.offered_cents or 0, w.line.owed)


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
