"""Conventions that no linter knows, and proof that the linters know theirs."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = PROJECT["tool"]["importlinter"]["root_packages"]
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
BANNED = PROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
BIN = Path(sys.executable).parent

# For each contract, a line that breaks it, and the room whose copy gets it as a module named a_breach.
BREACHES = {
    "Data flows one way: flows order tasks, tasks use the quiet rooms": {"ledger": "import tasks"},
    "No task knows another task": {"tasks": "import tasks.another_breach"},
    "Flows only put tasks in order": {"flows": "import duckdb"},
    "Tasks reach databases only through sql and ledger": {"tasks": "import sqlalchemy"},
    "Rules are plain Python": {"linewatch": "import prefect"},
    "Statements need only DuckDB and Arrow": {"sql": "import linewatch"},
    "The record needs only the rules and SQLAlchemy": {"ledger": "import sql"},
    "Promises need only Great Expectations and its dialect": {"expectations": "import duckdb"},
    "Sources read, and use only sql of the rooms": {"sources": "import linewatch"},
    "The checker shares no code with the writer": {"verify": "import linewatch"},
}


@cache
def repository_files() -> list[Path]:
    """What is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


@pytest.fixture(scope="module")
def breached(tmp_path_factory):
    """What import-linter says of a copy of the rooms in which every contract is broken."""
    folder = tmp_path_factory.mktemp("breached")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tasks" / "another_breach.py").touch()
    for breach in BREACHES.values():
        for room, line in breach.items():
            with (folder / room / "a_breach.py").open("a") as module:
                module.write(f"{line}\n")
    result = subprocess.run(
        [BIN / "lint-imports", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    return result.stdout + result.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_in_one_sentence_what_it_is_for(room):
    says = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")))
    assert says
    assert "\n\n" not in says
    assert re.fullmatch(r"[^.]+\.", " ".join(says.split())), says


def test_tests_are_no_packages():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_file_of_a_room_has_grown_past_one_idea():
    rooms = (p for p in repository_files() if p.relative_to(ROOT).parts[0] in ROOMS)
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines())
        for p in rooms
        if p.suffix in (".py", ".sql")
    }
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_nothing_names_a_package_index_or_a_path_of_one_machine():
    # In pieces, so that this file does not name them either.
    index = "|".join(["--(extra-)?index-" + "url", "--find-" + "links", "://[^ \"']*/(simple|packages)/"])
    folder = "|".join(["wo" + "rk", "ro" + "ot", "op" + "t/(pypi|wheels)"])
    bad = re.compile(rf"{index}|(?<![\w.])/({folder})/")
    named = []
    for path in repository_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{path.relative_to(ROOT)}: {found[0]}" for found in bad.finditer(text)]
    assert named == []


def test_every_import_contract_has_a_breach_to_try():
    assert [contract["name"] for contract in CONTRACTS] == list(BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_of_an_import_contract_is_seen(contract, breached):
    (room,) = BREACHES[contract]
    assert f"{contract} BROKEN" in breached
    details = breached.partition("Broken contracts")[2].partition(contract)[2]
    assert f"{room}.a_breach" in re.split(r"\n-{5,}\n", details)[1]


def test_ruff_sees_every_way_to_the_clock_and_to_chance():
    imports, uses = [], []
    for name in BANNED:
        module, _, attribute = name.rpartition(".")
        top = name.split(".")[0]
        imports.append(f"import {name if not module or top == 'numpy' else top}")
        uses.append(f"print({name})" if attribute else name)
    source = "\n".join([*dict.fromkeys(imports), *uses])

    def ruff(filename: str) -> set[str]:
        command = [
            BIN / "ruff",
            "check",
            "--select",
            "TID251",
            "--output-format",
            "concise",
            "--stdin-filename",
        ]
        out = subprocess.run(
            [*command, ROOT / filename, "-"], input=source, cwd=ROOT, capture_output=True, text=True
        )
        return set(re.findall(r"TID251 `([\w.]+)` is banned", out.stdout))

    assert ruff("tasks/decide.py") == ruff("linewatch/night.py") == set(BANNED)
    assert ruff("flows/cli.py") == ruff("flows/clock.py") == set()
