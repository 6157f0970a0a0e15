"""Every broken input ends with a clear message and the right exit code, and the home is as before."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from flows import clock
from linewatch.documents import load_documents
from linewatch.errors import Busy, DataRefused, ExpectationFailed, LinewatchError, NightRefused, NoRoom
from linewatch.night import Night
from linewatch.room import full_disk_told
from tasks.demo import write_demo
from tasks.init import init
from tasks.lock import one_at_a_time, turn
from tasks.sweep import close, sweep
from tests.flows.console import alone, linewatch
from tests.whole_night import RECORDED_AT, run_night

BEFORE, AS_OF = date(2026, 10, 21), date(2026, 11, 21)
NOT_THE_RECORD = ("log", "prefect", "lock", "work")
"""What a refused night may leave in a home beside its own report."""


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights of a small lender, a folder each."""
    out = tmp_path_factory.mktemp("lender")
    write_demo(out, borrowers=100, seed=5, nights=2, every="month")
    return out


@pytest.fixture(scope="module")
def home(lender: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the first night stands; every refused night must leave it so."""
    made = tmp_path_factory.mktemp("home")
    run_night(lender / str(BEFORE), BEFORE, made, promises=False)
    return made


@pytest.fixture(scope="module")
def people(lender: Path) -> set[str]:
    """Names and addresses, which belong in no message and no log."""
    contact = pq.read_table(lender / str(AS_OF) / "contact.parquet")
    return {text for column in ("name", "address") for text in contact[column].to_pylist() if text}


@pytest.fixture
def refused(
    home: Path, people: set[str], tmp_path: Path
) -> Iterator[Callable[..., tuple[LinewatchError, str]]]:
    """Start a night that must not come about: its error, and what a person reads; the home stays as it is."""
    before = record(home)

    def start(source: Path | str, as_of: date = AS_OF, in_home: Path = home) -> tuple[LinewatchError, str]:
        with pytest.raises(LinewatchError) as error:
            started(source, as_of, in_home)
        said = error.value.shown
        assert not [text for text in people if text in said]
        assert error.value.what_now
        return error.value, said

    yield start
    assert record(home) == before


def started(source: Path | str, as_of: date, home: Path) -> None:
    """A night as its flow runs it, without Prefect."""
    night = Night(as_of, home, str(source), load_documents(as_of), RECORDED_AT)
    with full_disk_told(home), one_at_a_time(night):
        try:
            sweep(night)
            run_night(source, as_of, home)
        finally:
            close(night)


def record(home: Path, *, but: date | None = None) -> dict[str, str]:
    """Every file of a home by its hash, the ledger by its rows; without what the night of `but` left."""
    aside = {*NOT_THE_RECORD, *([f"out/{but}"] if but else [])}
    found = {}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if path.is_file() and not any(name == each or name.startswith(f"{each}/") for each in aside):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    found = {name: sha256 for name, sha256 in found.items() if not name.startswith("ledger.db")}
    with sqlite3.connect(f"file:{home / 'ledger.db'}?mode=ro", uri=True) as db:
        found["ledger"] = "\n".join(db.iterdump())
    db.close()
    return found


def spoilt(lender: Path, to: Path, table: str, query: str | None, kind: str = "parquet") -> Path:
    """The second night's folder with one table made by a query over it as `good`, or without it."""
    to.mkdir()
    for path in (lender / str(AS_OF)).glob("*.parquet"):
        if path.stem != table:
            (to / path.name).symlink_to(path)
        elif query is not None:
            with duckdb.connect() as db:
                db.read_parquet(str(path)).create_view("good")
                db.execute(f"copy ({query}) to '{to / f'{table}.{kind}'}' (format {kind})")
    return to


ALSO_BY_ITSELF = ("renamed column", "duplicate keys", "future month")
"""Slow: tests/tasks/test_validate.py asks the same of validation alone, and the others of the whole night."""
ONE = "facility_id = (select min(facility_id) from good)"
BAD_TABLES = {
    "missing facility table": ("facility", None, ["facility: missing"]),
    "empty table": ("facility", "from good limit 0", ["facility: empty"]),
    "an optional table that the last night had is gone": (
        "bureau_report",
        None,
        ["bureau_report: missing", "the last night had"],
    ),
    "renamed column": (
        "facility",
        "select * rename (credit_limit_cents as limit_cents) from good",
        ["facility_columns_are_there", "missing credit_limit_cents"],
    ),
    "text in a number": (
        "facility",
        f"select * replace (if({ONE}, 'many', drawn_cents::varchar) as drawn_cents) from good",
        ["facility_types_fit", "drawn_cents", "VARCHAR"],
    ),
    "duplicate keys": (
        "facility",
        "from good union all (from good order by facility_id limit 1)",
        ["facility_is_unique: 2 of", "(first: F"],
    ),
    "many orphan lines": (
        "facility",
        "select * replace ('B-of-nobody' as borrower_id) from good",
        ["facility_has_its_borrower", "more than the 20 that may be set aside"],
    ),
    "future month": (
        "facility_month",
        f"select * replace (if({ONE}, (month + interval 5 year)::date, month) as month) from good",
        ["facility_month_is_closed", "2030-"],
    ),
    "negative limit": (
        "facility",
        f"select * replace (if({ONE}, -1, credit_limit_cents) as credit_limit_cents) from good",
        ["credit_limit_is_not_negative: 1 of"],
    ),
    "a column that the law protects": (
        "borrower",
        "select *, 'F' as Sex from good",
        ["borrower.parquet", "may stand in protected_attribute alone: Sex"],
    ),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=pytest.mark.slow) if each in ALSO_BY_ITSELF else each for each in BAD_TABLES],
)
def test_a_bad_table_is_refused_by_name(name, refused, lender, tmp_path):
    table, query, fragments = BAD_TABLES[name]
    error, said = refused(spoilt(lender, tmp_path / "source", table, query))
    assert error.exit_code == 2
    assert isinstance(error, DataRefused)
    assert not [each for each in fragments if each not in said], said


def test_text_in_a_number_of_a_csv_is_named_by_line_and_never_repeated(refused, lender, tmp_path):
    mixed = "if(row_number() over () = 3, 'wu@x.cn', drawn_cents::varchar)"
    query = f"select * replace ({mixed} as drawn_cents) from good"
    source = spoilt(lender, tmp_path / "source", "facility", query, kind="csv")
    error, said = refused(source)
    assert error.exit_code == 2
    assert f"{source}/facility.csv: column drawn_cents, line 4: not a whole number" in said
    assert "wu@x.cn" not in said


def test_a_parquet_file_cut_short_is_named(refused, lender, tmp_path):
    source = spoilt(lender, tmp_path / "source", "facility_month", "from good")
    whole = (source / "facility_month.parquet").read_bytes()
    (source / "facility_month.parquet").write_bytes(whole[: len(whole) // 2])
    error, said = refused(source)
    assert error.exit_code == 2
    assert "facility_month.parquet: not a whole Parquet file; it may be cut short" in said


def test_a_link_to_a_file_that_is_gone_is_named(refused, lender, tmp_path):
    source = spoilt(lender, tmp_path / "source", "contact", None)
    (source / "contact.parquet").symlink_to(tmp_path / "unmounted.parquet")
    error, said = refused(source)
    assert error.exit_code == 2
    assert "contact.parquet: No such file" in said


def test_a_csv_without_a_header_is_refused_without_reading_out_its_first_row(refused, lender, tmp_path):
    source = spoilt(lender, tmp_path / "source", "contact", "from good", kind="csv")
    text = (source / "contact.csv").read_text(encoding="utf-8")
    (source / "contact.csv").write_text("赵强,赵强,x\n" + text.partition("\n")[2], encoding="utf-8")
    error, said = refused(source)
    assert error.exit_code == 2
    assert "is it comma-separated, with a header?" in said
    assert "赵强" not in said


def test_a_csv_in_gbk_is_named_with_the_way_to_convert_it(refused, lender, tmp_path):
    source = spoilt(lender, tmp_path / "source", "contact", "from good", kind="csv")
    text = (source / "contact.csv").read_text(encoding="utf-8")
    (source / "contact.csv").write_bytes(text.encode("gbk"))
    error, said = refused(source)
    assert error.exit_code == 2
    assert "contact.csv: line 2: not UTF-8 text" in said
    assert "iconv -f gbk -t utf-8" in said


def test_an_as_of_days_after_the_last_data_proposes_the_day_that_can_be_run(refused, lender):
    error, said = refused(lender / str(AS_OF), date(2026, 11, 27))
    assert isinstance(error, ExpectationFailed)
    assert "source_reaches_as_of" in said
    assert f"--as-of {AS_OF}" in error.what_now


@pytest.mark.parametrize(
    ("source", "fragment"),
    [
        ("/nowhere/at/all", "/nowhere/at/all: no such folder"),
        ("no_such_mapping:x.csv", "There is no mapping 'no_such_mapping'"),
        ("uci_credit_default:/nowhere.csv", "/nowhere.csv: No such file"),
    ],
)
def test_a_source_that_is_not_there_is_named(source, fragment, refused):
    error, said = refused(source)
    assert error.exit_code == 2
    assert fragment in said


def test_a_night_before_the_newest_is_refused(refused, lender):
    error, said = refused(lender / str(BEFORE), date(2026, 10, 20))
    assert isinstance(error, NightRefused)
    assert str(BEFORE) in said


def test_a_committed_day_with_another_source_is_refused(refused, lender):
    error, said = refused(lender / str(AS_OF), BEFORE)
    assert isinstance(error, NightRefused)
    assert "already committed, from other inputs" in said


def test_two_at_once_the_second_is_told_who_has_the_home(refused, lender, home):
    with turn(home, "the night of 2026-11-20", clock.now()):
        error, said = refused(lender / str(AS_OF))
    assert isinstance(error, Busy)
    assert error.exit_code == 4
    assert f"the night of 2026-11-20, process {os.getpid()}" in said


def test_a_home_whose_disk_is_full_is_named_and_runs_once_there_is_room(lender, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(home)], check=False).returncode:
        pytest.skip("may not mount a small disk here")
    try:
        with pytest.raises(NoRoom) as full:
            started(lender / str(BEFORE), BEFORE, home)
        assert full.value.exit_code == 1
        assert re.search(r"\d+ MB are free where the home lies; this night needs 200 MB", str(full.value))
        (home / "filler").write_bytes(b"")
        assert set(record(home)) == {"filler", "ledger"}
        subprocess.run(["mount", "-o", "remount,size=400m", str(home)], check=True)
        started(lender / str(BEFORE), BEFORE, home)
        assert "out" in {path.name for path in home.iterdir()}
    finally:
        subprocess.run(["umount", str(home)], check=True)


def own_documents(to: Path) -> tuple[Path, Path]:
    """A lender's profile and policy, to be changed."""
    written = init(to)
    (policy,) = (to / "policies").glob("*.toml")
    return written.profile, policy


def test_every_one_of_five_faults_in_a_policy_is_named_at_once_with_file_and_key(tmp_path):
    profile, policy = own_documents(tmp_path / "lender")
    text = policy.read_text(encoding="utf-8")
    for good, bad in (
        ("reasons_most = 4", 'reasons_most = "four"'),
        ("reviews_to_improve = 2", "reviews_to_improve = -1"),
        ('{ grade = "A", pd_below_bp = 100 }', '{ grade = "A", pd_below_bp = -100 }'),
        ('name = "idle"\nbelow_bp = 500', 'name = "idle"\nbelow_bp = "few"'),
        ('enterprise = "enterprise"\n', 'enterprise = "enterprise"\nghosts = "none"\n'),
    ):
        assert good in text
        text = text.replace(good, bad, 1)
    policy.write_text(text, encoding="utf-8")
    words = (
        "--source",
        tmp_path,
        "--as-of",
        AS_OF,
        "--profile",
        profile,
        "--home",
        tmp_path / "home",
        "--json",
    )
    said = alone("night", *words)
    assert said.exit_code == 2
    error = said.answer["error"]
    assert error["what"].startswith("5 faults")
    for key in ("reasons_most", "reviews_to_improve", "bands[1].band[1].pd_below_bp", "below_bp", "ghosts"):
        assert re.search(rf"{re.escape(str(policy))}: \S*{re.escape(key)}", error["where"]), (key, error)
    assert not (tmp_path / "home" / "ledger.db").exists()


@pytest.mark.prefect
def test_by_the_console_a_refused_night_leaves_one_object_its_report_and_nothing_else(
    lender, home, people, tmp_path
):
    query = "select * replace (-1 as credit_limit_cents) from good"
    source = spoilt(lender, tmp_path / "source", "facility", query)
    mine = tmp_path / "home"
    shutil.copytree(home, mine)
    before = record(mine)
    said = linewatch("night", "--source", source, "--as-of", AS_OF, "--home", mine, "--json")
    assert said.exit_code == 2
    assert said.out.count("\n") == 1
    assert said.answer["status"] == "refused"
    assert "credit_limit_is_not_negative" in said.answer["error"]["where"]
    report = Path(said.answer["paths"]["report"])
    assert "credit_limit_is_not_negative" in report.read_text(encoding="utf-8")
    assert "Traceback" not in said.err
    log = (mine / "log" / f"{AS_OF}.jsonl").read_text(encoding="utf-8")
    assert not [text for text in people if text in said.out + said.err + log]
    assert record(mine, but=AS_OF) == before
