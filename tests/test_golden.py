"""The golden nights: made again by their recipe, and compared byte for byte."""

from __future__ import annotations

import csv
import difflib
from itertools import pairwise
from pathlib import Path

import pytest

from linewatch.notice import ACTIONS, STEPS
from tests.golden.rebuild import EXPECTED

pytestmark = pytest.mark.xdist_group("golden")
MOST_SHOWN = 40
AFTER_RELATIONSHIP = STEPS[STEPS.index("relationship") :]

Row = dict[str, str]


@pytest.fixture
def made(golden_nights: Path) -> Path:
    return golden_nights / "made"


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def difference(name: str, expected: str, got: str) -> str:
    """For a table, what changed by line and column; for text, a diff. Cut where it gets long."""
    told = _cells(expected, got) if name.endswith(".csv") else []
    told = told or list(difflib.unified_diff(expected.splitlines(), got.splitlines(), lineterm="", n=1))
    more = [f"… and {len(told) - MOST_SHOWN} lines more"] if len(told) > MOST_SHOWN else []
    return "\n".join([f"--- {name}", *told[:MOST_SHOWN], *more])


def _cells(expected: str, got: str) -> list[str]:
    before, after = keyed(expected), keyed(got)
    told = [f"{key}: gone" for key in before if key not in after]
    told += [f"{key}: new" for key in after if key not in before]
    for key in before:
        now = after.get(key, before[key])
        columns = [*before[key], *(column for column in now if column not in before[key])]
        told += [
            f"{key}: {column}: {before[key].get(column)} -> {now.get(column)}"
            for column in columns
            if before[key].get(column) != now.get(column)
        ]
    return told


def keyed(text: str) -> dict[str, Row]:
    rows = list(csv.DictReader(text.splitlines()))
    return {row.get("facility_id") or str(at): row for at, row in enumerate(rows)}


def decisions() -> list[Row]:
    texts = [text for name, text in files(EXPECTED).items() if name.endswith("decisions.csv")]
    return [row for text in texts for row in csv.DictReader(text.splitlines())]


def test_the_golden_nights_are_what_the_recipe_makes(made: Path):
    expected, got = files(EXPECTED), files(made)
    assert sorted(got) == sorted(expected)
    changed = [name for name in expected if got[name] != expected[name]]
    changed.sort(key=lambda name: (not name.endswith("decisions.csv"), name))
    told = [difference(name, expected[name], got[name]) for name in changed]
    if told:
        pytest.fail(
            "\n".join([*told, "If this is meant: make golden, and say why in the commit."]), pytrace=False
        )


def test_the_golden_nights_show_every_action_and_both_routes():
    assert {row["action"] for row in decisions()} == set(ACTIONS)
    assert {row["route"] for row in decisions()} == {"automatic", "referred"}


def test_after_relationship_no_step_raises_a_limit_above_the_standing_one():
    raised = [
        (row["facility_id"], step)
        for row in decisions()
        for before, step in pairwise(AFTER_RELATIONSHIP)
        if int(row[f"after_{step}_cents"]) > max(int(row[f"after_{before}_cents"]), int(row["limit_cents"]))
    ]
    assert raised == []


def test_a_changed_cell_is_told_by_line_and_column():
    before = "facility_id,limit_cents\nF1,100\nF2,200\n"
    after = "facility_id,limit_cents\nF1,100\nF2,300\nF3,1\n"
    assert difference("d.csv", before, after) == "--- d.csv\nF3: new\nF2: limit_cents: 200 -> 300"


def test_the_golden_files_stay_small_enough_to_read():
    assert sum(len(text.encode()) for text in files(EXPECTED).values()) < 600_000
