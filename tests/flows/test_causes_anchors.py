"""From when a moved limit is counted: lines with several nights behind them, each with its own anchor."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import people
from flows.attributing import attribute_night
from flows.shards import ORDER, decide_here, decide_in_shards
from ledger import open_ledger
from linewatch.night import Night
from linewatch.shard import Shard
from sql.engine import close_engine, cursor, open_engine
from tasks.demo import write_demo
from tasks.pull import pull
from tasks.stand import Kept
from tests.flows.review_home import answer, says, settlements, taken
from tests.flows.test_causes import PARTS, POLICY, adds_up, changes_of, plain
from tests.whole_night import RECORDED_AT, accept, run_night

DAY = timedelta(days=1)
FIRST = date(2026, 11, 21)
SECOND, THIRD, FOURTH = (FIRST + DAY * number for number in range(1, 4))
LAPSED = date(2027, 6, 21)
"""Seven months after the first night: the longest cool-off of consumers is over."""
AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
OUTSIDE_NOW, OUTSIDE_BEFORE, NEW, IDLE, STEADY = range(5)
"""Kinds of borrowers, by their number: whose limit another hand changes on the fourth night, or on the third;
who comes with the fourth; whose reviews are not due until the fourth; who is reviewed every night.
"""

Row = dict[str, Any]
Plant = Callable[[duckdb.DuckDBPyConnection], None]


@dataclass(frozen=True)
class Told:
    """What a night left of each line: its decision, and its change if its limit moved."""

    decisions: dict[str, Row]
    changes: dict[str, Row]

    def moved(self, kind: int) -> list[Row]:
        """The changes of borrowers of a kind."""
        return [row for line, row in self.changes.items() if number_of(line) % 5 == kind]


def is_all_carried(row: Row) -> bool:
    """Whether no factor has a part of what moved."""
    change = row["new_limit_cents"] - row["old_limit_cents"]
    return bool(row["cause_carried_cents"] == change) and not any(
        row[f"cause_{part}_cents"] for part in PARTS
    )


def number_of(line: str) -> int:
    return int(line[1:10])


def in_part(kind: int) -> str:
    return f"try_cast(substr(borrower_id, 2) as integer) % 5 = {kind}"


class Lender:
    """A lender whose source shows each night what was committed and planted; nothing else changes."""

    def __init__(self, place: Path) -> None:
        self.place, self.home = place, place / "home"
        self.began: Told | None = None
        """What the third night left."""
        self.told: Told | None = None
        """What the fourth night left."""

    def begin(self) -> Lender:
        (written,) = write_demo(self.place / "lender", borrowers=500, seed=11, last_as_of=FIRST)
        shutil.move(written.folder, self.place / "now")
        (self.place / "policy.toml").write_text(POLICY, encoding="utf-8")
        self.night(FIRST, [tied, self.away])
        return self

    def away(self, db: duckdb.DuckDBPyConnection) -> None:
        """Whoever is new on the fourth night is kept apart until then."""
        db.execute(f"copy (from facility where {in_part(NEW)}) to '{self.place}/away.parquet'")
        db.execute(f"delete from facility where {in_part(NEW)}")

    def back(self, db: duckdb.DuckDBPyConnection) -> None:
        db.execute(f"insert into facility by name from '{self.place}/away.parquet'")
        db.execute("update facility set statement_day = day(cast(? as date))", [FOURTH])

    def copied(self, place: Path) -> Lender:
        shutil.copytree(self.place, place)
        return Lender(place)

    def source(self, day: date, plants: Iterable[Plant] = ()) -> Path:
        """The rows of the last night, with the limits in force and every review due, and what is planted."""
        now, source = self.place / "now", self.place / "source" / day.isoformat()
        source.mkdir(parents=True)
        with duckdb.connect() as db:
            for path in sorted(now.glob("*.parquet")):
                db.execute(f"create table {path.stem} as from '{path}'")
            if day > FIRST:
                batch = open_ledger(self.home).standing()
                db.execute(
                    "update facility set credit_limit_cents = decided.committed_limit_cents"
                    f" from '{batch.path(self.home, 'decisions')}' as decided"
                    " where decided.facility_id = facility.facility_id"
                )
            db.execute("update facility set statement_day = day(cast(? as date))", [day])
            for plant in plants:
                plant(db)
            for path in sorted(now.glob("*.parquet")):
                db.execute(f"copy {path.stem} to '{source / path.name}' (format parquet)")
        shutil.rmtree(now)
        shutil.copytree(source, now)
        return source

    def night(self, day: date, plants: Iterable[Plant] = (), *, causes: bool = False) -> Told:
        source = self.source(day, plants)
        receipt = run_night(source, day, self.home, documents=plain(self, day), causes=causes, promises=False)
        for who in ("wu", "li"):
            if open_ledger(self.home).held() is not None:
                people.approve(self.home, day, who, "Seen.", AT)
        folder = self.home / "batches" / receipt.batch
        with duckdb.connect() as db:
            rows = db.execute(f"from '{folder}/decisions-*.parquet'")
            names = [column[0] for column in rows.description]
            decisions = {row[0]: dict(zip(names, row, strict=True)) for row in rows.fetchall()}
        told = Told(decisions, changes_of(folder))
        for row in told.changes.values() if causes else ():
            if row["caused_since_on"] is None:
                assert is_all_carried(row), row
            else:
                adds_up(row)
        return told


def tied(db: duckdb.DuckDBPyConnection) -> None:
    """An idle borrower and the steady one after them are one group."""
    db.execute(
        "insert into control_link by name select"
        " borrower_id, 'B' || lpad(cast(number + 1 as varchar), 9, '0') as related_borrower_id,"
        " 'parent' as kind, 9000 as share_bp, date '2020-01-01' as valid_from"
        " from (select *, try_cast(substr(borrower_id, 2) as integer) as number from borrower)"
        f" where number % 5 = {IDLE}"
    )


def not_due(db: duckdb.DuckDBPyConnection) -> None:
    """The statement of the idle comes on another day."""
    db.execute(f"update facility set statement_day = 28 where {in_part(IDLE)}")


def outside(kind: int) -> Plant:
    def plant(db: duckdb.DuckDBPyConnection) -> None:
        db.execute(
            "update facility set credit_limit_cents = credit_limit_cents + 100000"
            f" where product = 'revolving_consumer' and {in_part(kind)}"
        )

    return plant


def late(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("update facility set days_past_due = 20, past_due_cents = 10000 where days_past_due < 20")


def reported(db: duckdb.DuckDBPyConnection) -> None:
    """Bad news from other lenders of one steady borrower in two, which a cut in stages follows."""
    db.execute(
        "insert into bureau_report by name"
        " select borrower_id, cast(? as date) as pulled_on, 9 as lender_count,"
        " 90000000 as external_balance_cents, 90000000 as external_limit_cents, 12 as inquiries_6m,"
        " 60 as worst_dpd_now, 60 as worst_dpd_24m, 0 as public_record_count, true as excludes_us"
        f" from borrower where borrower_type = 'consumer' and {in_part(STEADY)}"
        f" and try_cast(substr(borrower_id, 2) as integer) % 10 <> {STEADY}",
        [THIRD],
    )


def going_on(db: duckdb.DuckDBPyConnection) -> None:
    """Seven more months, each like the one seven months before."""
    for table in ("facility_month", "spending_month", "trade_month"):
        db.execute(
            f"insert into {table} by name"
            f" select * replace (cast(month + interval 7 month as date) as month) from {table}"
            f" where month > (select max(month) from {table}) - interval 7 month"
        )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Lender:
    return Lender(tmp_path_factory.mktemp("first") / "lender").begin()


@pytest.fixture(scope="module")
def third(first: Lender, tmp_path_factory: pytest.TempPathFactory) -> Lender:
    """Three nights: steady lines are reaffirmed, others changed outside, and stages of cuts begun."""
    lender = first.copied(tmp_path_factory.mktemp("third") / "lender")
    lender.night(SECOND, [not_due])
    lender.began = lender.night(THIRD, [not_due, outside(OUTSIDE_BEFORE), reported], causes=True)
    return lender


def fourth_plants(lender: Lender) -> list[Plant]:
    return [lender.back, outside(OUTSIDE_NOW), late]


@pytest.fixture(scope="module")
def after(third: Lender, tmp_path_factory: pytest.TempPathFactory) -> Lender:
    """The fourth night: everybody pays late."""
    lender = third.copied(tmp_path_factory.mktemp("fourth") / "lender")
    lender.told = lender.night(FOURTH, fourth_plants(lender), causes=True)
    return lender


@pytest.fixture(scope="module")
def fourth(after: Lender) -> Told:
    assert after.told is not None
    return after.told


def by_conduct(rows: Iterable[Row]) -> list[Row]:
    """The rows of which conduct took all that moved."""
    return [
        row for row in rows if row["cause_conduct_cents"] == row["new_limit_cents"] - row["old_limit_cents"]
    ]


def test_a_line_that_is_reviewed_every_night_counts_from_the_last_one(fourth: Told) -> None:
    rows = [row for row in fourth.moved(STEADY) if fourth.decisions[row["facility_id"]]["anchor_on"] == THIRD]
    assert len(rows) > 5
    assert {row["caused_since_on"] for row in rows} == {THIRD}
    assert len(by_conduct(rows)) > len(rows) // 2


def test_a_line_long_unchanged_counts_from_the_night_that_last_looked_at_it(fourth: Told) -> None:
    """Nights on which no review was due reaffirm nothing."""
    rows = fourth.moved(IDLE)
    assert rows
    assert {row["caused_since_on"] for row in rows} == {FIRST}
    assert by_conduct(rows)


def test_two_lines_of_a_group_may_each_count_from_a_night_of_their_own(fourth: Told) -> None:
    groups: dict[str, dict[int, Row]] = {}
    for line, row in fourth.changes.items():
        group = fourth.decisions[line]["group_id"]
        groups.setdefault(group, {})[number_of(line) % 5] = row
    both = [each for each in groups.values() if set(each) == {IDLE, STEADY}]
    assert both, "no group has two lines that moved"
    for each in both:
        assert each[IDLE]["caused_since_on"] == FIRST
        assert each[STEADY]["caused_since_on"] in (SECOND, THIRD)
    assert by_conduct([row for each in both for row in each.values()])


def test_a_stage_of_a_cut_counts_from_before_its_plan_and_is_carried(third: Lender, fourth: Told) -> None:
    assert third.began is not None
    begun = {line for line in third.began.changes if third.began.decisions[line]["plan_open"]}
    stages = {line: fourth.changes[line] for line in begun if line in fourth.changes}
    assert stages, "no plan goes on"
    for line, row in stages.items():
        before = third.began.changes[line]
        assert before["cause_related_cents"] < 0
        assert row["caused_since_on"] == before["caused_since_on"] == SECOND
        assert is_all_carried(row), row


def test_what_another_hand_has_changed_tonight_is_carried_and_counts_from_no_night(fourth: Told) -> None:
    rows = [row for row in fourth.moved(OUTSIDE_NOW) if _origin(fourth, row) == "outside"]
    assert rows
    for row in rows:
        assert row["caused_since_on"] is None
        assert is_all_carried(row), row


def test_a_change_outside_is_what_later_changes_count_from(third: Lender, fourth: Told) -> None:
    assert third.began is not None
    rows = [row for row in fourth.moved(OUTSIDE_BEFORE) if _origin(third.began, row) == "outside"]
    assert rows
    assert {row["caused_since_on"] for row in rows} == {THIRD}
    assert by_conduct(rows)


def _origin(told: Told, row: Row) -> object:
    return told.decisions[row["facility_id"]]["limit_origin"]


def test_a_line_that_is_seen_for_the_first_time_has_nothing_to_count_from(
    third: Lender, fourth: Told
) -> None:
    assert third.began is not None
    rows = fourth.moved(NEW)
    assert rows
    for row in rows:
        assert row["facility_id"] not in third.began.decisions
        assert row["caused_since_on"] is None
        assert is_all_carried(row), row
        assert row["cause_conduct_cents"] is None, "docs/home.md: null where nothing is counted"


def test_what_a_cool_off_held_back_is_carried_when_it_lapses(first: Lender, tmp_path: Path) -> None:
    """A rise was held back; nothing has happened since, and it comes: no factor moved it."""
    lender = first.copied(tmp_path / "lender")
    held = {
        line
        for line, row in lender.night(SECOND).decisions.items()
        if row["hold_because"] == "cool_off" and row["last_increase_on"] == FIRST
    }
    told = lender.night(LAPSED, [going_on], causes=True)
    rows = [told.changes[line] for line in held if line in told.changes]
    assert len(rows) > 10
    for row in rows:
        assert row["caused_since_on"] == FIRST, "what was held back was not reaffirmed"
    assert sum(is_all_carried(row) for row in rows) > len(rows) * 2 // 3


def test_the_oldest_night_since_stands_in_for_one_whose_rows_are_gone(third: Lender, tmp_path: Path) -> None:
    lender = third.copied(tmp_path / "lender")
    batch = open_ledger(lender.home).standing(FIRST)
    shutil.rmtree(lender.home / batch.snapshot)
    told = lender.night(FOURTH, fourth_plants(lender), causes=True)
    rows = told.moved(IDLE)
    assert rows
    assert {row["caused_since_on"] for row in rows} == {SECOND}
    assert THIRD in {row["caused_since_on"] for row in told.moved(STEADY)}
    assert by_conduct(rows)


def test_a_reviewer_who_departs_from_the_walk_is_carried_and_no_factor_is(
    after: Lender, fourth: Told, tmp_path: Path
) -> None:
    lender = after.copied(tmp_path / "lender")

    def answers(cells: Row) -> Row | None:
        if not cells["proposed_limit"] or cells["proposed_limit"] >= cells["limit"]:
            return None
        if number_of(cells["facility_id"]) % 2:
            return says("approve", reason="agree_with_model")
        return says("another_limit", new_limit=round(cells["limit"] * 0.97))

    told = taken(lender.home, answer(lender.home, tmp_path / "answers.xlsx", answers), AT)
    assert told["settlement"]["status"] == "settled", told
    (settlement,) = settlements(open_ledger(lender.home))
    rows = changes_of(lender.home / settlement.folder)
    departed = 0
    for line, row in rows.items():
        proposed = fourth.decisions[line]["proposed_limit_cents"]
        if row["caused_since_on"] is None:
            assert is_all_carried(row)
            continue
        adds_up(row)
        by_factors = sum(row[f"cause_{part}_cents"] for part in PARTS)
        departure = row["new_limit_cents"] - proposed
        # What the factors took is of the walk's own cut; the rest of that, and the departure, is carried.
        assert row["cause_carried_cents"] == proposed - row["old_limit_cents"] - by_factors + departure
        assert proposed - row["old_limit_cents"] <= by_factors <= 0
        departed += departure > 0
    assert departed


def test_a_night_decided_in_shards_has_the_causes_of_one_decided_as_one(
    third: Lender, tmp_path: Path
) -> None:
    lender = third.copied(tmp_path / "lender")
    source = lender.source(FOURTH, fourth_plants(lender))
    night = Night(FOURTH, lender.home, str(source), plain(lender, FOURTH), RECORDED_AT, threads=1)

    def causes() -> tuple[list[tuple[Any, ...]], int]:
        attributed = attribute_night.fn(night)
        with cursor(night.scratch) as db:
            found = db.raw.execute("from cause_of_line order by facility_id").fetchall()
        return found, attributed.counted

    open_engine(night.scratch, threads=1)
    try:
        pull.fn(night)
        accept(night)
        for step in ORDER:
            step.fn(night)
        whole = causes()
        decide_in_shards(night, 2, one_after_the_other)
        assert whole[1] > 10
        assert causes() == whole
    finally:
        close_engine(night.scratch)


def one_after_the_other(night: Night, shards: Sequence[Shard]) -> list[Kept]:
    assert len(shards) == 2
    return [decide_here(shard) for shard in shards]
