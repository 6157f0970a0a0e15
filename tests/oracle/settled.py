"""Where what people decide would end (docs/review-queue.md, ADR 27), by the oracle's own caps and gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.oracle.book import Book
from tests.oracle.caps import _of_law, _of_policy, exposure, regulation
from tests.oracle.gate import Gate, _no_rises, gates_of
from tests.oracle.law import forbids_rise
from tests.oracle.line import Line
from tests.oracle.lines import lines_of
from tests.oracle.outcome import _agreed_to, consent_record
from tests.oracle.review import review
from tests.oracle.walk import Walk

Answer = Mapping[str, Any]
"""A row of `answered_line`."""


class Settled(NamedTuple):
    """A line as people left it."""

    standing: int
    asked: int
    bound_by: str | None
    ends_at: int | None
    """Where the caps, the law and the floor leave what is bound by them."""
    new: int
    """What is in force afterwards, if nothing binds it: an offer moves nothing."""
    blocked: bool
    action: str


def settled(
    book: Book, answers: Mapping[str, Answer], decided: Mapping[str, Mapping[str, Any]]
) -> dict[str, Settled]:
    """Every answered line. `book` has what is in force as its past, `decided` is what the night decided."""
    walks = _walked(book, answers, decided)
    exposure(walks, on=True)
    regulation(walks, on=True)
    return {
        w.line.id: _settled(w, answers[w.line.id], decided[w.line.id]) for w in walks if w.line.id in answers
    }


def _walked(
    book: Book, answers: Mapping[str, Answer], decided: Mapping[str, Mapping[str, Any]]
) -> list[Walk]:
    """Each line where people leave it, which is where the caps begin."""
    lines = lines_of(book)
    for line in lines:
        review(line)
    walks = [Walk(line, gate) for line, gate in zip(lines, gates_of(lines), strict=True)]
    for w in walks:
        answer = answers.get(w.line.id)
        w.leave("stability", w.line.limit if answer is None else _asked(w.line, answer, decided[w.line.id]))
    return walks


def _asked(line: Line, answer: Answer, night: Mapping[str, Any]) -> int:
    if answer["outcome"] == "another_limit":
        return int(answer["limit_cents"])
    if answer["outcome"] == "approve" and night["proposed_limit_cents"] != night["limit_cents"]:
        return int(night["proposed_limit_cents"])
    return line.limit


def _settled(w: Walk, answer: Answer, night: Mapping[str, Any]) -> Settled:
    line, asked = w.line, w.after("stability")
    ends = max(w.after("regulation"), min(line.limit, line.owed))
    bound = None if answer["outcome"] == "freeze" else _bound(w, asked, ends)
    stopped = bound is not None and bound == _stopped(w, asked)
    approved_stop = answer["outcome"] == "approve" and night["recommendation"] == "draw_stop"
    blocks = answer["outcome"] == "freeze" or approved_stop
    own, persons = line.standing.own_block, line.standing.person_block
    ended = _ends_with_the_case(line, asked, blocks, w.gate)
    rises = asked > line.limit
    agreed = line.given_consent and (consent_record(line) is None or _agreed_to(line, asked))
    return Settled(
        standing=line.limit,
        asked=asked,
        bound_by=bound,
        ends_at=None if bound is None else _ceiling(line, bound) if stopped else ends,
        new=line.limit if rises and not agreed else asked,
        blocked=blocks or (own and not persons and not ended),
        action="unfreeze" if ended else _action(line, asked, agreed, blocks, answer, night),
    )


def _bound(w: Walk, asked: int, ends: int) -> str | None:
    stopped = _stopped(w, asked)
    if stopped is not None or ends == asked:
        return stopped
    for step in ("exposure", "regulation"):
        if w.after(step) != asked:
            return w.steps[step].row
    return "owed"


def _stopped(w: Walk, asked: int) -> str | None:
    """What keeps a line from moving at all, or from rising so far, whatever room the caps leave."""
    line = w.line
    if asked != line.limit and line.quarantined:
        return "quarantined"
    if asked <= line.limit:
        return None
    if line.ceiling is not None and asked > line.ceiling[0]:
        return next(_no_rise(line, w.gate), line.ceiling[1])
    return next(_no_rise(line, w.gate), None)


def _ceiling(line: Line, bound: str) -> int | None:
    if line.ceiling is None or bound != line.ceiling[1] or line.ceiling[0] <= line.limit:
        return None
    return line.ceiling[0]


def _no_rise(line: Line, gate: Gate) -> Iterator[str]:
    """All that the gate has against a rise, but that a line is for people alone."""
    if gate.block:
        yield gate.block
    yield from (code for code, holds in _no_rises(line, True) if holds and code != "committed")


def _action(
    line: Line, asked: int, agreed: bool, blocks: bool, answer: Answer, night: Mapping[str, Any]
) -> str:
    if asked != line.limit:
        return "decrease" if asked < line.limit else "increase" if agreed else "offer"
    if blocks and (_in_review(line) or not line.standing.own_block):
        return "freeze"
    if line.standing.person_block and not blocks:
        return "unfreeze"
    assert line.past is not None
    rate, proposed = line.past["committed_rate_bp"], night["proposed_rate_bp"]
    lower = answer["outcome"] == "approve" and None not in (rate, proposed) and proposed < rate
    return "rate" if lower else "hold"


def _in_review(line: Line) -> bool:
    """Whether drawing was stopped only while people were asked."""
    return line.standing.own_block and (line.past or {}).get("review_block") is not None


def _ends_with_the_case(line: Line, asked: int, blocks: bool, gate: Gate) -> bool:
    """The settlement lifts it; where it moves the limit, the next walk does, by a letter of its own."""
    return _in_review(line) and not blocks and asked == line.limit and gate.block is None


def over_caps(book: Book, found: Mapping[str, Settled]) -> list[str]:
    """Hard caps that some line rises under, or may be offered to, and that all their lines would pass.

    Every line counts with what is in force after the settlement, or was before it, or is offered, or owed.
    """
    lines = lines_of(book)
    for line in lines:
        review(line)
    walks = [Walk(line, gate) for line, gate in zip(lines, gates_of(lines), strict=True)]
    odd = []
    for each in (*_of_policy(walks), *_of_law(walks)):
        rises = [w for w in each.walks if w.line.id in found and found[w.line.id].asked > w.line.limit]
        if rises and sum(_counts(w.line, found) for w in each.walks) > each.cents:
            odd.append(f"{each.row}: {', '.join(w.line.id for w in rises)}")
    return odd


def _counts(line: Line, found: Mapping[str, Settled]) -> int:
    asked = found[line.id].asked if line.id in found else line.limit
    standing = line.standing
    most = max(max(asked, line.limit) + standing.temporary, standing.offered_cents or 0, line.owed)
    return line.book.reporting(most, line.currency)


def under_owed(book: Book, found: Mapping[str, Settled]) -> list[str]:
    return [
        line.id
        for line in lines_of(book)
        if line.id in found and found[line.id].new < min(line.limit, line.owed)
    ]


def law_broken(book: Book, found: Mapping[str, Settled]) -> list[str]:
    """Lines that rise, or may, where a record in scope forbids it."""
    return [
        line.id
        for line in lines_of(book)
        if line.id in found
        and found[line.id].asked > line.limit
        and any(forbids_rise(line, record) for record in line.law)
    ]
