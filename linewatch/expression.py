"""Conditions of documents: one expression over named facts, read by an allow-list and written again from it.

A condition is SQL that cannot do anything but compare: facts, literals, `and or not`, comparisons, `is null`,
`in`, `between`, `+ - * //`, and the functions coalesce, nullif, least, greatest and abs. Its length and
depth are bounded before it is parsed, every node must be of an allowed class (exactly, not a subclass), and
what runs is written anew from the allowed nodes: the text of a document never reaches the database.

Every value is a whole number, a text, a flag or a day. Unknown stays unknown (three-valued logic), and a
condition whose answer is unknown is not met. Worked: `drawn_cents * 100 // nullif(limit_cents, 0) >= 80` is
met at 80 of 100, unknown (so not met) at a limit of 0, and a bare `// limit_cents` is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

Kind = Literal["number", "text", "flag", "day"]
Value = int | str | bool | date | None

MOST_CHARACTERS = 1_000
MOST_TOKENS = 200
MOST_DEPTH = 20
"""Of brackets and signs before parsing: at 100 nested brackets the parser runs out of stack."""
MOST_NESTED = 60
"""Of the parsed tree, whose chains of `and` and `+` lean to one side."""
MOST_NUMBER = 2**63
"""No fact is larger; a literal beyond it is refused."""
MOST_RESULT = 2**127
"""What any sum or product may come to at most: HUGEINT holds it, so no condition can overflow."""


class ExpressionRefused(ValueError):
    """Raised when a condition is not one that may run; the message names the part and what to write."""


@dataclass(frozen=True)
class Node:
    """An allowed operation over allowed operands; a leaf has a value or the name of a fact."""

    op: str
    kind: Kind
    args: tuple[Node, ...] = ()
    value: Value = None
    most: int = 0
    """The largest magnitude that a number may have."""

    def nodes(self) -> Iterator[Node]:
        """This node and everything under it, outermost first."""
        yield self
        for arg in self.args:
            yield from arg.nodes()

    @property
    def text(self) -> str:
        """As a person would write it."""
        return sql_of(self, lambda name: name, wide=False)


@dataclass(frozen=True)
class Expression:
    """A condition that may run."""

    written: str
    """As the document has it."""
    root: Node

    @property
    def facts(self) -> frozenset[str]:
        """The facts that it reads."""
        return frozenset(str(node.value) for node in self.root.nodes() if node.op == "fact")

    def sql(self, reference: Callable[[str], str]) -> str:
        """The condition for the database; `reference` gives the column that holds a fact."""
        return sql_of(self.root, reference)


def parse(text: str, facts: Mapping[str, Kind]) -> Expression:
    """The condition, checked and typed. Raises ExpressionRefused naming the first part that may not stand."""
    _bound(text)
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except (SqlglotError, RecursionError) as error:
        raise ExpressionRefused(f"cannot be read as one expression: {_first_line(error)}") from error
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionRefused("must be one expression and nothing else")
    _bound_tree(trees[0])
    root = _Reader(facts).read(trees[0])
    if root.kind != "flag":
        raise ExpressionRefused(f"must be true or false, and `{root.text}` is a {root.kind}")
    return Expression(text, root)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _bound(text: str) -> None:
    """Length, tokens and depth, before any parser that recurses sees the text."""
    if not text.strip():
        raise ExpressionRefused("is empty")
    if len(text) > MOST_CHARACTERS:
        raise ExpressionRefused(f"is longer than {MOST_CHARACTERS:,} characters")
    if "\0" in text:
        raise ExpressionRefused("holds a character that no text has")
    try:
        tokens = sqlglot.tokenize(text, read="duckdb")
    except SqlglotError as error:
        raise ExpressionRefused(f"cannot be read: {_first_line(error)}") from error
    if len(tokens) > MOST_TOKENS:
        raise ExpressionRefused(f"has more than {MOST_TOKENS} words and signs")
    if any(token.comments for token in tokens):
        raise ExpressionRefused("holds a comment; the reason belongs in `because`")
    if _depth(tokens) > MOST_DEPTH:
        raise ExpressionRefused(f"is nested more than {MOST_DEPTH} deep")


OPENING = (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE)
CLOSING = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END)
PREFIX = (TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE)


def _depth(tokens: list[Token]) -> int:
    opened = prefixes = deepest = 0
    for token in tokens:
        if token.token_type in OPENING:
            opened += 1
        elif token.token_type in CLOSING:
            opened -= 1
        # A sign binds what follows, brackets too, so signs count until an operand has stood.
        if token.token_type in PREFIX:
            prefixes += 1
        elif token.token_type not in OPENING:
            prefixes = 0
        deepest = max(deepest, opened + prefixes)
    return deepest


def _bound_tree(tree: exp.Expr) -> None:
    level = [tree]
    for _ in range(MOST_NESTED):
        level = [child for node in level for child in node.iter_expressions()]
        if not level:
            return
    raise ExpressionRefused(f"is nested more than {MOST_NESTED} deep")


COMPARISONS: Mapping[type, str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
ARITHMETIC: Mapping[type, str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.IntDiv: "//"}
FUNCTIONS: Mapping[type, str] = {
    exp.Coalesce: "coalesce",
    exp.Least: "least",
    exp.Greatest: "greatest",
    exp.Nullif: "nullif",
    exp.Abs: "abs",
}


class _Reader:
    """Reads a parsed tree by the exact classes that are allowed, into nodes with a kind."""

    def __init__(self, facts: Mapping[str, Kind]) -> None:
        self.facts = facts

    def read(self, tree: exp.Expr | None) -> Node:
        if tree is None:
            raise ExpressionRefused("cannot be read as one expression: something is missing")
        kind = type(tree)
        if kind in COMPARISONS:
            return self._comparison(tree, COMPARISONS[kind])
        if kind in ARITHMETIC:
            return self._arithmetic(tree, ARITHMETIC[kind])
        if kind in FUNCTIONS:
            return self._function(tree, FUNCTIONS[kind])
        reader = _READERS.get(kind)
        if reader is None:
            instead = "; whole numbers are divided with //" if kind is exp.Div else ""
            raise ExpressionRefused(
                f"`{_shown(tree)}` may not stand in a condition (docs/conditions.md says what may){instead}"
            )
        return reader(self, tree)

    def _only(self, tree: exp.Expr, *names: str) -> None:
        """Refuse a node that carries more than the parts that are read."""
        more = [name for name, value in tree.args.items() if value and name not in names]
        if more:
            raise ExpressionRefused(f"`{_shown(tree)}` may not stand in a condition ({', '.join(more)})")

    def paren(self, tree: exp.Expr) -> Node:
        self._only(tree, "this")
        return self.read(tree.this)

    def fact(self, tree: exp.Expr) -> Node:
        self._only(tree, "this")
        if type(tree.this) is not exp.Identifier or tree.this.quoted:
            raise ExpressionRefused(f"`{_shown(tree)}` is not the plain name of a fact")
        name = tree.this.name
        if name not in self.facts:
            near = get_close_matches(name, self.facts, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else "; docs/conditions.md lists them"
            raise ExpressionRefused(f"`{name}` is not a fact that this condition can read{hint}")
        return Node("fact", self.facts[name], value=name, most=MOST_NUMBER)

    def literal(self, tree: exp.Expr) -> Node:
        if tree.is_string:
            return Node("literal", "text", value=str(tree.this))
        if not (str(tree.this).isascii() and str(tree.this).isdigit()):
            raise ExpressionRefused(
                f"`{tree.this}` is not a whole number; amounts are cents and shares basis points"
            )
        number = int(tree.this)
        if number >= MOST_NUMBER:
            raise ExpressionRefused(f"`{number}` is larger than any fact")
        return Node("literal", "number", value=number, most=number)

    def boolean(self, tree: exp.Expr) -> Node:
        return Node("literal", "flag", value=bool(tree.this))

    def day(self, tree: exp.Expr) -> Node:
        self._only(tree, "this", "to", "_type")
        told = tree.this
        target = tree.args["to"]
        if type(told) is not exp.Literal or not told.is_string or target.sql("duckdb") != "DATE":
            raise ExpressionRefused(
                f"`{_shown(tree)}` may not stand in a condition; a day is date '2026-01-31'"
            )
        try:
            return Node("literal", "day", value=date.fromisoformat(str(told.this)))
        except ValueError as error:
            raise ExpressionRefused(f"`{told.this}` is not a day such as 2026-01-31") from error

    def negative(self, tree: exp.Expr) -> Node:
        inner = self._of_kind(tree.this, "number")
        if inner.op == "literal" and isinstance(inner.value, int):
            return Node("literal", "number", value=-inner.value, most=inner.most)
        return Node("neg", "number", (inner,), most=inner.most)

    def connective(self, tree: exp.Expr) -> Node:
        op = "and" if type(tree) is exp.And else "or"
        return Node(op, "flag", (self._of_kind(tree.this, "flag"), self._of_kind(tree.expression, "flag")))

    def negation(self, tree: exp.Expr) -> Node:
        return Node("not", "flag", (self._of_kind(tree.this, "flag"),))

    def is_(self, tree: exp.Expr) -> Node:
        self._only(tree, "this", "expression")
        told = tree.expression
        if type(told) is exp.Null:
            return Node("is null", "flag", (self.read(tree.this),))
        if type(told) is exp.Boolean:
            return Node("is", "flag", (self._of_kind(tree.this, "flag"), self.boolean(told)))
        raise ExpressionRefused(f"`{_shown(tree)}`: only null, true or false may follow `is`")

    def membership(self, tree: exp.Expr) -> Node:
        self._only(tree, "this", "expressions")
        if not tree.expressions:
            raise ExpressionRefused(f"`{_shown(tree)}`: list what it may be, as in (1, 2)")
        subject = self.read(tree.this)
        listed = tuple(self._of_kind(item, subject.kind) for item in tree.expressions)
        if any(item.op != "literal" for item in listed):
            raise ExpressionRefused(f"`{_shown(tree)}`: only literals may be listed")
        return Node("in", "flag", (subject, *listed))

    def between(self, tree: exp.Expr) -> Node:
        self._only(tree, "this", "low", "high")
        subject = self._ordered(tree.this)
        low, high = (self._of_kind(tree.args[name], subject.kind) for name in ("low", "high"))
        return Node("and", "flag", (Node(">=", "flag", (subject, low)), Node("<=", "flag", (subject, high))))

    def _comparison(self, tree: exp.Expr, op: str) -> Node:
        for side in (tree.this, tree.expression):
            if type(side) is exp.Null:
                raise ExpressionRefused(f"`{_shown(tree)}` is never true: write `is null` or `is not null`")
        left = self.read(tree.this) if op in ("=", "<>") else self._ordered(tree.this)
        return Node(op, "flag", (left, self._of_kind(tree.expression, left.kind)))

    def _arithmetic(self, tree: exp.Expr, op: str) -> Node:
        self._only(tree, "this", "expression", "typed", "safe")
        left, right = self._of_kind(tree.this, "number"), self._of_kind(tree.expression, "number")
        if op == "//" and not _cannot_be_zero(right):
            raise ExpressionRefused(
                f"divides by zero where `{right.text}` is 0: write nullif({right.text}, 0), unknown there"
            )
        most = {"+": left.most + right.most, "-": left.most + right.most, "*": left.most * right.most}
        return self._bounded(Node(op, "number", (left, right), most=most.get(op, left.most)))

    def _function(self, tree: exp.Expr, op: str) -> Node:
        parts = [tree.this, *(tree.expressions if op != "nullif" else [tree.expression])]
        self._only(tree, "this", "expressions", "expression", "ignore_nulls")
        first = self.read(parts[0])
        args = (first, *(self._of_kind(part, first.kind) for part in parts[1:]))
        if op in ("abs", "least", "greatest") and first.kind != "number":
            raise ExpressionRefused(f"{op} needs numbers, and `{first.text}` is a {first.kind}")
        return Node(op, first.kind, args, most=max(arg.most for arg in args))

    def _of_kind(self, tree: exp.Expr, kind: Kind) -> Node:
        node = self.read(tree)
        if node.kind != kind:
            raise ExpressionRefused(f"`{node.text}` is a {node.kind} where a {kind} belongs")
        return node

    def _ordered(self, tree: exp.Expr) -> Node:
        node = self.read(tree)
        if node.kind not in ("number", "day"):
            raise ExpressionRefused(
                f"`{node.text}` is a {node.kind}, which has no larger or smaller: use = or in"
            )
        return node

    def _bounded(self, node: Node) -> Node:
        if node.most >= MOST_RESULT:
            raise ExpressionRefused(f"`{node.text}` could grow beyond any whole number that can be kept")
        return node


_READERS: Mapping[type, Callable[[_Reader, exp.Expr], Node]] = {
    exp.Paren: _Reader.paren,
    exp.Column: _Reader.fact,
    exp.Literal: _Reader.literal,
    exp.Boolean: _Reader.boolean,
    exp.Cast: _Reader.day,
    exp.Neg: _Reader.negative,
    exp.And: _Reader.connective,
    exp.Or: _Reader.connective,
    exp.Not: _Reader.negation,
    exp.Is: _Reader.is_,
    exp.In: _Reader.membership,
    exp.Between: _Reader.between,
}


def _cannot_be_zero(node: Node) -> bool:
    if node.op == "nullif":
        return node.args[1].op == "literal" and node.args[1].value == 0
    return node.op == "literal" and node.value != 0


def _shown(tree: exp.Expr) -> str:
    try:
        text = tree.sql("duckdb", comments=False)
    except Exception:  # what the parser lets pass, its writer may not; the refusal must come all the same
        text = type(tree).__name__.lower()
    return text if len(text) <= 60 else text[:57] + "..."


INFIX = ("and", "or", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "//")
WIDENED = ("+", "-", "*", "//", "neg", "abs")


def sql_of(node: Node, reference: Callable[[str], str], *, wide: bool = True) -> str:
    """A node as SQL, every operation in brackets; `wide`: arithmetic in HUGEINT, which cannot overflow."""
    if node.op in ("fact", "literal"):
        return reference(str(node.value)) if node.op == "fact" else _literal_sql(node.value)
    parts = [sql_of(arg, reference, wide=wide) for arg in node.args]
    if wide and node.op in WIDENED:
        parts = [
            f"cast({part} as hugeint)" if arg.op not in WIDENED else part
            for part, arg in zip(parts, node.args, strict=True)
        ]
    if node.op in INFIX:
        return f"({parts[0]} {node.op} {parts[1]})"
    if node.op in ("coalesce", "least", "greatest", "nullif", "abs"):
        return f"{node.op}({', '.join(parts)})"
    if node.op == "in":
        return f"({parts[0]} in ({', '.join(parts[1:])}))"
    shapes = {"not": "(not {0})", "neg": "(-{0})", "is null": "({0} is null)", "is": "({0} is {1})"}
    return shapes[node.op].format(*parts)


def _literal_sql(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, str):
        quoted = value.replace("'", "''")
        return f"'{quoted}'"
    return str(value)
