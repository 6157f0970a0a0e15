"""A draft is tried on a past night: who would move otherwise, who would look, who be written to."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from flows.again import decided_again
from linewatch.documents import SHIPPED
from linewatch.errors import DataRefused
from tasks.again import Again, standing
from tasks.demo import write_demo
from tasks.simulate import simulate
from tests.flows.console import here, linewatch
from tests.whole_night import run_night

POLICY = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
PACK = """
id = "cn"
version = "draft"
effective_from = 2031-01-01

[[record]]
id = "one-yuan"
type = "cap"
effective_from = 2020-01-01
borrower_type = "consumer"
measure = "borrower_limit_cents"
value = 1_000_00
currency = "CNY"
citation = "none"
checked = false
because = "To see that a draft pack binds."
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lender")
    (night,) = write_demo(place / "lender", borrowers=400, seed=4)
    run_night(night.folder, night.as_of, place / "home", promises=False)
    return place / "home"


def draft(place: Path, text: str) -> Path:
    path = place / "draft.toml"
    path.write_text(text, encoding="utf-8")
    return path


def tried(home: Path, **drafts: Sequence[Path]) -> Mapping[str, Any]:
    batch = standing(home)
    with decided_again(home, drafts=drafts) as night:
        return simulate(night, batch).content


@pytest.fixture(scope="module")
def same(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Again]:
    """The night decided again under a draft that says the same."""
    policy = draft(tmp_path_factory.mktemp("same"), POLICY.replace('version = "1"', 'version = "1b"'))
    with decided_again(home, drafts={"policy": [policy]}) as night:
        yield night


def swapped(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    return {
        (row["was_direction"], row["now_direction"]): row["lines"]
        for row in rows
        if row["was_direction"] != row["now_direction"]
    }


def test_a_draft_that_says_the_same_swaps_no_line(home: Path, same: Again) -> None:
    told = simulate(same, standing(home)).content
    assert [each["version"] for each in told["drafts"]] == ["1b"]
    assert swapped(told["swap_set"]) == {}
    assert told["movers"] == []
    assert sum(row["lines"] for row in told["swap_set"]) == told["lines"] > 300
    assert all(row["was"] == row["now"] for row in told["letters"])


def test_deeper_cuts_in_one_row_of_the_matrix_show_in_that_segment_and_grade(
    home: Path, tmp_path: Path
) -> None:
    deeper = POLICY.replace(
        "{ idle = 10000, low = 10000, mid = 10500, high = 10000, full = 10000 }",
        "{ idle = 8000, low = 8000, mid = 8000, high = 8000, full = 8000 }",
        1,
    )
    told = tried(home, policy=[draft(tmp_path, deeper)])
    assert swapped(told["swap_set"])["hold", "down"] > 0
    moved = [row for row in told["grades"] if row["was_moved_cents"] != row["now_moved_cents"]]
    assert {(row["was_grade"], row["now_grade"]) for row in moved} == {("C", "C")}
    other = [row for row in told["segments"] if row["was_direction"] != row["now_direction"]]
    assert {row["segment"] for row in other} == {"consumer_established"}
    letters = {row["kind"]: (row["was"], row["now"]) for row in told["letters"]}
    assert letters["increase"][1] < letters["increase"][0]
    assert sum(row["now_cases"] for row in told["queue"]) > sum(row["was_cases"] for row in told["queue"])


def test_a_draft_scorecard_moves_lines_between_grades(home: Path, tmp_path: Path) -> None:
    card = (SHIPPED / "scorecards" / "2000-01-01-consumer.toml").read_text(encoding="utf-8")
    base = next(line for line in card.splitlines() if line.startswith("base_points"))
    lower = card.replace(base, f"base_points = {int(base.split('=')[1].replace('_', '')) - 4_000}")
    told = tried(home, scorecard=[draft(tmp_path, lower)])
    worse = sum(row["lines"] for row in told["grades"] if row["now_grade"] > row["was_grade"])
    assert worse > 50
    assert not [row for row in told["grades"] if row["now_grade"] < row["was_grade"]]


def test_a_draft_pack_shows_what_a_law_would_do(home: Path, tmp_path: Path) -> None:
    told = tried(home, regulation=[draft(tmp_path, PACK)])
    assert {row["now_binding_step"] for row in told["movers"]} <= {"regulation", "floor"}
    assert all(row["now_moved_cents"] < row["was_moved_cents"] for row in told["movers"])
    assert told["movers"]


def test_with_known_outcomes_each_cell_has_its_defaults(home: Path, same: Again, tmp_path: Path) -> None:
    batch = standing(home)
    assert simulate(same, batch).content["known_outcomes"] > 300
    known = tmp_path / "known.csv"
    with known.open("w", newline="") as file:
        csv.writer(file).writerows([("borrower_id", "defaulted"), ("B000000001", "true")])
    told = simulate(same, batch, known).content
    assert sum(row["known"] for row in told["swap_set"]) == told["known_outcomes"]
    assert sum(row["defaulted"] for row in told["grades"]) == told["known_outcomes"] >= 1
    (tmp_path / "other.csv").write_text("borrower,bad\nB1,1\n")
    with pytest.raises(DataRefused, match="borrower_id"):
        simulate(same, batch, tmp_path / "other.csv")


def test_the_command_writes_its_tables_and_leaves_the_home_as_it_was(home: Path, tmp_path: Path) -> None:
    before = hashes(home)
    said = linewatch(
        "policy", "simulate", "--policy", draft(tmp_path, POLICY), "--home", home, "--out", tmp_path / "out"
    )
    assert said.exit_code == 0, said.err
    assert "Swap set" in said.out
    with (tmp_path / "out" / "swap_set.csv").open(newline="") as file:
        assert sum(int(row["lines"]) for row in csv.DictReader(file)) > 300
    assert hashes(home) == before


def test_without_a_draft_there_is_nothing_to_try(home: Path) -> None:
    said = here("policy", "simulate", "--home", home)
    assert said.exit_code == 2
    assert "--policy FILE" in said.err


def hashes(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()
        for path in sorted(home.rglob("*"))
    }


def test_two_drafts_of_a_kind_are_tried_together(home: Path, tmp_path: Path) -> None:
    cards = [SHIPPED / "scorecards" / f"2000-01-01-{subject}.toml" for subject in ("consumer", "enterprise")]
    drafts = []
    for card in cards:
        drafts.append(tmp_path / card.name)
        text = card.read_text(encoding="utf-8").replace('version = "2000-01-01"', 'version = "both"', 1)
        drafts[-1].write_text(text, encoding="utf-8")
    with decided_again(home, drafts={"scorecard": drafts}) as night:
        assert {card.version for card in night.documents.scorecards.values()} == {"both"}
