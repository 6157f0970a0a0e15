"""What a condition comes to, without a database: to find one that is always or never met.

The logic is SQL's: unknown is neither true nor false. Conditions are tried at the borders of their own
literals (each literal, one less and one more, the ends of a fact's range, unknown), which decides
comparisons of facts with literals wholly; a sum of facts is tried at the same points and may pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from math import gcd, prod
from operator import eq, ge, gt, le, lt, ne

from linewatch.expression import MOST_NUMBER, Expression, Kind, Node, Value

MOST_POINTS = 20_000
COMPARED: Mapping[str, Callable[..., bool]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True)
class Range:
    """What a fact may be."""

    kind: Kind
    lowest: int = -(10**15)
    highest: int = 10**15
    known: bool = False
    """Never null."""
    among: tuple[str, ...] = ()
    """The only texts, where they are a closed list."""


def evaluate(node: Node, facts: Mapping[str, Value]) -> Value:
    """The node's value for a line's facts; None is unknown."""
    if node.op == "fact":
        return facts[str(node.value)]
    if node.op == "literal":
        return node.value
    args = [evaluate(arg, facts) for arg in node.args]
    if node.op in ("and", "or"):
        decisive = node.op == "or"
        return decisive if decisive in args else None if None in args else not decisive
    if node.op == "is null":
        return args[0] is None
    if node.op == "is":
        return args[0] is args[1]
    if node.op in ("coalesce", "least", "greatest"):
        return _of_the_known(node.op, [arg for arg in args if arg is not None])
    if None in args:
        return args[0] if node.op == "nullif" else None
    return _of_known(node.op, args)


def _of_the_known(op: str, known: Sequence[Value]) -> Value:
    """These pass over the unknown, as DuckDB's do."""
    if not known:
        return None
    return known[0] if op == "coalesce" else (min if op == "least" else max)(known)  # type: ignore[type-var]


def _of_known(op: str, args: Sequence[Value]) -> Value:
    if op in COMPARED:
        return COMPARED[op](args[0], args[1])
    if op == "not":
        return not args[0]
    if op == "in":
        return args[0] in args[1:]
    if op == "nullif":
        return None if args[0] == args[1] else args[0]
    numbers = [int(arg) for arg in args if isinstance(arg, int)]
    return _arithmetic(op, numbers)


def _arithmetic(op: str, numbers: Sequence[int]) -> int:
    left = numbers[0]
    if op in ("neg", "abs"):
        return -left if op == "neg" else abs(left)
    right = numbers[1]
    if op == "//":  # towards zero, as the database divides
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return {"+": left + right, "-": left - right, "*": left * right}[op]


def lint(expression: Expression, ranges: Mapping[str, Range]) -> list[str]:
    """What a person would not have meant: parts that are always met, or never."""
    points = list(islice(_points(expression, ranges), MOST_POINTS))
    found: list[str] = []
    for node in expression.root.nodes():
        if node.kind != "flag" or node.op in ("fact", "literal"):
            continue
        if any(node.text in said for said in found):
            continue
        values = {evaluate(node, point) for point in points}
        if values == {True}:
            found.append(f"`{node.text}` is always true")
        elif True not in values and not (node is not expression.root and False not in values):
            found.append(f"`{node.text}` is never true")
    return found


def _points(expression: Expression, ranges: Mapping[str, Range]) -> Iterator[dict[str, Value]]:
    """Facts at and beside every border that the condition names; all of them, or a fixed spread over them."""
    names = sorted(expression.facts)
    choices = [_choices(expression, ranges[name]) for name in names]
    total = prod(len(each) for each in choices)
    step = max(1, total // MOST_POINTS)
    while gcd(step, total) != 1:
        step += 1
    for number in range(min(total, MOST_POINTS)):
        place, point = number * step % total, {}
        for name, each in zip(names, choices, strict=True):
            place, choice = divmod(place, len(each))
            point[name] = each[choice]
        yield point


def _choices(expression: Expression, about: Range) -> list[Value]:
    literals = [
        node.value for node in expression.root.nodes() if node.op == "literal" and node.kind == about.kind
    ]
    unknown: list[Value] = [] if about.known else [None]
    if about.kind == "flag":
        return [False, True, *unknown]
    if about.kind == "text":
        texts = [*about.among] or [*sorted({str(text) for text in literals}), "\u00a0none of these"]
        return [*texts, *unknown]
    if about.kind == "day":
        days = [day for day in literals if isinstance(day, date)] or [date(2026, 1, 31)]
        return [*sorted({day + timedelta(days=more) for day in days for more in (-1, 0, 1)}), *unknown]
    numbers = {value for value in literals if isinstance(value, int)} | {0, about.lowest, about.highest}
    tried = {number + more for number in numbers for more in (-1, 0, 1)}
    return [
        *sorted(n for n in tried if about.lowest <= n <= about.highest and abs(n) < MOST_NUMBER),
        *unknown,
    ]
