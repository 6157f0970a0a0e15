"""Cuts that would lower the grade by themselves: the same in shards and replayed, and split by cause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import sql.engine as sql
from flows import replay
from flows.shards import ORDER, decide_in_shards
from linewatch.documents import SHIPPED, Documents, load_documents
from linewatch.drafts import with_drafts
from linewatch.night import Night
from linewatch.proof import root_of
from sql.canonical import canonical_rows
from tasks.demo import write_demo
from tasks.explain import explain
from tasks.pull import pull
from tasks.validate import validate
from tests.flows.later_source import of
from tests.flows.test_causes import Lender, changes_of, found, late, second_night
from tests.flows.test_causes import Night as Moved
from tests.flows.test_shards import one_after_the_other
from tests.whole_night import RECORDED_AT, run_night

ROW = "down_grade_fall"


@dataclass(frozen=True)
class Staging:
    """A lender's first night, and the day after it, on which everybody pays late."""

    first: Lender
    home: Path
    unplanted: frozenset[str]
    documents: Documents


def staging(place: Path, as_of: date) -> Documents:
    """The shipped documents; of their policy large steps, small ones for who would fall by them, and guards
    that never trip; of their card a size of the line that counts ten times as much.
    """
    (shipped,) = (SHIPPED / "policies").glob("*.toml")
    text = shipped.read_text(encoding="utf-8")
    text = text.replace("down_review_bp = 2500\n", "down_review_bp = 5000\ndown_grade_fall_bp = 600\n")
    text = re.sub(r'(\nguard = "[a-z0-9_]+"\nmost) = \d+', r"\1 = 1000000000", text)
    (place / "policy.toml").write_text(text, encoding="utf-8")
    (card,) = (SHIPPED / "scorecards").glob("*consumer.toml")
    before, size, after = re.split(
        r'(\nname = "line_size_usd"\n.*?\n\]\n)', card.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    size = re.sub(r" points = (-?\d+)00 ", r" points = \g<1>000 ", size)
    (place / "card.toml").write_text(before + size + after, encoding="utf-8")
    drafts = {"policy": [place / "policy.toml"], "scorecard": [place / "card.toml"]}
    plain = [(source.kind, source.text) for source in load_documents(as_of).sources]
    return with_drafts(plain, drafts, as_of, place / "documents")


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Staging:
    place = tmp_path_factory.mktemp("staging")
    (night,) = write_demo(place / "lender", borrowers=900, seed=5)
    documents = staging(place, night.as_of)
    run_night(night.folder, night.as_of, place / "home", documents=documents, promises=False)
    first = Lender(place, night.as_of)
    unplanted = second_night(first, tmp_path_factory.mktemp("unplanted"), documents=documents).proposed
    later = tmp_path_factory.mktemp("late")
    second_night(first, later, [late], documents=documents)
    return Staging(first, later / "home", unplanted, documents)


def batches(lender: Staging) -> list[Path]:
    return sorted((lender.home / "batches").iterdir())


def held_back(batch: Path) -> pd.DataFrame:
    decisions = of(batch, "decisions").set_index("facility_id")
    return decisions[decisions.stability_row == ROW]


def test_replayed_nights_come_to_the_same_roots(lender: Staging) -> None:
    assert [len(held_back(batch)) > 3 for batch in batches(lender)] == [True, True]
    assert replay.exit_code(list(replay.all_of(lender.home, None, None))) == 0


def test_three_shards_come_to_what_one_does(lender: Staging, tmp_path: Path) -> None:
    as_of = lender.first.as_of
    source = str(lender.first.place / "lender" / as_of.isoformat())
    night = Night(as_of, tmp_path / "home", source, lender.documents, RECORDED_AT, threads=1)
    try:
        pull.fn(night)
        validate.fn(night)
        for step in ORDER:
            step.fn(night)
        as_one = root(night)
        decide_in_shards(night, 3, one_after_the_other)
        assert root(night) == as_one
    finally:
        sql.close_engine(night.scratch)


def root(night: Night) -> str:
    with sql.cursor(night.scratch) as db:
        assert db.raw.execute("from decisions where stability_row = ?", [ROW]).fetchall()
        return root_of(canonical_rows(db))


def test_what_was_held_back_is_split_to_the_cent(lender: Staging) -> None:
    """Paying late moved these lines, and as far as the night let it."""
    batch = batches(lender)[-1]
    held, changes = set(held_back(batch).index), changes_of(batch)
    moved = {line: row for line, row in changes.items() if line in held}
    assert found(Moved(moved, frozenset(moved)), lender.unplanted, "circumstances")


def test_the_receipt_says_why_so_little_was_taken(lender: Staging) -> None:
    line = held_back(batches(lender)[0]).index[0]
    told = explain(lender.home, line, lender.first.as_of)
    assert "a full step would itself lower the borrower's grade" in " ".join(told.text.split())
