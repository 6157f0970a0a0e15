"""The pages about the data say what the contract and the suites say."""

import re
from pathlib import Path

import pytest

from expectations.document import PAGE, page
from expectations.promises import promises
from sql.contract import REQUIRED, contract

CONTRACT = (Path(__file__).parents[2] / "docs" / "data-contract.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", CONTRACT, re.MULTILINE | re.DOTALL))


def test_the_page_of_expectations_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m expectations.document"


def test_the_contract_page_has_every_table():
    assert list(SECTIONS) == list(contract())


@pytest.mark.parametrize("table", contract())
def test_the_contract_page_has_every_column_as_it_is_defined(table):
    defined = contract()[table]
    columns = re.findall(
        r"^\| (\w+) \| (\w+) \| (key|required|optional) \| (.*) \|$", SECTIONS[table], re.MULTILINE
    )
    assert [(name, kind, role) for name, kind, role, _ in columns] == [
        (
            column.name,
            column.type.lower(),
            "key" if column.name in defined.key else "required" if column.required else "optional",
        )
        for column in defined.columns
    ]
    for name, _, role, meaning in columns:
        assert role != "optional" or "null" in meaning, f"{table}.{name}: say what null means"
    assert f"Key: {', '.join(f'`{column}`' for column in defined.key)}." in SECTIONS[table]
    assert defined.grain in SECTIONS[table]
    assert ("Required table." in SECTIONS[table]) == (table in REQUIRED)


@pytest.mark.parametrize("table", contract())
def test_every_reference_of_the_contract_page_is_held_by_an_expectation(table):
    referred = re.findall(r"`(\w+)_id` → (\w+)", SECTIONS[table])
    names = {promise.name for promise in promises(table)}
    for _, parent in referred:
        assert names & {f"{table}_has_its_{parent}", f"{table}_line_is_the_borrowers"}
    assert bool(referred) == any("_has_its_b" in name or "_has_its_f" in name for name in names)
