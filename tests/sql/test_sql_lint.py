"""The lint over the statements, shown to catch what it is for and to let the right way pass."""

import importlib.util
import sys
from pathlib import Path

import pytest

_path = Path(__file__).parents[1] / "lint" / "sql_lint.py"
_spec = importlib.util.spec_from_file_location("sql_lint", _path)
sql_lint = importlib.util.module_from_spec(_spec)
sys.modules["sql_lint"] = sql_lint
_spec.loader.exec_module(sql_lint)

GRAIN = "-- One row per line.\n"


def rules(statement: str) -> list[str]:
    return [found.rule for found in sql_lint.lint(GRAIN + statement)]


def test_every_statement_keeps_the_rules(capsys):
    assert sql_lint.main([]) == 0, capsys.readouterr().out


# Each rule with a statement that breaks it and one that says the same thing rightly.
CASES = [
    ("pick", "select any_value(x) from t", "select max(x) from t"),
    ("pick", "select mode(x) from t", "select mode from t"),
    ("unordered", "select list(x) from t", "select list(x order by x) from t"),
    ("unordered", "select array_agg(x) from t", "select array_agg(distinct x order by x) from t"),
    ("unordered", "select string_agg(x, ',') from t", "select string_agg(x, ',' order by x, k) from t"),
    ("unordered", "select arg_max(x, y) from t", "select arg_max(x, y order by k) from t"),
    ("unordered", "select min_by(x, y) from t", "select min_by(x, y order by k) from t"),
    ("unordered", "select first(x) from t", "select first(x order by y nulls first) from t"),
    ("unordered", "select last(x) from t", "select last(x) over (order by k) from t"),
    ("unordered", "select list(f(x order by x)) from t", "select list(f(x) order by x) from t"),
    ("unordered", "select listagg(x) from t", "select listagg(x order by x) from t"),
    ("unordered", "select array(select x from t)", "select array(select x from t order by x)"),
    (
        "window",
        "select row_number() over (partition by a) from t",
        "select row_number() over (order by k) from t",
    ),
    ("window", "select rank() over () from t", "select rank() over (order by k) from t"),
    (
        "window",
        "select lag(x) over w from t window w as (partition by a)",
        "select lag(x) over w from t window w as (order by k)",
    ),
    (
        "window",
        "select lead(x) over (partition by a) from t",
        "select lead(x ignore nulls) over (order by k) from t",
    ),
    (
        "window",
        "select count(*) over (rows 3 preceding) from t",
        "select count(*) over (order by k rows 3 preceding) from t",
    ),
    ("limit", "select x from t limit 1", "select x from t order by x limit 1"),
    (
        "limit",
        "select x from (select x from t order by x) limit 1",
        "(select x from t order by x limit 1) union all select 1",
    ),
    (
        "limit",
        "select x from t fetch first 3 rows only",
        "select x from t order by x fetch first 3 rows only",
    ),
    ("limit", "select distinct on (a) b from t", "select distinct on (a) b from t order by a, k"),
    ("average", "select avg(x) from t", "select cast(sum(x) as bigint) // count(*) from t"),
    ("average", "select stddev_samp(x) from t", "select count(x) from t"),
    ("average", "select corr(x, y) from t", "select corr from t"),
    ("average", "select median(x) from t", "select max(median) from t"),
    ("average", "select quantile_cont(x, 0.5) from t", "select quantile from t"),
    ("average", "select approx_count_distinct(x) from t", "select count(distinct x) from t"),
    ("float", "select cast(x as double) from t", "select cast(x as bigint) from t"),
    ("float", "select x::float from t", "select x::decimal(18, 2) from t"),
    ("float", "select x::real, y::double precision from t", 'select "real" from t'),
    ("float", "select x * 1e-4 from t", "select x * 0.0001 from t"),
    ("float", "select sqrt(x) from t", "select x * x from t"),
    ("float", "select x ^ 2 from t", "select x * x from t"),
    ("division", "select x / 2 from t", "select x // 2 from t"),
    ("rounding", "select round(x, 2) from t", "select (x + 50) // 100 from t"),
    ("sum", "select sum(x) from t", "select cast(sum(x) as bigint) from t"),
    ("sum", "select sum(x)::hugeint from t", "select sum(x)::bigint from t"),
    ("sum", "select try_cast(sum(x) as bigint) from t", "select (sum(x) // 2)::bigint from t"),
    ("sum", "select sum(x) filter (where y) from t", "select sum(x) filter (where y)::bigint from t"),
    (
        "sum",
        "select sum(x) over (order by k) from t",
        "select cast(sum(x) over (order by k) as bigint) from t",
    ),
    (
        "sum",
        "select cast((select sum(x) from t) as bigint)",
        "select cast(sum(x) * 10 // nullif(sum(y), 0) as bigint) from t",
    ),
    ("pattern", "select x ~ 'a' from t", "select regexp_full_match(x, 'a') from t"),
    ("pattern", "select x !~ 'a' from t", "select x & ~y from t"),
    ("lambda", "select list_filter(x, y -> y > 1) from t", "select list_filter(x, lambda y: y > 1) from t"),
    ("ambient", "select now()", "select $as_of"),
    ("ambient", "select current_date", "select 'current_date'"),
    ("ambient", "select current_timestamp", 'select "current_timestamp" from t'),
    ("ambient", "select today()", "select cast($as_of as date)"),
    ("ambient", "select random()", "select md5(x) from t"),
    ("ambient", "select uuid()", "select uuid from t"),
    ("ambient", "select getenv('HOME')", "select $home"),
    ("ambient", "select x from t using sample 10 rows", "select x from t join u using (sample)"),
    ("file", "select x from read_csv('a.csv')", "select read_csv from t"),
    ("file", "select x from read_parquet($path)", "select x from staged"),
    ("file", "select x from 'a.parquet'", "select x from a where y = 'a.parquet'"),
    ("file", "select x from a join 'b.parquet'", "select x from a where y is distinct from 'closed'"),
    ("file", "select extract(year from x) from 'a'", "select extract(year from '2026-11-21'::date)"),
    ("file", "copy t to 'a.parquet'", "create table copy_t as select x from t"),
    ("file", "attach 'a.duckdb'", "select attach from t"),
    ("file", "install httpfs", "select install from t"),
    ("file", "set threads = 1", "update t set threads = 1"),
    ("template", "select x from {table}", "select x from staged"),
    ("template", "select x from t where y = %s", "select x from t where y like '%son' and z % s > 0"),
    ("template", "select %(x)s", "select $x"),
    ("template", "select f'abc'", "select $f, 'F' || 'half' -- {not} f'text'"),
    ("statement", "select 1; select 2", "select 1;"),
    ("statement", "select from where", "select x from t where y"),
]


@pytest.mark.parametrize(("rule", "bad", "good"), CASES)
def test_a_statement_that_breaks_a_rule_is_reported_and_the_right_way_is_not(rule, bad, good):
    assert rule in rules(bad)
    assert rules(good) == []


def test_every_rule_has_a_case():
    assert {rule for rule, _, _ in CASES} | {"grain", "allow"} == set(sql_lint.RULES)


@pytest.mark.parametrize(
    "text", ["select 1", "-- Lines that are frozen.\nselect 1", "\n-- One row.\nselect 1", ""]
)
def test_a_statement_without_its_grain_in_front_is_reported(text):
    assert "grain" in [found.rule for found in sql_lint.lint(text)]


def test_a_finding_names_the_line_also_after_a_parameter():
    statement = "select $as_of,\n    'a\n    b',\n    round(x)\nfrom t"
    assert [(f.line, f.rule) for f in sql_lint.lint(GRAIN + statement)] == [(5, "rounding")]


def test_a_line_may_be_allowed_with_a_reason():
    assert (
        rules("select round(x) -- lint: allow rounding because x is a rate that nobody stores\nfrom t") == []
    )


@pytest.mark.parametrize(
    "comment",
    [
        "-- lint: allow rounding",
        "-- lint: allow sum because it is the wrong rule",
        "-- lint: allow everything because why not",
    ],
)
def test_an_allowance_needs_a_reason_and_the_rule_that_is_broken(comment):
    assert rules(f"select round(x) {comment}\nfrom t") == ["allow", "rounding"]


def test_an_allowance_that_nothing_needs_is_reported():
    assert rules("select x -- lint: allow rounding because it once was\nfrom t") == ["allow"]
