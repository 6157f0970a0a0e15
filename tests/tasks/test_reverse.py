"""Undoing a wrong night: two people, changes the other way round, a next night that starts from before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ledger import Reversal, open_ledger
from linewatch.errors import DataRefused, NightHeld, NotFound
from linewatch.receipt import Receipt
from sql.engine import Engine
from tasks.demo import DemoNight, write_demo
from tasks.draft import write_corrections
from tasks.export import export_batch
from tasks.reverse import Plan, ask, asked, commit, papers, planned
from tests.whole_night import run_night

NEW = "segment = 'consumer_new'"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIRST, SECOND = date(2026, 11, 20), date(2026, 11, 21)


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> list[DemoNight]:
    out = tmp_path_factory.mktemp("lender")
    return write_demo(out, borrowers=150, seed=7, nights=2, every="day")


@pytest.fixture(scope="module")
def two_nights(lender: list[DemoNight], tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("homes") / "home"
    for night in lender:
        run_night(night.folder, night.as_of, home, promises=False)
    return home


@pytest.fixture
def home(two_nights: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_nights, tmp_path / "home"))


def request(home: Path, as_of: date = FIRST, where: str = "", by: str = "wu", second: str = "") -> Reversal:
    with planned(home, as_of, where) as plan:
        return ask(plan, by=by, because="The card was wrong.", second=second, recorded_at=AT)


def confirm(home: Path, as_of: date = FIRST, by: str = "li") -> Receipt:
    wanted = asked(home, as_of)
    with planned(home, as_of, wanted.condition) as plan:
        write_corrections(plan.db, *papers(plan), **plan.given)
        return commit(plan, wanted, by=by, because="Seen.", recorded_at=AT)


def rows(path: Path) -> dict[str, dict[str, Any]]:
    return {row["facility_id"]: row for row in pq.read_table(path).to_pylist()}


def of_night(home: Path, as_of: date, name: str) -> dict[str, dict[str, Any]]:
    batch = open_ledger(home).night(as_of)
    assert batch is not None
    path = batch.path(home, name)
    assert path is not None
    return rows(path)


def test_a_request_changes_nothing_until_somebody_else_confirms(home: Path) -> None:
    before = open_ledger(home).history()
    request(home)
    for name in ("wu", " Wu"):
        with pytest.raises(DataRefused, match="it takes two people"):
            confirm(home, by=name)
    assert open_ledger(home).history() == before
    assert confirm(home).status == "committed"
    with pytest.raises(NotFound, match="Nobody has asked"):
        confirm(home)


def test_who_was_asked_to_confirm_is_who_confirms(home: Path) -> None:
    with pytest.raises(DataRefused, match="it takes two people"):
        request(home, second="wu")
    request(home, second="zhao")
    with pytest.raises(DataRefused, match="asked 'zhao' to confirm, not 'li'"):
        confirm(home)
    assert confirm(home, by="zhao").status == "committed"


def test_the_changes_go_back_where_the_night_found_each_line_and_both_names_stand_by_them(home: Path) -> None:
    wrong = of_night(home, FIRST, "changes")
    request(home)
    receipt = confirm(home)
    undone, left = rows(receipt.paths["changes"]), rows(receipt.paths["left"])
    assert undone
    assert {*undone, *left} == set(wrong)
    assert not {*undone} & {*left}
    assert {row["left_because"] for row in left.values()} <= {
        "changed_since",
        "law_holds",
        "block_holds",
        "rate_stands",
    }
    for name, row in undone.items():
        assert (row["old_limit_cents"], row["new_limit_cents"]) == (
            wrong[name]["new_limit_cents"],
            wrong[name]["old_limit_cents"],
        )
        assert row["effective_on"] >= max(wrong[name]["effective_on"], date(2026, 11, 22))
        assert row["new_rate_bp"] == wrong[name]["new_rate_bp"]
        assert row["change_id"] != wrong[name]["change_id"]
    ledger = open_ledger(home)
    known = ledger.batches()[-1]
    assert (known.kind, known.as_of, known.batch) == ("reversal", SECOND, receipt.batch)
    signed = [(who.action, who.by, who.because) for who in ledger.approvals(known)]
    assert signed == [("request", "wu", "The card was wrong."), ("confirm", "li", "Seen.")]
    assert [due.batch.batch for due in ledger.pending()] == [receipt.batch]
    assert [entry.kind for entry in ledger.log.entries()][-2:] == ["reversal.asked", "batch.committed"]


def test_every_line_set_back_has_a_correction_letter_and_what_to_put_right_elsewhere(home: Path) -> None:
    request(home)
    receipt = confirm(home)
    undone, letters = rows(receipt.paths["changes"]), rows(receipt.paths["drafts"])
    assert set(letters) == set(undone)
    assert {row["kind"] for row in letters.values()} == {"correction"}
    assert all("2026" in row["body"] and row["effective_on"] for row in letters.values())
    repairs = pq.read_table(receipt.paths["repairs"]).to_pylist()
    by_kind = {kind: {row["facility_id"] for row in repairs if row["what"] == kind} for kind in KINDS}
    assert by_kind["letter"] == set(undone)
    assert by_kind["bureau"] == {
        name for name, row in undone.items() if row["old_limit_cents"] != row["new_limit_cents"]
    }
    (handed,) = (row for row in repairs if row["what"] == "publication")
    assert "was handed over" in handed["what_to_do"]
    made = export_batch(home, receipt.batch)
    assert made["repairs"].parent.parent == home / "out" / SECOND.isoformat()
    assert len(made["repairs"].read_text("utf-8").splitlines()) == len(repairs) + 1


KINDS = ("letter", "bureau")


def test_what_is_undone_is_not_undone_again(home: Path) -> None:
    request(home)
    receipt = confirm(home)
    with pytest.raises(DataRefused, match=r"Nothing of the night of 2026-11-20 is left") as refused:
        request(home)
    assert f"{receipt.batch}, asked for by wu, confirmed by li" in refused.value.where


def test_only_the_lines_asked_for_are_set_back(home: Path) -> None:
    decisions = of_night(home, FIRST, "decisions")
    for segment in ("consumer_new", "consumer_established"):
        request(home, where=f"segment = '{segment}' and not quarantined")
        undone = rows(confirm(home).paths["changes"])
        assert {decisions[name]["segment"] for name in undone} == {segment}


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("segment = consumer_new", "consumer_new"),
        ("colour = 'red'", "colour"),
        ("segment = 'a'; drop table decisions", "one expression"),
        ("facility_id in (select facility_id from past_decision)", "select"),
        ("limit_cents", "true or false"),
    ],
)
def test_a_condition_that_cannot_run_is_refused_with_the_part_that_is_wrong(
    home: Path, where: str, why: str
) -> None:
    with pytest.raises(DataRefused) as refused:
        request(home, where=where)
    assert refused.value.what.startswith("--where ")
    assert why in refused.value.what.lower()


def test_a_request_that_has_been_overtaken_is_not_confirmed(home: Path) -> None:
    request(home, where=NEW)
    request(home)
    old = asked(home, FIRST)
    with planned(home, FIRST, NEW) as plan:
        write_corrections(plan.db, *papers(plan), **plan.given)
        with pytest.raises(DataRefused, match="not what was asked for any more"):
            commit(plan, old, by="li", because="Seen.", recorded_at=AT)


def test_the_next_night_carries_on_from_where_the_lines_were_set_back(
    home: Path, lender: list[DemoNight]
) -> None:
    """The source still shows what the wrong night published: each line set back is in flight."""
    request(home)
    undone = rows(confirm(home).paths["changes"])
    found = of_night(home, FIRST, "decisions")
    (night,) = write_demo(
        home.parent / "next", borrowers=150, seed=7, nights=1, last_as_of=date(2026, 11, 22), feedback=None
    )
    source = Path(shutil.copytree(night.folder, home.parent / "source"))
    facility = pq.read_table(source / "facility.parquet")
    limits = [
        undone[name]["old_limit_cents"] if name in undone else limit
        for name, limit in zip(
            facility["facility_id"].to_pylist(), facility["credit_limit_cents"].to_pylist(), strict=True
        )
    ]
    at = facility.column_names.index("credit_limit_cents")
    pq.write_table(facility.set_column(at, "credit_limit_cents", [limits]), source / "facility.parquet")
    run_night(source, date(2026, 11, 22), home, promises=False)
    now = of_night(home, date(2026, 11, 22), "decisions")
    moved = {name for name, row in undone.items() if row["old_limit_cents"] != row["new_limit_cents"]}
    assert moved
    for name in moved & set(now):
        assert (now[name]["limit_origin"], now[name]["limit_cents"]) == (
            "in_flight",
            undone[name]["new_limit_cents"],
        )
        assert now[name]["anchor_limit_cents"] == found[name]["anchor_limit_cents"]
        assert now[name]["last_decrease_on"] is None
        assert now[name]["last_increase_on"] is None


def test_nothing_is_undone_while_a_night_is_held(home: Path) -> None:
    ledger = open_ledger(home)
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("update batch set state = 'held' where as_of = '2026-11-21'")
    with pytest.raises(NightHeld):
        request(home)


def test_a_night_that_is_not_committed_cannot_be_undone(home: Path) -> None:
    with pytest.raises(NotFound, match="no committed night of 2026-11-19"):
        request(home, date(2026, 11, 19))


LINE = {
    "wrong": (100, 80),
    "now": 80,
    "owed": 10,
    "block": (False, False, False),
    "law": None,
    "because": None,
    "later": False,
}


@pytest.mark.parametrize(
    ("facts", "left_because"),
    [
        ({}, None),
        ({"now": None}, "closed"),
        ({"now": 70}, "changed_since"),
        ({"later": True}, "changed_since"),
        ({"wrong": (80, 80)}, "rate_stands"),
        ({"law": 80}, "law_holds"),
        ({"law": 90}, "law_holds"),
        ({"wrong": (50, 80), "owed": 50}, None),
        ({"wrong": (50, 80), "owed": 51}, "drawn_since"),
        ({"wrong": (80, 80), "block": (False, True, True)}, None),
        ({"wrong": (80, 80), "block": (False, True, False)}, "changed_since"),
        ({"wrong": (80, 80), "block": (False, True, True), "because": "default_90_dpd"}, None),
        ({"wrong": (80, 80), "block": (False, True, True), "because": "deceased"}, "block_holds"),
        ({"wrong": (80, 80), "block": (False, True, True), "because": "persistent_debt"}, "block_holds"),
    ],
)
def test_a_line_is_left_where_setting_it_back_would_be_wrong_too(
    facts: dict[str, Any], left_because: str | None
) -> None:
    """`block`: our block before the night, after it, and now."""
    line = {**LINE, **facts}
    with one_line(line) as db:
        db.build("reversals/later_line")
        db.raw.execute("create table picked_line as select 'f' as facility_id")
        db.build("reversals/changed_line")
        (row,) = db.raw.sql("from changed_line").to_arrow_table().to_pylist()
    assert row["left_because"] == left_because
    assert (row["limit_cents"], row["restored_limit_cents"]) == (line["wrong"][1], line["wrong"][0])
    assert row["blocked"] == line["block"][0]


@contextmanager
def one_line(line: dict[str, Any]) -> Iterator[Any]:
    old, new = line["wrong"]
    before, after, now = line["block"]
    with Engine(None) as engine, engine.cursor() as db:
        db.raw.execute(
            "create table wrong_change as select 'f' as facility_id, 'c' as change_id, 1800 as new_rate_bp,"
            " date '2026-11-21' as effective_on, $old::bigint as old_limit_cents,"
            " $new::bigint as new_limit_cents",
            {"old": old, "new": new},
        )
        db.raw.execute(
            "create table decisions as select 'f' as facility_id, 'b' as borrower_id, 's' as segment,"
            " 'CNY' as currency, 'consumer' as borrower_type, 'CN' as jurisdiction,"
            " 'strategy' as binding_step, $block as drawdown_blocked, $block as own_block,"
            " $because::varchar as gate_row, $law::bigint as law_limit_cents",
            {"block": after, "because": line["because"], "law": line["law"]},
        )
        for name, limit, block in (("past_decision", line["now"], now), ("before_decision", old, before)):
            db.raw.execute(
                f"create table {name} as select 'f' as facility_id, $limit::bigint as committed_limit_cents,"
                " $owed::bigint as owed_cents, $block as own_block where $limit is not null",
                {"limit": limit, "owed": line["owed"], "block": block},
            )
        db.raw.execute("create table later_change (facility_id varchar)")
        if line["later"]:
            db.raw.execute("insert into later_change values ('f')")
        yield db


def test_a_plan_says_what_it_would_do(home: Path) -> None:
    with planned(home, FIRST) as plan:
        assert isinstance(plan, Plan)
        assert plan.counts["lines"] == sum(plan.counts[name] for name in ("decreases", "increases", "blocks"))
        wrong = of_night(home, FIRST, "changes")
        assert plan.counts["lines"] + sum(plan.left.values()) == len(wrong)
