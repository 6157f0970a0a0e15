"""A condition of a document can compare facts, and can do nothing else."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewatch.expression import Expression, ExpressionRefused, Kind, Node, parse
from linewatch.truth import Range, evaluate, lint

FACTS: dict[str, Kind] = {
    "limit_cents": "number",
    "drawn_cents": "number",
    "product": "text",
    "in_hardship": "flag",
    "seen_on": "day",
}
TYPES = {"number": "bigint", "text": "varchar", "flag": "boolean", "day": "date"}
HOSTILE = [
    "read_csv('/etc/passwd') = 1",
    "read_parquet('x') is null",
    "getenv('HOME') = 'x'",
    "current_setting('memory_limit') = 'x'",
    "(select 1) = 1",
    "limit_cents in (select limit_cents from facility)",
    "exists (select 1 from borrower)",
    "limit_cents = any (select 1)",
    "limit_cents = 1; drop table borrower",
    "limit_cents = 1; select 1",
    "limit_cents = 1 union select 1",
    "sum(limit_cents) over () > 1",
    "count(*) > 1",
    "columns('.*') = 1",
    "facility.limit_cents = 1",
    "main.facility.limit_cents = 1",
    '"limit_cents" = 1',
    "product collate nocase = 'a'",
    "product like '%a'",
    "product ~ 'a'",
    "product || 'b' = 'ab'",
    "product[1] = 'a'",
    "list_transform([limit_cents], lambda x: x) is null",
    "{'a': limit_cents}.a = 1",
    "case when in_hardship then true end",
    "limit_cents::varchar = '1'",
    "cast(product as bigint) = 1",
    "try_cast(product as bigint) = 1",
    "limit_cents = $1",
    "limit_cents = ?",
    "limit_cents = :name",
    "limit_cents = 1 -- always",
    "limit_cents /* really */ = 1",
    "random() > 0",
    "now() > seen_on",
    "current_date = seen_on",
    "nextval('s') = 1",
    "error('x')",
    "attach 'x'",
    "set threads = 1",
    "copy facility to 'x'",
    "interval 1 day = seen_on",
    "in_hardship or limit_cents",
    "limit_cents = 1 as x",
    "*",
    "",
    "   ",
    "limit_cents = 1 \0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_a_comparison_of_facts_is_refused(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        parse(text, FACTS)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100 + "in_hardship" + ")" * 100,
        "(" * 5_000 + "in_hardship" + ")" * 5_000,
        "not " * 90 + "in_hardship",
        "- " * 90 + "limit_cents > 1",
        "case " * 90,
        "[" * 90,
        " and ".join(["in_hardship"] * 101),
        " + ".join(["limit_cents"] * 95) + " > 1",
        "in_hardship or " * 70 + "in_hardship",
        "product = '" + "x" * 1_000 + "'",
    ],
)
def test_what_is_too_long_or_too_deep_is_refused_before_the_stack_runs_out(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        parse(text, FACTS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("limit_cent > 1", "did you mean `limit_cents`"),
        ("limit_cents = null", "is null"),
        ("limit_cents // drawn_cents > 1", "nullif(drawn_cents, 0)"),
        ("limit_cents // 0 > 1", "divides by zero"),
        ("limit_cents / 2 > 1", "//"),
        ("limit_cents > 1.5", "not a whole number"),
        ("limit_cents > 1e3", "not a whole number"),
        ("limit_cents > 99999999999999999999", "larger than any fact"),
        ("limit_cents * drawn_cents * 2 > 1", "could grow beyond"),
        ("limit_cents", "must be true or false"),
        ("limit_cents > product", "`product` is a text where a number belongs"),
        ("product > 'a'", "no larger or smaller"),
        ("limit_cents in (drawn_cents)", "only literals"),
        ("seen_on < date '2026-02-30'", "not a day"),
        ("limit_cents is 3", "only null, true or false"),
        ("limit_cents = 1 and", "cannot be read"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ExpressionRefused, match=re.escape(said)):
        parse(text, FACTS)


ROWS: list[dict[str, Any]] = [
    dict(zip(FACTS, values, strict=True))
    for values in product(
        (None, -(2**63), -7, 0, 1, 3, 2**63 - 1),
        (None, -2, 0, 3),
        (None, "loan", "it's"),
        (None, True, False),
        (None, date(2026, 1, 31)),
    )
]


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    """Every combination of values, in a database that may not reach outside."""
    db = duckdb.connect()
    db.execute("set enable_external_access = false")
    db.execute("set lock_configuration = true")
    columns = ", ".join(f"{name} {TYPES[kind]}" for name, kind in FACTS.items())
    db.execute(f"create table line ({columns})")
    db.executemany("insert into line values (?, ?, ?, ?, ?)", [list(row.values()) for row in ROWS])
    return db


def numbers() -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["limit_cents", "drawn_cents", "0", "3", "7", "-1", "9223372036854775807"])
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda p: f"({' '.join(p)})"),
            st.tuples(inner, inner).map(lambda p: f"({p[0]} // nullif({p[1]}, 0))"),
            st.tuples(st.sampled_from(["least", "greatest", "coalesce", "nullif"]), inner, inner).map(
                lambda p: f"{p[0]}({p[1]}, {p[2]})"
            ),
            inner.map(lambda n: f"abs({n})"),
            inner.map(lambda n: f"(- {n})"),
        ),
        max_leaves=4,
    )


def flags() -> st.SearchStrategy[str]:
    compared = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    leaf = st.one_of(
        st.tuples(numbers(), compared, numbers()).map(" ".join),
        numbers().map(lambda n: f"{n} is null"),
        numbers().map(lambda n: f"{n} between -3 and 4"),
        numbers().map(lambda n: f"{n} not in (0, 3)"),
        st.sampled_from(
            [
                "in_hardship",
                "in_hardship is not true",
                "product = 'loan'",
                "product in ('loan', 'it''s')",
                "product is not null",
                "seen_on <= date '2026-01-31'",
                "seen_on = date '2026-02-01'",
                "true",
            ]
        ),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda p: f"({' '.join(p)})"),
            inner.map(lambda flag: f"not ({flag})"),
        ),
        max_leaves=4,
    )


@settings(max_examples=150)
@given(text=flags())
def test_a_condition_comes_to_the_same_in_the_database_and_without_it(
    database: duckdb.DuckDBPyConnection, text: str
) -> None:
    """Nothing overflows or divides by zero, whatever the facts are."""
    try:
        condition = parse(text, FACTS)
    except ExpressionRefused as error:
        assert "could grow beyond" in str(error)  # noqa: PT017
        return
    query = f"select {condition.sql(lambda name: name)} from line order by rowid"
    found = database.execute(query).fetchall()
    assert [row[0] for row in found] == [evaluate(condition.root, row) for row in ROWS]


PIECES = st.sampled_from(
    "limit_cents drawn_cents product in_hardship seen_on 1 0 'a' ( ) [ ] { } , ; . * + - // / % = <> < > and"
    " or not is null in between case when then else end select from facility exists any all cast as bigint"
    " :: ->"
    " read_csv('x') getenv('A') lambda x: -- /* */ $1 ? :a @ ~ like date '2026-01-31' interval array"
    " over partition by order union with recursive values struct true false distinct collate abs coalesce"
    " nullif least greatest".split()
)


@settings(max_examples=600)
@given(text=st.lists(PIECES, min_size=1, max_size=14).map(" ".join) | st.text(max_size=40))
def test_whatever_is_typed_is_refused_or_reads_facts_alone(
    database: duckdb.DuckDBPyConnection, text: str
) -> None:
    try:
        condition = parse(text, FACTS)
    except ExpressionRefused:
        return
    assert condition.facts <= set(FACTS)
    words = set(re.findall(r"[a-z_]{2,}", re.sub(r"'(?:[^']|'')*'", "", condition.sql(lambda name: name))))
    allowed = "and or not is null in true false date cast as hugeint coalesce nullif least greatest abs"
    assert words <= {*FACTS, *allowed.split()}
    database.execute(f"select {condition.sql(lambda name: name)} from line limit 0")


def test_text_of_a_document_is_never_what_runs() -> None:
    condition = parse("product='it''s' AND limit_cents>=5", FACTS)
    assert (
        condition.sql(lambda name: f"lines.{name}")
        == "((lines.product = 'it''s') and (lines.limit_cents >= 5))"
    )


RANGES = {
    "limit_cents": Range("number", 0, 10**15, known=True),
    "drawn_cents": Range("number", -(10**15), 10**15),
    "product": Range("text", known=True, among=("loan", "card")),
    "in_hardship": Range("flag"),
    "seen_on": Range("day"),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("limit_cents = 700 or true", ["`((limit_cents = 700) or true)` is always true"]),
        ("limit_cents >= 0", ["`(limit_cents >= 0)` is always true"]),
        ("limit_cents < 0", ["`(limit_cents < 0)` is never true"]),
        (
            "limit_cents > 5 and limit_cents < 3",
            ["`((limit_cents > 5) and (limit_cents < 3))` is never true"],
        ),
        ("product = 'mortgage'", ["`(product = 'mortgage')` is never true"]),
        ("product is not null and in_hardship", ["`(not (product is null))` is always true"]),
        ("drawn_cents > 5 or drawn_cents <= 5", []),
        (
            "limit_cents > 5 or limit_cents <= 5",
            ["`((limit_cents > 5) or (limit_cents <= 5))` is always true"],
        ),
        ("limit_cents between 3 and 7 and product = 'loan'", []),
        ("seen_on >= date '2026-01-31' and seen_on < date '2026-01-31'", None),
    ],
)
def test_conditions_that_are_always_or_never_met_are_named(text: str, found: list[str] | None) -> None:
    said = lint(parse(text, FACTS), RANGES)
    assert said == found if found is not None else len(said) == 1


def test_a_condition_names_the_facts_that_it_reads() -> None:
    condition: Expression = parse("coalesce(drawn_cents, 0) > 3 or in_hardship", FACTS)
    assert condition.facts == {"drawn_cents", "in_hardship"}
    assert isinstance(condition.root, Node)
