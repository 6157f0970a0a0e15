"""A night decided in shards comes to what it comes to as one: same root, same rows, whatever is lost."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sql.engine as sql
from flows.request import Request
from flows.shards import ORDER, check_parts, decide_here, decide_in_shards, refer_failed, walked
from linewatch.documents import load_documents
from linewatch.errors import DataRefused, DocumentRefused
from linewatch.night import Night
from linewatch.proof import root_of
from linewatch.shard import Shard
from sql.canonical import canonical_rows
from sql.deal import RESULTS
from tasks.demo import write_demo
from tasks.draft import draft
from tasks.pull import pull
from tasks.stand import Kept
from tasks.sweep import close
from tasks.validate import validate
from tests.whole_night import RECORDED_AT, run_night

# All of them, so that the night is made ready once.
pytestmark = pytest.mark.prefect
Left = dict[str, object]


@pytest.fixture(scope="module")
def second_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """The second night of a lender with bad rows, ready to be decided; its first is committed."""
    place = tmp_path_factory.mktemp("sharded")
    nights = write_demo(place / "lender", borrowers=500, seed=5, nights=2)
    first, second = (made.folder for made in nights)
    spoil(second / "borrower.parquet")
    home = place / "home"
    run_night(first, nights[0].as_of, home, promises=False)
    as_of = nights[1].as_of
    night = Night(as_of, home, str(second), load_documents(as_of), RECORDED_AT)
    pull.fn(night)
    validate.fn(night)
    yield night
    sql.close_engine(night.scratch)


def spoil(borrowers: Path) -> None:
    """Some incomes are below nothing, which sets the borrowers aside, and whoever they stand behind."""
    table = pq.read_table(borrowers)
    incomes = table["net_monthly_income_cents"].to_pylist()
    for row in (3, 200, 400):
        incomes[row] = -1
    column = table.schema.get_field_index("net_monthly_income_cents")
    pq.write_table(
        table.set_column(column, table.schema.field(column), [pa.array(incomes, pa.int64())]), borrowers
    )


def one_after_the_other(night: Night, shards: Sequence[Shard]) -> list[Kept]:
    return [decide_here(shard) for shard in shards]


def left_by(night: Night) -> Left:
    """The root, and every row that a night's deciding leaves, in a fixed order."""
    with sql.cursor(night.scratch) as db:
        rows = {name: db.raw.sql(f"from {name} order by all").fetchall() for name in (*RESULTS, "decisions")}
        return {"root": root_of(canonical_rows(db)), **rows}


@pytest.fixture(scope="module")
def as_one(second_night: Night) -> Left:
    for step in ORDER:
        step.fn(second_night)
    return left_by(second_night)


@pytest.mark.parametrize(
    "shards", [2, *(pytest.param(many, marks=pytest.mark.slow) for many in (1, 3, 7, 16))]
)
def test_every_number_of_shards_leaves_the_same_rows(second_night, as_one, shards):
    sharded = decide_in_shards(second_night, shards, one_after_the_other)
    assert left_by(second_night) == as_one
    assert sharded.decided.lines == len(as_one["decisions"]) > 450
    assert any(as_one[name] for name in ("absent", "features_enterprise"))


def test_the_lines_of_a_shard_are_those_of_whole_groups(second_night, as_one):
    with sql.cursor(second_night.scratch) as db:
        torn = db.raw.sql(
            "select count(*) from (select group_id from shard_of group by group_id"
            " having count(distinct shard) > 1)"
        ).fetchall()
        lent = db.raw.sql("select count(*) from shard_reader where not is_own").fetchall()
        aside = db.count("quarantined_borrower")
    assert aside == 3
    assert torn == [(0,)]
    assert lent[0][0] > 0, "somebody stands behind a line of another shard, or this test shows nothing"


def test_a_shard_that_is_lost_and_decided_again_changes_nothing(second_night, as_one):
    def lost_once(night: Night, shards: Sequence[Shard]) -> list[Kept]:
        decide_here(shards[0])
        return one_after_the_other(night, shards)

    decide_in_shards(second_night, 2, lost_once)
    assert left_by(second_night) == as_one


def test_a_line_whose_letter_cannot_be_written_is_referred_by_its_shard(second_night, as_one):
    sharded = decide_in_shards(second_night, 2, one_after_the_other)
    drafted = draft.fn(second_night)
    assert drafted.drafts > 0
    with sql.cursor(second_night.scratch) as db:
        ((line,),) = db.raw.sql(
            "select min(facility_id) from decisions where route = 'automatic' and action = 'decrease'"
        ).fetchall()
        db.append("draft_failed", [{"facility_id": line, "why": "a figure is not the decision's"}])
    refer_failed(sharded, one_after_the_other)
    with sql.cursor(second_night.scratch) as db:
        ((route, triggers),) = db.raw.execute(
            "select route, triggers from decisions where facility_id = ?", [line]
        ).fetchall()
        assert db.count("decisions") == len(as_one["decisions"])
    assert (route, "draft_failed" in triggers) == ("referred", True)


def test_a_group_beyond_a_fair_part_has_a_shard_of_its_own():
    with sql.Engine(None) as engine, engine.cursor() as db:
        db.raw.execute("create table stg_borrower as select 'B' || i as borrower_id from range(100) as t (i)")
        db.raw.execute("create table stg_facility as select borrower_id, 1 as facility_id from stg_borrower")
        db.raw.execute(
            "create table exposure_group as select borrower_id, 'B0' as group_id from stg_borrower limit 60"
        )
        db.build("shards/shard_of", shards=4, most=25)
        sizes = {row["shard"]: row for row in db.rows("shards/shard_size")}
    assert sizes[4]["borrowers"] == sizes[4]["largest_group"] == 60
    assert sum(row["borrowers"] for row in sizes.values()) == 100
    assert set(sizes) == {0, 1, 2, 3, 4}


@pytest.mark.usefixtures("prefect_harness")
def test_threads_of_this_machine_decide_shards_at_the_same_time(second_night, as_one):
    decide_in_shards(replace(second_night, threads=2), 2, walked)
    assert left_by(second_night) == as_one


@pytest.mark.torture
@pytest.mark.usefixtures("prefect_harness")
def test_a_killed_worker_of_a_cluster_is_replaced_and_nothing_changes(second_night, as_one, tmp_path):
    distributed = pytest.importorskip("distributed")
    killed = []

    def kill_one(cluster) -> None:
        while not list((tmp_path / "store").rglob("own")):
            time.sleep(0.1)
        time.sleep(4)
        worker = next(iter(cluster.workers.values()))
        killed.append(worker.pid)
        os.kill(worker.pid, signal.SIGKILL)

    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        night = replace(second_night, dask=cluster.scheduler_address, store=str(tmp_path / "store"))
        killer = threading.Thread(target=kill_one, args=[cluster], daemon=True)
        killer.start()
        decide_in_shards(night, 7)
        killer.join(60)
    assert killed
    assert left_by(second_night) == as_one


@pytest.mark.slow
def test_the_store_may_be_any_address_that_fsspec_knows(second_night, as_one):
    decide_in_shards(replace(second_night, store="memory://lender"), 2, one_after_the_other)
    assert left_by(second_night) == as_one


def test_the_store_is_left_as_it_was_but_for_what_others_have_there(second_night, tmp_path):
    mine = tmp_path / str(second_night.as_of) / "borrower.parquet"
    mine.parent.mkdir()
    mine.touch()
    night = replace(second_night, store=str(tmp_path), home=tmp_path / "home")
    check_parts(night)
    assert [path.name for path in tmp_path.iterdir()] == [str(night.as_of)]
    Path(night.dealt).mkdir()
    close(night)
    assert mine.exists()
    assert not Path(night.dealt).exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"store": "nosuch://lender"}, "nothing can be written to nosuch://lender"),
        ({"store": "/proc/lender"}, "nothing can be written to /proc/lender"),
        ({"dask": "tcp://127.0.0.1:9"}, "no cluster answers at tcp://127.0.0.1:9"),
        ({"dask": "nonsense://x"}, "no cluster answers at nonsense://x"),
    ],
)
def test_a_cluster_or_store_that_is_not_there_is_refused_before_anything_is_read(
    second_night, given, said, monkeypatch
):
    monkeypatch.setattr("flows.shards.PATIENCE_SECONDS", 1)
    with pytest.raises(DocumentRefused, match=said):
        check_parts(replace(second_night, **given))


def test_a_store_with_a_password_in_its_address_is_refused_without_repeating_it():
    with pytest.raises(DataRefused) as refused:
        Request(source="inbox", store="s3://key:secret@lender/shards")
    assert "secret" not in str(refused.value)
