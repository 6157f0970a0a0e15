"""Find in the statements what makes an answer depend on threads, machine, day or chance.

    python tests/lint/sql_lint.py [FILE.sql …]      all of sql/ when none is named

It reads tokens, so it can be wrong where SQL is clever. A line that is right all the same says so at its
end: `-- lint: allow RULE because REASON`. An allowance without a reason, or that nothing needs, is reported.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.tokens import Token, TokenType

RULES = {
    "statement": "a file is one statement that DuckDB can read",
    "grain": "the first line is a comment that says what one row is",
    "template": "parameters are bound ($as_of); no text is pasted in",
    "pick": "which row it takes is left to chance; use max, min or first(… order by …)",
    "unordered": "needs a total order inside it: list(x order by y, key)",
    "window": "needs order by in its window, down to a key",
    "limit": "needs order by beside it, down to a key; else any rows may be left",
    "average": "a floating-point sum differs from run to run; use sum // count in whole numbers",
    "float": "whole cents, basis points and hundredths only; this makes a DOUBLE",
    "division": "/ makes a DOUBLE; use // and say how it rounds",
    "rounding": "DuckDB rounds halves away from zero and Python to even; round in whole numbers",
    "sum": "sum is a HUGEINT, which Parquet writes as DOUBLE; wrap it: cast(sum(x) as bigint)",
    "pattern": "~ changed its meaning between DuckDB releases; use regexp_full_match or regexp_matches",
    "lambda": "-> is also JSON's arrow; write lambda x: …",
    "ambient": "clock, chance and environment come in as parameters",
    "file": "files and settings are the engine's; a statement reads tables",
    "allow": "an allowance names a rule that the line breaks, and its reason",
}

PICK = {"any_value", "arbitrary", "mode"}
ORDERED = set(
    "first last list array_agg array string_agg group_concat listagg json_group_array json_group_object"
    " arg_max arg_min argmax argmin max_by min_by arg_max_null arg_min_null".split()
)
WINDOWED = set(
    "row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead"
    " first_value last_value nth_value".split()
)
AVERAGE = re.compile(
    r"avg|mean|favg|fsum|kahan_sum|sumkahan|geomean|geometric_mean|median|mad|entropy|sem|stddev\w*|variance"
    r"|var_pop|var_samp|corr|covar_\w+|regr_\w+|kurtosis\w*|skewness|\w*quantile\w*|approx_\w+"
)
FLOAT_TYPES = {"double", "double precision", "float", "real", "float4", "float8"}
FLOAT_FUNCTIONS = set("sqrt cbrt exp ln log log2 log10 pow power product percent_rank cume_dist".split())
AMBIENT_FUNCTIONS = set(
    "now today age get_current_time get_current_timestamp transaction_timestamp current_localtime"
    " current_localtimestamp random setseed uuid gen_random_uuid uuidv4 uuidv7 getenv current_setting".split()
)
AMBIENT_WORDS = set(
    "current_date current_time current_timestamp localtime localtimestamp tablesample".split()
)
FILE_FUNCTIONS = re.compile(r"read_\w+|sniff_csv|parquet_\w+|glob")
FILE_STATEMENTS = set(
    "copy attach detach install force load set reset pragma export import use call checkpoint".split()
)

_COMMENT = re.compile(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|--[^\n]*|/\*.*?\*/", re.DOTALL)
_ALLOW = re.compile(r"--\s*lint:\s*allow\b\s*(?P<rule>[\w-]*)(?:\s+because\s+(?P<reason>\S.*))?")
_TEMPLATE = re.compile(r"[{}]|%s\b|%\(\w+\)s")
_OPERANDS = {
    TokenType.VAR,
    TokenType.IDENTIFIER,
    TokenType.STRING,
    TokenType.NUMBER,
    TokenType.R_PAREN,
    TokenType.R_BRACKET,
}
_QUOTED = {TokenType.STRING, TokenType.IDENTIFIER}
_QUERY = {TokenType.SELECT, TokenType.WITH, TokenType.FROM, TokenType.VALUES}


@dataclass(frozen=True)
class Finding:
    line: int
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.line}: {self.rule}: {self.what}: {RULES[self.rule]}"


class Statement:
    """The tokens of a file, with the parentheses matched."""

    def __init__(self, text: str) -> None:
        self.tokens: list[Token] = DuckDB().tokenize(text)
        self.closing: dict[int, int] = {}
        self.inside: list[int | None] = []  # the opening parenthesis around each token
        stack: list[int] = []
        for at, token in enumerate(self.tokens):
            if token.token_type == TokenType.R_PAREN and stack:
                self.closing[stack.pop()] = at
            self.inside.append(stack[-1] if stack else None)
            if token.token_type == TokenType.L_PAREN:
                stack.append(at)

    def word(self, at: int) -> str:
        """The token in lower case; nothing for a string, a quoted name or a place past the end."""
        if not 0 <= at < len(self.tokens) or self.tokens[at].token_type in _QUOTED:
            return ""
        return self.tokens[at].text.lower()

    def calls(self) -> Iterator[tuple[int, str]]:
        """Each function call: where its name stands, and the name."""
        for at in range(len(self.tokens)):
            if (name := self.word(at)) and at + 1 in self.closing:
                yield at, name

    def ordered(self, opening: int) -> bool:
        """Whether `order by` stands directly inside these parentheses."""
        return any(
            self.inside[at] == opening and self.tokens[at].token_type == TokenType.ORDER_BY
            for at in range(opening, self.closing[opening])
        )

    def tail(self, call: int) -> tuple[int, int | None]:
        """What follows a call with its filter and window, and the window's opening parenthesis."""
        at = self.closing[call + 1] + 1
        if self.word(at) in ("ignore", "respect"):
            at += 2
        if self.word(at) == "filter" and at + 1 in self.closing:
            at = self.closing[at + 1] + 1
        if self.word(at) != "over":
            return at, None
        if at + 1 in self.closing:
            return self.closing[at + 1] + 1, at + 1
        name = self.word(at + 1)
        named = (
            i + 2
            for i in range(len(self.tokens))
            if self.word(i) == name and self.word(i + 1) == "as" and self.word(i - 1) in ("window", ",")
        )
        return at + 2, next((i for i in named if i in self.closing), None)

    def to_bigint(self, call: int) -> bool:
        """Whether the call, or an expression around it, is cast to bigint before the query ends."""
        after, _ = self.tail(call)
        if self.word(after) == "::" and self.word(after + 1) == "bigint":
            return True
        opening = self.inside[call]
        while opening is not None and self.tokens[opening + 1].token_type not in _QUERY:
            end = self.closing.get(opening, len(self.tokens))
            if self.word(opening - 1) == "cast" and (self.word(end - 2), self.word(end - 1)) == (
                "as",
                "bigint",
            ):
                return True
            if self.word(end + 1) == "::" and self.word(end + 2) == "bigint":
                return True
            opening = self.inside[opening]
        return False

    def after_operand(self, at: int) -> bool:
        """Whether what stands before this token is a value."""
        at -= 1 if self.word(at - 1) != "!" else 2
        return at >= 0 and self.tokens[at].token_type in _OPERANDS

    def reads(self, at: int) -> bool:
        """Whether a query reads from here on: not in `is distinct from`, not in `extract(year from …)`."""
        opening = self.inside[at]
        call = "" if opening is None else self.word(opening - 1)
        return (
            self.word(at) in ("from", "join")
            and self.word(at - 1) != "distinct"
            and call not in ("extract", "trim", "substring", "overlay")
        )

    def order_beside(self, at: int, step: int) -> bool:
        """Whether `order by` belongs to the same select, looking back from a limit or on from a distinct."""
        level = self.inside[at]
        ends = {TokenType.SELECT, TokenType.SEMICOLON, TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT}
        at += step
        while 0 <= at < len(self.tokens):
            if self.inside[at] == level:
                if self.tokens[at].token_type == TokenType.ORDER_BY:
                    return True
                if self.tokens[at].token_type in ends:
                    return False
            at += step
        return False


def _calls(sql: Statement) -> Iterator[tuple[int, str]]:
    for at, name in sql.calls():
        _, window = sql.tail(at)
        over_order = window is not None and sql.ordered(window)
        if name in PICK:
            yield at, "pick"
        if name in ORDERED and not (sql.ordered(at + 1) or over_order):
            yield at, "unordered"
        if name in WINDOWED and not over_order:
            yield at, "window"
        elif window is not None and not over_order:
            frame = {sql.word(i) for i in range(window, sql.closing[window]) if sql.inside[i] == window}
            if frame & {"rows", "groups"}:
                yield at, "window"
        if AVERAGE.fullmatch(name):
            yield at, "average"
        if name in FLOAT_FUNCTIONS:
            yield at, "float"
        if name == "round":
            yield at, "rounding"
        if name == "sum" and not sql.to_bigint(at):
            yield at, "sum"
        if name in AMBIENT_FUNCTIONS:
            yield at, "ambient"
        if FILE_FUNCTIONS.fullmatch(name):
            yield at, "file"


def _tokens(sql: Statement) -> Iterator[tuple[int, str]]:
    signs = {
        TokenType.SLASH: "division",
        TokenType.TILDE: "pattern",
        TokenType.ARROW: "lambda",
        TokenType.CARET: "float",
        TokenType.DSTAR: "float",
    }
    for at, token in enumerate(sql.tokens):
        word = sql.word(at)
        # In front of an operand ~ turns bits over, which means the same everywhere.
        if token.token_type in signs and not (word == "~" and not sql.after_operand(at)):
            yield at, signs[token.token_type]
        if word in ("f", "rf", "fr") and at + 1 < len(sql.tokens):
            string = sql.tokens[at + 1]
            if string.token_type == TokenType.STRING and string.start == token.end + 1:
                yield at, "template"
        if word in FLOAT_TYPES or re.fullmatch(r"[\d.]+e[+-]?\d+", word):
            yield at, "float"
        if word in AMBIENT_WORDS or (word == "sample" and sql.word(at - 1) == "using"):
            yield at, "ambient"
        if word in ("limit", "fetch") and not sql.order_beside(at, -1):
            yield at, "limit"
        if word == "distinct" and sql.word(at + 1) == "on" and not sql.order_beside(at, +1):
            yield at, "limit"
        if word in FILE_STATEMENTS and (at == 0 or sql.word(at - 1) == ";"):
            yield at, "file"
        if token.token_type == TokenType.STRING and sql.reads(at - 1):
            yield at, "file"


def _whole(text: str, bare: str) -> Iterator[Finding]:
    comment = re.match(r"(--[^\n]*\n)+", text)
    if not comment or not re.search(r"\brows?\b", comment[0]):
        yield Finding(1, "grain", text.partition("\n")[0][:60] or "an empty file")
    try:
        if (count := len(duckdb.extract_statements(text))) != 1:
            yield Finding(1, "statement", f"{count} statements")
    except duckdb.Error as error:
        yield Finding(1, "statement", str(error).partition("\n")[0])
    for mark in _TEMPLATE.finditer(bare):
        yield Finding(bare.count("\n", 0, mark.start()) + 1, "template", mark[0])


def lint(text: str) -> list[Finding]:
    """Every rule that the statement breaks, by line, less what it allows itself with a reason."""
    bare = _COMMENT.sub(lambda m: m[1] or re.sub(r"[^\n]", " ", m[0]), text)
    sql = Statement(bare)
    found = set(_whole(text, bare))
    for at, rule in [*_calls(sql), *_tokens(sql)]:
        # The offset, because the tokenizer miscounts lines after a $parameter.
        line = bare.count("\n", 0, sql.tokens[at].start) + 1
        found.add(Finding(line, rule, sql.tokens[at].text))
    for line, source in enumerate(text.splitlines(), start=1):
        if allowed := _ALLOW.search(source):
            covered = {f for f in found if (f.line, f.rule) == (line, allowed["rule"])}
            if covered and allowed["reason"]:
                found -= covered
            else:
                found.add(Finding(line, "allow", allowed[0]))
    return sorted(found, key=lambda f: (f.line, f.rule, f.what))


def main(paths: list[str]) -> int:
    root = Path(__file__).parents[2]
    files = [Path(p) for p in paths] or sorted((root / "sql").rglob("*.sql"))
    findings = [f"{path}:{found}" for path in files for found in lint(path.read_text(encoding="utf-8"))]
    print("\n".join(findings) or f"{len(files)} statements, nothing found")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
