"""Golden SQL cases: tests/cases/<statement of STATEMENTS>/<case>/ holds input tables and expected rows.

A table is a CSV file named for it. Columns of a contract table, or of another table under sql/schema, have
the types written there, and those left out are null; in any other file a heading says it: `name type`. An
empty cell is null. expected.csv names the columns that the case is about; its rows stand in any order.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sql.contract import contract
from sql.engine import ROOM, Cursor, Engine, checked_name

CASES = Path(__file__).parent / "cases"
EXPECTED = "expected.csv"
STATEMENTS = ("decisions", "business", "security")
"""The folders of sql/ whose statements have cases."""


def cases() -> list[Path]:
    return sorted(path.parent for path in CASES.glob(f"*/*/{EXPECTED}"))


def name_of(case: Path) -> str:
    return case.relative_to(CASES).as_posix()


def read(path: Path) -> tuple[list[str], list[list[str | None]]]:
    """Headings and rows; an empty cell as None."""
    with path.open(encoding="utf-8", newline="") as file:
        heads, *rows = list(csv.reader(file))
    return heads, [[cell or None for cell in row] for row in rows]


def fill(db: Cursor, path: Path) -> None:
    """Leave the case's table of this name."""
    table = checked_name(path.stem)
    heads, rows = read(path)
    types = dict(columns(db, table, heads))
    listed = ", ".join(f"{checked_name(name)} {kind}" for name, kind in types.items())
    db.raw.execute(f"create or replace table {table} ({listed})")
    names = [head.split(" ")[0] for head in heads]
    unknown = sorted(set(names) - set(types))
    assert unknown == [], f"{path}: {table} has no column {', '.join(unknown)}"
    marks = ", ".join(f"cast(? as {types[name]})" for name in names)
    for row in rows:
        db.raw.execute(f"insert into {table} ({', '.join(names)}) values ({marks})", row)


def columns(db: Cursor, table: str, heads: list[str]) -> list[tuple[str, str]]:
    """Name and type of every column of the table: the contract's, the schema's, else the headings' own."""
    if table.removeprefix("stg_") in contract():
        return [(column.name, column.type) for column in contract()[table.removeprefix("stg_")].columns]
    if (ROOM / "schema" / f"{table}.sql").exists():
        db.create(f"schema/{table}")
        return list(db.columns(table).items())
    return [(head.split(" ")[0], head.split(" ", 1)[1]) for head in heads]


def text_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@pytest.mark.parametrize("case", cases(), ids=name_of)
def test_a_statement_gives_what_its_case_expects(case: Path):
    with Engine(None, threads=2) as engine, engine.cursor() as db:
        for path in sorted(case.glob("*.csv")):
            if path.name != EXPECTED:
                fill(db, path)
        got = db.rows(statement_of(case.parent.name))
    heads, expected = read(case / EXPECTED)
    assert sorted(tuple(text_of(row[head]) for head in heads) for row in got) == sorted(
        tuple(map(text_of, row)) for row in expected
    )


def statement_of(name: str) -> str:
    """The statement that a folder of cases is named for."""
    found = [room for room in STATEMENTS if (ROOM / room / f"{name}.sql").exists()]
    return f"{found[0]}/{name}" if found else ""


def test_every_case_belongs_to_a_statement():
    folders = [path.name for path in CASES.iterdir() if path.is_dir()]
    assert folders
    assert [name for name in folders if not statement_of(name)] == []
