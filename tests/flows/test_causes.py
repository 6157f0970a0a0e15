"""Why limits moved: nights that differ from the one before by one planted thing, and by all of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from flows import people
from ledger import open_ledger
from linewatch.documents import SHIPPED, Documents, load_documents
from linewatch.drafts import with_drafts
from linewatch.errors import DocumentRefused
from linewatch.law import Facts, Law
from tasks import attribute
from tasks.demo import write_demo
from tests.flows.review_home import answer, says, settlements, taken, without
from tests.whole_night import run_night

PARTS = ("circumstances", "data", "model", "policy", "regulation")
POLICY = without((SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8"), "advice")
DRIVERS = ("conduct", "elapsed_time", "security", "related", "market")
PACK = """
id = "cn"
version = "planted"
effective_from = {as_of}

[[record]]
id = "a-cap-of-the-test"
type = "cap"
effective_from = {as_of}
borrower_type = "consumer"
measure = "borrower_limit_cents"
value = 80_000_00
currency = "CNY"
citation = "none"
checked = false
because = "To see that a new record of law is found out."
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class Night:
    """A night's changes by line, and the lines that it proposes another limit for, moved or referred."""

    changes: dict[str, Row]
    proposed: frozenset[str]


@dataclass(frozen=True)
class Lender:
    """A lender's first night, committed, and the same rows a day later."""

    place: Path
    as_of: date

    @property
    def next_day(self) -> date:
        return self.as_of + timedelta(days=1)


def second_night(
    lender: Lender,
    place: Path,
    planted: Iterable[Callable[[duckdb.DuckDBPyConnection, Lender], None]] = (),
    documents: Documents | None = None,
) -> Night:
    """What the day after decides of every line, and where its limit moves what moved it."""
    documents = documents or plain(lender, lender.next_day)
    shutil.copytree(lender.place / "home", place / "home")
    source = place / "source" / lender.next_day.isoformat()
    shutil.copytree(lender.place / "lender" / lender.as_of.isoformat(), source)
    with duckdb.connect() as db:
        for path in sorted(source.glob("*.parquet")):
            db.execute(f"create table {path.stem} as from '{path}'")
        db.execute("update facility set statement_day = day(cast(? as date))", [lender.next_day])
        for plant in planted:
            plant(db, lender)
        for path in sorted(source.glob("*.parquet")):
            db.execute(f"copy {path.stem} to '{path}' (format parquet)")
    receipt = run_night(
        source, lender.next_day, place / "home", documents=documents, causes=True, promises=False
    )
    folder = place / "home" / "batches" / receipt.batch
    with duckdb.connect() as db:
        proposed = db.execute(
            f"select facility_id from '{folder}/decisions-*.parquet'"
            " where proposed_limit_cents <> limit_cents"
        ).fetchall()
    return Night(changes_of(folder), frozenset(line for (line,) in proposed))


def changes_of(folder: Path) -> dict[str, Row]:
    """The limits that a batch moves, by line."""
    with duckdb.connect() as db:
        rows = db.execute(
            f"from '{folder}/changes-*.parquet' where old_limit_cents <> new_limit_cents order by facility_id"
        )
        names = [column[0] for column in rows.description]
        changes = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return {row["facility_id"]: row for row in changes}


def late(db: duckdb.DuckDBPyConnection, lender: Lender) -> None:
    db.execute("update facility set days_past_due = 20, past_due_cents = 10000 where days_past_due < 20")


def reported(db: duckdb.DuckDBPyConnection, lender: Lender) -> None:
    db.execute(
        "insert into bureau_report by name"
        " select borrower_id, cast(? as date) as pulled_on, 9 as lender_count,"
        " 90000000 as external_balance_cents, 90000000 as external_limit_cents, 12 as inquiries_6m,"
        " 60 as worst_dpd_now, 60 as worst_dpd_24m, 0 as public_record_count, true as excludes_us"
        " from borrower where borrower_type = 'consumer'",
        [lender.next_day],
    )


def restated(db: duckdb.DuckDBPyConnection, lender: Lender) -> None:
    db.execute(
        "update facility_month set days_past_due = 70, payment_made_cents = 0"
        " where month between cast(? as date) and cast(? as date)",
        [lender.as_of - timedelta(days=200), lender.as_of - timedelta(days=60)],
    )


def tied(db: duckdb.DuckDBPyConnection, lender: Lender) -> None:
    db.execute("update guarantee set valid_until = cast(? as date)", [lender.as_of])
    db.execute(
        "insert into control_link by name select borrower_id,"
        " lead(borrower_id) over (order by borrower_id) as related_borrower_id, 'parent' as kind,"
        " 9000 as share_bp, cast(? as date) as valid_from from borrower where borrower_type = 'consumer'"
        " qualify related_borrower_id is not null and row_number() over (order by borrower_id) % 2 = 1",
        [lender.next_day],
    )


def earning_less(db: duckdb.DuckDBPyConnection, lender: Lender) -> None:
    db.execute("update borrower set net_monthly_income_cents = 100 where borrower_type = 'consumer'")


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Lender:
    place = tmp_path_factory.mktemp("lender")
    (night,) = write_demo(place / "lender", borrowers=800, seed=11)
    (place / "policy.toml").write_text(POLICY, encoding="utf-8")
    lender = Lender(place, night.as_of)
    given = plain(lender, night.as_of)
    run_night(night.folder, night.as_of, place / "home", documents=given, promises=False)
    return lender


def plain(lender: Lender, as_of: date) -> Documents:
    """The shipped documents but for [advice], which takes seconds of a settlement and moves nothing."""
    return load_documents(as_of, policy=lender.place / "policy.toml")


@pytest.fixture(scope="module")
def unplanted(lender: Lender, tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The lines that the second night has another limit for when nothing has changed but the day: stages of
    cuts, and what a person is asked about. What it moves, no factor moved.
    """
    night = second_night(lender, tmp_path_factory.mktemp("unplanted"))
    assert night.changes
    for row in night.changes.values():
        adds_up(row)
        assert row["cause_carried_cents"] == row["new_limit_cents"] - row["old_limit_cents"], row
    return night.proposed


def adds_up(row: Row) -> None:
    """Whatever moved a limit, its parts come to the cent, and each lies within its spread."""
    change = row["new_limit_cents"] - row["old_limit_cents"]
    assert row["cause_carried_cents"] + sum(row[f"cause_{part}_cents"] for part in PARTS) == change
    assert sum(row[f"cause_{driver}_cents"] for driver in DRIVERS) == row["cause_circumstances_cents"]
    for part in PARTS:
        assert row[f"least_{part}_cents"] <= row[f"cause_{part}_cents"] <= row[f"most_{part}_cents"]


def found(night: Night, unplanted: frozenset[str], part: str) -> list[Row]:
    """Lines that the planted thing moved; every one of them by it alone."""
    moved = [row for line, row in night.changes.items() if line not in unplanted]
    assert len(moved) >= 5, "the planted thing moves too few lines to show anything"
    for row in moved:
        adds_up(row)
        change = row["new_limit_cents"] - row["old_limit_cents"]
        assert row[f"cause_{part}_cents"] == change, row
    return moved


@pytest.mark.parametrize(
    ("plant", "drivers"),
    [(late, {"conduct"}), (reported, {"related"}), (earning_less, {"market", "conduct", "related"})],
)
def test_what_happened_to_a_borrower_is_found_under_its_driver(
    plant: Callable[..., None], drivers: set[str], lender: Lender, unplanted: frozenset[str], tmp_path: Path
) -> None:
    for row in found(second_night(lender, tmp_path, [plant]), unplanted, "circumstances"):
        assert sum(row[f"cause_{driver}_cents"] for driver in drivers) == row["cause_circumstances_cents"]


def test_what_was_restated_is_data(lender: Lender, unplanted: frozenset[str], tmp_path: Path) -> None:
    found(second_night(lender, tmp_path, [restated]), unplanted, "data")


def drafted(lender: Lender, place: Path, **texts: str) -> Documents:
    place.mkdir()
    drafts = {}
    for kind, text in texts.items():
        path = place / f"draft-{kind}.toml"
        path.write_text(text, encoding="utf-8")
        drafts[kind] = [path]
    sources = [(source.kind, source.text) for source in plain(lender, lender.next_day).sources]
    return with_drafts(sources, drafts, lender.next_day, place / "documents")


def stricter_policy() -> str:
    return re.sub(r"pd_below_bp = (\d+)", lambda each: f"pd_below_bp = {int(each[1]) * 2 // 5}", POLICY)


def harsher_card() -> str:
    (path,) = (SHIPPED / "scorecards").glob("*consumer.toml")
    text = path.read_text(encoding="utf-8")
    return re.sub(r"pd_bp = (\d+)", lambda each: f"pd_bp = {min(9999, int(each[1]) * 5 // 2)}", text)


def new_law(lender: Lender) -> str:
    return PACK.format(as_of=lender.next_day)


def test_a_new_policy_a_new_model_and_a_new_law_are_told_apart(
    lender: Lender, unplanted: frozenset[str], tmp_path: Path
) -> None:
    for kind, part, text in (
        ("policy", "policy", stricter_policy()),
        ("scorecard", "model", harsher_card()),
        ("regulation", "regulation", new_law(lender)),
    ):
        documents = drafted(lender, tmp_path / f"{kind}-documents", **{kind: text})
        (tmp_path / kind).mkdir()
        found(second_night(lender, tmp_path / kind, documents=documents), unplanted, part)


def test_a_scorecard_of_another_name_is_another_model(
    lender: Lender, unplanted: frozenset[str], tmp_path: Path
) -> None:
    renamed = POLICY.replace('consumer = "consumer"', 'consumer = "renamed"', 1)
    card = re.sub('^id = "consumer"$', 'id = "renamed"', harsher_card(), count=1, flags=re.MULTILINE)
    assert renamed != POLICY
    assert card != harsher_card()
    documents = drafted(lender, tmp_path / "documents", policy=renamed, scorecard=card)
    (tmp_path / "night").mkdir()
    found(second_night(lender, tmp_path / "night", documents=documents), unplanted, "model")


def test_borrowers_who_are_newly_tied_are_no_data_put_right(lender: Lender, tmp_path: Path) -> None:
    night = second_night(lender, tmp_path, [late, tied])
    assert night.changes
    for row in night.changes.values():
        adds_up(row)
        assert row["cause_data_cents"] == row["least_data_cents"] == row["most_data_cents"] == 0


def test_documents_of_the_anchor_that_do_not_fit_tonight_stop_no_night(
    lender: Lender, unplanted: frozenset[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = attribute.law_in_force

    def lacking(documents: Documents, as_of: date, facts: Facts) -> Law:
        if as_of == lender.as_of:
            raise DocumentRefused(["pack cn: record r: the night has no rate of USD"])
        return whole(documents, as_of, facts)

    monkeypatch.setattr(attribute, "law_in_force", lacking)
    found(second_night(lender, tmp_path, [reported]), unplanted, "circumstances")


def test_with_everything_changed_at_once_the_parts_add_up_on_every_line(
    lender: Lender, tmp_path: Path
) -> None:
    documents = drafted(
        lender,
        tmp_path / "documents",
        policy=stricter_policy(),
        scorecard=harsher_card(),
        regulation=new_law(lender),
    )
    (tmp_path / "night").mkdir()
    rows = second_night(lender, tmp_path / "night", [late, reported, restated, earning_less], documents)
    assert len(rows.changes) > 20
    for row in rows.changes.values():
        adds_up(row)


def test_what_people_approve_keeps_its_causes_and_what_they_decide_otherwise_is_carried(
    lender: Lender, unplanted: frozenset[str], tmp_path: Path
) -> None:
    night = second_night(lender, tmp_path, [reported])
    home = tmp_path / "home"
    moment = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    for who in ("wu", "li"):
        if open_ledger(home).held() is not None:
            people.approve(home, lender.next_day, who, "Seen.", moment)

    def answers(row: Row) -> Row | None:
        if row["facility_id"] in night.changes or not row["proposed_limit"]:
            return None
        if row["proposed_limit"] >= row["limit"]:
            return says("keep")
        if row["facility_id"].endswith("1"):
            return says("approve")
        return says("another_limit", new_limit=row["limit"] * 9 // 10)

    sheet = answer(home, tmp_path / "answers.xlsx", answers)
    told = taken(home, sheet, moment)
    assert told["settlement"]["status"] == "settled", told
    (settlement,) = settlements(open_ledger(home))
    changes = changes_of(home / settlement.folder)
    assert changes
    for row in changes.values():
        adds_up(row)
    new = {line: row for line, row in changes.items() if line not in unplanted}
    assert new
    for row in new.values():
        assert row["cause_related_cents"] == row["cause_circumstances_cents"] < 0, row
    letters = pq.read_table(settlement.path(home, "drafts")).to_pylist()
    told = {row["facility_id"]: row["body"] for row in letters if row["facility_id"] in new}
    assert told
    for body in told.values():
        assert "外部报告与关联关系：-" in body or "Reports of others, and business ties: -" in body, body
