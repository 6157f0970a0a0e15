"""Committing: what is kept of a night, under which hash, and that it is kept whole or not at all."""

import errno
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import sqlglot

import sql.engine as sql
from ledger import history, open_ledger
from linewatch import fault
from linewatch.errors import NightHeld, NightRefused, NoRoom
from linewatch.night import Night
from linewatch.proof import FIELDS, VERSION, root_of
from sql.canonical import canonical_rows
from sql.past import leave_past
from tasks.commit import commit_night
from tests.tasks.record_fixture import decided, decisions_table, small_folder
from tests.tasks.record_fixture import night as a_night
from tests.verify.by_the_page import plain

CHANGES = [
    "change_id", "batch", "facility_id", "as_of", "effective_on", "old_limit_cents", "new_limit_cents",
    "old_rate_bp", "new_rate_bp", "blocked", "cause_carried_cents", "cause_circumstances_cents",
    "cause_data_cents", "cause_model_cents", "cause_policy_cents", "cause_regulation_cents", "case_id",
    "caused_since_on", "cause_conduct_cents", "cause_elapsed_time_cents", "cause_security_cents",
    "cause_related_cents", "cause_market_cents", "least_circumstances_cents", "most_circumstances_cents",
    "least_data_cents", "most_data_cents", "least_model_cents", "most_model_cents", "least_policy_cents",
    "most_policy_cents", "least_regulation_cents", "most_regulation_cents",
]  # fmt: skip


@pytest.fixture
def night(tmp_path: Path) -> Iterable[Night]:
    yield a_night(tmp_path / "home", small_folder(tmp_path / "source"))
    close(tmp_path)


def close(place: Path) -> None:
    for path in place.glob("**/spill"):
        sql.close_engine(path)


def canonical(row: Mapping[str, Any]) -> bytes:
    """The canonical form written a second time, from the ADR: what the statement must agree with."""
    content = json.dumps(
        [VERSION, *(plain(row[field]) for field in FIELDS)], ensure_ascii=False, separators=(",", ":")
    )
    return f"{len(content.encode())}:{content}\n".encode()


def test_a_night_is_kept_by_hash_and_known_whole(night: Night) -> None:
    decided(night)
    receipt = commit_night(night)
    assert receipt.status == "committed"
    assert receipt.decided == 40
    assert receipt.actions == {"decrease": 4, "freeze": 4, "hold": 28, "offer": 4}
    assert receipt.routes == {"automatic": 38, "referred": 2}
    assert receipt.quarantined == {"facility": 1}
    assert (receipt.drafts, receipt.cases, receipt.changes) == (2, 2, 10)
    ledger = open_ledger(night.home)
    known = ledger.newest()
    assert known is not None
    assert set(known.files) == {
        "decisions", "changes", "features_consumer", "drafts", "cases", "quarantine", "leaves", "salts",
        "manifest",
    }  # fmt: skip
    for name, stored in known.files.items():
        content = (night.home / stored.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == stored.sha256
        assert receipt.paths[name].is_absolute()
        if receipt.paths[name].suffix == ".parquet":
            assert receipt.paths[name].name == f"{name}-{stored.sha256[:16]}.parquet"
            assert pq.read_metadata(receipt.paths[name]).num_rows == stored.rows
    assert known.folder == f"batches/2026-11-21-night-{receipt.root[:12]}"
    assert known.counts["rows"] == {"borrower": 1, "facility": 2}
    assert {case.case_id for case in ledger.cases.open()} == {"CB0", "CB10"}
    assert [told.changes for told in ledger.pending()] == [10]


def test_the_root_is_the_hash_of_the_canonical_rows_as_anybody_can_make_them_from_the_file(
    night: Night,
) -> None:
    decided(night, lines=500)
    receipt = commit_night(night)
    rows = pq.read_table(receipt.paths["decisions"]).to_pylist()
    assert [row["facility_id"] for row in rows] == sorted(row["facility_id"] for row in rows)
    assert hashlib.sha256(b"".join(canonical(row) for row in rows)).hexdigest() == receipt.root


COVER = {
    "guarantee_id": "G1",
    "kind": "guarantor",
    "provider_id": "B2",
    "share_bp": 5_000,
    "most_cents": None,
    "days": 90,
    "loss_rate_e8": 20_000,
    "covered_cents": 7,
}
GOLDEN: list[tuple[dict[str, Any], str]] = [
    ({"facility_id": "F1"}, "45993da0dc817d536b912cb329aa26556ab71727741c030c8b2509f53bddb312"),
    (
        {"facility_id": 'F"\\/é集', "drawn_cents": -1, "due": True, "next_due_on": date(2026, 2, 28)},
        "65e7254775b1993da118a0034465a4860d753ca41916ca103c9a1deb341b65b1",
    ),
    (
        {
            "facility_id": "F1",
            "limit_cents": 9_007_199_254_740_993,
            "triggers": ["a", "b"],
            "reasons": [{"code": "x", "family": "y", "points": None, "cents": 5}],
            "covers": [COVER],
            "grounds": [{"step": "gate", "row": "x", "kind": "agreed", "class_share_bp": None, "cents": 5}],
        },
        "f3e9d48906d0797b8f85fc16fb3efd4bee64057bf7fac23f178b42b94bb87781",
    ),
]


@pytest.mark.parametrize(("row", "root"), GOLDEN)
def test_a_canonical_row_never_changes(night: Night, row: dict[str, Any], root: str) -> None:
    with sql.open_engine(night.scratch).cursor() as db:
        decisions_table(db)
        db.insert("decisions", [row])
        rows = b"".join(canonical_rows(db))
    assert rows == canonical({**dict.fromkeys(FIELDS), **row})
    assert hashlib.sha256(rows).hexdigest() == root


def test_what_a_line_left_out_carries_on_from_is_kept_for_the_next_night(night: Night) -> None:
    decided(night)
    with sql.cursor(night.scratch) as db:
        db.create("schema/past_decision")
        db.insert("past_decision", [{"facility_id": "gone", "own_block": True}])
        db.raw.execute("create table absent as from past_decision")
        db.drop("past_decision")
    commit_night(night)
    past = history(night.home, before=night.as_of + timedelta(days=1))
    with sql.cursor(night.scratch) as db:
        leave_past(db, past.decisions, past.states)
        (kept,) = db.raw.sql("select own_block from past_decision where facility_id = 'gone'").fetchall()
        assert kept == (True,)
        assert db.count("past_decision") == 41


def test_text_that_looks_the_same_is_the_same(night: Night) -> None:
    seen = set()
    for text in ("Caf\u00e9", "Cafe\u0301"):
        with sql.open_engine(night.scratch).cursor() as db:
            decisions_table(db)
            db.insert("decisions", [{"facility_id": text}])
            seen.add(root_of(canonical_rows(db)))
    assert len(seen) == 1


def test_the_canonical_row_holds_every_column_of_a_decision() -> None:
    listed = sqlglot.parse_one(sql.text("decisions/unclassed"), read="duckdb").named_selects
    ends = sqlglot.parse_one(sql.text("decisions/decisions"), read="duckdb").named_selects
    assert list(FIELDS) == [*listed, *ends[1:]]
    assert ends[0] == "*"


def test_only_what_changes_by_itself_is_published(night: Night) -> None:
    decided(night)
    changes = pq.read_table(commit_night(night).paths["changes"])
    assert changes.column_names == CHANGES
    rows = {row["facility_id"]: row for row in changes.to_pylist()}
    digits = sorted((int(facility_id[1:]) % 10, int(facility_id[1:])) for facility_id in rows)
    assert digits == [(1, 11), (1, 31), (3, 3), (3, 13), (3, 23), (3, 33), (4, 4), (4, 14), (4, 24), (4, 34)]
    cut = rows["F0000011"]
    assert (cut["old_limit_cents"], cut["new_limit_cents"], cut["blocked"]) == (1_001_100, 901_100, False)
    assert rows["F0000003"]["blocked"] is True
    assert (rows["F0000004"]["old_rate_bp"], rows["F0000004"]["new_rate_bp"]) == (1800, 1700)
    assert cut["change_id"] == hashlib.sha256(b"night|2026-11-21|F0000011").hexdigest()[:32]
    assert cut["batch"] == open_ledger(night.home).newest().batch  # type: ignore[union-attr]


@pytest.mark.parametrize("facts", ["action = 'unfreeze'", "action = 'offer', committed_rate_bp = 1700"])
def test_what_is_published_is_the_limit_left_in_force_not_the_one_proposed(night: Night, facts: str) -> None:
    """A line let draw again keeps its limit that night; an offer waits for consent, a lower rate does not."""
    decided(night)
    with sql.cursor(night.scratch) as db:
        facts += ", proposed_limit_cents = 800000"
        db.raw.execute(f"update decisions set {facts} where facility_id = 'F0000005'")
    changes = pq.read_table(commit_night(night).paths["changes"]).to_pylist()
    (change,) = (row for row in changes if row["facility_id"] == "F0000005")
    assert change["new_limit_cents"] == change["old_limit_cents"] == 1_000_500
    assert change["new_rate_bp"] == (1700 if "rate" in facts else 1800)


def test_the_bytes_do_not_depend_on_threads_or_on_the_home(tmp_path: Path) -> None:
    seen = set()
    for threads in (1, 4):
        night = a_night(tmp_path / f"home-{threads}", small_folder(tmp_path / f"s{threads}"), threads=threads)
        decided(night, lines=130_000)
        receipt = commit_night(night)
        files = ("decisions", "changes", "drafts", "features_consumer", "cases")
        seen.add((receipt.root, *(receipt.paths[name].name for name in files)))
        sql.close_engine(night.scratch)
    assert len(seen) == 1


def test_committing_again_what_is_committed_changes_nothing(night: Night) -> None:
    decided(night)
    first = commit_night(night)
    assert commit_night(night) == first
    assert len(open_ledger(night.home).batches()) == 1


def test_a_night_that_another_overtook_leaves_no_file(night: Night) -> None:
    decided(night)
    commit_night(night)
    late = replace(night, as_of=date(2026, 11, 20))
    (night.home / "work" / "2026-11-20").mkdir()
    with sql.open_engine(late.scratch).cursor() as db:
        for table in ("decisions", "fx_latest", "pulled", "pulled_rows"):
            with sql.cursor(night.scratch) as other:
                db.raw.register("copied", other.raw.sql(f"from {table}").to_arrow_table())
            db.raw.execute(f"create table {table} as from copied")
    with pytest.raises(NightRefused, match="comes before"):
        commit_night(late)
    assert [path.name[:10] for path in (night.home / "batches").iterdir()] == ["2026-11-21"]


def test_a_held_night_is_stored_and_waits(night: Night) -> None:
    decided(night)
    receipt = commit_night(night, ("decreases are 10 % of lines, at most 5 %",))
    assert receipt.status == "held"
    assert receipt.held_because == ("decreases are 10 % of lines, at most 5 %",)
    assert receipt.paths["drafts"].exists()
    ledger = open_ledger(night.home)
    assert (ledger.newest(), list(ledger.cases.open()), ledger.pending()) == (None, [], [])
    assert commit_night(night) == receipt
    with pytest.raises(NightHeld):
        ledger.check_order(night.as_of)


def test_a_full_disk_is_said_and_leaves_nothing(night: Night) -> None:
    def full(point: str) -> None:
        if point == "commit.drafts:inside":
            raise OSError(errno.ENOSPC, "No space left on device")

    decided(night)
    fault.arm(full)
    try:
        with pytest.raises(NoRoom, match="is full"):
            commit_night(night)
    finally:
        fault.arm(None)
    assert not list((night.home / "batches").iterdir())
    assert open_ledger(night.home).batches() == []
    assert commit_night(night).status == "committed"
