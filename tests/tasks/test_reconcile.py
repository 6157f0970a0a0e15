"""Reconciling: what was published against what the source shows, and what became of our rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import sql.engine as sql
from linewatch.night import Night
from tasks.commit import commit_night
from tasks.publish import deliver_due
from tasks.pull import pull_source
from tasks.reconcile import Reconciled, reconcile_lines
from tests.tasks.lender_database import address, run
from tests.tasks.record_fixture import decided, documents, small_folder
from tests.tasks.record_fixture import night as a_night

# What stood on the last night, what was left in force, and what the source shows tonight.
SEEN = {
    "ours": ((100, 90, 90), "limit acknowledged"),
    "not yet ours": ((100, 90, 100), "limit in_flight"),
    "neither": ((100, 90, 95), "limit outside"),
    "changed where we changed nothing": ((100, 100, 80), "limit outside"),
    "as it was": ((100, 100, 100), None),
}


@pytest.mark.parametrize(("limits", "said"), SEEN.values(), ids=SEEN)
def test_a_line_is_shown_as_ours_as_before_or_as_others_left_it(
    limits: tuple[int, int, int], said: str | None
) -> None:
    then, ours, now = limits
    assert counted(then, ours, now) == ({said: 1} if said else {})


def test_rates_and_blocks_are_told_as_limits_are() -> None:
    assert counted(1, 1, 1, rates=(1800, 1700, 1700)) == {"rate acknowledged": 1}
    assert counted(1, 1, 1, rates=(1800, None, None)) == {}
    assert counted(1, 1, 1, blocks=(False, True, True)) == {"block acknowledged": 1}
    assert counted(1, 1, 1, blocks=(False, True, False)) == {"block in_flight": 1}
    assert counted(1, 1, 1, blocks=(True, True, False)) == {"block outside": 1}
    assert counted(1, 1, 1, blocks=(None, True, None)) == {}


def counted(
    then: int,
    ours: int,
    now: int,
    rates: tuple[int | None, ...] = (1800, 1800, 1800),
    blocks: tuple[bool | None, ...] = (False, False, False),
) -> dict[str, int]:
    with sql.Engine(None, threads=1) as engine, engine.cursor() as db:
        db.raw.execute(
            "create table facility as select 'F1' as facility_id, 'active' as status,"
            " $now::bigint as credit_limit_cents, $rate::integer as annual_rate_bp,"
            " $block::boolean as drawdown_blocked",
            {"now": now, "rate": rates[2], "block": blocks[2]},
        )
        db.create("schema/past_decision")
        past = {
            "facility_id": "F1",
            "source_limit_cents": then,
            "committed_limit_cents": ours,
            "source_rate_bp": rates[0],
            "committed_rate_bp": rates[1],
            "block_shown": blocks[0],
            "own_block": blocks[1],
        }
        db.insert("past_decision", [past])
        db.raw.execute("create view reconciled_past as from past_decision")
        db.build("reconcile/reconciled")
        return {f"{row['what']} {row['state']}": row["lines"] for row in db.rows("reports/reconciled")}


@pytest.fixture
def lender() -> str:
    where = address()
    run(
        where,
        "create table limit_change (change_id text primary key, batch text, facility_id text, as_of date,"
        " effective_on date, old_limit_cents bigint, new_limit_cents bigint, old_rate_bp integer,"
        " new_rate_bp integer, blocked boolean, published_at timestamptz not null default now())",
    )
    return where


@pytest.fixture
def later(tmp_path: Path, lender: str) -> Iterable[Night]:
    """The night after one whose changes are in the lender's table, its rows accepted."""
    first = a_night(
        tmp_path / "home", small_folder(tmp_path / "source"), documents=documents(publish_to=lender)
    )
    decided(first)
    commit_night(first)
    assert deliver_due(first.home, first.recorded_at).changes == 10
    sql.close_engine(first.scratch)
    night = replace(first, as_of=first.as_of + timedelta(days=1))
    pull_source(night)
    with sql.cursor(night.scratch) as db:
        db.raw.execute(
            "create view facility as select *, null::boolean as drawdown_blocked,"
            " null::integer as annual_rate_bp from raw_facility"
        )
    yield night
    sql.close_engine(night.scratch)


def test_rows_that_lie_there_as_they_were_handed_over_are_not_mentioned(later: Night) -> None:
    assert reconcile_lines(later) == Reconciled()


def test_rows_that_were_changed_behind_our_back_are_told_by_batch_and_count(
    later: Night, lender: str
) -> None:
    picked = "(select change_id from limit_change order by change_id limit {} offset {})"
    run(
        lender,
        f"update limit_change set blocked = not blocked where change_id in {picked.format(1, 0)}",
        f"delete from limit_change where change_id in {picked.format(2, 1)}",
        "update limit_change set published_at = now()",
    )
    found = reconcile_lines(later)
    (altered,) = found.altered
    assert (altered.missing, altered.differ) == (2, 1)
    assert altered.batch.startswith("2026-11-21-night-")
    assert "2 are gone, 1 are others" in found.notes[0]
    with sql.cursor(later.scratch) as db:
        assert [row["missing"] for row in db.rows("reports/altered")] == [2]


def test_a_database_that_does_not_answer_is_noted_and_holds_no_night_up(later: Night, lender: str) -> None:
    run(lender, "drop table limit_change")
    found = reconcile_lines(later)
    assert found.altered == ()
    assert "could not be asked for the changes that it has: a table is not there" in found.notes[0]
