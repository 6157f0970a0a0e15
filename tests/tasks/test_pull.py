"""Pulling: what a lender's folder must be, what the snapshot keeps of it, and when a night may run."""

import errno
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from ledger import NewBatch, open_ledger
from linewatch.errors import DataRefused, DiskFailed, NightHeld, NightRefused, NoRoom
from linewatch.night import Night
from linewatch.room import disk_told, full_disk_told, ran_out
from tasks.pull import Pulled, parsed, pull_source
from tests.tasks.record_fixture import AS_OF, BORROWER, FACILITY, documents, small_folder
from tests.tasks.record_fixture import night as a_night


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_folder(tmp_path / "source")


@pytest.fixture
def night(tmp_path: Path, folder: Path) -> Iterable[Night]:
    yield a_night(tmp_path / "home", folder)
    for path in (tmp_path / "home").glob("work/*/spill"):
        sql.close_engine(path)


def refused(night: Night) -> str:
    with pytest.raises(DataRefused) as caught:
        pull_source(night)
    assert not list(night.home.glob("snapshots/*"))
    return str(caught.value)


def rows(night: Night, table: str) -> list[dict[str, Any]]:
    with sql.cursor(night.scratch) as db:
        return [dict(zip(db.columns(table), row, strict=True)) for row in db.raw.table(table).fetchall()]


def commit(night: Night, pulled: Pulled, *, held: bool = False) -> None:
    """Make the night known with nothing decided."""
    new = NewBatch(
        batch=f"{night.as_of}-night-000000000000",
        kind="night",
        as_of=night.as_of,
        root="0" * 64,
        source=night.source,
        source_identity=pulled.identity,
        documents_identity=night.documents.identity,
        snapshot=pulled.snapshot,
        folder="batches/none",
        files={},
        counts={"rows": dict(pulled.rows)},
        version="0",
        held_because=("guard",) if held else (),
    )
    open_ledger(night.home).commit_batch(new, documents=(), recorded_at=night.recorded_at)


def test_a_folder_of_csv_becomes_typed_views_in_the_order_of_the_key(night: Night) -> None:
    pulled = pull_source(night)
    assert pulled.rows == {"borrower": 1, "facility": 2}
    facility = rows(night, "raw_facility")
    assert [(row["facility_id"], row["drawn_cents"], row["opened_on"]) for row in facility] == [
        ("F1", 250_000, None),
        ("F2", -1_200, date(2024, 5, 1)),
    ]
    assert "colour" not in facility[0]
    assert rows(night, "raw_borrower")[0]["under_21"] is False
    assert rows(night, "night") == [{"as_of": AS_OF, "previous_as_of": None, "freshness_days": 3}]
    assert rows(night, "last_night_rows") == []
    assert "facility: columns not of the contract, left out: colour" in pulled.notes


def test_the_manifest_hashes_every_table_and_names_the_source_files(night: Night, folder: Path) -> None:
    (folder / "readme.txt").write_text("not a table")
    pulled = pull_source(night)
    place = night.home / pulled.snapshot
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["identity"] == pulled.identity
    assert manifest["tables"]["facility"]["rows"] == 2
    (part,) = manifest["tables"]["facility"]["parts"]
    written = (place / part["name"]).read_bytes()
    assert (part["rows"], part["bytes"]) == (2, len(written))
    assert part["sha256"] == hashlib.sha256(written).hexdigest()
    assert manifest["source"]["files"]["facility"][0]["name"] == "facility.csv"
    assert "readme.txt: not a table of the contract, ignored" in pulled.notes
    assert place.name == f"2026-11-21-{pulled.identity[:12]}"
    assert sorted(path.name for path in (night.home / "snapshots").iterdir()) == [place.name]


def test_a_parquet_keeps_the_types_of_the_source(night: Night, folder: Path) -> None:
    (folder / "borrower.csv").unlink()
    table = pa.table(
        {
            "borrower_id": ["B1"],
            "onboarded_on": pa.array([datetime(2024, 1, 1, tzinfo=UTC)], pa.timestamp("us")),
            "annual_income_cents": pa.array([12], pa.int16()),
        }
    )
    pq.write_table(table, folder / "borrower.parquet")
    pull_source(night)
    with sql.cursor(night.scratch) as db:
        assert db.columns("raw_borrower") == {
            "borrower_id": "VARCHAR",
            "onboarded_on": "TIMESTAMP",
            "annual_income_cents": "SMALLINT",
        }


def test_a_table_may_come_in_parts(night: Night, folder: Path) -> None:
    (folder / "borrower.csv").unlink()
    (folder / "borrower").mkdir()
    for at in (2, 1):
        pq.write_table(pa.table({"borrower_id": [f"B{at}"]}), folder / "borrower" / f"part-{at}.parquet")
    pull_source(night)
    assert [row["borrower_id"] for row in rows(night, "raw_borrower")] == ["B1", "B2"]
    pq.write_table(pa.table({"borrower_ID": ["B3"], "x": [1]}), folder / "borrower" / "part-3.parquet")
    with pytest.raises(DataRefused, match=r"part-3.parquet: its columns are not those of part-1.parquet"):
        pull_source(night)


def test_the_snapshot_does_not_depend_on_threads_or_on_the_order_of_rows(
    night: Night, folder: Path, tmp_path: Path
) -> None:
    (folder / "facility.csv").unlink()
    content = duckdb.sql(
        """select 'F' || hash(i) % 90000 as facility_id, 'B' || i as borrower_id, i as credit_limit_cents
        from range(300000) as t(i)"""
    ).to_arrow_table()
    seen = set()
    for threads, table in (
        (1, content),
        (2, content.slice(0)),
        (4, content.take(list(range(299_999, -1, -1)))),
    ):
        pq.write_table(table, folder / "facility.parquet", row_group_size=50_000)
        one = replace(night, threads=threads, home=tmp_path / f"home-{threads}")
        seen.add((one.home / pull_source(one).snapshot / "facility-2026-11-21.parquet").read_bytes())
        sql.close_engine(one.scratch)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("F3,B1,revolving_consumer,CNY,12.5,0,active,,", "credit_limit_cents, line 4: not a whole number"),
        ("F3,B1,revolving_consumer,CNY,1e6,0,active,,", "credit_limit_cents, line 4: not a whole number"),
        ("F3,B1,revolving_consumer,CNY,secret,0,active,,", "credit_limit_cents, line 4: not a whole number"),
        ("F3,B1,x,CNY,99999999999999999999,0,active,,", "credit_limit_cents, line 4: not a whole number"),
        ("F3,B1,revolving_consumer,CNY,1,0,active,01/02/2026,", "opened_on, line 4: not a date"),
        ("F3,B1,revolving_consumer,CNY,1,0,active,2026-02-30,", "opened_on, line 4: not a date"),
        ("F3,B1,secret", "line 4: has 3 fields where the header has 9"),
        ('F3,B1,"secret,CNY,1,0,active,,', "line 4: a quote is opened and not closed"),
    ],
)
def test_text_that_is_not_what_its_column_holds_is_refused_with_its_line_and_without_its_value(
    night: Night, folder: Path, line: str, said: str
) -> None:
    (folder / "facility.csv").write_text(f"{FACILITY}{line}\n", encoding="utf-8")
    message = refused(night)
    assert "facility.csv" in message
    assert said in message
    assert "secret" not in message


def test_what_cannot_be_read_is_named_of_every_file_and_column_at_once(night: Night, folder: Path) -> None:
    spoilt = FACILITY.replace("250000", "2.5").replace("2024-05-01", "May")
    (folder / "facility.csv").write_text(spoilt, encoding="utf-8")
    (folder / "borrower.csv").write_text(BORROWER.replace("false", "perhaps"), encoding="utf-8")
    message = refused(night)
    assert message.startswith("The source cannot be used. It has 2 faults.\n")
    for said in (
        "under_21, line 2: not true or false",
        "drawn_cents, line 3: not a",
        "opened_on, line 2: not a",
    ):
        assert said in message


def test_a_table_that_is_missing_is_named_beside_one_that_cannot_be_read(night: Night, folder: Path) -> None:
    (folder / "facility.csv").write_text(FACILITY.replace("250000", "2.5"), encoding="utf-8")
    (folder / "borrower.csv").unlink()
    message = refused(night)
    assert "facility.csv: column drawn_cents, line 3" in message
    assert "borrower: missing; every night needs it" in message


def test_every_file_that_is_not_utf8_is_named(night: Night, folder: Path) -> None:
    for name in ("facility", "borrower"):
        (folder / f"{name}.csv").write_bytes((FACILITY + "张").encode("gbk"))
    message = refused(night)
    assert "facility.csv: line 4: not UTF-8" in message
    assert "borrower.csv: line 4: not UTF-8" in message


def test_the_line_is_right_where_a_field_before_it_holds_a_line_break(night: Night, folder: Path) -> None:
    broken = (
        FACILITY.replace(",red", "," + '"red\nor\nnot"')
        + "\nF3,B1,r,CNY,x,0,active,,\nF4,B1,r,CNY,x,0,active,,\n"
    )
    (folder / "facility.csv").write_text(broken, encoding="utf-8")
    assert "line 7: not a whole number, the first of 2 such lines" in refused(night)


def test_a_byte_order_mark_blanks_and_windows_lines_are_accepted(night: Night, folder: Path) -> None:
    text = FACILITY.replace(",1000000,", ", 1000000 ,").replace("\n", "\r\n")
    (folder / "facility.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    pull_source(night)
    assert rows(night, "raw_facility")[0]["credit_limit_cents"] == 1_000_000


def test_an_empty_field_is_unknown_and_a_header_alone_is_an_empty_table(night: Night, folder: Path) -> None:
    (folder / "contact.csv").write_text('borrower_id,name,address\nB1,"",\n', encoding="utf-8")
    (folder / "consent.csv").write_text("borrower_id,kind,granted_on\n", encoding="utf-8")
    pulled = pull_source(night)
    assert rows(night, "raw_contact") == [{"borrower_id": "B1", "name": None, "address": None}]
    assert pulled.rows["consent"] == 0


def test_the_command_of_a_refused_night_carries_all_that_was_typed(night: Night, folder: Path) -> None:
    (folder / "facility.csv").write_text(FACILITY.replace("250000", "many"), encoding="utf-8")
    named = ("--profile", "/our lender/profile.toml", "--threads", "2")
    said = refused(replace(night, named=named, revise=True))
    command = said.splitlines()[-1].strip()
    assert command.startswith(f"linewatch night --as-of {AS_OF} --source {folder} --home {night.home} ")
    assert command.endswith("--profile '/our lender/profile.toml' --threads 2 --revise")


def test_a_csv_in_gbk_is_refused_with_the_command_that_converts_it(night: Night, folder: Path) -> None:
    (folder / "contact.csv").write_bytes("borrower_id,name\nB1,王小明\n".encode("gbk"))
    message = refused(night)
    assert "contact.csv: line 2: not UTF-8 text" in message
    assert "iconv -f gbk -t utf-8 contact.csv" in message


@pytest.mark.parametrize("keep", [0, 3, 200, 900])
def test_a_truncated_parquet_is_refused_by_name(night: Night, folder: Path, keep: int) -> None:
    (folder / "borrower.csv").unlink()
    pq.write_table(pa.table({"borrower_id": [f"B{at}" for at in range(500)]}), folder / "borrower.parquet")
    whole = (folder / "borrower.parquet").read_bytes()
    (folder / "borrower.parquet").write_bytes(whole[:keep])
    message = refused(night)
    assert "borrower.parquet: not a whole Parquet file; it may be cut short" in message
    assert "Nothing was decided or kept" in message


def test_a_parquet_damaged_in_its_middle_is_refused_by_name(night: Night, folder: Path) -> None:
    (folder / "borrower.csv").unlink()
    pq.write_table(pa.table({"borrower_id": [f"B{at}" for at in range(50_000)]}), folder / "borrower.parquet")
    bytes_ = bytearray((folder / "borrower.parquet").read_bytes())
    bytes_[1000:3000] = b"\x00" * 2000
    (folder / "borrower.parquet").write_bytes(bytes_)
    assert "borrower" in refused(night)


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda folder: (folder / "facility.parquet").write_bytes(b"x"), "facility is there more than once"),
        (lambda folder: (folder / "facility.csv").write_bytes(b""), "is empty: it needs a header"),
        (lambda folder: (folder / "facility.csv").write_text("a;b\n"), "no column of the contract's table"),
        (lambda folder: (folder / "facility.csv").write_text("status,Status\n"), "column twice: status"),
        (lambda folder: [path.unlink() for path in folder.iterdir()], "no table of the contract"),
    ],
)
def test_a_folder_that_cannot_be_meant_is_refused(
    night: Night, folder: Path, prepare: Any, said: str
) -> None:
    prepare(folder)
    assert said in refused(night)


def test_a_folder_that_is_not_there_is_refused(night: Night) -> None:
    assert "no such folder" in refused(replace(night, source="/nowhere/at/all"))


@pytest.mark.parametrize("source", ["postgresql://wu:hunter2@db/lender", "host=db password=hunter2"])
def test_a_source_with_a_password_in_it_is_refused_without_repeating_it(source: str) -> None:
    with pytest.raises(DataRefused, match="PGPASSFILE") as caught:
        parsed(source)
    assert "hunter2" not in str(caught.value)


def test_another_database_and_an_unknown_mapping_are_refused() -> None:
    with pytest.raises(DataRefused, match="no other database is read"):
        parsed("mysql://db/lender")
    with pytest.raises(DataRefused, match=r"no mapping 'nobody'[\s\S]*uci_credit_default"):
        parsed("nobody:/data/x.csv")
    assert parsed("uci_credit_default:/data/x.csv") == ("uci_credit_default", Path("/data/x.csv"))


def test_the_same_night_on_the_same_data_is_unchanged(night: Night) -> None:
    commit(night, pull_source(night))
    again = pull_source(night)
    assert again.unchanged is not None
    assert again.unchanged.root == "0" * 64
    assert again.unchanged.status == "committed"


def test_a_night_that_stands_already_can_be_looked_at_again_as_it_was(night: Night) -> None:
    commit(night, pull_source(night))
    later = replace(night, as_of=date(2026, 11, 22))
    commit(later, pull_source(later))
    before = [rows(later, table) for table in ("night", "last_night_rows", "raw_facility")]
    assert pull_source(later).unchanged is not None
    assert [rows(later, table) for table in ("night", "last_night_rows", "raw_facility")] == before
    assert rows(later, "night")[0]["previous_as_of"] == AS_OF


def test_the_same_night_on_other_data_is_refused_and_so_is_an_earlier_night(
    night: Night, folder: Path
) -> None:
    commit(night, pull_source(night))
    with (folder / "borrower.csv").open("a") as file:
        file.write("B2,consumer,CN,\n")
    with pytest.raises(NightRefused, match="the source's data differ"):
        pull_source(night)
    with pytest.raises(NightRefused, match="comes before"):
        pull_source(replace(night, as_of=date(2026, 11, 20)))


def test_a_held_night_stops_the_next_one(night: Night) -> None:
    commit(night, pull_source(night), held=True)
    with pytest.raises(NightHeld):
        pull_source(replace(night, as_of=date(2026, 11, 22)))


def test_a_night_knows_the_night_before_it_and_says_what_was_skipped(night: Night) -> None:
    commit(night, pull_source(night))
    later = replace(night, as_of=date(2026, 11, 25))
    pulled = pull_source(later)
    assert rows(later, "night")[0]["previous_as_of"] == AS_OF
    assert rows(later, "last_night_rows") == [
        {"table_name": "borrower", "rows": 1},
        {"table_name": "facility", "rows": 2},
    ]
    assert "no night was run from 2026-11-22 to 2026-11-24" in pulled.notes


def test_a_complete_snapshot_that_nobody_used_is_used_again(night: Night) -> None:
    first = pull_source(night)
    manifest = night.home / first.snapshot / "manifest.json"
    written = manifest.stat().st_mtime_ns
    assert pull_source(night) == first
    assert manifest.stat().st_mtime_ns == written


def test_a_snapshot_that_was_altered_is_written_anew(night: Night) -> None:
    first = pull_source(night)
    borrower = night.home / first.snapshot / "borrower-2026-11-21.parquet"
    whole = borrower.read_bytes()
    borrower.write_bytes(whole[:-1] + b"?")
    pull_source(night)
    assert borrower.read_bytes() == whole


def test_a_snapshot_of_this_day_from_other_data_is_taken_away(night: Night, folder: Path) -> None:
    pull_source(night)
    with (folder / "borrower.csv").open("a") as file:
        file.write("B2,consumer,CN,\n")
    pulled = pull_source(night)
    assert [path.name for path in (night.home / "snapshots").iterdir()] == [Path(pulled.snapshot).name]


def test_a_file_that_changes_while_it_is_read_is_refused(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.folder.SourceFile.still", lambda self: self.name != "facility.csv")
    assert "facility.csv: changed while it was read" in refused(night)


def test_a_night_does_not_start_where_there_is_no_room(night: Night) -> None:
    with pytest.raises(NoRoom, match="1,000,000,000 MB") as caught:
        pull_source(replace(night, documents=documents(minimum_free_mb=10**9)))
    assert caught.value.exit_code == 1


def test_a_full_disk_is_told_as_one_whoever_ran_into_it(tmp_path: Path) -> None:
    with pytest.raises(NoRoom, match="is full"), full_disk_told(tmp_path):
        Path("/dev/full").write_text("x")
    with pytest.raises(ValueError, match="other"), full_disk_told(tmp_path):
        raise ValueError("other")
    assert ran_out(RuntimeError("database or disk is full"))


def test_a_failing_disk_is_told_as_one_with_the_file_and_what_to_look_at(tmp_path: Path) -> None:
    broken = OSError(errno.EIO, os.strerror(errno.EIO), "/mnt/home/ledger.db")
    for error, where in (
        (broken, "/mnt/home/ledger.db"),
        (RuntimeError("disk I/O error"), str(tmp_path)),
        (RuntimeError("IO Error: Could not write file: Input/output error"), str(tmp_path)),
    ):
        with pytest.raises(DiskFailed, match="could not be read or written") as told, disk_told(tmp_path):
            raise error
        assert (told.value.where, told.value.exit_code) == (where, 1)
    with pytest.raises(NoRoom), disk_told(tmp_path):
        Path("/dev/full").write_text("x")
    with pytest.raises(DataRefused), disk_told(tmp_path):
        raise DataRefused("facility.csv: Input/output error")
    with pytest.raises(ValueError, match="other"), disk_told(tmp_path):
        raise ValueError("other")
