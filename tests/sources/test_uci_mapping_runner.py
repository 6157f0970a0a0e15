"""What a mapping may not be: refused before a row is read, or as its statement is run."""

import importlib.util
import sys
from datetime import date
from pathlib import Path

import pytest

from sources import mapping
from sources.table import SourceRefused
from sql.engine import Engine

ROOT = Path(__file__).parents[2]
KEY = '[[column]]\nname = "NR"\nrole = "key"\nto = "borrower.borrower_id"\n'
LAND = '[[column]]\nname = "LAND"\nrole = "data"\nto = "nothing"\n'
SEX = '[[column]]\nname = "SEX"\nrole = "protected"\nto = "protected_attribute.sex"\n'
BAD = '[[column]]\nname = "BAD"\nrole = "outcome"\nto = "nothing"\n'
HEAD = 'as_of = 2020-01-31\ntables = ["borrower"]\n'
BORROWER = "select 'B' || nr as borrower_id, 'consumer' as borrower_type, 'CN' as jurisdiction{} from source"


@pytest.fixture
def read(tmp_path):
    """Read a two-line file by a mapping made of the given .toml and statements."""
    (tmp_path / "small").mkdir()
    file = tmp_path / "file.csv"
    file.write_text("NR,SEX,LAND,BAD\n1,2,3,0\n")

    def run(toml=HEAD + KEY + LAND + SEX + BAD, **statements):
        (tmp_path / "small.toml").write_text(toml)
        for table, statement in ({"borrower": BORROWER.format("")} | statements).items():
            (tmp_path / "small" / f"{table}.sql").write_text(statement)
        with Engine(None, threads=1) as engine, engine.cursor() as db:
            return mapping.read("small", file, db, room=tmp_path)

    return run


def test_a_sound_mapping_is_run(read):
    mapped = read()

    assert (mapped.tables, mapped.rows, mapped.as_of) == (("borrower",), {"borrower": 1}, date(2020, 1, 31))


def test_another_statement_is_another_version(read):
    assert (
        read().mapping_version
        != read(borrower=BORROWER.format(", land as net_monthly_income_cents")).mapping_version
    )


@pytest.mark.parametrize("column", ["sex", "bad", "SEX"])
def test_a_protected_attribute_or_the_outcome_in_any_other_table_is_refused(read, column):
    with pytest.raises(SourceRefused, match=f"(?i){column} may not enter borrower"):
        read(borrower=BORROWER.format(f", {column} as industry_code"))


def test_the_outcome_in_the_protected_table_is_refused(read):
    toml = (HEAD + KEY + SEX + BAD).replace('["borrower"]', '["borrower", "protected_attribute"]')

    with pytest.raises(SourceRefused, match="BAD may not enter protected_attribute"):
        read(
            toml,
            protected_attribute="select 'B' || nr as borrower_id, cast(bad as varchar) as sex from source",
        )


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (HEAD + KEY + SEX.replace('"protected"', '"data"'), "column SEX: is a protected attribute"),
        (HEAD + KEY + LAND.replace("LAND", "Age"), "column Age: is a protected attribute"),
        (HEAD + KEY + LAND + 'also = ["gender"]\n', "column LAND: is a protected attribute"),
        (HEAD + KEY + LAND.replace('"data"', '"secret"'), "role 'secret' is none of"),
        (HEAD + LAND, "exactly one column has the role 'key'"),
        (HEAD.replace("borrower", "lender") + KEY, "lender is not a table of the contract"),
        (HEAD.replace('["', '["facility", "') + KEY, "facility has no statement"),
        (HEAD.replace("[", "[[") + KEY, "small.toml"),
        (HEAD + KEY + 'colour = "red"\n', "small.toml"),
        (HEAD + KEY.replace('role = "key"\n', ""), "small.toml"),
    ],
)
def test_an_unsound_mapping_is_refused(read, toml, said):
    with pytest.raises(SourceRefused, match=said):
        read(toml)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (BORROWER.format(", 1 as shoe_size"), "borrower has no column shoe_size"),
        (BORROWER.format(", land as hardship_on"), "hardship_on is BIGINT, and the contract says DATE"),
        ("select 'B' || nr as borrower_id, 'CN' as jurisdiction from source", "borrower needs borrower_type"),
        ("selekt", "borrower.sql"),
    ],
)
def test_a_statement_that_does_not_give_the_contract_s_table_is_refused(read, statement, said):
    with pytest.raises(SourceRefused, match=said):
        read(borrower=statement)


def test_a_name_without_a_mapping_is_refused_with_those_that_there_are():
    with pytest.raises(SourceRefused, match="uci_credit_default"):
        mapping.load("uci")


def test_a_name_without_a_mapping_has_no_day():
    assert mapping.default_as_of("uci") is None


def test_statements_of_mappings_keep_the_rules_of_statements(capsys):
    path = ROOT / "tests" / "lint" / "sql_lint.py"
    spec = importlib.util.spec_from_file_location("sql_lint_for_sources", path)
    sql_lint = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = sql_lint
    spec.loader.exec_module(sql_lint)

    statements = sorted(str(path) for path in (ROOT / "sources").rglob("*.sql"))

    assert statements
    assert sql_lint.main(statements) == 0, capsys.readouterr().out
